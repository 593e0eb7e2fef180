/**
 * Every refusal of Legrand's login host, and what each means to us: the first row that matches counts. Pure.
 * @see Works with Legrand, «OAuth2 errors»
 */
import { code, either, type GrantRow, says, status } from '../error-row.ts';
import { statedRetryAfter } from '../refusal.ts';
import { passwordExpired, termsChanged, throttled } from './api-rows.ts';

const misconfigured = {
  kind: 'operator',
  code: 'config_invalid',
  message: "Legrand refuses Latchkey's own application",
  remedy: "Check the client id and the client secret in the app secret; Legrand's secrets last one year",
  actor: 'operator',
} as const;
const waits = {
  remedy: 'Nothing has to be done: Latchkey repeats the exchange later',
  actor: 'provider',
} as const;

export const grantRows: readonly GrantRow[] = [
  { ...passwordExpired, kind: 'owner_action' },
  { ...termsChanged, kind: 'owner_action' },
  { ...throttled, kind: 'not_spent' },
  {
    ...waits,
    when: status(503),
    answer: '503 Service unavailable',
    kind: 'not_spent',
    code: 'provider_unavailable',
    message: "Legrand's login is not available",
    retryAfterSeconds: statedRetryAfter,
  },
  {
    // Legrand calls it `invalid_grant` when our client secret has expired, so this goes before the grants.
    ...misconfigured,
    when: says(/AADB2C90085/),
    answer: '400 invalid_grant with AADB2C90085',
  },
  {
    ...misconfigured,
    when: code('invalid_client', 'unauthorized_client'),
    answer: '401 invalid_client, 400 unauthorized_client',
  },
  {
    ...misconfigured,
    when: code('invalid_scope', 'unsupported_grant_type', 'unsupported_response_type'),
    answer: '400 invalid_scope, unsupported_grant_type or unsupported_response_type',
  },
  {
    when: either(code('invalid_grant', 'access_denied'), says(/AADB2C90080/)),
    answer: '400 invalid_grant, access_denied, or AADB2C90080',
    kind: 'invalid_grant',
    code: 'account_unlinked',
    message: 'The grant has expired or was withdrawn',
    remedy: 'The owner has to link the account again',
    actor: 'owner',
  },
  {
    ...waits,
    when: (refusal) => statedRetryAfter(refusal) !== undefined,
    answer: 'any other status with Retry-After',
    kind: 'not_spent',
    code: 'provider_unavailable',
    message: "Legrand's login asks to wait",
    retryAfterSeconds: statedRetryAfter,
  },
  {
    // A code that is not even well-formed gets this, so it must not count as a fault of the operator's.
    when: code('invalid_request'),
    answer: '400 invalid_request',
    kind: 'probably_not_spent',
    code: 'provider_rejected',
    message: "Legrand's login cannot read the request",
    remedy: 'Start the link again; where it lasts, check the application at the developer portal',
    actor: 'operator',
  },
  {
    ...waits,
    // A redirect cannot carry a status, so Legrand words its own failures as 400 too.
    when: either((refusal) => refusal.status >= 500, code('server_error', 'temporarily_unavailable')),
    answer: '500 or 502, 400 server_error or temporarily_unavailable',
    kind: 'probably_not_spent',
    code: 'provider_unavailable',
    message: "Legrand's login has a failure of its own",
  },
];

/** For what no row knows: HTML, an empty body, an error code that RFC 6749 does not have. */
export const undocumentedGrant: Omit<GrantRow, 'when'> = {
  ...waits,
  answer: 'an empty body, HTML, anything else',
  kind: 'probably_not_spent',
  code: 'provider_unavailable',
  message: "Legrand's login gave an answer it does not document",
};
