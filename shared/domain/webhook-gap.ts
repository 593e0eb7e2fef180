/**
 * A stretch of time in which an account's webhooks were missing, or may have been: opened by a suspicion, closed by a
 * poll. Pure: no I/O, no clock.
 */
import * as z from 'zod';
import { UtcTime } from './time.ts';

/**
 * Why webhooks are thought to be missing. `answers_failed`: we have answered so many times late or wrong that the
 * provider bans the address. `silence`: nothing came for longer than this account is ever silent. `subscription_lost`:
 * the provider has lost a subscription of ours. `reactivated`: the provider says that it had to switch one on again.
 */
export const GapReason = z.enum(['answers_failed', 'silence', 'subscription_lost', 'reactivated']);
export type GapReason = z.infer<typeof GapReason>;

export const WebhookGap = z.object({
  reason: GapReason,
  /** What changed since then may never have been told. */
  from: UtcTime,
  suspectedAt: UtcTime,
  /** From when on webhooks are thought to come again; absent while nobody knows. */
  endsAt: UtcTime.optional(),
  /** Up to when a poll has made up for it so far. */
  repairedTo: UtcTime.optional(),
});
export type WebhookGap = z.infer<typeof WebhookGap>;

export const GapRepair = WebhookGap.pick({ reason: true, from: true }).extend({ to: UtcTime });
export type GapRepair = z.infer<typeof GapRepair>;

/** What an account keeps of it. */
interface GapState {
  readonly webhookGap?: WebhookGap | undefined;
  readonly webhookRepair?: GapRepair | undefined;
}

/** A suspicion while there is one already only moves its end. */
export function suspect({ webhookGap: open }: GapState, gap: WebhookGap): Partial<GapState> {
  if (!open) return { webhookGap: gap };
  const { endsAt } = open;
  if (endsAt === undefined || gap.endsAt === undefined || gap.endsAt <= endsAt) return {};
  return { webhookGap: { ...open, endsAt: gap.endsAt } };
}

/** The provider calls again from `at` on, whatever it meant to do. A silence is over when something comes, and not before. */
export function lift({ webhookGap: open }: GapState, at: UtcTime): Partial<GapState> {
  return open?.endsAt !== undefined && open.endsAt > at ? { webhookGap: { ...open, endsAt: at } } : {};
}

/** A delivery has come: whatever it was, it is over. */
export function resume({ webhookGap: open }: GapState, at: UtcTime): Partial<GapState> {
  return open && open.endsAt === undefined ? { webhookGap: { ...open, endsAt: at } } : {};
}

/**
 * The state was polled at `at`. The first poll makes up for what was missed until then, and the one after the end of
 * the gap for the rest; the polls between them go without saying.
 */
export function repair({ webhookGap: open }: GapState, at: UtcTime): Partial<GapState> {
  if (!open) return {};
  const { reason, from, endsAt, repairedTo } = open;
  const isOver = endsAt !== undefined && endsAt <= at;
  if (!isOver && repairedTo !== undefined) return {};
  return {
    webhookGap: isOver ? undefined : { ...open, repairedTo: at },
    webhookRepair: { reason, from: repairedTo ?? from, to: at },
  };
}
