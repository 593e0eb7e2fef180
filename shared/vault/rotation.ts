/**
 * Rotates one account's token set: lease and intent first, one exchange, keep the answer before anything else, then
 * commit by ancestry. Whoever comes after a crash finds the intent and rolls forward. The order of the steps is the
 * design; docs/rotation.md says why each is where it is.
 */
import { LatchkeyError } from '../domain/error.ts';
import { toUtc } from '../domain/time.ts';
import type { TokenPointer } from '../domain/token-pointer.ts';
import type { OauthFacts } from '../providers/provider.ts';
import type { Send } from '../providers/request.ts';
import { openEscrow } from './escrow.ts';
import { exchangeRefreshToken, type Granted, type GrantOutcome } from './grants.ts';
import { type KeepingDependencies, keepSet, putInEscrow } from './keeping.ts';
import { EXCHANGE_NEEDS_MS, isLeased, type LeaseDependencies, takeLease } from './lease.ts';
import { nextSet } from './next-set.ts';
import { inEscrow, postponed, type RotationOutcome, tooLate, unlinked } from './rotation-outcome.ts';
import { hashRefreshToken, plannedVersionId, type TokenSet, toTokenSet } from './token-set.ts';
import { type Failure, judgeFailure } from './verdict.ts';

export interface RotationDependencies extends KeepingDependencies, LeaseDependencies {
  readonly factsOf: (provider: TokenPointer['provider']) => OauthFacts;
  readonly send: Send;
  readonly hashKey: Buffer;
  /** Between 0 and 1. */
  readonly random: () => number;
  readonly log: RotationLog;
}

export interface RotationLog {
  info(message: string, fields: Record<string, unknown>): void;
  warn(message: string, fields: Record<string, unknown>): void;
  error(message: string, fields: Record<string, unknown>): void;
}

export interface RotationWish {
  /** The generation that the caller knows, and wants a newer one than. */
  readonly knownGeneration: number;
  /** Try although the provider asked for patience, or the last attempt failed: a person said so. */
  readonly insist?: boolean;
}

/** What an exchange needs, all of it in hand before anything is spent. */
interface Armed {
  readonly facts: OauthFacts;
  readonly spent: TokenSet;
}

/** Tries to connect before the exchange is put off; nothing is spent by them. */
const CONNECT_TRIES = 3;
const CONNECT_PAUSE_MS = 300;
/** An attempt that could not even begin is due again after this. */
const GIVE_UP_PAUSE_MS = 60_000;

export type Rotate = (accountId: string, wish: RotationWish) => Promise<RotationOutcome>;

export function createRotation(deps: RotationDependencies): Rotate {
  const { pointers, escrows, tokenSets, now, log } = deps;
  const isTooLate = () => deps.remainingMs() < EXCHANGE_NEEDS_MS;

  return async (accountId, { knownGeneration, insist = false }) => {
    const pointer = await pointers.get(accountId);
    if (!pointer) return unlinked();
    if (pointer.generation > knownGeneration) return { kind: 'current', pointer };
    if (!insist && pointer.retryAt !== undefined && Date.parse(pointer.retryAt) > now())
      return postponed(pointer, now());
    if (isLeased(pointer, now())) return { kind: 'contended', pointer };
    if (isTooLate()) return { kind: 'failed', error: tooLate() };
    const held = await takeLease(deps, pointer, plannedVersionId(pointer));
    if (held === 'refused') return { kind: 'contended', pointer };
    const prepared = await prepare(held);
    return 'kind' in prepared ? prepared : await exchangeAndKeep(held, prepared);
  };

  /** Everything that can fail while nothing is spent. */
  async function prepare(held: TokenPointer): Promise<Armed | RotationOutcome> {
    try {
      const facts = deps.factsOf(held.provider);
      const recovered = await rollForward(held, facts);
      if (recovered) return recovered;
      const spent = await arm(held);
      // Reading may have taken long: an exchange that would be cut off is not begun.
      return isTooLate() ? await giveUp(held, tooLate()) : { facts, spent };
    } catch (error) {
      if (!(error instanceof LatchkeyError)) throw error;
      return await giveUp(held, error);
    }
  }

  /** Takeover, rule (a): the former holder's answer was kept, and only the pointer does not know yet. */
  async function rollForward(held: TokenPointer, facts: OauthFacts): Promise<RotationOutcome | undefined> {
    for (const versionId of earlierVersionIds(held)) {
      const kept = await tokenSets.read(held.accountId, versionId);
      if (kept?.parentHash === held.refreshHash) return await commit(held, versionId, kept);
    }
    if (!isTakeover(held)) return undefined;
    for (const escrow of (await escrows.of(held.accountId, held.refreshHash)).reverse()) {
      const set = openEscrow(deps.escrowKey, escrow, facts, await arm(held));
      if (!set) continue;
      if ((await keepSet(deps, held, plannedIn(held), set)) !== 'kept') throw inEscrow();
      return await commit(held, plannedIn(held), set);
    }
    return undefined;
  }

  /** Reads exactly the token set that the pointer names; nothing is spent if it is not that. */
  async function arm(held: TokenPointer): Promise<TokenSet> {
    const set = await tokenSets.readNamed(held.accountId, held.versionId, deps.sleep);
    if (hashRefreshToken(deps.hashKey, set.refreshToken) === held.refreshHash) return set;
    throw new LatchkeyError('store_unavailable', 'the stored token set does not match its pointer');
  }

  async function giveUp(held: TokenPointer, error: LatchkeyError): Promise<RotationOutcome> {
    const { accountId, generation, health, retryAt } = held;
    const soon = toUtc(now() + GIVE_UP_PAUSE_MS);
    const dueAt = held.dueAt > soon ? held.dueAt : soon;
    await pointers.release(held, { health, dueAt, retryAt, outcome: 'nothing_spent' });
    const level = error.code === 'token_contended' ? 'warn' : 'error';
    log[level]('rotation could not begin', { accountId, generation, reason: error.message });
    return { kind: 'failed', error };
  }

  async function exchangeAndKeep(held: TokenPointer, { facts, spent }: Armed): Promise<RotationOutcome> {
    const outcome = await exchangePatiently(facts, spent.refreshToken);
    if (outcome.kind !== 'granted') return await fail(held, outcome);
    const { answer, sentAtMs } = outcome;
    const set = toTokenSet(answer, facts, { sentAtMs, spent, parentHash: held.refreshHash });
    return await keepAndCommit(held, set, outcome);
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

  async function keepAndCommit(held: TokenPointer, set: TokenSet, answer: Granted): Promise<RotationOutcome> {
    const kept = await keepSet(deps, held, plannedIn(held), set);
    if (kept === 'kept') return await commit(held, plannedIn(held), set);
    if (kept === 'unlinked') return unlinked();
    await putInEscrow(deps, held, answer);
    log.error('token set could not be kept and went into escrow', { accountId: held.accountId });
    return { kind: 'failed', error: inEscrow() };
  }

  async function commit(held: TokenPointer, versionId: string, set: TokenSet): Promise<RotationOutcome> {
    const activity = held.usedGeneration === held.generation ? 'active' : 'idle';
    const next = nextSet(deps.hashKey, versionId, set, { activity, spread: deps.random() });
    const committed = await pointers.commit(held, next);
    if (committed !== 'refused') return { kind: 'rotated', pointer: committed };
    const current = await pointers.get(held.accountId);
    if (!current) return unlinked();
    // Our own write, answered late, looks like this as well; a re-link leaves our set an orphan, which is harmless.
    log.warn('the pointer had moved on', { accountId: held.accountId, generation: current.generation });
    return { kind: 'current', pointer: current };
  }

  async function fail(held: TokenPointer, failure: Failure): Promise<RotationOutcome> {
    if (failure.kind === 'unparseable') await putInEscrow(deps, held, failure);
    if (failure.kind === 'invalid_grant') {
      const newer = await findNewerLineage(held);
      if (newer) return newer;
    }
    const context = { takenOver: isTakeover(held), now: now(), spread: deps.random() };
    const { release, level } = judgeFailure(held, failure, context);
    log[level]('rotation failed', {
      accountId: held.accountId,
      provider: held.provider,
      outcome: failure.kind,
      health: release.health.state,
      cause: release.health.cause,
      reason: failure.error.message,
    });
    await pointers.release(held, release);
    return { kind: 'failed', error: failure.error };
  }

  /** `invalid_grant` also means a lost race: only when no newer set is known is it about the grant. */
  async function findNewerLineage(held: TokenPointer): Promise<RotationOutcome | undefined> {
    const pointer = await pointers.get(held.accountId);
    if (!pointer) return unlinked();
    const isNewer = pointer.generation > held.generation || pointer.linkEpoch !== held.linkEpoch;
    return isNewer ? { kind: 'current', pointer } : undefined;
  }
}

function earlierVersionIds(held: TokenPointer): readonly string[] {
  return held.intent?.earlierVersionIds ?? [];
}

/** Whether somebody before this holder left an exchange behind whose outcome is not known. */
function isTakeover(held: TokenPointer): boolean {
  return earlierVersionIds(held).length > 0;
}

function plannedIn({ intent }: TokenPointer): string {
  if (!intent) throw new TypeError('a lease to rotate has an intent');
  return intent.plannedVersionId;
}
