/** The budget of calls, as one worker asks it before every call to a cloud. */
import type { Account } from '../domain/account.ts';
import type { CallLimits, CallPurpose } from '../domain/call-limits.ts';
import { LatchkeyError } from '../domain/error.ts';
import { left, type Quota, type QuotaHolder, type QuotaRefusal, type WindowLeft } from '../domain/quota.ts';
import { toUtc } from '../domain/time.ts';
import type { QuotaStore } from '../store/quotas.ts';

/** Whose call it is. */
export type Caller = Pick<Account, 'accountId' | 'provider'>;

export interface Ledger {
  /**
   * Takes one call from the account's budget, and from our application's where the cloud has limits for it as well; of
   * both or of neither.
   * @returns the account's budget after it
   * @throws {LatchkeyError} provider_throttled – a budget or the cloud does not allow the call; nothing is spent
   */
  spend(caller: Caller, limits: CallLimits, purpose: CallPurpose): Promise<Quota>;
  /** The cloud wants no calls of an account, or of our application, for so long, seconds; a minute where it names no time. */
  block(holder: QuotaHolder, seconds?: number): Promise<void>;
}

export interface LedgerDependencies {
  readonly quotas: QuotaStore;
  readonly now: () => number;
  readonly sleep: (ms: number) => Promise<unknown>;
  readonly remainingMs: () => number;
  /** Told what is left to the account after each call. */
  readonly onSpent: (windows: readonly WindowLeft[]) => void;
}

/** A window that is free again so soon is waited for, by whatever is not a command, seconds. */
const SHORT_WAIT_SECONDS = 11;
/** Left to the call itself, milliseconds. */
const CALL_NEEDS_MS = 9_000;
const UNNAMED_PAUSE_SECONDS = 60;

interface Refused extends QuotaRefusal {
  readonly holder: QuotaHolder;
}

export function createLedger({ quotas, now, sleep, remainingMs, onSpent }: LedgerDependencies): Ledger {
  /** How many accounts are linked at a provider, as its application's quota had it last. */
  const linked = new Map<Caller['provider'], number>();

  return {
    async spend(caller, limits, purpose) {
      for (;;) {
        const outcome = await takeFromBoth(caller, limits, purpose);
        if ('spent' in outcome) {
          onSpent(left(outcome.spent, limits.account, now()));
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

    block: (holder, seconds = UNNAMED_PAUSE_SECONDS) =>
      quotas.note(holder, ({ blockedUntil = '' }) => {
        const until = toUtc(now() + seconds * 1000);
        // A short pause that is asked for later does not end a long one.
        return { blockedUntil: until > blockedUntil ? until : blockedUntil };
      }),
  };

  /**
   * The account's first: it refuses more often, and what it refuses has cost the others nothing. A call that the
   * application then refuses is given back, rather than kept while waiting: it would be counted earlier than it is made.
   */
  async function takeFromBoth(
    { accountId, provider }: Caller,
    limits: CallLimits,
    purpose: CallPurpose,
  ): Promise<{ spent: Quota } | { refused: Refused }> {
    const own = { holder: { accountId }, windows: limits.account, purpose };
    const mine = await quotas.spend({ ...own, now: now() });
    if ('refused' in mine) return { refused: { ...mine.refused, holder: own.holder } };
    if (!limits.application) return mine;

    const holder = { application: provider };
    const windows = limits.application(await linkedAt(provider));
    const shared = await quotas.spend({ holder, windows, purpose, now: now() });
    if ('spent' in shared) {
      noteLinked(provider, shared.spent);
      return mine;
    }
    await quotas.giveBack(own, mine.spent);
    return { refused: { ...shared.refused, holder } };
  }

  /** Read once in a worker's life: from then on, each call tells. */
  async function linkedAt(provider: Caller['provider']): Promise<number> {
    return linked.get(provider) ?? noteLinked(provider, await quotas.get({ application: provider }));
  }

  function noteLinked(provider: Caller['provider'], quota: Quota | undefined): number {
    const accounts = quota?.linked?.accounts ?? 1;
    linked.set(provider, accounts);
    return accounts;
  }
}

/** Refused by us, before the cloud: so it says nothing of what the cloud answered. */
function overBudget(
  { holder, window, retryAfterSeconds }: Refused,
  purpose: CallPurpose,
  now: number,
): LatchkeyError {
  const exception = purpose === 'command' ? '' : ', but for those kept for commands';
  const until = toUtc(now + retryAfterSeconds * 1000);
  const whose = 'accountId' in holder ? 'account' : 'application';
  const message =
    window === undefined
      ? `the provider wants no calls for this ${whose} until ${until}`
      : `the ${whose}'s calls of this ${window} are spent until ${until}${exception}`;
  return new LatchkeyError('provider_throttled', message, {
    details: {
      remedy: 'Repeat it after the time given; webhooks keep arriving meanwhile',
      limitOf: whose,
      retryAfterSeconds,
      sent: false,
    },
  });
}
