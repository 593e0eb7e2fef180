/** The tokens of grounds and devices, which only people make and delete, on the vendor's pages (contract 2.1). */
import { newObjectId, newStaticToken } from '../ids.ts';
import type { StaticToken } from '../state.ts';
import type { World } from '../world.ts';

export function addToken({ state }: World, kind: StaticToken['kind'], ofId: string): StaticToken {
  const token: StaticToken = { tokenId: newObjectId(), kind, ofId, text: newStaticToken() };
  state.staticTokens.push(token);
  return token;
}

/** @throws {RangeError} when there is none of this id */
export function deleteToken({ state }: World, tokenId: string | undefined): void {
  if (!state.staticTokens.some((token) => token.tokenId === tokenId))
    throw new RangeError(`there is no token ${tokenId}`);
  state.staticTokens = state.staticTokens.filter((token) => token.tokenId !== tokenId);
}
