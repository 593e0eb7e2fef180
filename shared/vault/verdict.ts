/** What a failed exchange means for the account, and when to try again: the answer table of rotation. Pure. */
import type { GrantCause, GrantHealth } from '../domain/grant-health.ts';
import { toUtc, type UtcTime } from '../domain/time.ts';
import { NEVER, type TokenPointer } from '../domain/token-pointer.ts';
import type { Release } from '../store/token-pointers.ts';
import type { GrantOutcome } from './grants.ts';
import { CLOCK_ALLOWANCE_SECONDS } from './lease.ts';

export type Failure = Exclude<GrantOutcome, { kind: 'granted' }>;
/** What is about the account: the refusal of our application is about all of them. */
export type AccountFailure = Failure & { kind: Exclude<Failure['kind'], 'operator'> };

export function isAboutAccount(failure: Failure): failure is AccountFailure {
  return failure.kind !== 'operator';
}

export interface Verdict {
  readonly release: Release;
  /** How loud to say it: `error` is for the operator to act on. */
  readonly level: 'info' | 'warn' | 'error';
}

interface Context {
  /** Whether an exchange before this one has an unknown outcome. */
  readonly takenOver: boolean;
  readonly now: number;
  /** Between 0 and 1. */
  readonly spread: number;
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** For this long a grant called invalid is asked about, and a lost answer is looked for, before it is final. */
const SUSPICION_MS = 24 * HOUR_MS;
/** Ceilings; the pause is at least half of it, so the first is 5 s or more. */
const BACK_OFF_MS = { first: 10_000, most: 15 * MINUTE_MS } as const;
/** Answers that probably spent nothing, in a row, after which that is not believed any more. */
const DOUBTFUL_STRIKES = 3;

/** When to look again for an answer that was given up for lost; never, once a day has passed. */
export function judgeAgain(held: TokenPointer, now: number): Release {
  const at = nextLook(held.health, now);
  return { health: held.health, dueAt: at, retryAt: at, outcome: 'nothing_spent' };
}

export function judgeFailure(held: TokenPointer, failure: AccountFailure, context: Context): Verdict {
  const verdict = judge(held, failure, context);
  if (held.health.state !== 'dead') return verdict;
  // Somebody insisted on another try; that it failed makes the account no better.
  const at = nextLook(held.health, context.now);
  return { ...verdict, release: { ...verdict.release, health: held.health, dueAt: at, retryAt: at } };
}

function judge(held: TokenPointer, failure: AccountFailure, context: Context): Verdict {
  const { now, takenOver } = context;
  switch (failure.kind) {
    case 'no_answer':
      return failure.sent ? unknown(held, context) : backOff(held, context, 'provider_unreachable');
    case 'not_spent':
      return wait(held, now, (failure.retryAfterSeconds ?? 60) * 1000, 'provider_throttled');
    case 'probably_not_spent':
      return strikesFor(held, 'provider_failing') >= DOUBTFUL_STRIKES
        ? unknown(held, context)
        : backOff(held, context, 'provider_failing');
    case 'owner_action':
      return { ...settle(held, now, 'owner_action', 'provider_terms', HOUR_MS), level: 'info' };
    case 'unparseable':
      // The intent stays: once the answer can be read, an attempt by hand rolls it forward out of the escrow.
      return dead(held, now, 'answer_unreadable', 'unknown');
    case 'invalid_grant':
      return takenOver && held.health.state !== 'suspect'
        ? dead(held, now, 'rotation_outcome_lost', 'nothing_spent')
        : suspect(held, now);
  }
}

/**
 * Lease and intent stay: nobody tries until the request cannot be in flight any more, and then the intent tells. The
 * first takeover comes right then; if it ends the same way, the next ones take their time.
 */
function unknown(held: TokenPointer, context: Context): Verdict {
  const { now, takenOver } = context;
  const freeMs = Date.parse(held.leaseUntil ?? toUtc(now)) + CLOCK_ALLOWANCE_SECONDS * 1000;
  const cause = 'rotation_outcome_unknown';
  const at = toUtc(Math.max(freeMs, takenOver ? now + pauseMs(held, context, cause) : now));
  const health = healthOf(held, now, 'delayed', cause);
  return { release: { health, dueAt: at, retryAt: at, outcome: 'unknown' }, level: 'warn' };
}

function backOff(held: TokenPointer, context: Context, cause: GrantCause): Verdict {
  return wait(held, context.now, pauseMs(held, context, cause), cause);
}

function wait(held: TokenPointer, now: number, delayMs: number, cause: GrantCause): Verdict {
  return { ...settle(held, now, 'delayed', cause, delayMs), level: 'warn' };
}

function suspect(held: TokenPointer, now: number): Verdict {
  const verdict = settle(held, now, 'suspect', 'grant_invalid', HOUR_MS);
  const final = now - Date.parse(verdict.release.health.since) >= SUSPICION_MS;
  return final ? dead(held, now, 'grant_invalid', 'nothing_spent') : { ...verdict, level: 'warn' };
}

function dead(held: TokenPointer, now: number, cause: GrantCause, outcome: Release['outcome']): Verdict {
  const health = healthOf(held, now, 'dead', cause);
  const at = nextLook(health, now);
  return { release: { health, dueAt: at, retryAt: at, outcome }, level: 'error' };
}

/** An invalid grant has been asked about for its day already; an answer that was lost may still turn up. */
function nextLook({ cause, since }: GrantHealth, now: number): UtcTime {
  const isFinal = cause === 'grant_invalid' || now - Date.parse(since) >= SUSPICION_MS;
  return isFinal ? NEVER : toUtc(now + HOUR_MS);
}

function settle(
  held: TokenPointer,
  now: number,
  state: GrantHealth['state'],
  cause: GrantCause,
  delayMs: number,
): { release: Release } {
  const at = toUtc(now + delayMs);
  const health = healthOf(held, now, state, cause);
  return { release: { health, dueAt: at, retryAt: at, outcome: 'nothing_spent' } };
}

/** From half of the ceiling to all of it; the ceiling doubles with each strike. */
function pauseMs(held: TokenPointer, { spread }: Context, cause: GrantCause): number {
  const doublings = strikesFor(held, cause) - 1;
  const ceiling = Math.min(BACK_OFF_MS.most, BACK_OFF_MS.first * 2 ** doublings);
  return ceiling / 2 + (ceiling / 2) * spread;
}

function healthOf(
  held: TokenPointer,
  now: number,
  state: GrantHealth['state'],
  cause: GrantCause,
): GrantHealth {
  const { health } = held;
  // A suspicion outlives an outage of the provider.
  const outlived = health.state === 'suspect' && state === 'delayed';
  const next = outlived ? 'suspect' : state;
  const since = health.state === next ? health.since : toUtc(now);
  // That the owner has to act is nobody's failure, and so no strike.
  const strikes = state === 'owner_action' ? health.strikes : strikesFor(held, cause);
  return { state: next, cause, since, strikes };
}

/** Failures of this kind in a row, the present one included. */
function strikesFor({ health }: TokenPointer, cause: GrantCause): number {
  return health.cause === cause ? health.strikes + 1 : 1;
}
