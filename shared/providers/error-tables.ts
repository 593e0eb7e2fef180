/** What every cloud answers when it refuses, for the reference: a line a cloud. Pure: no I/O, no clock. */
import type { ProviderName } from '../domain/provider-name.ts';
import { allthingstalkErrors } from './allthingstalk/errors.ts';
import type { ErrorTable } from './error-row.ts';
import { legrandErrors } from './legrand/errors.ts';
import { netatmoErrors } from './netatmo/errors.ts';

export const errorTables: Readonly<Record<ProviderName, ErrorTable>> = {
  legrand: legrandErrors,
  netatmo: netatmoErrors,
  allthingstalk: allthingstalkErrors,
};
