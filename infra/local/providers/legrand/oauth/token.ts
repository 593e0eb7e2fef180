import type { Answer } from '../../simulation/answer.ts';
import type { Call, Route } from '../../simulation/router.ts';
import { refusalByFault } from '../faults/refusal-by-fault.ts';
import { oauthRefusal } from '../refusals.ts';
import type { Grant } from '../state.ts';
import type { World } from '../world.ts';
import { grantExpired, grantForOtherEndpoint, grantRevoked } from './grant-refusals.ts';
import { idOfToken } from './opaque-token.ts';
import { issueRefreshToken, rotate } from './rotation.ts';
import { tokenAnswer } from './token-answer.ts';

/** `POST /token`, for codes and refresh tokens alike (contract 1.3). */
export function tokenRoute(world: World): Route {
  return {
    method: 'POST',
    path: '/token',
    operation: 'token',
    handle: (call) => refusalByFault(world, 'token') ?? exchange(world, call),
  };
}

function exchange(world: World, call: Call): Answer {
  const form = readForm(call);
  if (!form)
    return oauthRefusal(400, 'invalid_request', 'The body must be application/x-www-form-urlencoded');
  const refused = refuseClient(world, form);
  if (refused) return refused;
  const grantType = form.get('grant_type');
  if (grantType === 'authorization_code') return exchangeCode(world, form);
  if (grantType === 'refresh_token') return exchangeRefreshToken(world, form);
  if (!grantType) return missing('grant_type');
  return oauthRefusal(400, 'unsupported_response_type', `The grant type ${grantType} is not supported`);
}

function readForm({ headers, body }: Call): URLSearchParams | undefined {
  const type = headers['content-type']?.split(';')[0]?.trim().toLowerCase();
  return type === 'application/x-www-form-urlencoded' ? new URLSearchParams(body) : undefined;
}

function missing(field: string): Answer {
  return oauthRefusal(400, 'invalid_request', `The parameter ${field} is missing`);
}

function refuseClient({ state }: World, form: URLSearchParams): Answer | undefined {
  const clientId = form.get('client_id');
  const secret = form.get('client_secret');
  if (!clientId) return missing('client_id');
  if (clientId !== state.application.clientId)
    return oauthRefusal(401, 'invalid_client', 'The client id does not exist');
  if (!secret) return missing('client_secret');
  if (secret !== state.application.clientSecret)
    return oauthRefusal(
      401,
      'invalid_client',
      'AADB2C90081: The specified client_secret does not match the expected value for this client.',
    );
  return undefined;
}

function exchangeCode(world: World, form: URLSearchParams): Answer {
  const { state, clock } = world;
  const text = form.get('code');
  if (!text) return missing('code');
  const codeId = idOfToken(state.keys.opaqueSeed, text);
  const code = state.codes.find((candidate) => candidate.codeId === codeId);
  const grant = code && usableGrant(world, code.grantId);
  if (!code || !grant || code.used) return grantRevoked(clock.now());
  if (clock.now() >= code.expiresEpochMs) return grantExpired(clock.now(), code);
  const redirectUri = form.get('redirect_uri');
  if (redirectUri !== null && redirectUri !== code.redirectUri) return grantForOtherEndpoint(clock.now());
  code.used = true;
  return answerFor(world, grant, issueRefreshToken(world, grant.grantId));
}

function exchangeRefreshToken(world: World, form: URLSearchParams): Answer {
  const { state, clock } = world;
  const text = form.get('refresh_token');
  if (!text) return missing('refresh_token');
  const id = idOfToken(state.keys.opaqueSeed, text);
  const token = state.refreshTokens.find(({ refreshTokenId }) => refreshTokenId === id);
  const grant = token && usableGrant(world, token.grantId);
  if (!token || !grant) return grantRevoked(clock.now());
  if (clock.now() >= token.expiresEpochMs) return grantExpired(clock.now(), token);
  const next = rotate(world, token, grant);
  return next ? answerFor(world, grant, next) : { ...grantRevoked(clock.now()), userId: grant.userId };
}

function answerFor(world: World, grant: Grant, next: Parameters<typeof tokenAnswer>[2]): Answer {
  return { ...tokenAnswer(world, grant, next), userId: grant.userId };
}

function usableGrant({ state }: World, grantId: string): Grant | undefined {
  return state.grants.find((grant) => grant.grantId === grantId && !grant.revoked);
}
