/**
 * Which of an account's webhook addresses count. An address carries its epoch and proves it (see
 * `providers/signature.ts`); here is what an epoch is worth at a time. Pure: no I/O, no clock.
 */
import * as z from 'zod';
import type { Delivery } from './delivery.ts';
import { toUtc, UtcTime } from './time.ts';

export const AccountHook = z.object({
  /** When the present address was made, epoch seconds. */
  epoch: z.int(),
  /** What counts beside it while the provider learns the present one. */
  former: z
    .object({
      /** The oldest address that still counts. */
      epoch: z.int(),
      /** Absent until the provider has the present address for every plant. */
      until: UtcTime.optional(),
    })
    .optional(),
});
export type AccountHook = z.infer<typeof AccountHook>;

/** Longer than a provider goes on trying at an address that it was told to forget; Legrand's tries are over in 17 min. */
const OVERLAP_MS = 3_600_000;

export function newHook(now: number): AccountHook {
  return { epoch: Math.floor(now / 1000) };
}

/** The next hook. Without an overlap, the addresses so far end at once. */
export function nextHook(hook: AccountHook | undefined, now: number, overlap: boolean): AccountHook {
  const known = hook ?? { epoch: 0 };
  const epoch = Math.max(newHook(now).epoch, known.epoch + 1);
  if (!overlap) return { epoch };
  const { former } = known;
  // Rolled again before the provider was through: it may still be calling the oldest of them.
  const isOpen = former && (former.until === undefined || former.until > toUtc(now));
  return { epoch, former: { epoch: isOpen ? former.epoch : known.epoch } };
}

/** Who has to paste an address by hand has so long for it. */
export const BY_HAND_OVERLAP_MS = 7 * 86_400_000;

/** The provider calls the present address for every plant, or is to be told by then: the overlap has an end from now on. */
export function learnedBy(hook: AccountHook, now: number, overlapMs = OVERLAP_MS): AccountHook {
  const { former } = hook;
  if (!former || former.until !== undefined) return hook;
  return { ...hook, former: { ...former, until: toUtc(now + overlapMs) } };
}

/** Whether a delivery came to an address that did not count any more when it came. */
export function isOutdated(
  hook: AccountHook | undefined,
  { hookEpoch, receivedAt }: Pick<Delivery, 'hookEpoch' | 'receivedAt'>,
): boolean {
  if (!hook || hookEpoch === undefined || hookEpoch >= hook.epoch) return false;
  const { former } = hook;
  if (!former || hookEpoch < former.epoch) return true;
  return former.until !== undefined && receivedAt > former.until;
}
