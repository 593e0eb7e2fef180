import { type Answer, redirect } from '../../simulation/answer.ts';
import { DEFAULT_SCOPE, scopes } from '../scopes.ts';
import type { World } from '../world.ts';
import { oauthError } from './oauth-error.ts';

export interface AuthorizationRequest {
  readonly redirectUri: string;
  readonly state: string | undefined;
  readonly scopes: readonly string[];
}

/** The parameters that the consent form has to send back. */
export const requestFields = ['client_id', 'redirect_uri', 'scope', 'state', 'response_type'] as const;

/**
 * Judges the parameters of the authorize page (contract 1.1). What is wrong with the client or its callback is
 * answered in the browser; everything else goes back to the application.
 */
export function readAuthorizationRequest(
  { state }: World,
  query: URLSearchParams,
): { request: AuthorizationRequest } | { refused: Answer } {
  const clientId = query.get('client_id');
  if (!clientId) return { refused: oauthError('invalid_request', { description: 'Missing client_id' }) };
  if (clientId !== state.application.clientId) return { refused: oauthError('invalid_client') };
  const redirectUri = chooseRedirectUri(state.application.redirectUris, query.get('redirect_uri'));
  if (redirectUri === undefined) return { refused: oauthError('redirect_uri_mismatch') };
  const asked = (query.get('scope') ?? '').split(' ').filter((scope) => scope !== '');
  const request: AuthorizationRequest = {
    redirectUri,
    state: query.get('state') ?? undefined,
    scopes: asked.length > 0 ? [...new Set(asked)] : [DEFAULT_SCOPE],
  };
  if ((query.get('response_type') ?? 'code') !== 'code')
    return { refused: sendBack(request, { error: 'unsupported_response_type' }) };
  if (asked.some((scope) => !scopes.includes(scope)))
    return { refused: sendBack(request, { error: 'invalid_scope' }) };
  return { request };
}

/** It can be left out when there is only one to choose. */
function chooseRedirectUri(registered: readonly string[], given: string | null): string | undefined {
  if (given === null || given === '') return registered.length === 1 ? registered[0] : undefined;
  return registered.includes(given) ? given : undefined;
}

/** `<redirect_uri>?state=…&code=…`, or with an error. */
export function sendBack(
  { redirectUri, state }: AuthorizationRequest,
  answer: Readonly<Record<string, string>>,
): Answer {
  const query = new URLSearchParams({ ...(state !== undefined && { state }), ...answer });
  // Not rebuilt by URL: it must come back as it was registered.
  return redirect(`${redirectUri}${redirectUri.includes('?') ? '&' : '?'}${query}`);
}
