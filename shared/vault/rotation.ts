/**
 * Rotates one account's token set: lease and intent first, one exchange, keep the answer before anything else, then
 * commit by ancestry. Whoever comes after a crash finds the intent and rolls forward. The order of the steps is the
 * design; docs/rotation.md says why each is where it is.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { LatchkeyError } from '../domain/error.ts';
import { toUtc } from '../domain/time.ts';
import { type GrantHealth, rotationDueMs, type TokenPointer } from '../domain/token-pointer.ts';
import type { OauthFacts } from '../providers/provider.ts';
import type { Send } from '../providers/request.ts';
import type { EscrowStore } from '../store/escrows.ts';
import { type NextSet, type TokenPointerStore, versionIdsOf } from '../store/token-pointers.ts';
import { openEscrow, sealEscrow } from './escrow.ts';
import { exchangeRefreshToken, type GrantOutcome } from './grants.ts';
import { CLOCK_ALLOWANCE_SECONDS, EXCHANGE_NEEDS_MS, LEASE_SECONDS } from './lease.ts';
import { hashRefreshToken, plannedVersionId, type TokenSet, toTokenSet } from './token-set.ts';
import type { TokenSets } from './token-sets.ts';
import { judgeFailure } from './verdict.ts';

export interface RotationDependencies {
  readonly pointers: TokenPointerStore;
  readonly escrows: EscrowStore;
  readonly tokenSets: TokenSets;
  readonly factsOf: (provider: TokenPointer['provider']) => OauthFacts;
  readonly send: Send;
  readonly hashKey: Buffer;
  readonly escrowKey: Buffer;
  readonly now: () => number;
  /** Between 0 and 1. */
  readonly random: () => number;
  /** Milliseconds until the function that we run in is stopped. */
  readonly remainingMs: () => number;
  /** Names this worker in leases. */
  readonly holder: string;
  readonly log: RotationLog;
}

export interface RotationLog {
  info(message: string, fields: Record<string, unknown>): void;
  warn(message: string, fields: Record<string, unknown>): void;
  error(message: string, fields: Record<string, unknown>): void;
}

export type RotationOutcome =
  | { readonly kind: 'rotated'; readonly pointer: TokenPointer }
  /** Somebody else has rotated since the generation the caller knew. */
  | { readonly kind: 'current'; readonly pointer: TokenPointer }
  /** Somebody else is at it, or an exchange whose outcome is unknown may still be in flight. */
  | { readonly kind: 'contended'; readonly pointer: TokenPointer }
  | { readonly kind: 'failed'; readonly error: LatchkeyError };

export interface RotationWish {
  /** The generation that the caller knows, and wants a newer one than. */
  readonly knownGeneration: number;
  /** Try although the provider asked for patience, or the last attempt failed: a person said so. */
  readonly insist?: boolean;
}

/** Tries to connect before the exchange is put off; nothing is spent by them. */
const CONNECT_TRIES = 3;
const CONNECT_PAUSE_MS = 300;
/** Tries to keep an answer before it goes into escrow. */
const KEEP_TRIES = 4;
const KEEP_PAUSE_MS = 200;

export type Rotate = (accountId: string, wish: RotationWish) => Promise<RotationOutcome>;

export function createRotation(deps: RotationDependencies): Rotate {
  const { pointers, escrows, tokenSets, now, log } = deps;

  return async (accountId, { knownGeneration, insist }) => {
    const pointer = await pointers.get(accountId);
    if (!pointer) return failed('account_unlinked', 'the account has no tokens');
    if (pointer.generation > knownGeneration) return { kind: 'current', pointer };
    if (!insist && pointer.retryAt !== undefined && Date.parse(pointer.retryAt) > now())
      return postponed(pointer);
    if (deps.remainingMs() < EXCHANGE_NEEDS_MS) return { kind: 'contended', pointer };

    const held = await acquire(pointer);
    if (held === 'refused') return { kind: 'contended', pointer };
    const recovered = pointer.intent && (await rollForward(held, versionIdsOf(pointer.intent)));
    if (recovered) return recovered;
    const spent = await arm(held);
    return spent ? await exchangeAndKeep(held, spent, pointer.intent !== undefined) : await disarm(held);
  };

  function acquire(pointer: TokenPointer) {
    return pointers.acquire(pointer, {
      owner: deps.holder,
      until: toUtc(now() + LEASE_SECONDS * 1000),
      plannedVersionId: plannedVersionId(pointer.accountId, pointer.generation, pointer.attempt + 1),
      // A lease that another clock calls expired may still be held by ours.
      now: now() - CLOCK_ALLOWANCE_SECONDS * 1000,
    });
  }

  /** Takeover, rule (a): the former holder's answer was kept, and only the pointer does not know yet. */
  async function rollForward(held: TokenPointer, planned: string[]): Promise<RotationOutcome | undefined> {
    for (const versionId of planned) {
      const kept = await tokenSets.read(held.accountId, versionId);
      if (kept?.parentHash === held.refreshHash) return await commit(held, versionId, kept);
    }
    for (const escrow of (await escrows.of(held.accountId, held.refreshHash)).reverse()) {
      const spent = await arm(held);
      const set = spent && openEscrow(deps.escrowKey, escrow, deps.factsOf(held.provider), spent);
      if (set) return await keepAndCommit(held, set);
    }
    return undefined;
  }

  /** Reads exactly the token set that the pointer names; nothing is spent if it is not that. */
  async function arm(held: TokenPointer): Promise<TokenSet | undefined> {
    const set = await tokenSets.read(held.accountId, held.versionId);
    return set && hashRefreshToken(deps.hashKey, set.refreshToken) === held.refreshHash ? set : undefined;
  }

  async function disarm(held: TokenPointer): Promise<RotationOutcome> {
    log.error('token set does not match its pointer', {
      accountId: held.accountId,
      generation: held.generation,
    });
    const health: GrantHealth = { ...held.health, strikes: held.health.strikes + 1 };
    await pointers.release(held, { health, dueAt: toUtc(now() + 60_000), outcome: 'nothing_spent' });
    return failed('store_unavailable', 'the stored token set does not match its pointer');
  }

  async function exchangeAndKeep(
    held: TokenPointer,
    spent: TokenSet,
    takenOver: boolean,
  ): Promise<RotationOutcome> {
    const facts = deps.factsOf(held.provider);
    const outcome = await exchangePatiently(facts, spent.refreshToken);
    if (outcome.kind !== 'granted') return await fail(held, outcome, takenOver);
    const set = toTokenSet(outcome.answer, facts, {
      sentAtMs: outcome.sentAtMs,
      spent: { refreshToken: spent.refreshToken, hash: held.refreshHash, expiresAt: spent.refreshExpiresAt },
    });
    return await keepAndCommit(held, set, outcome);
  }

  /** A request that never left may be repeated inside the lease. */
  async function exchangePatiently(facts: OauthFacts, refreshToken: string): Promise<GrantOutcome> {
    for (let tries = 1; ; tries++) {
      const outcome = await exchangeRefreshToken(facts, refreshToken, deps.send, now);
      const unsent = outcome.kind === 'no_answer' && !outcome.sent;
      if (!unsent || tries === CONNECT_TRIES || deps.remainingMs() < EXCHANGE_NEEDS_MS) return outcome;
      await sleep(CONNECT_PAUSE_MS * tries);
    }
  }

  async function keepAndCommit(
    held: TokenPointer,
    set: TokenSet,
    answer?: { body: string; sentAtMs: number },
  ): Promise<RotationOutcome> {
    const versionId = held.intent?.plannedVersionId ?? '';
    const kept = await keep(held.accountId, versionId, set);
    if (kept === 'kept') return await commit(held, versionId, set);
    if (answer) await escrows.put(sealEscrow(deps.escrowKey, held, answer, toUtc(now())));
    log.error('token set could not be kept and went into escrow', { accountId: held.accountId, kept });
    return failed('store_unavailable', 'the new token set is in escrow until Secrets Manager takes it');
  }

  /** The only live credential may be in our hands: nothing but Secrets Manager's lasting refusal ends this. */
  async function keep(accountId: string, versionId: string, set: TokenSet) {
    for (let tries = 1; ; tries++) {
      try {
        return await tokenSets.keep(accountId, versionId, set);
      } catch (error) {
        if (!(error instanceof LatchkeyError)) throw error;
        if (tries === KEEP_TRIES) return 'unavailable';
        await sleep(KEEP_PAUSE_MS * tries);
      }
    }
  }

  async function commit(held: TokenPointer, versionId: string, set: TokenSet): Promise<RotationOutcome> {
    const next = nextSet(held, versionId, set);
    const committed = await pointers.commit(held, next);
    if (committed !== 'refused') return { kind: 'rotated', pointer: committed };
    const current = await pointers.get(held.accountId);
    if (!current) return failed('account_unlinked', 'the account was unlinked meanwhile');
    // Our own write, answered late, looks like this as well; a re-link leaves our set an orphan, which is harmless.
    log.warn('the pointer had moved on', { accountId: held.accountId, generation: current.generation });
    return { kind: 'current', pointer: current };
  }

  function nextSet(held: TokenPointer, versionId: string, set: TokenSet): NextSet {
    const active = held.usedGeneration === held.generation;
    return {
      ...describeSet(deps.hashKey, versionId, set),
      dueAt: rotationDueAt(set, active ? 'active' : 'idle', deps.random()),
    };
  }

  async function fail(
    held: TokenPointer,
    outcome: Exclude<GrantOutcome, { kind: 'granted' }>,
    takenOver: boolean,
  ): Promise<RotationOutcome> {
    if (outcome.kind === 'unparseable') {
      await escrows.put(sealEscrow(deps.escrowKey, held, outcome, toUtc(now())));
    }
    const newer = outcome.kind === 'invalid_grant' ? await findNewerLineage(held) : undefined;
    if (newer) return newer;
    const { release, level } = judgeFailure(held, outcome, { takenOver, now: now(), spread: deps.random() });
    log[level]('rotation failed', {
      accountId: held.accountId,
      provider: held.provider,
      outcome: outcome.kind,
      health: release.health.state,
      cause: release.health.cause,
      reason: outcome.error.message,
    });
    await pointers.release(held, release);
    return { kind: 'failed', error: outcome.error };
  }

  /** `invalid_grant` also means a lost race: only when no newer set is known is it about the grant. */
  async function findNewerLineage(held: TokenPointer): Promise<RotationOutcome | undefined> {
    const pointer = await pointers.get(held.accountId);
    if (!pointer) return failed('account_unlinked', 'the account was unlinked meanwhile');
    return pointer.generation > held.generation ? { kind: 'current', pointer } : undefined;
  }
}

/** What the pointer says of a token set. */
export function describeSet(hashKey: Buffer, versionId: string, set: TokenSet): Omit<NextSet, 'dueAt'> {
  return {
    versionId,
    refreshHash: hashRefreshToken(hashKey, set.refreshToken),
    accessExpiresAt: set.accessExpiresAt,
    refreshExpiresAt: set.refreshExpiresAt,
    rotatedAt: set.obtainedAt,
  };
}

export function rotationDueAt(set: TokenSet, activity: 'active' | 'idle', spread: number): string {
  return toUtc(
    rotationDueMs(
      {
        rotatedAtMs: Date.parse(set.obtainedAt),
        accessExpiresMs: Date.parse(set.accessExpiresAt),
        refreshExpiresMs: Date.parse(set.refreshExpiresAt),
      },
      activity,
      spread,
    ),
  );
}

function failed(code: LatchkeyError['code'], message: string): RotationOutcome {
  return { kind: 'failed', error: new LatchkeyError(code, message) };
}

function postponed({ retryAt, health }: TokenPointer): RotationOutcome {
  const dead = health.state === 'dead' || health.state === 'suspect';
  return failed(
    dead
      ? 'account_unlinked'
      : health.state === 'owner_action'
        ? 'owner_action_required'
        : 'provider_unavailable',
    `the last attempt to rotate failed (${health.cause ?? health.state}); the next is at ${retryAt}`,
  );
}
