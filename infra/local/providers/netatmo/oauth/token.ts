import { type Answer, json } from '../../simulation/answer.ts';
import type { Call, Route } from '../../simulation/router.ts';
import { refusalByFault } from '../faults/refusal-by-fault.ts';
import type { Grant, TokenPair } from '../state.ts';
import type { World } from '../world.ts';
import { oauthError } from './oauth-error.ts';
import { findRefresh, hashOf, issuePair } from './tokens.ts';

/** `POST /oauth2/token`, form only, credentials in the form (contract 1.2). */
export function tokenRoute(world: World): Route {
  return {
    method: 'POST',
    path: '/oauth2/token',
    operation: 'token',
    handle: (call) => refusalByFault(world, 'token') ?? exchange(world, call),
  };
}

function exchange(world: World, { headers, body }: Call): Answer {
  const type = headers['content-type']?.split(';')[0]?.trim().toLowerCase();
  if (type !== 'application/x-www-form-urlencoded') return missing('grant_type');
  const form = new URLSearchParams(body);
  const grantType = form.get('grant_type');
  if (!grantType) return missing('grant_type');
  const refused = refuseClient(world, form);
  if (refused) return refused;
  if (grantType === 'authorization_code') return exchangeCode(world, form);
  if (grantType === 'refresh_token') return exchangeRefreshToken(world, form);
  // The password grant was switched off in July 2023.
  if (grantType === 'password') return oauthError('unauthorized_client');
  return oauthError('unsupported_grant_type');
}

function missing(field: string): Answer {
  return oauthError('invalid_request', { description: `Missing parameters, "${field}" required` });
}

function refuseClient({ state }: World, form: URLSearchParams): Answer | undefined {
  const { clientId, clientSecret } = state.application;
  for (const field of ['client_id', 'client_secret']) if (!form.get(field)) return missing(field);
  const isOurs = form.get('client_id') === clientId && form.get('client_secret') === clientSecret;
  return isOurs ? undefined : oauthError('invalid_client');
}

function exchangeCode(world: World, form: URLSearchParams): Answer {
  const { state, clock } = world;
  const text = form.get('code');
  if (!text) return missing('code');
  const code = state.codes.find(({ codeHash }) => codeHash === hashOf(text));
  const grant = state.grants.find(({ grantId }) => grantId === code?.grantId);
  if (!code || !grant || clock.now() >= code.expiresEpochMs) return oauthError('invalid_grant');
  const redirectUri = form.get('redirect_uri');
  const isOther =
    redirectUri === null ? state.application.redirectUris.length !== 1 : redirectUri !== code.redirectUri;
  if (isOther) return oauthError('invalid_grant');
  if (asksForOthers(form, grant)) return oauthError('invalid_request');
  state.codes = state.codes.filter((other) => other !== code);
  return answerWith(world, grant);
}

function exchangeRefreshToken(world: World, form: URLSearchParams): Answer {
  const text = form.get('refresh_token');
  if (!text) return missing('refresh_token');
  const found = findRefresh(world, text);
  if (!found) return oauthError('invalid_grant');
  if (asksForOthers(form, found.grant)) return oauthError('invalid_request');
  return answerWith(world, found.grant, found.pair);
}

/** More scopes need a new consent: only the granted set can be asked for (contract 5). */
function asksForOthers(form: URLSearchParams, { scopes }: Grant): boolean {
  const asked = (form.get('scope') ?? '').split(' ').filter((scope) => scope !== '');
  return asked.length > 0 && `${[...new Set(asked)].sort()}` !== `${scopes.toSorted()}`;
}

function answerWith(world: World, grant: Grant, old?: TokenPair): Answer {
  const { state, faults } = world;
  const { accessToken, refreshToken } = issuePair(world, grant, old);
  const asText = faults.take('token_numbers_as_text', 'token') !== undefined;
  const life = asText ? String(state.settings.accessLifeSeconds) : state.settings.accessLifeSeconds;
  const fields: Record<string, unknown> = {
    access_token: accessToken,
    refresh_token: refreshToken,
    scope: faults.take('scope_as_text', 'token') ? grant.scopes.join(' ') : grant.scopes,
    expires_in: life,
    expire_in: life,
  };
  for (const field of faults.take('token_without', 'token')?.fields.split(/[ ,]+/) ?? [])
    delete fields[field];
  return {
    ...json(200, fields, {
      'content-type': 'application/json;charset=UTF-8',
      'cache-control': 'no-store',
      pragma: 'no-cache',
    }),
    userId: grant.userId,
  };
}
