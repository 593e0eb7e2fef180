import { type Answer, refusal } from '../answer.ts';
import type { World } from '../world.ts';

const DAY_SECONDS = 86_400;

/** Counts one call of a user; the answer when the day's calls are used up (contract 2.1). */
export function countCall({ state, clock }: World, userId: string): Answer | undefined {
  const day = new Date(clock.now()).toISOString().slice(0, 10);
  // Yesterday's counters are of no use to anybody.
  state.quotas = state.quotas.filter((quota) => quota.day === day);
  let quota = state.quotas.find((candidate) => candidate.userId === userId);
  if (!quota) {
    quota = { userId, day, calls: 0 };
    state.quotas.push(quota);
  }
  quota.calls += 1;
  if (quota.calls <= state.settings.callsPerDay) return undefined;
  return quotaRefusal(secondsToMidnight(clock.now()), { status: 403, retryAfter: true });
}

/** The zone of the reset is not documented; UTC is assumed (contract 9.4). */
export function secondsToMidnight(nowEpochMs: number): number {
  return DAY_SECONDS - (Math.floor(nowEpochMs / 1000) % DAY_SECONDS);
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
