import { generateKeyPairSync } from 'node:crypto';
import { type Answer, json } from '../../simulation/answer.ts';
import type { Grant, RefreshToken } from '../state.ts';
import type { World } from '../world.ts';
import { issuerOf } from './discovery.ts';
import { signJwt } from './jwt.ts';
import { opaqueToken } from './opaque-token.ts';

/** The API as B2C knows it: the audience of access tokens, so that an id token is of no use there. */
export const API_RESOURCE = '5d0c9f1e-7a42-4f0e-9b55-1c2d3e4f5a6b';

/** The 200 of `/token` (contract 1.4). */
export function tokenAnswer(world: World, grant: Grant, refreshToken: RefreshToken): Answer {
  const { settings, keys } = world.state;
  const now = Math.floor(world.clock.now() / 1000);
  const expiresOn = now + settings.accessLifeSeconds;
  const claims = { ...subjectClaims(world, grant), iat: now, nbf: now, exp: expiresOn };
  const user = world.state.users.find(({ userId }) => userId === grant.userId);
  const fields: Record<string, unknown> = {
    access_token: signJwt(keys, {
      ...claims,
      aud: API_RESOURCE,
      scp: grant.scopes.join(' '),
      grant: grant.grantId,
      jti: refreshToken.refreshTokenId,
    }),
    id_token: idToken(world, {
      ...claims,
      aud: world.state.application.clientId,
      name: user?.name,
      emails: user && [user.email],
      nonce: grant.nonce,
    }),
    token_type: 'Bearer',
    not_before: now,
    expires_in: settings.accessLifeSeconds,
    expires_on: expiresOn,
    resource: API_RESOURCE,
    id_token_expires_in: settings.accessLifeSeconds,
    profile_info: Buffer.from(JSON.stringify({ ver: '1.0', name: user?.name })).toString('base64url'),
    scope: grant.scopes.join(' '),
    refresh_token: opaqueToken(keys.opaqueSeed, refreshToken.refreshTokenId),
    refresh_token_expires_in: Math.floor((refreshToken.expiresEpochMs - world.clock.now()) / 1000),
  };
  return json(200, deviate(world, fields), { 'cache-control': 'no-store', pragma: 'no-cache' });
}

function idToken({ state: { keys }, faults }: World, claims: Readonly<Record<string, unknown>>): string {
  const wrong = faults.take('id_token_of_another', 'token')?.wrong;
  if (wrong === 'audience') return signJwt(keys, { ...claims, aud: API_RESOURCE });
  // Under the id of the published key, as a forger would.
  return signJwt(wrong === 'key' ? { ...keys, signingPem: newSigningPem() } : keys, claims);
}

function newSigningPem(): string {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  return privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
}

function subjectClaims(world: World, grant: Grant): Record<string, unknown> {
  return { iss: issuerOf(world), sub: grant.userId, oid: grant.userId, ver: '1.0', tfp: 'B2C_1_SignIn' };
}

function deviate({ faults }: World, fields: Record<string, unknown>): Record<string, unknown> {
  const left = faults.take('token_without', 'token')?.fields.split(/[ ,]+/) ?? [];
  const asText = faults.take('token_numbers_as_text', 'token') !== undefined;
  const kept = Object.entries(fields).filter(([name]) => !left.includes(name));
  return Object.fromEntries(
    kept.map(([name, value]) => [name, asText && typeof value === 'number' ? String(value) : value]),
  );
}
