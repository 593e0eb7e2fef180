import * as z from 'zod';
import { toUtc, type UtcTime } from '../domain/time.ts';
import { type GrantHealth, type Intent, TokenPointer } from '../domain/token-pointer.ts';
import { queryDue } from './due-index.ts';
import { assign, expression } from './expression.ts';
import type { Table } from './item.ts';
import { dueShard, keys } from './keys.ts';

/** A pointer with what only sessions ask for. */
export const StoredPointer = z.object({
  ...TokenPointer.shape,
  /** The generation whose access token was refused although it was new; gone with the next one. */
  refusedGeneration: z.int().optional(),
});
export type StoredPointer = z.infer<typeof StoredPointer>;

/** What a rotation or a link puts in place of the former token set. */
export type NextSet = Pick<
  TokenPointer,
  'versionId' | 'refreshHash' | 'accessExpiresAt' | 'refreshExpiresAt' | 'rotatedAt' | 'dueAt'
>;

export interface Lease {
  readonly owner: string;
  /** When it is taken, epoch ms. */
  readonly now: number;
  readonly until: UtcTime;
  /** A lease that ended less than this ago may not be over by its holder's clock, milliseconds; default 0. */
  readonly clockAllowanceMs?: number;
  /** Absent for a lease that spends no token: a re-link or an unlink. */
  readonly plannedVersionId?: string;
}

export interface Release {
  readonly health: GrantHealth;
  readonly dueAt: UtcTime;
  readonly retryAt?: UtcTime | undefined;
  /**
   * `nothing_spent`: the lease goes, and the intent is again what the holder found. `unknown`: both stay, so that the
   * next holder finds out what became of the exchange.
   */
  readonly outcome: 'nothing_spent' | 'unknown';
}

export interface TokenPointerStore {
  get(accountId: string): Promise<StoredPointer | undefined>;
  /** For an account that has none yet. */
  create(pointer: TokenPointer): Promise<'written' | 'refused'>;
  /** Lease and intent in one write, if the pointer is still as read and nobody else holds it. */
  acquire(pointer: TokenPointer, lease: Lease): Promise<TokenPointer | 'refused'>;
  /**
   * Puts the child of the token set that was spent in its place. Depends on ancestry alone, not on still holding the
   * lease: a late answer may be the only live one.
   */
  commit(pointer: TokenPointer, next: NextSet): Promise<TokenPointer | 'refused'>;
  /** Puts a newly consented token set in place, whatever was there. */
  relink(pointer: TokenPointer, next: NextSet): Promise<TokenPointer | 'refused'>;
  /** Ends an attempt that brought no new token set. */
  release(held: TokenPointer, result: Release): Promise<void>;
  /** Notes that the present access token is being used. */
  markUsed(pointer: TokenPointer, dueAt: UtcTime): Promise<void>;
  /** Notes that the cloud refuses the present access token, so that nobody rotates because of it once more. */
  markRefused(pointer: TokenPointer): Promise<void>;
  /** Lets nobody rotate or commit any more, except after a new link. */
  end(accountId: string): Promise<void>;
  due(now: number, limit: number): Promise<TokenPointer[]>;
}

/** Attempts in a row without a known outcome that are remembered; each needs its own crash or lost answer. */
const MAX_EARLIER_VERSIONS = 20;
/** A lease that never ends by itself. */
const FOR_GOOD = '9999-12-31T23:59:59.999Z';

/** What no new token set takes over from the former one. */
const settled = {
  leaseOwner: undefined,
  leaseUntil: undefined,
  intent: undefined,
  retryAt: undefined,
  refusedGeneration: undefined,
};

export function createTokenPointerStore(table: Table): TokenPointerStore {
  const keyOf = ({ accountId }: Pick<TokenPointer, 'accountId'>) => keys.pointer(accountId);

  return {
    get: (accountId) => table.get(keys.pointer(accountId), StoredPointer),

    create: (pointer) =>
      table.put(
        keyOf(pointer),
        { ...pointer, dueShard: dueShard('ROTATE', pointer.accountId) },
        expression`attribute_not_exists(#pk)`,
      ),

    acquire(pointer, { owner, now, until, clockAllowanceMs = 0, plannedVersionId }) {
      const overBefore = toUtc(now - clockAllowanceMs);
      return table.update(
        keyOf(pointer),
        assign({
          leaseOwner: owner,
          leaseUntil: until,
          attempt: pointer.attempt + 1,
          ...(plannedVersionId && { intent: intentOf(pointer, plannedVersionId, toUtc(now)) }),
        }),
        TokenPointer,
        expression`#refreshHash = ${pointer.refreshHash} AND #linkEpoch = ${pointer.linkEpoch}
          AND #attempt = ${pointer.attempt} AND (attribute_not_exists(#leaseUntil) OR #leaseUntil < ${overBefore})`,
      );
    },

    commit(pointer, next) {
      const generation = pointer.generation + 1;
      return table.update(
        keyOf(pointer),
        assign({ ...only(next), generation, health: good(next.rotatedAt), ...settled }),
        TokenPointer,
        expression`#refreshHash = ${pointer.refreshHash} AND #generation = ${pointer.generation}
          AND #linkEpoch = ${pointer.linkEpoch}`,
      );
    },

    relink(pointer, next) {
      const generation = pointer.generation + 1;
      const linkEpoch = pointer.linkEpoch + 1;
      const health = good(next.rotatedAt);
      return table.update(
        keyOf(pointer),
        assign({ ...only(next), generation, usedGeneration: generation, linkEpoch, health, ...settled }),
        TokenPointer,
        expression`#linkEpoch = ${pointer.linkEpoch} AND #generation = ${pointer.generation}`,
      );
    },

    async release(held, { health, dueAt, retryAt, outcome }) {
      const lease = { leaseOwner: undefined, leaseUntil: undefined, intent: formerIntent(held.intent) };
      await table.update(
        keyOf(held),
        assign({ health, dueAt, retryAt, ...(outcome === 'nothing_spent' && lease) }),
        TokenPointer,
        expression`#leaseOwner = ${held.leaseOwner ?? ''} AND #attempt = ${held.attempt}`,
      );
    },

    async markUsed(pointer, dueAt) {
      await table.update(
        keyOf(pointer),
        assign({ usedGeneration: pointer.generation, dueAt }),
        TokenPointer,
        // While an attempt is under way or has to wait, its own time counts.
        expression`#generation = ${pointer.generation}
          AND attribute_not_exists(#leaseUntil) AND attribute_not_exists(#retryAt)`,
      );
    },

    async markRefused(pointer) {
      await table.update(
        keyOf(pointer),
        assign({ refusedGeneration: pointer.generation }),
        TokenPointer,
        expression`#generation = ${pointer.generation} AND #linkEpoch = ${pointer.linkEpoch}`,
      );
    },

    async end(accountId) {
      await table.update(
        keys.pointer(accountId),
        expression`SET #linkEpoch = #linkEpoch + ${1}, #leaseOwner = ${'nobody'}, #leaseUntil = ${FOR_GOOD}`,
        TokenPointer,
        expression`attribute_exists(#pk)`,
      );
    },

    due: (now, limit) => queryDue(table, 'ROTATE', { now, limit }, TokenPointer),
  };
}

/** Without whatever else the object may carry: an update writes what it is given. */
function only({
  versionId,
  refreshHash,
  accessExpiresAt,
  refreshExpiresAt,
  rotatedAt,
  dueAt,
}: NextSet): NextSet {
  return { versionId, refreshHash, accessExpiresAt, refreshExpiresAt, rotatedAt, dueAt };
}

/** Versions that may hold an answer to the attempts an intent stands for, newest first. */
function versionIdsOf(intent: Intent | undefined): string[] {
  return intent ? [intent.plannedVersionId, ...intent.earlierVersionIds] : [];
}

function intentOf(pointer: TokenPointer, plannedVersionId: string, startedAt: UtcTime): Intent {
  return {
    fromRefreshHash: pointer.refreshHash,
    plannedVersionId,
    earlierVersionIds: versionIdsOf(pointer.intent).slice(0, MAX_EARLIER_VERSIONS),
    startedAt,
  };
}

/** The intent as the holder found it, without its own attempt. */
function formerIntent(intent: Intent | undefined): Intent | undefined {
  const [plannedVersionId, ...earlierVersionIds] = intent?.earlierVersionIds ?? [];
  return intent && plannedVersionId ? { ...intent, plannedVersionId, earlierVersionIds } : undefined;
}

function good(since: UtcTime): GrantHealth {
  return { state: 'good', since, strikes: 0 };
}
