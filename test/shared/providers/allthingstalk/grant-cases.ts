/** A case, or several, for every row of AllThingsTalk's table of refused refreshes. */
import type { FaultName } from '../../../../infra/local/providers/allthingstalk/faults/fault-kinds.ts';
import type { Operation } from '../../../../infra/local/providers/allthingstalk/faults/operation.ts';
import type { FaultOrder } from '../../../../infra/local/providers/simulation/faults/faults.ts';
import type * as shared from '../error-case.ts';
import { grantDead, loginFailing, loginThrottled, misconfigured } from '../error-case.ts';

export type GrantCase = shared.GrantCase<FaultOrder<FaultName, Operation>>;

const clientUnknown = {
  ...misconfigured,
  row: 'invalid_client, unauthorized_client or unsupported_grant_type',
} as const;
const unlinked = { ...grantDead, row: '400 invalid_grant' } as const;
const failing = {
  ...loginFailing,
  row: '500, 502 or 504, JSON or not; server_error or temporarily_unavailable',
} as const;
const strange = { ...failing, row: 'an empty body, HTML, anything else' } as const;

function says(error: string, status = 400, description = 'Simulated'): Pick<GrantCase, 'fault' | 'provider'> {
  return {
    fault: { name: 'oauth_error', parameters: { error, status, description } },
    provider: { status, code: error, message: description },
  };
}
const page = (status: number): Pick<GrantCase, 'fault' | 'provider'> => ({
  fault: { name: 'html_error', parameters: { status } },
  provider: { status },
});

export const grantCases: readonly GrantCase[] = [
  ...[undefined, 7].map(
    (retryAfterSeconds): GrantCase => ({
      row: '429',
      code: 'provider_throttled',
      status: 429,
      actor: 'provider',
      retry: 'later',
      kind: 'not_spent',
      health: loginThrottled,
      fault: {
        name: 'throttled',
        parameters: retryAfterSeconds === undefined ? {} : { retryAfterSeconds },
      },
      provider: { status: 429, message: 'Too many requests.' },
      ...(retryAfterSeconds !== undefined && { retryAfterSeconds }),
    }),
  ),
  { ...failing, row: '503, mostly a page of HTML', kind: 'not_spent', health: loginThrottled, ...page(503) },
  {
    ...clientUnknown,
    wrong: 'client',
    provider: { status: 400, code: 'invalid_client', message: 'The client is not known.' },
  },
  ...['unauthorized_client', 'unsupported_grant_type'].map(
    (error): GrantCase => ({ ...clientUnknown, ...says(error) }),
  ),
  { ...clientUnknown, ...says('invalid_client', 401) },
  {
    ...unlinked,
    wrong: 'token',
    provider: {
      status: 400,
      code: 'invalid_grant',
      message: 'The refresh token is invalid or has expired.',
    },
  },
  { ...unlinked, ...says('invalid_grant', 401) },
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
