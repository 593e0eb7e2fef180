/** A case, or several, for every row of Netatmo's table of refused grants. */
import { grantDead, loginFailing, loginThrottled, misconfigured } from '../error-case.ts';
import type { GrantCase } from './error-cases.ts';

const throttled = {
  row: 'too_many_connections with any status, or 429',
  code: 'provider_throttled',
  status: 429,
  actor: 'provider',
  retry: 'later',
  kind: 'not_spent',
  health: loginThrottled,
} as const;
const notAllowed = {
  ...misconfigured,
  row: 'unauthorized_client, unsupported_grant_type, unsupported_response_type or invalid_scope',
} as const;
const unlinked = { ...grantDead, row: '400 invalid_grant or access_denied' } as const;
const failing = {
  ...loginFailing,
  row: '500, 502 or 504, JSON or HTML; server_error or temporarily_unavailable',
} as const;
const strange = { ...failing, row: 'an empty body, HTML, anything else' } as const;

/** The flat form of the token endpoint, with 400 unless told otherwise. */
function says(error: string, status = 400, description?: string): Pick<GrantCase, 'fault' | 'provider'> {
  const parameters = { error, status, ...(description !== undefined && { description }) };
  return {
    fault: { name: 'oauth_error', parameters },
    provider: { status, code: error, ...(description !== undefined && { message: description }) },
  };
}
const page = (status: number): Pick<GrantCase, 'fault' | 'provider'> => ({
  fault: { name: 'html_error', parameters: { status } },
  provider: { status },
});

export const grantCases: readonly GrantCase[] = [
  ...[429, 403].map(
    (status): GrantCase => ({
      ...throttled,
      fault: { name: 'too_many_connections', parameters: { status } },
      provider: { status, code: 'too_many_connections' },
    }),
  ),
  { ...throttled, ...page(429) },
  { ...failing, row: '503, mostly a page of HTML', kind: 'not_spent', health: loginThrottled, ...page(503) },
  {
    ...misconfigured,
    row: '400 invalid_client',
    wrong: 'client',
    provider: { status: 400, code: 'invalid_client' },
  },
  { ...misconfigured, row: '400 invalid_client', ...says('invalid_client', 401, 'Just created') },
  ...['unauthorized_client', 'unsupported_grant_type', 'unsupported_response_type', 'invalid_scope'].map(
    (error): GrantCase => ({ ...notAllowed, ...says(error) }),
  ),
  { ...misconfigured, row: 'redirect_uri_mismatch', ...says('redirect_uri_mismatch') },
  { ...unlinked, wrong: 'token', provider: { status: 400, code: 'invalid_grant' } },
  {
    ...unlinked,
    ...says('invalid_grant', 400, 'Redirect\r\nURI mismatch'),
    provider: { status: 400, code: 'invalid_grant', message: 'Redirect URI mismatch' },
  },
  { ...unlinked, ...says('access_denied') },
  {
    row: '400 invalid_request',
    code: 'provider_rejected',
    status: 422,
    actor: 'operator',
    retry: 'never',
    kind: 'probably_not_spent',
    health: failing.health,
    ...says('invalid_request'),
  },
  ...['server_error', 'temporarily_unavailable'].map((error): GrantCase => ({ ...failing, ...says(error) })),
  ...[500, 502, 504].map((status): GrantCase => ({ ...failing, ...page(status) })),
  { ...strange, ...page(400) },
  { ...strange, ...says('never_heard_of') },
];
