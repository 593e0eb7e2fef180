/** Puts a new token set in place: kept first, then named by the pointer; and never let go of before it is kept. */
import { LatchkeyError } from '../domain/error.ts';
import type { TokenPointer } from '../domain/token-pointer.ts';
import type { Placement } from '../store/token-pointers.ts';
import type { KeptAnswer } from './escrow.ts';
import {
  type KeepingDependencies,
  type Kept,
  keepInSecret,
  keepSet,
  placementOf,
  putInEscrow,
} from './keeping.ts';
import { COMMIT_NEEDS_MS, isEnded } from './lease.ts';
import { nextSet } from './next-set.ts';
import type { RotationLog } from './rotation-log.ts';
import { keptAside, type RotationOutcome, unlinked } from './rotation-outcome.ts';
import type { TokenSet } from './token-set.ts';
import type { KeptSet } from './token-sets.ts';

export interface CommittingDependencies extends KeepingDependencies {
  readonly hashKey: Buffer;
  /** Between 0 and 1. */
  readonly random: () => number;
  readonly log: RotationLog;
}

export interface Committing {
  /** Keeps the answer of an exchange and commits it; `versionId` is where the intent says it will be. */
  keepAndCommit(held: TokenPointer, answer: HeldAnswer): Promise<RotationOutcome>;
  /** Commits a token set that an earlier attempt had kept in Secrets Manager. */
  commitKept(held: TokenPointer, kept: KeptSet): Promise<RotationOutcome>;
  /** Commits a token set that was aside, and is kept as `versionId` now; `undefined` when it cannot be kept yet. */
  commitFromAside(held: TokenPointer, versionId: string, set: TokenSet): Promise<RotationOutcome | undefined>;
}

export interface HeldAnswer {
  readonly versionId: string;
  readonly set: TokenSet;
  /** As it came, for the escrow. */
  readonly answer: KeptAnswer;
}

/** Rounds through every place that could keep an answer, a second apart, while the function's time lasts. */
const KEEP_ROUNDS = 5;
const ROUND_PAUSE_MS = 1_000;

export function createCommitting(deps: CommittingDependencies): Committing {
  const { pointers, now, log } = deps;

  return {
    async keepAndCommit(held, { versionId, set, answer }) {
      for (let round = 1; ; round++) {
        const outcome = await keepOnce(held, { versionId, set, answer });
        if (outcome) return outcome;
        if (round === KEEP_ROUNDS || deps.remainingMs() < 2 * COMMIT_NEEDS_MS) break;
        await deps.sleep(ROUND_PAUSE_MS);
      }
      log.error('an answer could not be kept anywhere', { accountId: held.accountId });
      const message = 'neither Secrets Manager nor the table took the new token set';
      return { kind: 'failed', error: new LatchkeyError('store_unavailable', message) };
    },

    commitKept: (held, { versionId, set }) =>
      commit(held, placementOf(deps, { ...held, generation: held.generation + 1 }, versionId, set), {
        set,
        outcome: 'rolled_forward',
      }),

    async commitFromAside(held, versionId, set) {
      const kept = await keepSet(deps, held, versionId, set);
      if (kept === 'unlinked') return unlinked();
      return kept === 'refused' ? undefined : await commit(held, kept, { set, outcome: 'rolled_forward' });
    },
  };

  /** `undefined`: it is nowhere yet. */
  async function keepOnce(held: TokenPointer, own: HeldAnswer): Promise<RotationOutcome | undefined> {
    const { versionId, set, answer } = own;
    const kept = await keepSet(deps, held, versionId, set);
    if (kept === 'unlinked') return unlinked();
    if (kept === 'refused') return (await isPutInEscrow(held, answer)) ? aside(held) : undefined;
    try {
      return await commit(held, kept, { set, outcome: 'rotated', answer });
    } catch (error) {
      if (!(error instanceof LatchkeyError)) throw error;
      // In Secrets Manager it is durable, and whoever comes next finds it there.
      if (kept.sealed === undefined) return aside(held);
      return await outcomeAside(held, await keepInSecret(deps, held, versionId, set));
    }
  }

  async function outcomeAside(held: TokenPointer, kept: Kept): Promise<RotationOutcome | undefined> {
    if (kept === 'refused') return undefined;
    if (kept !== 'unlinked' && !(await isUnlinked(held))) return aside(held);
    // An unlink has been through meanwhile, and nobody else would clear the secret away.
    await deps.tokenSets.delete(held.accountId);
    return unlinked();
  }

  /** As far as the table, which has just failed, can tell. */
  async function isUnlinked({ accountId }: TokenPointer): Promise<boolean> {
    try {
      const current = await pointers.get(accountId);
      return !current || isEnded(current);
    } catch (error) {
      if (error instanceof LatchkeyError) return false;
      throw error;
    }
  }

  function aside({ accountId }: TokenPointer): RotationOutcome {
    log.error('token set could not be put in place and is kept aside', { accountId });
    return { kind: 'failed', error: keptAside() };
  }

  async function isPutInEscrow(held: TokenPointer, answer: KeptAnswer): Promise<boolean> {
    try {
      await putInEscrow(deps, held, answer);
      return true;
    } catch (error) {
      if (error instanceof LatchkeyError) return false;
      throw error;
    }
  }

  async function commit(
    held: TokenPointer,
    placement: Placement,
    wish: { set: TokenSet; outcome: 'rotated' | 'rolled_forward'; answer?: KeptAnswer },
  ): Promise<RotationOutcome> {
    const { set, outcome, answer } = wish;
    const activity = held.usedGeneration === held.generation ? 'active' : 'idle';
    const next = nextSet(deps.hashKey, placement, set, { activity, spread: deps.random() });
    const committed = await pointers.commit(held, next, { outcome, endedAtMs: now() });
    if (committed !== 'refused') return { kind: 'rotated', pointer: committed };
    const current = await pointers.get(held.accountId);
    if (!current || isEnded(current)) {
      // A secret that was made for this answer belongs to nobody.
      if (held.sealed !== undefined) await deps.tokenSets.delete(held.accountId);
      return unlinked();
    }
    // Our own write, answered late, looks like this as well; a re-link leaves our set an orphan, which is harmless.
    log.warn('the pointer had moved on', { accountId: held.accountId, generation: current.generation });
    const isNowhere = placement.sealed !== undefined && current.refreshHash !== next.refreshHash;
    if (isNowhere && answer && current.linkEpoch === held.linkEpoch) await putInEscrow(deps, held, answer);
    return { kind: 'current', pointer: current };
  }
}
