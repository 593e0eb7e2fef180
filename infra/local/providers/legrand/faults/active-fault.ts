import * as z from 'zod';
import { Operation } from './operation.ts';

/** A switch that is on. */
export const ActiveFault = z.object({
  /** A key of `faultKinds`. */
  name: z.string(),
  on: z.array(Operation),
  /** How many times it will still strike; without it, until it is cleared. */
  times: z.number().optional(),
  parameters: z.record(z.string(), z.unknown()),
});
export type ActiveFault = z.infer<typeof ActiveFault>;
