import type { Answer } from '../../simulation/answer.ts';
import type { World } from '../world.ts';
import { apiError, prettyError } from './envelope.ts';

const TEN_SECONDS_MS = 10_000;
const HOUR_MS = 3_600_000;

/** Counts one call of a user in sliding windows; the answer when one of them is full (contract 2.5). */
export function countCall({ state, clock }: World, userId: string): Answer | undefined {
  const now = clock.now();
  const { settings } = state;
  const mine = recent(state.calls[userId] ?? [], now, HOUR_MS);
  const all = Object.entries(state.calls).flatMap(([caller, times]) => (caller === userId ? mine : times));
  const isFull = (times: readonly number[], withinMs: number, most: number) =>
    recent(times, now, withinMs).length >= most;
  const spent =
    isFull(mine, TEN_SECONDS_MS, settings.userCallsPerTenSeconds) ||
    isFull(mine, HOUR_MS, settings.userCallsPerHour);
  const applicationSpent =
    settings.applicationLimit &&
    (isFull(all, TEN_SECONDS_MS, 2 * linkedUsers(state.grants)) ||
      isFull(all, HOUR_MS, settings.applicationCallsPerHour));
  // A refused call fills no window: otherwise who asks too often would never be let in again.
  state.calls[userId] = spent || applicationSpent ? mine : [...mine, now];
  if (spent) return usageRefusal(settings.quotaStatus, 'Maximum api usage reached', 'User usage reached');
  if (applicationSpent)
    return usageRefusal(
      settings.quotaStatus,
      'API limit exceeded. This could be your Application limit or User limit.',
      'Application usage reached',
    );
  return undefined;
}

function recent(times: readonly number[], now: number, withinMs: number): number[] {
  return times.filter((time) => time > now - withinMs);
}

function linkedUsers(grants: readonly { userId: string }[]): number {
  return new Set(grants.map(({ userId }) => userId)).size;
}

/** No `Retry-After`: none was ever seen. */
function usageRefusal(status: 403 | 429, message: string, olderMessage: string): Answer {
  return status === 429 ? prettyError(26, message, 429) : apiError(26, olderMessage, 403);
}

/** The undocumented limit: one request of a user at a time, as long as the setting has it. */
export function createConcurrencyLimit({ state }: World) {
  const inside = new Set<string>();
  return {
    /** Undefined when the section is entered; the caller leaves it by itself. */
    enter(userId: string): Answer | undefined {
      const { concurrencyHoldMs } = state.settings;
      if (concurrencyHoldMs === 0) return undefined;
      if (inside.has(userId)) return concurrencyRefusal();
      inside.add(userId);
      setTimeout(() => inside.delete(userId), concurrencyHoldMs).unref();
      return undefined;
    },
  };
}

export function concurrencyRefusal(): Answer {
  return prettyError(11, 'Failed to enter concurrency limited section', 429);
}
