/** The tokens of users: opaque, and of two kinds (contract 2.1 and 2.2). */
import { createHash } from 'node:crypto';
import { randomText } from '../ids.ts';
import type { RefreshToken } from '../state.ts';
import type { World } from '../world.ts';

export interface Signer {
  readonly userId: string;
  readonly clientId: string;
}

export function issueAccess({ state, clock }: World, { userId, clientId }: Signer): string {
  const token = randomText(64);
  const now = clock.now();
  state.accessTokens = [
    ...state.accessTokens.filter(({ expiresEpochMs }) => expiresEpochMs > now),
    {
      hash: hashOf(token),
      userId,
      clientId,
      expiresEpochMs: now + state.settings.accessLifeSeconds * 1000,
    },
  ];
  return token;
}

export function issueRefresh({ state, clock }: World, { userId, clientId }: Signer): string {
  const token = randomText(48);
  const now = clock.now();
  state.refreshTokens = [
    ...state.refreshTokens.filter(({ expiresEpochMs }) => expiresEpochMs > now),
    {
      hash: hashOf(token),
      userId,
      clientId,
      expiresEpochMs: now + state.settings.refreshLifeSeconds * 1000,
      replaced: false,
    },
  ];
  return token;
}

/** Undefined unless it is known and alive. */
export function findAccess({ state, clock }: World, token: string) {
  const hash = hashOf(token);
  return state.accessTokens.find((held) => held.hash === hash && held.expiresEpochMs > clock.now());
}

/** Undefined unless it can be used: one that was replaced depends on the setting. */
export function findRefresh({ state, clock }: World, token: string): RefreshToken | undefined {
  const hash = hashOf(token);
  const held = state.refreshTokens.find((candidate) => candidate.hash === hash);
  if (!held || held.expiresEpochMs <= clock.now()) return undefined;
  return held.replaced && state.settings.oldRefresh === 'rejected' ? undefined : held;
}

function hashOf(secret: string): string {
  return createHash('sha256').update(secret).digest('base64url');
}
