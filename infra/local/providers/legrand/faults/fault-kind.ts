import * as z from 'zod';
import { apiOperations, type Operation } from './operation.ts';

export interface FaultKind {
  readonly summary: string;
  /** Where it can be set; all of them unless the caller names one. */
  readonly on: readonly Operation[];
  readonly parameters: z.ZodObject;
}

export const noParameters = z.strictObject({});
/** HTML forms send text for everything. */
export const flag = z.preprocess(
  (value) => (typeof value === 'string' ? value === 'true' : value),
  z.boolean(),
);
export const seconds = z.coerce.number().min(0);
export const count = z.coerce.number().int().min(1).max(100);

/** Every call that can come in. */
export const incoming: readonly Operation[] = ['authorize', 'token', 'discovery', ...apiOperations];
