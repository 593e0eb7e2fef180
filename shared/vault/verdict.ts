/** What a failed exchange means for the account, and when to try again: the answer table of rotation. Pure. */
import { toUtc } from '../domain/time.ts';
import type { GrantHealth, TokenPointer } from '../domain/token-pointer.ts';
import type { Release } from '../store/token-pointers.ts';
import type { GrantOutcome } from './grants.ts';
import { CLOCK_ALLOWANCE_SECONDS } from './lease.ts';

export type Failure = Exclude<GrantOutcome, { kind: 'granted' }>;

export interface Verdict {
  readonly release: Release;
  /** How loud to say it: `error` is for the operator to act on. */
  readonly level: 'info' | 'warn' | 'error';
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** A grant called invalid is asked about for this long before the owner is told to link again. */
const SUSPICION_MS = 24 * HOUR_MS;
const BACK_OFF_MS = { first: 5_000, most: 15 * MINUTE_MS } as const;
/** Answers that probably spent nothing, in a row, after which that is not believed any more. */
const DOUBTFUL_STRIKES = 3;
/** Not in the index of what is due any more: only the owner can change anything. */
const NEVER = '9999-12-31T23:59:59.999Z';

export function judgeFailure(
  held: TokenPointer,
  failure: Failure,
  context: { takenOver: boolean; now: number; spread: number },
): Verdict {
  const { now } = context;
  switch (failure.kind) {
    case 'no_answer':
      return failure.sent ? unknown(held, now) : backOff(held, context, 'provider_unreachable');
    case 'not_spent':
      return wait(held, now, (failure.retryAfterSeconds ?? 60) * 1000, 'provider_throttled');
    case 'probably_not_spent':
      return held.health.strikes + 1 >= DOUBTFUL_STRIKES
        ? unknown(held, now)
        : backOff(held, context, 'provider_failing');
    case 'operator':
      return { ...settle(held, now, 'refused', 'application_refused', 5 * MINUTE_MS), level: 'error' };
    case 'owner_action':
      return { ...settle(held, now, 'owner_action', 'provider_terms', HOUR_MS), level: 'info' };
    case 'unparseable':
      return dead(held, now, 'answer_unreadable');
    case 'invalid_grant':
      return context.takenOver ? dead(held, now, 'rotation_outcome_lost') : suspect(held, now);
  }
}

/** Lease and intent stay: nobody tries until the request cannot be in flight any more, and then the intent tells. */
function unknown(held: TokenPointer, now: number): Verdict {
  const health = healthOf(held, now, 'delayed', 'rotation_outcome_unknown');
  const freeMs = Date.parse(held.leaseUntil ?? toUtc(now)) + CLOCK_ALLOWANCE_SECONDS * 1000;
  return { release: { health, dueAt: toUtc(Math.max(freeMs, now)), outcome: 'unknown' }, level: 'warn' };
}

function backOff(held: TokenPointer, context: { now: number; spread: number }, cause: string): Verdict {
  const ceiling = Math.min(BACK_OFF_MS.most, BACK_OFF_MS.first * 2 ** held.health.strikes);
  return wait(held, context.now, ceiling / 2 + (ceiling / 2) * context.spread, cause);
}

function wait(held: TokenPointer, now: number, delayMs: number, cause: string): Verdict {
  // A suspicion outlives an outage of the provider.
  const state = held.health.state === 'suspect' ? 'suspect' : 'delayed';
  return { ...settle(held, now, state, cause, delayMs), level: 'warn' };
}

function suspect(held: TokenPointer, now: number): Verdict {
  const verdict = settle(held, now, 'suspect', 'grant_invalid', HOUR_MS);
  const final = now - Date.parse(verdict.release.health.since) >= SUSPICION_MS;
  return final ? dead(held, now, 'grant_invalid') : { ...verdict, level: 'warn' };
}

function dead(held: TokenPointer, now: number, cause: string): Verdict {
  const health = healthOf(held, now, 'dead', cause);
  return { release: { health, dueAt: NEVER, retryAt: NEVER, outcome: 'nothing_spent' }, level: 'error' };
}

function settle(
  held: TokenPointer,
  now: number,
  state: GrantHealth['state'],
  cause: string,
  delayMs: number,
): { release: Release } {
  const at = toUtc(now + delayMs);
  return {
    release: { health: healthOf(held, now, state, cause), dueAt: at, retryAt: at, outcome: 'nothing_spent' },
  };
}

function healthOf(held: TokenPointer, now: number, state: GrantHealth['state'], cause: string): GrantHealth {
  const since = held.health.state === state ? held.health.since : toUtc(now);
  return { state, cause, since, strikes: held.health.strikes + 1 };
}
