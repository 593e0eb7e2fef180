/** Pairs of an access and a refresh token: `<24 hex user id>|<32 hex>` each (contract 1.2). */
import { createHash, randomBytes } from 'node:crypto';
import type { Grant, TokenPair } from '../state.ts';
import type { World } from '../world.ts';

export interface IssuedPair {
  readonly accessToken: string;
  readonly refreshToken: string;
}

/** The first pair of a grant, or the one that takes the place of another, which is dead from here on. */
export function issuePair({ state, clock }: World, grant: Grant, old?: TokenPair): IssuedPair {
  const issued = { accessToken: newToken(grant.userId), refreshToken: newToken(grant.userId) };
  state.tokens = state.tokens.filter((pair) => pair !== old);
  state.tokens.push({
    grantId: grant.grantId,
    accessHash: hashOf(issued.accessToken),
    refreshHash: hashOf(issued.refreshToken),
    accessExpiresEpochMs: clock.now() + state.settings.accessLifeSeconds * 1000,
  });
  return issued;
}

export function findAccess(world: World, token: string) {
  const hash = hashOf(token);
  return withGrant(
    world,
    world.state.tokens.find(({ accessHash }) => accessHash === hash),
  );
}

export function findRefresh(world: World, token: string) {
  const hash = hashOf(token);
  return withGrant(
    world,
    world.state.tokens.find(({ refreshHash }) => refreshHash === hash),
  );
}

function withGrant({ state }: World, pair: TokenPair | undefined) {
  const grant = state.grants.find(({ grantId }) => grantId === pair?.grantId);
  return pair && grant && { pair, grant };
}

function newToken(userId: string): string {
  return `${userId}|${randomBytes(16).toString('hex')}`;
}

export function hashOf(secret: string): string {
  return createHash('sha256').update(secret).digest('base64url');
}
