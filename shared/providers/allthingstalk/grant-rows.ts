/**
 * Every refusal of AllThingsTalk's login when a token is to be refreshed, and what each means to us: the first row that
 * matches counts. The bodies are those of OAuth (contract 2.4); of the statuses only 400 is likely. Pure.
 */
import { code, either, type GrantRow, status } from '../error-row.ts';
import { statedRetryAfter } from '../refusal.ts';

const waits = {
  remedy: 'Nothing has to be done: Latchkey repeats the exchange later',
  actor: 'provider',
} as const;

export const grantRows: readonly GrantRow[] = [
  {
    ...waits,
    when: status(429),
    answer: '429',
    kind: 'not_spent',
    code: 'provider_throttled',
    message: 'AllThingsTalk allows no more logins for now',
    retryAfterSeconds: statedRetryAfter,
  },
  {
    ...waits,
    when: status(503),
    answer: '503, mostly a page of HTML',
    kind: 'not_spent',
    code: 'provider_unavailable',
    message: "AllThingsTalk's login is not available",
    retryAfterSeconds: statedRetryAfter,
  },
  {
    when: code('invalid_client', 'unauthorized_client', 'unsupported_grant_type'),
    answer: 'invalid_client, unauthorized_client or unsupported_grant_type',
    kind: 'operator',
    code: 'config_invalid',
    message: 'AllThingsTalk does not know the client id that Latchkey sends',
    remedy: 'Set allthingstalk.clientId in the app secret to one that AllThingsTalk documents, such as web',
    actor: 'operator',
  },
  {
    when: code('invalid_grant'),
    answer: '400 invalid_grant',
    kind: 'invalid_grant',
    code: 'account_unlinked',
    message: 'The refresh token has expired, was withdrawn, or was exchanged by somebody else',
    remedy: 'The owner has to link the account again',
    actor: 'owner',
  },
  {
    when: code('invalid_request'),
    answer: '400 invalid_request',
    kind: 'probably_not_spent',
    code: 'provider_rejected',
    message: "AllThingsTalk's login cannot read the request",
    remedy: "Report it with the provider's words, as the problem has them",
    actor: 'operator',
  },
  {
    ...waits,
    when: either((refusal) => refusal.status >= 500, code('server_error', 'temporarily_unavailable')),
    answer: '500, 502 or 504, JSON or not; server_error or temporarily_unavailable',
    kind: 'probably_not_spent',
    code: 'provider_unavailable',
    message: "AllThingsTalk's login has a failure of its own",
  },
];

/** For what no row knows: HTML, an empty body, an error code that RFC 6749 does not have. */
export const undocumentedGrant: Omit<GrantRow, 'when'> = {
  ...waits,
  answer: 'an empty body, HTML, anything else',
  kind: 'probably_not_spent',
  code: 'provider_unavailable',
  message: "AllThingsTalk's login gave an answer it does not document",
};
