/** From what a client presents to who it is. */
import { timingSafeEqual } from 'node:crypto';
import { type Access, operatorAccess } from '../domain/access.ts';
import { type AccessToken, readBearer, USE_NOTED_SECONDS } from '../domain/access-token.ts';
import { LatchkeyError } from '../domain/error.ts';
import { hashSecret } from '../domain/ids.ts';
import { toUtc } from '../domain/time.ts';
import type { AccessTokenStore } from '../store/access-tokens.ts';

/** @throws {LatchkeyError} access_unauthenticated – what is in the header names nobody who may call now */
export type Authenticate = (authorization: string | undefined) => Promise<Access>;

export interface AuthenticationDependencies {
  /** Hash of the token that the deployment made. */
  readonly operatorHash: () => Promise<string>;
  readonly accessTokens: AccessTokenStore;
  readonly now: () => number;
}

/** How long a warm function goes on trusting a token it has read: a revoked one is refused everywhere after it. */
export const TRUST_MS = 5_000;

/** Tokens remembered at a time; the one read longest ago is forgotten first. */
const MOST_REMEMBERED = 1_000;
/** Compared with where there is no such token, so that this takes as long as a wrong secret. */
const NOBODY = hashSecret('');

interface Remembered {
  readonly token: AccessToken | undefined;
  readonly readAtMs: number;
}

export function createAuthentication(deps: AuthenticationDependencies): Authenticate {
  const { operatorHash, accessTokens, now } = deps;
  const remembered = new Map<string, Remembered>();

  return async (authorization) => {
    const presented = /^Bearer (\S{1,256})$/i.exec(authorization ?? '')?.[1];
    if (presented === undefined) throw unauthenticated('there is no access token in the request');
    const named = readBearer(presented);
    if (named === undefined) {
      if (isSame(hashSecret(presented), await operatorHash())) return operatorAccess;
      throw unauthenticated('the access token is not valid');
    }
    const token = await find(named.tokenId);
    const isProven = isSame(hashSecret(named.secret), token?.secretHash ?? NOBODY);
    if (token === undefined || !isProven) throw unauthenticated('the access token is not valid');
    const { tokenId, reach, scopes, expiresAt } = token;
    if (expiresAt !== undefined && Date.parse(expiresAt) <= now())
      throw unauthenticated(`the access token expired at ${expiresAt}`);
    await noteUse(token);
    return { tokenId, reach, scopes };
  };

  async function find(tokenId: string): Promise<AccessToken | undefined> {
    const known = remembered.get(tokenId);
    if (known && now() - known.readAtMs < TRUST_MS) return known.token;
    const token = await accessTokens.get(tokenId);
    remember(tokenId, token);
    return token;
  }

  function remember(tokenId: string, token: AccessToken | undefined): void {
    remembered.delete(tokenId);
    remembered.set(tokenId, { token, readAtMs: now() });
    const [oldest] = remembered.keys();
    if (remembered.size > MOST_REMEMBERED && oldest !== undefined) remembered.delete(oldest);
  }

  /** That a note cannot be written is no reason to turn somebody away. */
  async function noteUse({ tokenId, lastUsedAt = '' }: AccessToken): Promise<void> {
    const at = toUtc(now());
    const before = toUtc(now() - USE_NOTED_SECONDS * 1000);
    if (lastUsedAt >= before) return;
    try {
      await accessTokens.markUsed(tokenId, at, before);
    } catch (error) {
      if (!(error instanceof LatchkeyError)) throw error;
      return;
    }
    const known = remembered.get(tokenId);
    if (known?.token) remembered.set(tokenId, { ...known, token: { ...known.token, lastUsedAt: at } });
  }
}

function unauthenticated(reason: string): LatchkeyError {
  return new LatchkeyError('access_unauthenticated', reason, {
    details: { remedy: 'Send `Authorization: Bearer lk_…` with a token of this workspace.' },
  });
}

/** Lengths are no secret, and timingSafeEqual throws where they differ. */
function isSame(a: string, b: string): boolean {
  return a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));
}
