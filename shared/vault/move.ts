/** Moves a token set between the two vaults while its account is in use. Repeatable at whatever point it was cut off. */
import type { TokenPointer } from '../domain/token-pointer.ts';
import type { MoveOutcome } from '../domain/vault-kind.ts';
import type { KeepingDependencies } from './keeping.ts';
import { isEnded, isLeased, type LeaseDependencies, takeLease } from './lease.ts';
import { openSealedSet, sealSet } from './sealed-set.ts';

export type Move = (accountId: string) => Promise<MoveOutcome>;

export interface MoveDependencies extends KeepingDependencies, LeaseDependencies {
  readonly stackId: string;
}

export function createMove(deps: MoveDependencies): Move {
  const { pointers, tokenSets, ring, kind } = deps;

  return async (accountId) => {
    const pointer = await pointers.get(accountId);
    if (!pointer || isEnded(pointer)) return 'unlinked';
    if (pointer.stackId !== deps.stackId) return 'foreign';
    if (pointer.health.state === 'dead') return 'dead';
    // An answer may be under way into the secret that a move would delete.
    if (pointer.intent !== undefined || isLeased(pointer, deps.now())) return 'busy';
    if (!(await isLeft(pointer))) return 'there';
    const held = await takeLease(deps, pointer);
    if (held === 'refused') return 'busy';
    return kind === 'sealed' ? await moveIntoPointer(held) : await moveIntoSecret(held);
  };

  async function isLeft({ accountId, sealed }: TokenPointer): Promise<boolean> {
    if (kind === 'secrets') return sealed !== undefined;
    return sealed === undefined || !ring.isFresh(sealed.text) || (await tokenSets.exists(accountId));
  }

  async function moveIntoPointer(held: TokenPointer): Promise<MoveOutcome> {
    const { accountId, versionId, generation, sealed } = held;
    const set = sealed
      ? openSealedSet(ring, held, sealed)
      : await tokenSets.readNamed(accountId, versionId, deps.sleep);
    const placement = { versionId, sealed: sealSet(ring, held, generation, set) };
    const moved = await pointers.move(held, placement);
    if (moved === 'refused') return 'busy';
    // Under the lease: without it, a rotation that cannot reach the table may be keeping its answer just there.
    await tokenSets.delete(accountId);
    await pointers.yield(moved);
    return 'moved';
  }

  async function moveIntoSecret(held: TokenPointer): Promise<MoveOutcome> {
    const { accountId, versionId, sealed } = held;
    if (!sealed) return 'there';
    await tokenSets.keepFirst(accountId, versionId, openSealedSet(ring, held, sealed));
    const moved = await pointers.move(held, { versionId });
    if (moved === 'refused') return 'busy';
    await pointers.yield(moved);
    return 'moved';
  }
}
