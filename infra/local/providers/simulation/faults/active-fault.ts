import * as z from 'zod';

/** A switch that is on. */
export const ActiveFault = z.object({
  /** A key of the cloud's fault kinds. */
  name: z.string(),
  /** Operations of that cloud. */
  on: z.array(z.string()),
  /** How many times it will still strike; without it, until it is cleared. */
  times: z.number().optional(),
  parameters: z.record(z.string(), z.unknown()),
});
export type ActiveFault = z.infer<typeof ActiveFault>;
