import * as z from 'zod';
import { GrantCause } from './grant-health.ts';
import { UtcTime } from './time.ts';

/**
 * `rotated`: the exchange gave a new token set; `rolled_forward`: an earlier exchange's answer was found and put in
 * place; `failed`: no new token set; `linked`: the owner gave a new consent; `vanished`: whoever tried never said what
 * came of it.
 */
export const AttemptOutcome = z.enum(['rotated', 'rolled_forward', 'failed', 'linked', 'vanished']);
export type AttemptOutcome = z.infer<typeof AttemptOutcome>;

/**
 * What became of one attempt to rotate; the last of them answer why an owner has to link again. The hashes are keyed
 * ones, of refresh tokens: they tell the lineage and open nothing.
 */
export const RotationRecord = z.object({
  attempt: z.int(),
  /** When the attempt began. */
  at: UtcTime,
  /** The token set that was to be spent; absent where there was none yet. */
  fromRefreshHash: z.string().optional(),
  /** Absent where there is no new token set. */
  toRefreshHash: z.string().optional(),
  outcome: AttemptOutcome,
  cause: GrantCause.optional(),
  /** Milliseconds from the lease to the end of the attempt; absent where nobody saw the end. */
  durationMs: z.int().optional(),
});
export type RotationRecord = z.infer<typeof RotationRecord>;
