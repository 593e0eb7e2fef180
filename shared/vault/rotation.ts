/**
 * Rotates one account's token set: lease and intent first, one exchange, keep the answer before anything else, then
 * commit by ancestry. Whoever comes after a crash finds the intent and rolls forward. The order of the steps is the
 * design; docs/rotation.md says why each is where it is.
 */
import { LatchkeyError } from '../domain/error.ts';
import { toUtc } from '../domain/time.ts';
import { isStatic, type TokenPointer } from '../domain/token-pointer.ts';
import type { OauthFacts } from '../providers/provider.ts';
import type { Send } from '../providers/request.ts';
import { type CommittingDependencies, createCommitting } from './committing.ts';
import { type Gate, heldBackError } from './gate.ts';
import { exchangeRefreshToken, type GrantOutcome } from './grants.ts';
import { putInEscrow } from './keeping.ts';
import { EXCHANGE_NEEDS_MS, isLeased, type LeaseDependencies, takeLease } from './lease.ts';
import { createRecovery, isTakeover, plannedIn } from './recovery.ts';
import {
  foreign,
  neverRotates,
  postponed,
  type RotationOutcome,
  tooLate,
  unlinked,
} from './rotation-outcome.ts';
import { plannedVersionId, type RotatingSet, toTokenSet } from './token-set.ts';
import {
  type AccountFailure,
  type Failure,
  isAboutAccount,
  judgeAgain,
  judgeFailure,
  type Verdict,
} from './verdict.ts';

export interface RotationDependencies extends CommittingDependencies, LeaseDependencies {
  readonly factsOf: (provider: TokenPointer['provider']) => OauthFacts;
  readonly send: Send;
  readonly gate: Gate;
  /** This deployment: other ones' accounts are left alone. */
  readonly stackId: string;
}

export interface RotationWish {
  /** The generation that the caller knows, and wants a newer one than. */
  readonly knownGeneration: number;
  /** Try although the provider asked for patience, or the last attempt failed: a person said so. */
  readonly insist?: boolean;
  /** The pointer as the caller has just read it. It may be a moment old: taking the lease fails if it is. */
  readonly pointer?: TokenPointer;
}

/** What an exchange needs, all of it in hand before anything is spent. */
interface Armed {
  readonly facts: OauthFacts;
  readonly spent: RotatingSet;
}

/** Tries to connect before the exchange is put off; nothing is spent by them. */
const CONNECT_TRIES = 3;
const CONNECT_PAUSE_MS = 300;
/** An attempt that could not even begin is due again after this. */
const GIVE_UP_PAUSE_MS = 60_000;

export type Rotate = (accountId: string, wish: RotationWish) => Promise<RotationOutcome>;

export function createRotation(deps: RotationDependencies): Rotate {
  const { pointers, gate, now, log } = deps;
  const committing = createCommitting(deps);
  const recovery = createRecovery(deps, committing);
  const isTooLate = () => deps.remainingMs() < EXCHANGE_NEEDS_MS;

  return async (accountId, wish) => {
    const pointer = wish.pointer ?? (await pointers.get(accountId));
    if (!pointer) return unlinked();
    const { knownGeneration, insist = false } = wish;
    if (pointer.stackId !== deps.stackId) return { kind: 'failed', error: foreign(pointer) };
    if (pointer.generation > knownGeneration) return { kind: 'current', pointer };
    if (isStatic(pointer)) return { kind: 'failed', error: neverRotates() };
    if (!insist && pointer.retryAt !== undefined && Date.parse(pointer.retryAt) > now())
      return postponed(pointer, now());
    if (isLeased(pointer, now())) return { kind: 'contended', pointer };
    if (isTooLate()) return { kind: 'failed', error: tooLate() };
    // Where an answer may have been kept already, that is looked for whether the gate is open or not.
    const mayLookFirst = pointer.intent !== undefined && !insist;
    if (insist) gate.force(pointer.provider);
    const heldBack = insist || mayLookFirst ? undefined : await holdBack(pointer);
    if (heldBack) return heldBack;
    const held = await takeLease(deps, pointer, plannedVersionId(pointer));
    if (held === 'refused') return { kind: 'contended', pointer };
    const prepared = await prepare(held, {
      mayExchange: insist || held.health.state !== 'dead',
      mayLookFirst,
    });
    return 'kind' in prepared ? prepared : await exchangeAndKeep(held, prepared);
  };

  /** Everything that can fail while nothing is spent. */
  async function prepare(
    held: TokenPointer,
    { mayExchange, mayLookFirst }: { mayExchange: boolean; mayLookFirst: boolean },
  ): Promise<Armed | RotationOutcome> {
    try {
      const facts = deps.factsOf(held.provider);
      const recovered = await recovery.rollForward(held, facts);
      if (recovered) return recovered;
      if (!mayExchange) return await lookAgain(held, facts);
      const spent = await recovery.arm(held);
      if ('kind' in spent) return spent;
      // Reading may have taken long: an exchange that would be cut off is not begun.
      if (isTooLate()) return await giveUp(held, tooLate());
      const heldBack = mayLookFirst ? await holdBack(held) : undefined;
      if (heldBack) await endWithout(held, held.dueAt, held.retryAt);
      return heldBack ?? { facts, spent };
    } catch (error) {
      if (!(error instanceof LatchkeyError)) throw error;
      return await giveUp(held, error);
    }
  }

  async function holdBack({ provider }: TokenPointer): Promise<RotationOutcome | undefined> {
    const by = await gate.enter(provider);
    return by === 'entered' ? undefined : { kind: 'held_back', by, error: heldBackError(by, now()) };
  }

  /** A verdict is derived again for a day: an answer may turn up where it could not be read before. */
  async function lookAgain(held: TokenPointer, facts: OauthFacts): Promise<RotationOutcome> {
    const found = await recovery.tryLastHope(held, facts);
    if (found) return found;
    const release = judgeAgain(held, now());
    await pointers.release(held, release);
    return postponed({ ...held, ...release }, now());
  }

  async function giveUp(held: TokenPointer, error: LatchkeyError): Promise<RotationOutcome> {
    const { accountId, generation } = held;
    const soon = toUtc(now() + GIVE_UP_PAUSE_MS);
    await endWithout(held, held.dueAt > soon ? held.dueAt : soon, held.retryAt);
    const level = error.code === 'token_contended' ? 'warn' : 'error';
    log[level]('rotation could not begin', { accountId, generation, reason: error.message });
    return { kind: 'failed', error };
  }

  /** Leaves the account as it was, for nothing was tried. */
  async function endWithout(held: TokenPointer, dueAt: string, retryAt: string | undefined): Promise<void> {
    await pointers.release(held, { health: held.health, dueAt, retryAt, outcome: 'nothing_spent' });
  }

  async function exchangeAndKeep(held: TokenPointer, { facts, spent }: Armed): Promise<RotationOutcome> {
    const outcome = await exchangePatiently(facts, spent.refreshToken);
    if (outcome.kind !== 'granted') return await fail(held, facts, outcome);
    const { answer, sentAtMs, body } = outcome;
    const set = toTokenSet(answer, facts, { sentAtMs, spent, parentHash: held.refreshHash });
    const answerHeld = { versionId: plannedIn(held), set, answer: { body, sentAtMs } };
    const kept = await committing.keepAndCommit(held, answerHeld);
    await gate.recognized(held.provider);
    return kept;
  }

  /** A request that never left may be repeated inside the lease. */
  async function exchangePatiently(facts: OauthFacts, refreshToken: string): Promise<GrantOutcome> {
    for (let tries = 1; ; tries++) {
      const outcome = await exchangeRefreshToken(facts, refreshToken, deps.send, now);
      const unsent = outcome.kind === 'no_answer' && !outcome.sent;
      if (!unsent || tries === CONNECT_TRIES || isTooLate()) return outcome;
      await deps.sleep(CONNECT_PAUSE_MS * tries);
    }
  }

  async function fail(held: TokenPointer, facts: OauthFacts, failure: Failure): Promise<RotationOutcome> {
    if (failure.kind === 'unparseable') await putInEscrow(deps, held, failure);
    if (!isAboutAccount(failure)) return await failForAll(held, failure);
    if (failure.kind === 'invalid_grant') {
      await gate.recognized(held.provider);
      const newer = (await findNewerLineage(held)) ?? (await recovery.tryLastHope(held, facts));
      if (newer) return newer;
    }
    if (failure.error.details.provider?.status === 429)
      await gate.throttled(held.provider, failure.error.details.retryAfterSeconds);
    const context = { takenOver: isTakeover(held), now: now(), spread: deps.random() };
    const verdict = judgeFailure(held, failure, context);
    logFailure(held, failure, verdict);
    await pointers.release(held, { ...verdict.release, endedAtMs: now() });
    return { kind: 'failed', error: failure.error };
  }

  /** It is not about this account: all of the provider's wait until the operator has put it right. */
  async function failForAll(held: TokenPointer, { error }: Failure): Promise<RotationOutcome> {
    const { provider } = held;
    const isNews = (await gate.refused(provider)) === 'news';
    log[isNews ? 'error' : 'warn']('the provider refuses our application', {
      provider,
      reason: error.message,
    });
    await endWithout(held, held.dueAt, held.retryAt);
    return { kind: 'failed', error };
  }

  function logFailure(
    { accountId, provider }: TokenPointer,
    failure: AccountFailure,
    verdict: Verdict,
  ): void {
    const { state: health, cause } = verdict.release.health;
    const reason = failure.error.message;
    log[verdict.level]('rotation failed', {
      accountId,
      provider,
      outcome: failure.kind,
      health,
      cause,
      reason,
    });
  }

  /** `invalid_grant` also means a lost race: only when no newer set is known is it about the grant. */
  async function findNewerLineage(held: TokenPointer): Promise<RotationOutcome | undefined> {
    const pointer = await pointers.get(held.accountId);
    if (!pointer) return unlinked();
    const isNewer = pointer.generation > held.generation || pointer.linkEpoch !== held.linkEpoch;
    return isNewer ? { kind: 'current', pointer } : undefined;
  }
}
