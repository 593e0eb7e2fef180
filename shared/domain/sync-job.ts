import * as z from 'zod';
import { AnswerTally } from './answer-tally.ts';
import { AccountId } from './ids.ts';
import { UtcTime } from './time.ts';

/** The kinds of work that `sync-accounts` does for an account. */
export const SyncTask = z.enum(['topology', 'state', 'subscriptions']);
export type SyncTask = z.infer<typeof SyncTask>;

/** Deliveries that changed nothing. */
export const IgnoredDeliveries = z.object({ deliveries: z.int(), lastAt: UtcTime });

/** When which work is next due for an account. */
export const SyncJob = z.object({
  accountId: AccountId,
  /** Next time of each task. */
  next: z.record(SyncTask, UtcTime),
  /** The earliest of them, or the end of the present run's claim. */
  dueAt: UtcTime,
  /** Runs in a row that failed. */
  failures: z.int(),
  /** Why the last run failed; `null` after one that did not. */
  problem: z.string().nullable(),
  /** Deliveries so far, and when they came: the account's rhythm. */
  deliveries: z.int().optional(),
  firstDeliveryAt: UtcTime.optional(),
  previousDeliveryAt: UtcTime.optional(),
  lastDeliveryAt: UtcTime.optional(),
  /** The longest time without a delivery; see `delivery-rhythm.ts`. */
  longestSilence: z.object({ seconds: z.int(), endedAt: UtcTime }).optional(),
  answers: AnswerTally.optional(),
  /** Deliveries to addresses that had ended. */
  outdated: IgnoredDeliveries.optional(),
  /** Deliveries whose signature was not the provider's. */
  unproven: IgnoredDeliveries.optional(),
});
export type SyncJob = z.infer<typeof SyncJob>;

export function earliest(next: SyncJob['next']): UtcTime {
  return Object.values(next).reduce((a, b) => (a < b ? a : b));
}
