/** A case, or several, for every row of Legrand's table of refused grants. */
import { expect } from 'vitest';
import { grantDead, loginFailing, loginThrottled, misconfigured } from '../error-case.ts';
import type { GrantCase } from './error-cases.ts';

const ownerActs = {
  code: 'owner_action_required',
  status: 409,
  actor: 'owner',
  retry: 'never',
  kind: 'owner_action',
  health: { status: 'owner_action_required', cause: 'provider_terms' },
} as const;
const unlinked = { ...grantDead, row: '400 invalid_grant, access_denied, or AADB2C90080' } as const;
const ownFailure = {
  ...loginFailing,
  row: '500 or 502, 400 server_error or temporarily_unavailable',
} as const;
const misrequested = {
  ...misconfigured,
  row: '400 invalid_scope, unsupported_grant_type or unsupported_response_type',
} as const;
const strange = { ...loginFailing, row: 'an empty body, HTML, anything else' } as const;

export const grantCases: readonly GrantCase[] = [
  {
    ...ownerActs,
    row: '469 Official application password expired',
    fault: { name: 'any_answer', parameters: { status: 469, message: 'Password expired' } },
    provider: { status: 469, message: 'Password expired' },
  },
  {
    ...ownerActs,
    row: '470 Official application terms and conditions expired',
    fault: { name: 'any_answer', parameters: { status: 470, message: 'Terms expired' } },
    provider: { status: 470, message: 'Terms expired' },
  },
  {
    row: '429 Rate limit is exceeded',
    fault: { name: 'too_many_requests', parameters: { retryAfterSeconds: 45 } },
    code: 'provider_throttled',
    status: 429,
    actor: 'provider',
    retry: 'later',
    kind: 'not_spent',
    health: loginThrottled,
    provider: { status: 429, message: 'Rate limit is exceeded.' },
    retryAfterSeconds: 45,
  },
  {
    ...loginFailing,
    row: '503 Service unavailable',
    fault: { name: 'bad_gateway', parameters: { status: 503 } },
    kind: 'not_spent',
    health: loginThrottled,
    provider: { status: 503 },
  },
  {
    ...misconfigured,
    row: '400 invalid_grant with AADB2C90085',
    fault: { name: 'secret_expired' },
    provider: { status: 400, code: 'invalid_grant', message: expect.stringMatching(/^AADB2C90085: /) },
  },
  {
    ...misconfigured,
    row: '401 invalid_client, 400 unauthorized_client',
    wrong: 'client',
    provider: { status: 401, code: 'invalid_client', message: 'The client id does not exist' },
  },
  {
    ...misconfigured,
    row: '401 invalid_client, 400 unauthorized_client',
    fault: { name: 'oauth_error', parameters: { error: 'unauthorized_client' } },
    provider: { status: 400, code: 'unauthorized_client', message: 'Simulated' },
  },
  ...['invalid_scope', 'unsupported_grant_type', 'unsupported_response_type'].map(
    (error): GrantCase => ({
      ...misrequested,
      fault: { name: 'oauth_error', parameters: { error } },
      provider: { status: 400, code: error, message: 'Simulated' },
    }),
  ),
  {
    ...unlinked,
    fault: { name: 'grant_expired' },
    provider: { status: 400, code: 'invalid_grant', message: expect.stringMatching(/^AADB2C90080: /) },
  },
  {
    ...unlinked,
    wrong: 'token',
    provider: { status: 400, code: 'invalid_grant', message: expect.stringMatching(/^AADB2C90129: /) },
  },
  {
    ...unlinked,
    fault: { name: 'oauth_error', parameters: { error: 'access_denied' } },
    provider: { status: 400, code: 'access_denied', message: 'Simulated' },
  },
  {
    ...loginFailing,
    row: 'any other status with Retry-After',
    fault: { name: 'any_answer', parameters: { status: 500, body: 'html', retryAfterSeconds: 9 } },
    kind: 'not_spent',
    health: loginThrottled,
    provider: { status: 500 },
    retryAfterSeconds: 9,
  },
  {
    row: '400 invalid_request',
    fault: { name: 'oauth_error', parameters: { error: 'invalid_request' } },
    code: 'provider_rejected',
    status: 422,
    actor: 'operator',
    retry: 'never',
    kind: 'probably_not_spent',
    health: loginFailing.health,
    provider: { status: 400, code: 'invalid_request', message: 'Simulated' },
  },
  ...['server_error', 'temporarily_unavailable'].map(
    (error): GrantCase => ({
      ...ownFailure,
      fault: { name: 'oauth_error', parameters: { error } },
      provider: { status: 400, code: error, message: 'Simulated' },
    }),
  ),
  {
    ...ownFailure,
    fault: { name: 'internal_error' },
    provider: { status: 500, code: '1', message: 'Internal error' },
  },
  { ...ownFailure, fault: { name: 'bad_gateway' }, provider: { status: 502 } },
  ...(['html', 'half', 'empty'] as const).map(
    (body): GrantCase => ({
      ...strange,
      fault: { name: 'any_answer', parameters: { status: 400, body } },
      provider: { status: 400 },
    }),
  ),
];
