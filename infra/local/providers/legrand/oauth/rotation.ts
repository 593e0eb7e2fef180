/**
 * What becomes of a refresh token that is exchanged. Legrand's true behaviour is not known for certain
 * (contract 1.5 and 9.2), hence the modes:
 * - `reuse-accepted`: the old one goes on working, each use gives a newer child;
 * - `strict`: the old one is dead at once;
 * - `family`: the old one is dead, and presenting it kills every token of the grant;
 * - `grace`: the old one gives the same child again, for a minute.
 */
import type { Grant, RefreshToken } from '../state.ts';
import type { World } from '../world.ts';
import { newTokenId } from './opaque-token.ts';

const GRACE_MS = 60_000;
/** For so long a dead token is still told that it has expired. */
const REMEMBERED_MS = 86_400_000;

/** A first refresh token for a grant, or a further one. */
export function issueRefreshToken(world: World, grantId: string): RefreshToken {
  const now = world.clock.now();
  const token: RefreshToken = {
    refreshTokenId: newTokenId(),
    grantId,
    issuedEpochMs: now,
    expiresEpochMs: now + world.state.settings.refreshLifeSeconds * 1000,
  };
  // Those that nobody can use any more would only make the state grow.
  world.state.refreshTokens = world.state.refreshTokens.filter(
    ({ expiresEpochMs }) => expiresEpochMs > now - REMEMBERED_MS,
  );
  world.state.refreshTokens.push(token);
  return token;
}

/** The token that follows, or undefined where the mode refuses. */
export function rotate(world: World, token: RefreshToken, grant: Grant): RefreshToken | undefined {
  const mode = world.state.settings.refreshMode;
  const child = world.state.refreshTokens.find(({ refreshTokenId }) => refreshTokenId === token.childId);
  if (child === undefined) {
    const first = issueRefreshToken(world, grant.grantId);
    token.childId = first.refreshTokenId;
    return first;
  }
  if (mode === 'reuse-accepted') return issueRefreshToken(world, grant.grantId);
  if (mode === 'grace' && world.clock.now() <= child.issuedEpochMs + GRACE_MS) return child;
  if (mode === 'family') grant.revoked = true;
  return undefined;
}
