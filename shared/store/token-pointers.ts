import { toUtc, type UtcTime } from '../domain/time.ts';
import { type GrantHealth, type Intent, TokenPointer } from '../domain/token-pointer.ts';
import { queryDue } from './due-index.ts';
import { expression } from './expression.ts';
import type { Table } from './item.ts';
import { dueShard, keys } from './keys.ts';

/** What a rotation or a link puts in place of the former token set. */
export type NextSet = Pick<
  TokenPointer,
  'versionId' | 'refreshHash' | 'accessExpiresAt' | 'refreshExpiresAt' | 'rotatedAt' | 'dueAt'
>;

export interface Lease {
  readonly owner: string;
  readonly until: UtcTime;
  /** Absent for a lease that spends no token: a re-link or an unlink. */
  readonly plannedVersionId?: string;
  readonly now: number;
}

export interface TokenPointerStore {
  get(accountId: string): Promise<TokenPointer | undefined>;
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
  /** Ends an attempt that changed nothing: lease and, unless it is to be taken over, intent go. */
  release(pointer: TokenPointer, result: Release): Promise<void>;
  /** Notes that the present access token is being used. */
  markUsed(pointer: TokenPointer, dueAt: UtcTime): Promise<void>;
  due(now: number, limit: number): Promise<TokenPointer[]>;
}

export interface Release {
  readonly health: GrantHealth;
  readonly dueAt: UtcTime;
  readonly retryAt?: UtcTime;
  /** Whether the intent and the lease stay, so that the next holder finds out what became of the exchange. */
  readonly outcome: 'nothing_spent' | 'unknown';
}

/** Takeovers in a row that are remembered; each needs its own crash within the same generation. */
const MAX_EARLIER_VERSIONS = 20;

export function createTokenPointerStore(table: Table): TokenPointerStore {
  const keyOf = ({ accountId }: Pick<TokenPointer, 'accountId'>) => keys.pointer(accountId);

  return {
    get: (accountId) => table.get(keys.pointer(accountId), TokenPointer),

    create: (pointer) =>
      table.put(
        keyOf(pointer),
        { ...pointer, dueShard: dueShard('ROTATE', pointer.accountId) },
        expression`attribute_not_exists(#pk)`,
      ),

    acquire(pointer, { owner, until, plannedVersionId, now }) {
      const intent = plannedVersionId && {
        fromRefreshHash: pointer.refreshHash,
        plannedVersionId,
        earlierVersionIds: versionIdsOf(pointer.intent).slice(0, MAX_EARLIER_VERSIONS),
        startedAt: toUtc(now),
      };
      return table.update(
        keyOf(pointer),
        intent
          ? expression`SET #leaseOwner = ${owner}, #leaseUntil = ${until}, #attempt = ${pointer.attempt + 1}, #intent = ${intent}`
          : expression`SET #leaseOwner = ${owner}, #leaseUntil = ${until}, #attempt = ${pointer.attempt + 1}`,
        TokenPointer,
        expression`#refreshHash = ${pointer.refreshHash} AND #linkEpoch = ${pointer.linkEpoch}
          AND #attempt = ${pointer.attempt} AND (attribute_not_exists(#leaseUntil) OR #leaseUntil < ${toUtc(now)})`,
      );
    },

    commit: (pointer, next) =>
      table.update(
        keyOf(pointer),
        expression`SET #versionId = ${next.versionId}, #refreshHash = ${next.refreshHash},
          #accessExpiresAt = ${next.accessExpiresAt}, #refreshExpiresAt = ${next.refreshExpiresAt},
          #rotatedAt = ${next.rotatedAt}, #dueAt = ${next.dueAt}, #generation = ${pointer.generation + 1},
          #health = ${good(next.rotatedAt)} REMOVE #leaseOwner, #leaseUntil, #intent, #retryAt`,
        TokenPointer,
        expression`#refreshHash = ${pointer.refreshHash} AND #generation = ${pointer.generation}
          AND #linkEpoch = ${pointer.linkEpoch}`,
      ),

    relink: (pointer, next) =>
      table.update(
        keyOf(pointer),
        expression`SET #versionId = ${next.versionId}, #refreshHash = ${next.refreshHash},
          #accessExpiresAt = ${next.accessExpiresAt}, #refreshExpiresAt = ${next.refreshExpiresAt},
          #rotatedAt = ${next.rotatedAt}, #dueAt = ${next.dueAt}, #generation = ${pointer.generation + 1},
          #usedGeneration = ${pointer.generation + 1}, #linkEpoch = ${pointer.linkEpoch + 1},
          #health = ${good(next.rotatedAt)} REMOVE #leaseOwner, #leaseUntil, #intent, #retryAt`,
        TokenPointer,
        expression`#linkEpoch = ${pointer.linkEpoch} AND #generation = ${pointer.generation}`,
      ),

    async release(pointer, { health, dueAt, retryAt, outcome }) {
      const settled = retryAt
        ? expression`SET #health = ${health}, #dueAt = ${dueAt}, #retryAt = ${retryAt} REMOVE #leaseOwner, #leaseUntil, #intent`
        : expression`SET #health = ${health}, #dueAt = ${dueAt} REMOVE #leaseOwner, #leaseUntil, #intent, #retryAt`;
      await table.update(
        keyOf(pointer),
        outcome === 'unknown' ? expression`SET #health = ${health}, #dueAt = ${dueAt}` : settled,
        TokenPointer,
        expression`#leaseOwner = ${pointer.leaseOwner ?? ''} AND #attempt = ${pointer.attempt}`,
      );
    },

    async markUsed(pointer, dueAt) {
      await table.update(
        keyOf(pointer),
        expression`SET #usedGeneration = ${pointer.generation}, #dueAt = ${dueAt}`,
        TokenPointer,
        expression`#generation = ${pointer.generation} AND attribute_not_exists(#leaseUntil)`,
      );
    },

    due: (now, limit) => queryDue(table, 'ROTATE', { now, limit }, TokenPointer),
  };
}

/** Versions that may hold an answer to the attempts an intent stands for, newest first. */
export function versionIdsOf(intent: Intent | undefined): string[] {
  return intent ? [intent.plannedVersionId, ...intent.earlierVersionIds] : [];
}

function good(since: UtcTime): GrantHealth {
  return { state: 'good', since, strikes: 0 };
}
