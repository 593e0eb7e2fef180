import { type Answer, redirect } from '../../simulation/answer.ts';
import { oauthRefusal } from '../refusals.ts';
import type { World } from '../world.ts';
import { openIdScopes, scopes } from './discovery.ts';

export interface AuthorizationRequest {
  readonly clientId: string;
  readonly redirectUri: string;
  readonly state: string | undefined;
  readonly scopes: readonly string[];
  readonly nonce: string | undefined;
}

/** The parameters the sign-in form has to send back. */
export const requestFields = [
  'client_id',
  'response_type',
  'redirect_uri',
  'scope',
  'state',
  'nonce',
] as const;

/**
 * Judges the query of `/authorize` (contract 1.2). What is wrong with the client or the reply URL is answered in
 * the browser; everything else goes back to the application.
 */
export function readAuthorizationRequest(
  { state }: World,
  query: URLSearchParams,
): { request: AuthorizationRequest } | { refused: Answer } {
  const refused = (status: number, error: string, description: string) => ({
    refused: oauthRefusal(status, error, description),
  });
  const clientId = query.get('client_id');
  const redirectUri = query.get('redirect_uri');
  if (!clientId) return refused(400, 'invalid_request', 'client_id is missing');
  if (clientId !== state.application.clientId)
    return refused(401, 'invalid_client', 'The client id does not exist');
  if (!redirectUri) return refused(400, 'invalid_request', 'redirect_uri is missing');
  if (!state.application.replyUrls.includes(redirectUri)) return { refused: replyUrlMismatch(redirectUri) };

  const asked = (query.get('scope') ?? '').split(' ').filter((scope) => scope !== '');
  const request: AuthorizationRequest = {
    clientId,
    redirectUri,
    state: query.get('state') ?? undefined,
    scopes: grantedScopes(asked),
    nonce: query.get('nonce') ?? undefined,
  };
  if (query.get('response_type') !== 'code')
    return { refused: sendBack(request, 'unsupported_response_type', 'response_type must be code') };
  const known: readonly string[] = [...scopes, ...openIdScopes];
  const unknown = asked.filter((scope) => !known.includes(scope));
  if (unknown.length > 0)
    return { refused: sendBack(request, 'invalid_scope', `Unknown scope ${unknown.join(' ')}`) };
  return { request };
}

/** Without a scope the application gets those it was registered for (contract 1.2). */
function grantedScopes(asked: readonly string[]): readonly string[] {
  const chosen = scopes.filter((scope) => asked.includes(scope));
  return chosen.length > 0 ? chosen : scopes;
}

/** The message quotes only the host. */
export function replyUrlMismatch(redirectUri: string): Answer {
  const host = URL.canParse(redirectUri) ? new URL(redirectUri).host : redirectUri;
  return oauthRefusal(
    400,
    'invalid_request',
    `The reply url host ${host} doesn't match with the ones configured on the application`,
  );
}

/** Sends the browser back to the application with an error. */
export function sendBack(request: AuthorizationRequest, error: string, description: string): Answer {
  return sendBackWith(request, { error, error_description: description });
}

export function sendBackWith(
  { redirectUri, state }: AuthorizationRequest,
  answer: Readonly<Record<string, string>>,
): Answer {
  const query = new URLSearchParams({ ...answer, ...(state !== undefined && { state }) });
  // Not rebuilt by URL: a custom scheme or `urn:` must come back as it was registered.
  return redirect(`${redirectUri}${redirectUri.includes('?') ? '&' : '?'}${query}`);
}
