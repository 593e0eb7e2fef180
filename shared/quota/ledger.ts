/** The budget of calls, as one worker asks it before every call to a cloud. */
import type { CallPurpose, CallWindow } from '../domain/call-limits.ts';
import { LatchkeyError } from '../domain/error.ts';
import { left, type Quota, type QuotaRefusal, type WindowLeft } from '../domain/quota.ts';
import { toUtc } from '../domain/time.ts';
import type { QuotaStore } from '../store/quotas.ts';

export interface Ledger {
  /**
   * Takes one call from the account's budget.
   * @throws {LatchkeyError} provider_throttled – the budget or the cloud does not allow the call; nothing is spent
   */
  spend(accountId: string, windows: readonly CallWindow[], purpose: CallPurpose): Promise<Quota>;
  /** The cloud wants no calls of this account for so long, seconds; a minute where it names no time. */
  block(accountId: string, seconds?: number): Promise<void>;
}

export interface LedgerDependencies {
  readonly quotas: QuotaStore;
  readonly now: () => number;
  readonly sleep: (ms: number) => Promise<unknown>;
  readonly remainingMs: () => number;
  /** Told what is left after each call. */
  readonly onSpent: (windows: readonly WindowLeft[]) => void;
}

/** A window that is free again so soon is waited for, by whatever is not a command, seconds. */
const SHORT_WAIT_SECONDS = 11;
/** Left to the call itself, milliseconds. */
const CALL_NEEDS_MS = 9_000;
const UNNAMED_PAUSE_SECONDS = 60;

export function createLedger({ quotas, now, sleep, remainingMs, onSpent }: LedgerDependencies): Ledger {
  return {
    async spend(accountId, windows, purpose) {
      for (;;) {
        const outcome = await quotas.spend({ accountId, windows, purpose, now: now() });
        if ('spent' in outcome) {
          onSpent(left(outcome.spent, windows, now()));
          return outcome.spent;
        }
        const waitMs = outcome.refused.retryAfterSeconds * 1000;
        const isWorthIt =
          purpose !== 'command' &&
          outcome.refused.window !== undefined &&
          waitMs <= SHORT_WAIT_SECONDS * 1000 &&
          remainingMs() > waitMs + CALL_NEEDS_MS;
        if (!isWorthIt) throw overBudget(outcome.refused, purpose, now());
        await sleep(waitMs);
      }
    },

    block: (accountId, seconds = UNNAMED_PAUSE_SECONDS) =>
      quotas.note(accountId, ({ blockedUntil = '' }) => {
        const until = toUtc(now() + seconds * 1000);
        // A short pause that is asked for later does not end a long one.
        return { blockedUntil: until > blockedUntil ? until : blockedUntil };
      }),
  };
}

/** Refused by us, before the cloud: so it says nothing of what the cloud answered. */
function overBudget(
  { window, retryAfterSeconds }: QuotaRefusal,
  purpose: CallPurpose,
  now: number,
): LatchkeyError {
  const exception = purpose === 'command' ? '' : ', but for those kept for commands';
  const until = toUtc(now + retryAfterSeconds * 1000);
  const message =
    window === undefined
      ? `the provider wants no calls for this account until ${until}`
      : `the account's calls of this ${window} are spent until ${until}${exception}`;
  return new LatchkeyError('provider_throttled', message, {
    details: {
      remedy: 'Repeat it after the time given; webhooks keep arriving meanwhile',
      retryAfterSeconds,
      sent: false,
    },
  });
}
