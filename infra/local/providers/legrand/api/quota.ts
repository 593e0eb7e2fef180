import type { Answer } from '../../simulation/answer.ts';
import type { Operation } from '../faults/operation.ts';
import { refusal } from '../refusals.ts';
import type { World } from '../world.ts';

const DAY_SECONDS = 86_400;
/** More than any burst limit that can be set. */
const REMEMBERED_CALLS = 101;

/** Counts one call of a user; the answer when the day's calls are used up (contract 2.1). */
export function countCall({ state, clock }: World, userId: string): Answer | undefined {
  const day = new Date(clock.now()).toISOString().slice(0, 10);
  // Yesterday's counters are of no use to anybody.
  state.quotas = state.quotas.filter((quota) => quota.day === day);
  let quota = state.quotas.find((candidate) => candidate.userId === userId);
  if (!quota) {
    quota = { userId, day, calls: 0, lately: [] };
    state.quotas.push(quota);
  }
  quota.calls += 1;
  quota.lately = [...quota.lately, clock.now()].slice(-REMEMBERED_CALLS);
  if (quota.calls <= state.settings.callsPerDay) return undefined;
  return quotaRefusal(secondsToMidnight(clock.now()), { status: 403, retryAfter: true });
}

/** The zone of the reset is not documented; UTC is assumed (contract 9.4). */
export function secondsToMidnight(nowEpochMs: number): number {
  return DAY_SECONDS - (Math.floor(nowEpochMs / 1000) % DAY_SECONDS);
}

/** The numbers of the real limit are not known (contract 9.4), so it is a fault with parameters. */
export function refuseBurst(
  { state, clock, faults }: World,
  userId: string,
  operation: Operation,
): Answer | undefined {
  const limit = faults.take('burst_limit', operation);
  const lately = state.quotas.find((quota) => quota.userId === userId)?.lately;
  if (!limit || !lately) return undefined;
  const since = clock.now() - limit.seconds * 1000;
  const recent = lately.filter((calledEpochMs) => calledEpochMs > since);
  return recent.length > limit.calls ? rateLimited(Math.ceil(limit.seconds)) : undefined;
}

/** How the message begins, whatever the wait. */
export const RATE_LIMITED = 'Rate limit is exceeded.';

export function rateLimited(retryAfterSeconds: number): Answer {
  const message = `${RATE_LIMITED} Try again in ${retryAfterSeconds} seconds.`;
  return refusal(429, message, { 'retry-after': String(retryAfterSeconds) });
}

/** A wait of a day or more is written `d.hh:mm:ss`. */
export function quotaRefusal(
  waitSeconds: number,
  { status, retryAfter }: { status: number; retryAfter: boolean },
): Answer {
  const two = (value: number) => String(Math.floor(value)).padStart(2, '0');
  const days = Math.floor(waitSeconds / DAY_SECONDS);
  const rest = waitSeconds % DAY_SECONDS;
  const time = `${two(rest / 3600)}:${two((rest % 3600) / 60)}:${two(rest % 60)}`;
  return refusal(
    status,
    `Out of call volume quota. Quota will be replenished in ${days > 0 ? `${days}.` : ''}${time}.`,
    retryAfter ? { 'retry-after': String(waitSeconds) } : {},
  );
}
