import * as z from 'zod';
import type { GrantHealth } from '../domain/grant-health.ts';
import type { ProviderName } from '../domain/provider-name.ts';
import type { AttemptOutcome, RotationRecord } from '../domain/rotation-record.ts';
import { toUtc, type UtcTime } from '../domain/time.ts';
import { type Intent, type SealedSet, TokenPointer } from '../domain/token-pointer.ts';
import { walkAll, walkDue } from './due-index.ts';
import { assign, type Expression, expression } from './expression.ts';
import type { Item, Table } from './item.ts';
import { dueShard, keys } from './keys.ts';

/** Where a token set is: in a version of the account's secret, or sealed in the pointer. */
export type Placement = Pick<TokenPointer, 'versionId' | 'sealed'>;

/** What a rotation or a link puts in place of the former token set. */
export type NextSet = Placement &
  Pick<TokenPointer, 'refreshHash' | 'accessExpiresAt' | 'refreshExpiresAt' | 'rotatedAt' | 'dueAt'>;

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
  /** When the attempt ended, epoch ms; absent where none was made, which leaves nothing to remember. */
  readonly endedAtMs?: number;
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
  commit(pointer: TokenPointer, next: NextSet, how: Commit): Promise<TokenPointer | 'refused'>;
  /** Puts a newly consented token set in place, whatever was there; the account is this deployment's from then on. */
  relink(pointer: TokenPointer, next: NextSet, stackId: string): Promise<TokenPointer | 'refused'>;
  /** Ends an attempt that brought no new token set. */
  release(held: TokenPointer, result: Release): Promise<void>;
  /** Names another place of the very same token set, under a lease, which stays. */
  move(held: TokenPointer, placement: Placement): Promise<TokenPointer | 'refused'>;
  /** Puts the same token set, sealed anew, in place of how it was sealed. */
  reseal(pointer: TokenPointer, sealed: SealedSet): Promise<void>;
  /** Gives up a lease that was not taken to spend a token. */
  yield(held: TokenPointer): Promise<void>;
  /** Notes that a warning was given; it is given once. */
  warn(pointer: TokenPointer, days: number): Promise<void>;
  /** Every pointer, in no order. */
  all(): AsyncGenerator<TokenPointer>;
  /** Puts a pointer of another copy of the table here, if it is the younger one of the two. */
  carryOver(pointer: TokenPointer): Promise<'written' | 'refused'>;
  /** Makes the account this deployment's. */
  claim(pointer: TokenPointer, stackId: string): Promise<'written' | 'refused'>;
  /** Notes that the present access token is being used. */
  markUsed(pointer: TokenPointer, dueAt: UtcTime): Promise<void>;
  /** Notes that the cloud refuses the present access token, so that nobody rotates because of it once more. */
  markRefused(pointer: TokenPointer): Promise<void>;
  /** Says how a static token does; whoever has linked the account anew meanwhile is not overruled. */
  judge(pointer: TokenPointer, health: GrantHealth): Promise<void>;
  /** Lets nobody rotate or commit any more, except after a new link. */
  end(accountId: string, at: UtcTime): Promise<void>;
  /** The pointers of a provider's accounts that are due, as the index has them: maybe a moment old. */
  due(provider: ProviderName, now: number): AsyncGenerator<TokenPointer>;
  /** How many accounts of a provider have a grant that is not known to be dead, by the same index; reads all of them. */
  countLinked(provider: ProviderName): Promise<number>;
}

/** How a new token set came, for the history. */
export interface Commit {
  readonly outcome: Extract<AttemptOutcome, 'rotated' | 'rolled_forward'>;
  /** Epoch ms. */
  readonly endedAtMs: number;
}

/** Attempts in a row without a known outcome that are remembered; each needs its own crash or lost answer. */
const MAX_EARLIER_VERSIONS = 20;
/** A lease that never ends by itself, and whose it is: what an unlink leaves. */
const NOBODY = 'nobody';
const FOR_GOOD = '9999-12-31T23:59:59.999Z';

const Linked = TokenPointer.pick({ health: true, endedAt: true });

/** The index of what is due holds other items as well. */
const AnyDueItem = z.looseObject({ sk: z.string() });
const POINTER_KEY = keys.pointer('').sk;
/** Items looked at at once. */
const PAGE = 100;

/** What no new token set takes over from the former one. */
const settled = {
  leaseOwner: undefined,
  leaseUntil: undefined,
  intent: undefined,
  endedAt: undefined,
  retryAt: undefined,
  refusedGeneration: undefined,
  warnedDays: undefined,
};

export function createTokenPointerStore(table: Table): TokenPointerStore {
  const keyOf = ({ accountId }: Pick<TokenPointer, 'accountId'>) => keys.pointer(accountId);

  return {
    get: (accountId) => table.get(keys.pointer(accountId), TokenPointer),

    create: (pointer) => table.put(keyOf(pointer), itemOf(pointer), expression`attribute_not_exists(#pk)`),

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

    commit(pointer, next, { outcome, endedAtMs }) {
      const generation = pointer.generation + 1;
      return table.update(
        keyOf(pointer),
        assign({
          ...placed(pointer, next),
          generation,
          health: good(next.rotatedAt),
          ...settled,
          lastAttempt: recordOf(pointer, endedAtMs, { outcome, toRefreshHash: next.refreshHash }),
        }),
        TokenPointer,
        expression`#refreshHash = ${pointer.refreshHash} AND #generation = ${pointer.generation}
          AND #linkEpoch = ${pointer.linkEpoch}`,
      );
    },

    relink(pointer, next, stackId) {
      const generation = pointer.generation + 1;
      const { attempt, refreshHash: fromRefreshHash } = pointer;
      const linked = { outcome: 'linked', toRefreshHash: next.refreshHash } as const;
      return table.update(
        keyOf(pointer),
        assign({
          ...placed(pointer, next),
          stackId,
          generation,
          usedGeneration: generation,
          linkEpoch: pointer.linkEpoch + 1,
          health: good(next.rotatedAt),
          ...settled,
          lastAttempt: { attempt, at: next.rotatedAt, fromRefreshHash, ...linked },
        }),
        TokenPointer,
        expression`#linkEpoch = ${pointer.linkEpoch} AND #generation = ${pointer.generation}`,
      );
    },

    async release(held, { health, dueAt, retryAt, outcome, endedAtMs }) {
      const { cause } = health;
      const failed = { outcome: 'failed', ...(cause !== undefined && { cause }) } as const;
      await table.update(
        keyOf(held),
        assign({
          health,
          dueAt,
          retryAt,
          ...(outcome === 'nothing_spent' && { ...unleased, intent: formerIntent(held.intent) }),
          ...(endedAtMs !== undefined && { lastAttempt: recordOf(held, endedAtMs, failed) }),
        }),
        TokenPointer,
        stillHeld(held),
      );
    },

    move: (held, placement) =>
      table.update(
        keyOf(held),
        assign({ ...placement, sealed: placement.sealed, sealedBefore: undefined }),
        TokenPointer,
        expression`#leaseOwner = ${held.leaseOwner ?? ''} AND #attempt = ${held.attempt}
          AND #refreshHash = ${held.refreshHash} AND #generation = ${held.generation}`,
      ),

    async reseal(pointer, sealed) {
      await table.update(
        keyOf(pointer),
        // What was sealed before goes: it is what the old key would have to stay for.
        assign({ sealed, sealedBefore: undefined }),
        TokenPointer,
        expression`#generation = ${pointer.generation} AND #linkEpoch = ${pointer.linkEpoch}
          AND attribute_exists(#sealed)`,
      );
    },

    async yield(held) {
      await table.update(keyOf(held), assign(unleased), TokenPointer, stillHeld(held));
    },

    async warn(pointer, days) {
      await table.update(
        keyOf(pointer),
        assign({ warnedDays: days }),
        TokenPointer,
        expression`#generation = ${pointer.generation} AND #linkEpoch = ${pointer.linkEpoch}
          AND (attribute_not_exists(#warnedDays) OR #warnedDays > ${days})`,
      );
    },

    async *all() {
      let after: Item | undefined;
      do {
        const page = await table.scanIndex('due', { limit: PAGE, ...(after && { after }) }, AnyDueItem);
        for (const item of page.items) if (item.sk === POINTER_KEY) yield TokenPointer.parse(item);
        after = page.next;
      } while (after !== undefined);
    },

    carryOver: (pointer) =>
      table.put(
        keyOf(pointer),
        itemOf(pointer),
        // A link makes the generations of an account go on, so the higher one is the younger one.
        expression`attribute_not_exists(#pk) OR #generation < ${pointer.generation}`,
      ),

    async claim(pointer, stackId) {
      const claimed = await table.update(
        keyOf(pointer),
        assign({ stackId }),
        TokenPointer,
        expression`#stackId = ${pointer.stackId}`,
      );
      return claimed === 'refused' ? 'refused' : 'written';
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

    async judge(pointer, health) {
      await table.update(
        keyOf(pointer),
        assign({ health }),
        TokenPointer,
        expression`#generation = ${pointer.generation} AND #linkEpoch = ${pointer.linkEpoch}`,
      );
    },

    async end(accountId, at) {
      await table.update(
        keys.pointer(accountId),
        expression`SET #linkEpoch = #linkEpoch + ${1}, #leaseOwner = ${NOBODY}, #leaseUntil = ${FOR_GOOD},
          #endedAt = ${at}`,
        TokenPointer,
        expression`attribute_exists(#pk)`,
      );
    },

    due: (provider, now) => walkDue(table, `ROTATE#${provider}`, now, TokenPointer),

    async countLinked(provider) {
      let count = 0;
      for await (const { health, endedAt } of walkAll(table, `ROTATE#${provider}`, Linked))
        if (health.state !== 'dead' && endedAt === undefined) count++;
      return count;
    },
  };
}

function itemOf(pointer: TokenPointer): object {
  return { ...pointer, dueShard: dueShard(`ROTATE#${pointer.provider}`, pointer.accountId) };
}

const unleased = { leaseOwner: undefined, leaseUntil: undefined };

function stillHeld({ leaseOwner = '', attempt }: TokenPointer): Expression {
  return expression`#leaseOwner = ${leaseOwner} AND #attempt = ${attempt}`;
}

/**
 * The attributes of a new token set, without whatever else the object may carry: an update writes what it is given.
 * What was sealed before stays beside it.
 */
function placed({ sealed: sealedBefore }: TokenPointer, next: NextSet) {
  const { versionId, sealed, refreshHash, accessExpiresAt, refreshExpiresAt, rotatedAt, dueAt } = next;
  const before = sealed === undefined ? undefined : sealedBefore;
  return {
    versionId,
    sealed,
    sealedBefore: before,
    refreshHash,
    accessExpiresAt,
    refreshExpiresAt,
    rotatedAt,
    dueAt,
  };
}

function recordOf(
  { attempt, intent, refreshHash: fromRefreshHash, rotatedAt }: TokenPointer,
  endedAtMs: number,
  end: Pick<RotationRecord, 'outcome' | 'toRefreshHash' | 'cause'>,
): RotationRecord {
  const at = intent?.startedAt ?? rotatedAt;
  const durationMs = Math.max(0, Math.round(endedAtMs - Date.parse(at)));
  return { attempt, at, fromRefreshHash, ...end, durationMs };
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
