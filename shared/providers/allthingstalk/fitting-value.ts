/** Whether a wished value is one that the asset can have: what its profile says is checked before any call. Pure. */
import type { CapabilityProfile, ReadingValue } from '../../domain/reading.ts';
import { refuseField } from '../refuse-wish.ts';

/** In words, for whoever wished something else. */
const typeWords: Readonly<Record<CapabilityProfile['type'], string>> = {
  number: 'a number',
  string: 'a text',
  boolean: 'true or false',
  object: 'an object',
  array: 'a list',
};

/** @throws {LatchkeyError} request_invalid – another type, or beyond the minimum or the maximum */
export function assertFits(value: ReadingValue, profile: CapabilityProfile, field: string): void {
  if (typeOf(value) !== profile.type) refuseField(field, `must be ${typeWords[profile.type]}`);
  if (typeof value !== 'number') return;
  const { minimum = Number.NEGATIVE_INFINITY, maximum = Number.POSITIVE_INFINITY } = profile;
  if (value < minimum) refuseField(field, `must be ${minimum} or more`);
  if (value > maximum) refuseField(field, `must be ${maximum} or less`);
}

function typeOf(value: ReadingValue): string {
  if (Array.isArray(value)) return 'array';
  return value === null ? 'null' : typeof value;
}
