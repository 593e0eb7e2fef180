import * as z from 'zod';
import { AccountId } from './ids.ts';
import { UtcTime } from './time.ts';

/** What a replay found in its window so far. */
export const ReplayCounts = z.object({
  /** Deliveries of the window. */
  deliveries: z.int(),
  /** Of these, the ones that could be read. */
  readable: z.int(),
  unreadable: z.int(),
  /** The ones that can be read and say nothing of modules that are known, or came to an address that had ended. */
  ignored: z.int(),
  /** Modules' states that changed. */
  changes: z.int(),
});
export type ReplayCounts = z.infer<typeof ReplayCounts>;

/** Deliveries of an account that are read again: one at a time for an account, a part with each run of the schedule. */
export const Replay = z.object({
  accountId: AccountId,
  replayId: z.string(),
  /** Deliveries received from then on … */
  from: UtcTime,
  /** … and before this. */
  to: UtcTime,
  /** The last delivery that was looked at, in the order of their keys. */
  after: z.string().optional(),
  counts: ReplayCounts,
  startedAt: UtcTime,
  finishedAt: UtcTime.optional(),
  /** When the next part is due, or the end of the present run's claim; absent once it is finished. */
  dueAt: UtcTime.optional(),
});
export type Replay = z.infer<typeof Replay>;
