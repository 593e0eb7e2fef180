/** Latchkey's own access tokens: made, listed and revoked. */

import type { Access, Reach } from '../domain/access.ts';
import { type AccessToken, writeBearer } from '../domain/access-token.ts';
import { LatchkeyError } from '../domain/error.ts';
import { accountOf, hashSecret, newSecret, newTokenId } from '../domain/ids.ts';
import { type Scope, workspaceScopes } from '../domain/scope.ts';
import { toUtc } from '../domain/time.ts';
import type { Page, PageWish } from '../store/item.ts';
import type { Store } from '../store/store.ts';
import { unknownModule } from './find-module.ts';

export interface TokenDependencies {
  readonly store: Pick<Store, 'accessTokens' | 'plants' | 'modules'>;
  readonly now: () => number;
}

export type TokenWish = Pick<AccessToken, 'reach' | 'scopes' | 'label' | 'expiresAt'>;

export interface CreatedToken {
  readonly token: AccessToken;
  /** What a client presents; shown now and never again. */
  readonly bearer: string;
}

/**
 * Makes a token that may do no more than the one it is made with.
 * @throws {LatchkeyError} request_invalid – an expiry that is over, or scopes that such a token cannot have
 * @throws {LatchkeyError} access_forbidden – more than its maker may do
 * @throws {LatchkeyError} plant_unknown, module_unknown
 */
export async function createToken(
  { store, now }: TokenDependencies,
  maker: Access,
  wish: TokenWish,
): Promise<CreatedToken> {
  const { reach, scopes, expiresAt } = wish;
  if (expiresAt !== undefined && Date.parse(expiresAt) <= now()) refuse('expiresAt', 'must be in the future');
  refuseScopes(maker, reach, scopes);
  await assertExists(store, reach);
  const secret = newSecret();
  const token: AccessToken = {
    ...wish,
    scopes: [...new Set(scopes)],
    tokenId: newTokenId(),
    secretHash: hashSecret(secret),
    createdAt: toUtc(now()),
  };
  await store.accessTokens.create(token);
  return { token, bearer: writeBearer(token.tokenId, secret) };
}

export function listTokens({ store }: TokenDependencies, page: PageWish): Promise<Page<AccessToken>> {
  return store.accessTokens.list(page);
}

/** @throws {LatchkeyError} token_unknown */
export async function revokeToken({ store }: TokenDependencies, tokenId: string): Promise<void> {
  if ((await store.accessTokens.revoke(tokenId)) === 'refused')
    throw new LatchkeyError('token_unknown', `there is no access token ${tokenId}`);
}

function refuseScopes(maker: Access, { kind }: Reach, scopes: readonly Scope[]): void {
  const tooWide = scopes.filter((scope) => kind !== 'workspace' && workspaceScopes.includes(scope));
  if (tooWide.length > 0) refuse('scopes', `a ${kind} token cannot have ${tooWide.join(', ')}`);
  const above = scopes.filter((scope) => !maker.scopes.includes(scope));
  if (above.length > 0)
    throw new LatchkeyError('access_forbidden', `your own access token lacks ${above.join(', ')}`, {
      details: { remedy: 'Make it with a token that has these scopes itself' },
    });
}

async function assertExists(store: TokenDependencies['store'], reach: Reach): Promise<void> {
  if (reach.kind === 'plant') {
    const { plantId } = reach;
    if (!(await store.plants.get({ accountId: accountOf(plantId), plantId })))
      throw new LatchkeyError('plant_unknown', `there is no plant ${plantId}`);
  }
  if (reach.kind === 'module') {
    const { moduleId } = reach;
    if (!(await store.modules.get({ accountId: accountOf(moduleId), moduleId })))
      throw unknownModule(moduleId);
  }
}

function refuse(field: string, reason: string): never {
  throw new LatchkeyError('request_invalid', `${field} ${reason}`, {
    details: { fields: { [field]: reason } },
  });
}
