/** Which accounts, and which series, cannot be asked about just now, and until when. */
import type { ApiProblem } from '../../api.ts';

/** How soon what was set aside is tried again. */
const ASIDE_MS = 600_000;
/** An outage may be a short one. */
const TRIES = 3;
const FIRST_PAUSE_MS = 5_000;
const UNNAMED_PAUSE_SECONDS = 60;

/** Refusals that are about one module or about one question; all others are about its account. */
const ofSeries: readonly (string | undefined)[] = [
  'access_forbidden',
  'module_unknown',
  'module_unreachable',
  'provider_rejected',
  'provider_unexpected',
  'request_invalid',
];

/**
 * What follows from a refusal. `waits`: for its budget. `paused`: tried again in a moment. `set_aside`: something has to
 * be done, or it is an outage that lasts; others go on.
 */
export interface Verdict {
  readonly kind: 'waits' | 'paused' | 'set_aside';
  readonly untilEpochMs: number;
  /** What it is about. */
  readonly of: 'account' | 'series';
  /** It was set aside for the same already. */
  readonly isKnown: boolean;
}

interface Standing {
  readonly readyAtEpochMs: number;
  readonly isAside: boolean;
  readonly reason: string;
  /** Outages in a row. */
  readonly strikes: number;
}

const good: Standing = { readyAtEpochMs: 0, isAside: false, reason: '', strikes: 0 };

export interface Standings {
  /** When it can be asked about, epoch milliseconds; what has passed is now. */
  readyAt(id: string): number;
  isAside(id: string): boolean;
  accepted(id: string): void;
  /** An account waits for its budget. */
  wait(account: string, untilEpochMs: number, reason: string): Verdict;
  refused(ids: { readonly account: string; readonly series: string }, problem: ApiProblem): Verdict;
}

export function createStandings(now: () => number): Standings {
  const standings = new Map<string, Standing>();
  const standingOf = (id: string) => standings.get(id) ?? good;

  function set(
    [of, id]: readonly [Verdict['of'], string],
    kind: Verdict['kind'],
    untilEpochMs: number,
    reason: string,
  ): Verdict {
    const before = standingOf(id);
    // Whoever is tried again, and refused again, was aside all the time.
    const isAside = kind === 'set_aside' || (kind === 'paused' && before.isAside);
    const strikes = kind === 'waits' ? 0 : before.strikes + 1;
    standings.set(id, { readyAtEpochMs: untilEpochMs, isAside, reason, strikes });
    return { kind, untilEpochMs, of, isKnown: before.isAside && before.reason === reason };
  }

  return {
    readyAt: (id) => standingOf(id).readyAtEpochMs,
    isAside: (id) => standingOf(id).isAside,
    accepted: (id) => void standings.delete(id),
    wait: (account, untilEpochMs, reason) => set(['account', account], 'waits', untilEpochMs, reason),

    refused(ids, { code, retry, retryAfterSeconds, message }) {
      const laterMs = now() + ASIDE_MS;
      if (ofSeries.includes(code)) return set(['series', ids.series], 'set_aside', laterMs, message);
      const account = ['account', ids.account] as const;
      if (code === 'provider_throttled' || retryAfterSeconds !== undefined) {
        const seconds = Math.max(1, retryAfterSeconds ?? UNNAMED_PAUSE_SECONDS);
        return set(account, 'waits', now() + seconds * 1000, message);
      }
      const { strikes, isAside } = standingOf(ids.account);
      return retry === 'never' || isAside || strikes + 1 >= TRIES
        ? set(account, 'set_aside', laterMs, message)
        : set(account, 'paused', now() + FIRST_PAUSE_MS * 2 ** strikes, message);
    },
  };
}
