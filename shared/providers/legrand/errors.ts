/**
 * Every refusal of Legrand's API gateway and of its login host, and what each means to us: the first row that
 * matches counts. Pure: no I/O, no clock.
 * @see Works with Legrand, «API error codes» and «OAuth2 errors»
 */
import type { LatchkeyError } from '../../domain/error.ts';
import {
  backOff,
  both,
  type Condition,
  code,
  type ErrorRow,
  either,
  type GrantRow,
  type Meaning,
  says,
  status,
  toError,
} from '../error-row.ts';
import type { GrantRefusal } from '../provider.ts';
import { statedRetryAfter } from '../refusal.ts';
import type { ProviderAnswer } from '../request.ts';
import { readRefusal, untilQuotaReturns, untilRateReturns } from './refusal.ts';

/** Azure's word for a missing or wrong `Ocp-Apim-Subscription-Key`. */
const blamesSubscriptionKey = says(/subscription key/i);

/** Codes 10 (no token) and 11 (token expired) come from the token layer, whatever status it gives them. */
const isTokenRefused: Condition = (refusal) =>
  refusal.status === 401
    ? !blamesSubscriptionKey(refusal)
    : refusal.status < 500 && code('10', '11')(refusal);

const passwordExpired: ErrorRow = {
  when: status(469),
  answer: '469 Official application password expired',
  code: 'owner_action_required',
  message: "The password of the owner's Legrand account has expired",
  remedy: 'The owner has to renew the password in the Legrand or BTicino Thermostat app',
  actor: 'owner',
};
const termsChanged: ErrorRow = {
  when: status(470),
  answer: '470 Official application terms and conditions expired',
  code: 'owner_action_required',
  message: "Legrand's terms have changed and the owner has not accepted them yet",
  remedy: 'The owner has to accept the terms in the Legrand or BTicino Thermostat app',
  actor: 'owner',
};
const throttled: ErrorRow = {
  when: status(429),
  answer: '429 Rate limit is exceeded',
  code: 'provider_throttled',
  message: 'Legrand got too many calls in too short a time',
  remedy: 'Latchkey pauses for as long as Legrand asks; repeat the request after that',
  actor: 'provider',
  retryAfterSeconds: untilRateReturns,
};

export const apiRows: readonly ErrorRow[] = [
  {
    // Observed with 429 as well as with 403.
    when: both(status(403, 429), says(/quota/i)),
    answer: '403 or 429 Out of call volume quota. Quota will be replenished in hh:mm:ss',
    code: 'provider_throttled',
    message: "The account's 500 calls a day at Legrand are used up",
    remedy: 'Webhooks keep arriving; calls work again when the quota is replenished',
    actor: 'provider',
    retryAfterSeconds: untilQuotaReturns,
  },
  throttled,
  {
    when: both(status(401), blamesSubscriptionKey),
    answer: '401 Access denied due to missing or invalid subscription key',
    code: 'config_invalid',
    message: 'Legrand refuses the subscription key',
    remedy: "Put the developer portal's subscription key into the app secret",
    actor: 'operator',
  },
  {
    when: isTokenRefused,
    answer: '401 Unauthorized, or code 10 or 11 with any status',
    code: 'account_unlinked',
    message: 'Legrand refuses the access token, or the owner no longer has this plant',
    remedy:
      'The owner has to switch on third party access in the Thermostat app (Account) and link the account again',
    actor: 'owner',
  },
  {
    when: status(403),
    answer: '403 Forbidden',
    code: 'provider_rejected',
    message: 'Legrand does not allow this',
    remedy: 'Check the scopes of the application; the owner has to consent again after they change',
    actor: 'operator',
  },
  {
    when: both(status(404), says(/gateway offline/i)),
    answer: '404 Gateway Offline',
    code: 'module_unreachable',
    message: 'The thermostat is not connected',
    remedy: "Check the thermostat's Wi-Fi connection",
    actor: 'owner',
    // Legrand answers this for as long as the thermostat is off the network, and every call costs quota.
    retryAfterSeconds: () => 300,
  },
  {
    when: status(404),
    answer: '404 Resource not found',
    code: 'module_unknown',
    message: 'Legrand does not know this plant or module',
    remedy: 'It was removed or renewed in the Thermostat app: sync the account',
    actor: 'client',
  },
  {
    when: status(408),
    answer: '408 Request timeout',
    code: 'module_unreachable',
    message: 'The thermostat did not answer Legrand in time',
    remedy: 'Repeat the request; where it lasts, check the thermostat and its Wi-Fi connection',
    actor: 'owner',
    repeat: { afterSeconds: 3, times: 1, pauses: 'same', effect: 'possible' },
  },
  {
    when: status(430),
    answer: '430 Wrong input parameters',
    code: 'provider_rejected',
    message: 'Legrand refuses a value of the command',
    remedy: 'Send a value that the thermostat takes; see its present readings',
    actor: 'client',
  },
  passwordExpired,
  termsChanged,
  {
    when: status(486),
    answer: '486 Busy visual user interface',
    code: 'module_busy',
    message: 'Somebody is using the thermostat by hand',
    remedy: 'Wait until the display is left alone',
    actor: 'owner',
    repeat: { afterSeconds: 10, times: 3, pauses: 'same', effect: 'none' },
  },
  {
    when: either((refusal) => refusal.status >= 500, both(code('1'), says(/internal error/i))),
    answer: '500, 502 or 503 Server error, or code 1 with any status',
    code: 'provider_unavailable',
    message: 'Legrand has a failure of its own',
    remedy: 'Repeat the request later',
    actor: 'provider',
    retryAfterSeconds: statedRetryAfter,
    repeat: backOff,
  },
  {
    when: status(406),
    answer: '406 Not acceptable',
    code: 'provider_rejected',
    message: 'Legrand cannot answer in the form that Latchkey asked for',
    remedy: "Report it: it is a fault of Latchkey's, or something in between changes its requests",
    actor: 'operator',
  },
  {
    when: status(400, 409),
    answer: '400 Bad request, 409 Already exists',
    code: 'provider_rejected',
    message: 'Legrand refuses the request',
    remedy: 'Correct the request',
    actor: 'client',
  },
];

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
];

/** For what no row knows: other statuses of the API … */
export const undocumented: Meaning = {
  answer: 'anything else',
  code: 'provider_unexpected',
  message: 'Legrand gave an answer it does not document',
  remedy: 'Report it with the status and the words of the answer',
  actor: 'latchkey',
};
/** … and of the login host: HTML, an empty body, an error code that RFC 6749 does not have. */
export const loginFailure: Omit<GrantRow, 'when'> = {
  ...waits,
  answer: '400 server_error or temporarily_unavailable, 500, an empty body, HTML, anything else',
  kind: 'probably_not_spent',
  code: 'provider_unavailable',
  message: "Legrand's login has a failure of its own",
};

/** The error that a refusing answer of the API means. */
export function toApiError(answer: ProviderAnswer): LatchkeyError {
  const refusal = readRefusal(answer);
  return toError(apiRows.find(({ when }) => when(refusal)) ?? undocumented, refusal);
}

/** Judges an answer of the token endpoint that is not a token set. */
export function judgeGrantRefusal(answer: ProviderAnswer): GrantRefusal {
  const refusal = readRefusal(answer);
  const row = grantRows.find(({ when }) => when(refusal)) ?? loginFailure;
  const error = toError(row, refusal);
  const { retryAfterSeconds } = error.details;
  return { kind: row.kind, error, ...(retryAfterSeconds !== undefined && { retryAfterSeconds }) };
}

/** Whether the access token is what was refused: not so when the gateway blames the subscription key. */
export function isAccessTokenRefused(answer: ProviderAnswer): boolean {
  return answer.status >= 400 && isTokenRefused(readRefusal(answer));
}
