/**
 * Every refusal of Netatmo's token endpoint, and what each means to us: the first row that matches counts. Nearly all
 * were seen with 400, `invalid_client` too, so the word counts and not the status (contract 1.4). Pure.
 */
import { code, either, type GrantRow, status } from '../error-row.ts';
import { statedRetryAfter } from '../refusal.ts';

const misconfigured = { kind: 'operator', code: 'config_invalid', actor: 'operator' } as const;
const waits = {
  remedy: 'Nothing has to be done: Latchkey repeats the exchange later',
  actor: 'provider',
} as const;

export const grantRows: readonly GrantRow[] = [
  {
    ...waits,
    when: either(code('too_many_connections', '26'), status(429)),
    answer: 'too_many_connections with any status, or 429',
    kind: 'not_spent',
    code: 'provider_throttled',
    message: 'Netatmo allows no more exchanges of tokens for now',
    retryAfterSeconds: statedRetryAfter,
  },
  {
    ...waits,
    when: status(503),
    answer: '503, mostly a page of HTML',
    kind: 'not_spent',
    code: 'provider_unavailable',
    message: "Netatmo's login is not available",
    retryAfterSeconds: statedRetryAfter,
  },
  {
    ...misconfigured,
    when: code('invalid_client'),
    answer: '400 invalid_client',
    message: "Netatmo refuses Latchkey's own application",
    remedy:
      'Check the client id and the client secret in the app secret. Netatmo also says so of an application that was just created, for a while, and of one that was deactivated at dev.netatmo.com',
  },
  {
    ...misconfigured,
    when: code('unauthorized_client', 'unsupported_grant_type', 'unsupported_response_type', 'invalid_scope'),
    answer: 'unauthorized_client, unsupported_grant_type, unsupported_response_type or invalid_scope',
    message: "Netatmo does not allow Latchkey's application this grant or these scopes",
    remedy: 'Check at dev.netatmo.com what the application may do',
  },
  {
    ...misconfigured,
    when: code('redirect_uri_mismatch'),
    answer: 'redirect_uri_mismatch',
    message: "Netatmo does not know this deployment's reply address",
    remedy: "Enter the deployment's reply address as redirect URI of the application at dev.netatmo.com",
  },
  {
    when: code('invalid_grant', 'access_denied'),
    answer: '400 invalid_grant or access_denied',
    kind: 'invalid_grant',
    code: 'account_unlinked',
    message: 'The grant has expired, was withdrawn, or was exchanged by somebody else',
    remedy:
      'The owner has to link the account again; where that does not help, remove the application in the Netatmo account first',
    actor: 'owner',
  },
  {
    // Also said of scopes other than those that the owner granted; Latchkey sends none to the token endpoint.
    when: code('invalid_request'),
    answer: '400 invalid_request',
    kind: 'probably_not_spent',
    code: 'provider_rejected',
    message: "Netatmo's login cannot read the request",
    remedy: 'Start the link again; where it lasts, check the application at dev.netatmo.com',
    actor: 'operator',
  },
  {
    ...waits,
    when: either((refusal) => refusal.status >= 500, code('server_error', 'temporarily_unavailable')),
    answer: '500, 502 or 504, JSON or HTML; server_error or temporarily_unavailable',
    kind: 'probably_not_spent',
    code: 'provider_unavailable',
    message: "Netatmo's login has a failure of its own",
  },
];

/** For what no row knows: HTML, an empty body, an error code that RFC 6749 does not have. */
export const undocumentedGrant: Omit<GrantRow, 'when'> = {
  ...waits,
  answer: 'an empty body, HTML, anything else',
  kind: 'probably_not_spent',
  code: 'provider_unavailable',
  message: "Netatmo's login gave an answer it does not document",
};
