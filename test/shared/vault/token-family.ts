/** How four kinds of authorization server treat refresh tokens, those spent already above all. */
import { randomUUID } from 'node:crypto';

/**
 * What a refresh token that was spent does. `strict`: nothing; `reuse`: it kills the whole family; `grace`: it gives
 * the same child again while that one is unspent; `reissue`: it gives a newer child, and the former one is dead.
 */
export const rotationModes = ['strict', 'reuse', 'grace', 'reissue'] as const;
export type RotationMode = (typeof rotationModes)[number];

export interface TokenPair {
  readonly accessToken: string;
  readonly refreshToken: string;
}

interface Family {
  isDead: boolean;
  current: TokenPair;
  readonly children: Map<string, TokenPair>;
}

/** @param newId – makes the part of a token that tells it from all others */
export function createTokenFamilies(mode: RotationMode, newId: () => string = randomUUID) {
  const families = new Map<string, Family>();
  const issued: string[] = [];

  function newPair(): TokenPair {
    const pair = { accessToken: `access-${newId()}`, refreshToken: `refresh-${newId()}` };
    issued.push(pair.accessToken, pair.refreshToken);
    return pair;
  }

  function rotate(family: Family, spent: string): TokenPair {
    const pair = newPair();
    family.current = pair;
    family.children.set(spent, pair);
    families.set(pair.refreshToken, family);
    return pair;
  }

  return {
    /** Every token ever given out. */
    issued: issued as readonly string[],

    consent(): TokenPair {
      const family: Family = { isDead: false, current: newPair(), children: new Map() };
      families.set(family.current.refreshToken, family);
      return family.current;
    },

    /** `undefined`: `invalid_grant`. */
    spend(refreshToken: string): TokenPair | undefined {
      const family = families.get(refreshToken);
      if (!family || family.isDead) return undefined;
      if (family.current.refreshToken === refreshToken) return rotate(family, refreshToken);
      if (mode === 'reuse') family.isDead = true;
      if (mode === 'reissue') return rotate(family, refreshToken);
      const child = family.children.get(refreshToken);
      return mode === 'grace' && child === family.current ? child : undefined;
    },

    /** A new access token beside the same refresh token, as servers give that do not rotate. */
    renew(refreshToken: string): TokenPair | undefined {
      const family = families.get(refreshToken);
      if (!family || family.isDead || family.current.refreshToken !== refreshToken) return undefined;
      family.current = { refreshToken, accessToken: newPair().accessToken };
      return family.current;
    },

    isAccessTokenGood: (accessToken: string) =>
      [...families.values()].some((family) => !family.isDead && family.current.accessToken === accessToken),

    /** Whether it is the one that its family lives by. */
    isRefreshTokenLive(refreshToken: string): boolean {
      const family = families.get(refreshToken);
      return family !== undefined && !family.isDead && family.current.refreshToken === refreshToken;
    },

    /** The owner withdraws consent. */
    revoke(refreshToken: string): void {
      const family = families.get(refreshToken);
      if (family) family.isDead = true;
    },

    /** Present access tokens stop working; refresh tokens do not. */
    expireAccessTokens(): void {
      for (const family of new Set(families.values()))
        family.current = { ...family.current, accessToken: `expired-${newId()}` };
    },
  };
}
