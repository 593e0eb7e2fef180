/** Finds what earlier attempts had kept: the answers of those who died, and a lineage that the pointer does not know. */
import { LatchkeyError } from '../domain/error.ts';
import { toUtc } from '../domain/time.ts';
import type { TokenPointer } from '../domain/token-pointer.ts';
import type { OauthFacts } from '../providers/provider.ts';
import type { Escrow } from '../store/escrows.ts';
import { type Committing, type CommittingDependencies, createCommitting } from './committing.ts';
import { openEscrow } from './escrow.ts';
import { lastHope, youngestDescendant } from './lineage.ts';
import { keptAside, type RotationOutcome } from './rotation-outcome.ts';
import { openSealedSet } from './sealed-set.ts';
import { hashTokenSet, isRotating, type RotatingSet, type TokenSet } from './token-set.ts';
import type { KeptSet } from './token-sets.ts';

interface FoundSet extends KeptSet {
  /** Where it is, if not in Secrets Manager. */
  readonly escrow?: Escrow;
}

export interface Recovery {
  /** Takeover, rule (a): the former holder's answer was kept, and only the pointer does not know yet. */
  rollForward(held: TokenPointer, facts: OauthFacts): Promise<RotationOutcome | undefined>;
  /**
   * Exactly the token set that the pointer means, ready to be spent. Where the account's secret knows a younger one of
   * the same lineage (the table is an older copy), that is put in place instead.
   * @throws {LatchkeyError} store_unavailable – it cannot be read, or is not the one whose hash the pointer has
   */
  arm(held: TokenPointer): Promise<RotatingSet | RotationOutcome>;
  /** The pointer's own token set is refused: puts in place what else may be alive. */
  tryLastHope(held: TokenPointer, facts: OauthFacts): Promise<RotationOutcome | undefined>;
}

export function createRecovery(
  deps: CommittingDependencies,
  committing: Committing = createCommitting(deps),
): Recovery {
  const { tokenSets, escrows, now } = deps;
  const hashOf = ({ set }: KeptSet) => hashTokenSet(deps.hashKey, set);

  return {
    async rollForward(held, facts) {
      for (const versionId of earlierVersionIds(held)) {
        const set = await tokenSets.read(held.accountId, versionId);
        if (set?.parentHash === held.refreshHash)
          return await committing.commitKept(held, { versionId, set });
      }
      if (!isTakeover(held)) return undefined;
      const kept = await escrows.of(held.accountId, held.refreshHash);
      for (const escrow of kept.reverse()) {
        const outcome = await openAndCommit(held, facts, escrow);
        if (outcome) return outcome;
      }
      return undefined;
    },

    async arm(held) {
      const named = await read(held);
      const isMeant =
        named !== undefined && hashOf({ versionId: held.versionId, set: named.set }) === held.refreshHash;
      if (isMeant && named.isLast) return named.set;
      const kept = await tokenSets.all(held.accountId);
      const { refreshHash, rotatedAt: obtainedAt } = held;
      const younger: FoundSet | undefined = isMeant
        ? youngestDescendant(kept, refreshHash, hashOf)
        : lastHope(kept, { refreshHash, obtainedAt }, hashOf, now());
      if (younger) return await putInPlace(held, younger);
      if (isMeant) return named.set;
      throw new LatchkeyError('store_unavailable', 'the stored token set does not match its pointer');
    },

    async tryLastHope(held, facts) {
      try {
        const kept = [...(await tokenSets.all(held.accountId)), ...(await setsInEscrow(held, facts))];
        const { refreshHash, rotatedAt: obtainedAt } = held;
        const hope = lastHope(kept, { refreshHash, obtainedAt }, hashOf, now());
        return hope && (await putInPlace(held, hope));
      } catch (error) {
        if (!(error instanceof LatchkeyError)) throw error;
        // The verdict is derived again: what could not be read now is looked at then.
        deps.log.warn('what else is kept cannot be read', {
          accountId: held.accountId,
          reason: error.message,
        });
        return undefined;
      }
    },
  };

  /** `undefined` also for a set that cannot be spent, which is not the one that the pointer means. */
  async function read(held: TokenPointer): Promise<{ set: RotatingSet; isLast: boolean } | undefined> {
    const found = await readAny(held);
    return found && isRotating(found.set) ? { set: found.set, isLast: found.isLast } : undefined;
  }

  async function readAny(held: TokenPointer): Promise<{ set: TokenSet; isLast: boolean } | undefined> {
    if (held.sealed) return { set: openSealedSet(deps.ring, held, held.sealed), isLast: true };
    return await tokenSets.readToSpend(held.accountId, held.versionId, deps.sleep);
  }

  async function putInPlace(held: TokenPointer, found: FoundSet): Promise<RotationOutcome> {
    const { accountId, generation } = held;
    deps.log.warn('a younger token set than the pointer knows was found', { accountId, generation });
    if (!found.escrow) return await committing.commitKept(held, found);
    return await commitEscrow(held, found.escrow, found.set);
  }

  /** The answers that were put aside, whatever they were got for. */
  async function setsInEscrow(held: TokenPointer, facts: OauthFacts): Promise<FoundSet[]> {
    const kept = await escrows.of(held.accountId);
    if (kept.length === 0) return [];
    const spent = await read(held);
    return kept.flatMap((escrow) => {
      const set = spent && openEscrow(deps.escrowKey, escrow, facts, spent.set);
      return set ? [{ versionId: plannedIn(held), set, escrow }] : [];
    });
  }

  async function openAndCommit(
    held: TokenPointer,
    facts: OauthFacts,
    escrow: Escrow,
  ): Promise<RotationOutcome | undefined> {
    const spent = await read(held);
    if (!spent) return undefined;
    const set = openEscrow(deps.escrowKey, escrow, facts, spent.set);
    return set && (await commitEscrow(held, escrow, set));
  }

  async function commitEscrow(held: TokenPointer, escrow: Escrow, set: TokenSet): Promise<RotationOutcome> {
    const outcome = await committing.commitFromAside(held, plannedIn(held), set);
    if (!outcome) throw keptAside();
    await escrows.settle(escrow, toUtc(now()));
    return outcome;
  }
}

/** Whether somebody before this holder left an exchange behind whose outcome is not known. */
export function isTakeover(held: TokenPointer): boolean {
  return earlierVersionIds(held).length > 0;
}

export function plannedIn({ intent }: TokenPointer): string {
  if (!intent) throw new TypeError('a lease to rotate has an intent');
  return intent.plannedVersionId;
}

function earlierVersionIds(held: TokenPointer): readonly string[] {
  return held.intent?.earlierVersionIds ?? [];
}
