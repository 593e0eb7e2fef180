/** `POST /login`: password, verification code and refresh (contract 2.2). */
import { type Answer, json } from '../../simulation/answer.ts';
import type { Call, Route } from '../../simulation/router.ts';
import { crossOrigin } from '../api/cross-origin.ts';
import { refusalByFault } from '../faults/refusal-by-fault.ts';
import type { World } from '../world.ts';
import { findUserById } from '../world.ts';
import { meetChallenge, openChallenge } from './challenge.ts';
import { findSigner, lacksAuthenticator, needsCode, WRONG_PASSWORD } from './credentials.ts';
import { invalidGrant, oauthError } from './oauth-error.ts';
import { findRefresh, issueAccess, issueRefresh, type Signer } from './tokens.ts';

/** What programs call themselves; `maker` is the older way. */
export const clientIds: readonly string[] = ['web', 'mobile', 'postman', 'maker'];

const codeFields = ['verificationcode', 'verification_code', 'code'];

export function loginRoute(world: World): Route {
  return {
    method: 'POST',
    path: '/login',
    operation: 'login',
    lax: true,
    handle: (call) => crossOrigin(call, refusalByFault(world, 'login') ?? login(world, call)),
  };
}

/** The body is a form, whatever its label says. */
function login(world: World, { body }: Call): Answer {
  const form = new URLSearchParams(body);
  const fields = new Map([...form].map(([name, value]) => [name.toLowerCase(), value]));
  const mfaUid = fields.get('mfauid');
  if (mfaUid !== undefined) return verify(world, form, fields, mfaUid);
  const clientId = fields.get('client_id') ?? '';
  if (!clientIds.includes(clientId)) return oauthError('invalid_client', 'The client is not known.');
  const grantType = fields.get('grant_type');
  if (grantType === 'password') return checkPassword(world, fields, clientId);
  if (grantType === 'refresh_token') return refresh(world, fields.get('refresh_token') ?? '');
  return oauthError('unsupported_grant_type', 'The grant type is not supported.');
}

type Fields = ReadonlyMap<string, string>;

function checkPassword(world: World, fields: Fields, clientId: string): Answer {
  const user = findSigner(world, fields.get('username') ?? '', fields.get('password') ?? '');
  if (!user) return invalidGrant(WRONG_PASSWORD);
  if (lacksAuthenticator(world, user))
    return invalidGrant('Multi-factor authentication has to be set up for this account.');
  if (!needsCode(world, user)) return grantTokens(world, { userId: user.userId, clientId });
  const { mfaUid, userId } = openChallenge(world, user, clientId);
  const { mfaChallengeStatus } = world.state.settings;
  return { ...json(mfaChallengeStatus, { MfaUid: mfaUid, UserId: userId }), userId };
}

function verify(world: World, form: URLSearchParams, fields: Fields, mfaUid: string): Answer {
  const { mfaCodeField, mfaPasswordAgain } = world.state.settings;
  const code =
    mfaCodeField === 'any'
      ? codeFields.map((name) => fields.get(name)).find((value) => value !== undefined)
      : (form.get(mfaCodeField) ?? undefined);
  if (code === undefined) return oauthError('invalid_request', 'The verification code is missing.');
  const userId = fields.get('userid') ?? '';
  if (mfaPasswordAgain === 'required') {
    const signer = findSigner(world, fields.get('username') ?? '', fields.get('password') ?? '');
    if (signer?.userId !== userId) return invalidGrant(WRONG_PASSWORD);
  }
  const met = meetChallenge(world, { mfaUid, userId, code });
  if ('refused' in met) return invalidGrant(met.refused);
  return grantTokens(world, { userId, clientId: met.challenge.clientId });
}

function refresh(world: World, token: string): Answer {
  const held = findRefresh(world, token);
  if (!held) return invalidGrant('The refresh token is invalid or has expired.');
  if (!world.state.settings.rotateRefresh) return grantTokens(world, held, token);
  held.replaced = true;
  return grantTokens(world, held);
}

/** @param refreshToken the one that stays; without it a new one is given */
function grantTokens(world: World, signer: Signer, refreshToken?: string): Answer {
  const { state, clock, faults } = world;
  const { accessLifeSeconds, expiresSkewSeconds } = state.settings;
  const now = clock.now();
  const asText = faults.take('token_numbers_as_text', 'login') !== undefined;
  const fields: Record<string, unknown> = {
    access_token: issueAccess(world, signer),
    token_type: 'bearer',
    expires_in: asText ? String(accessLifeSeconds) : accessLifeSeconds,
    refresh_token: refreshToken ?? issueRefresh(world, signer),
    'as:client_id': signer.clientId,
    userName: findUserById(world, signer.userId)?.userName,
    '.issued': new Date(now).toUTCString(),
    // The vendor's own sample contradicts itself here: a day, and an hour.
    '.expires': new Date(now + (accessLifeSeconds + expiresSkewSeconds) * 1000).toUTCString(),
    ...(faults.take('token_with_broker', 'login') && {
      'rmq:clientId': signer.userId,
      'rmq:clientKey': 'sim-broker-key',
    }),
  };
  for (const field of faults.take('token_without', 'login')?.fields.split(/[ ,]+/) ?? [])
    delete fields[field];
  return { ...json(200, fields, { 'cache-control': 'no-store' }), userId: signer.userId };
}
