/** Token sets sealed in their pointer: each opens for its account, its provider and its generation only. */
import type { SealedSet, TokenPointer } from '../domain/token-pointer.ts';
import type { KeyRing } from './key-ring.ts';
import { parseTokenSet, type TokenSet } from './token-set.ts';

type Owner = Pick<TokenPointer, 'accountId' | 'provider'>;

export function sealSet(ring: KeyRing, owner: Owner, generation: number, set: TokenSet): SealedSet {
  return { generation, text: ring.seal(JSON.stringify(set), contextOf(owner, generation)) };
}

/** @throws {LatchkeyError} config_invalid – it was sealed for another pointer, or with a key that the ring lacks */
export function openSealedSet(
  ring: KeyRing,
  pointer: Owner & Pick<TokenPointer, 'generation'>,
  sealed: SealedSet,
) {
  // By the pointer's generation, not by what the text claims: an older set put in its place does not open.
  return parseTokenSet(ring.open(sealed.text, contextOf(pointer, pointer.generation)));
}

function contextOf({ accountId, provider }: Owner, generation: number): string[] {
  return [accountId, provider, String(generation)];
}
