/**
 * Every refusal of Legrand's API gateway and of its login host, and what each means to us: the first row that
 * matches counts. Pure: no I/O, no clock.
 * @see Works with Legrand, «API error codes» and «OAuth2 errors»
 */
import type { LatchkeyError } from '../../domain/error.ts';
import type { GrantRefusal } from '../provider.ts';
import type { ProviderAnswer } from '../request.ts';
import {
  blamesSubscriptionKey,
  both,
  code,
  type ErrorRow,
  either,
  type GrantRow,
  isTokenRefused,
  type Meaning,
  says,
  status,
  toError,
} from './error-row.ts';
import { readRefusal, statedRetryAfter, untilQuotaReturns, untilRateReturns } from './refusal.ts';

const passwordExpired: ErrorRow = {
  when: status(469),
  code: 'owner_action_required',
  message: "The password of the owner's Legrand account has expired",
  remedy: 'The owner has to renew the password in the Legrand or BTicino Thermostat app',
};
const termsChanged: ErrorRow = {
  when: status(470),
  code: 'owner_action_required',
  message: "Legrand's terms have changed and the owner has not accepted them yet",
  remedy: 'The owner has to accept the terms in the Legrand or BTicino Thermostat app',
};
const throttled: ErrorRow = {
  when: status(429),
  code: 'provider_throttled',
  message: 'Legrand got too many calls in too short a time',
  retryAfterSeconds: untilRateReturns,
};

const apiRows: readonly ErrorRow[] = [
  {
    // Observed with 429 as well as with 403.
    when: both(status(403, 429), says(/quota/i)),
    code: 'provider_throttled',
    message: "The account's 500 calls a day at Legrand are used up",
    remedy: 'Webhooks keep arriving; calls work again when the quota is replenished',
    retryAfterSeconds: untilQuotaReturns,
  },
  throttled,
  {
    when: both(status(401), blamesSubscriptionKey),
    code: 'config_invalid',
    message: 'Legrand refuses the subscription key',
    remedy: "Put the developer portal's subscription key into the app secret",
  },
  {
    when: isTokenRefused,
    code: 'account_unlinked',
    message: 'Legrand refuses the access token, or the owner no longer has this plant',
    remedy:
      'The owner has to switch on third party access in the Thermostat app (Account) and link the account again',
  },
  {
    when: status(403),
    code: 'provider_rejected',
    message: 'Legrand does not allow this',
    remedy: 'Check the scopes of the application; the owner has to consent again after they change',
  },
  {
    when: both(status(404), says(/gateway offline/i)),
    code: 'module_unreachable',
    message: 'The thermostat is not connected',
    remedy: "Check the thermostat's Wi-Fi connection",
    // Legrand answers this for as long as the thermostat is off the network, and every call costs quota.
    retryAfterSeconds: () => 300,
  },
  {
    when: status(404),
    code: 'module_unknown',
    message: 'Legrand does not know this plant or module',
    remedy: 'It was removed or renewed in the Thermostat app: sync the account',
  },
  {
    when: status(408),
    code: 'module_unreachable',
    message: 'The thermostat did not answer Legrand in time',
    repeatAfterSeconds: 3,
  },
  {
    when: status(430),
    code: 'provider_rejected',
    message: 'Legrand refuses a value of the command',
  },
  passwordExpired,
  termsChanged,
  {
    when: status(486),
    code: 'module_busy',
    message: 'Somebody is using the thermostat by hand',
    remedy: 'Wait until the display is left alone',
    repeatAfterSeconds: 10,
  },
  {
    when: either((refusal) => refusal.status >= 500, both(code('1'), says(/internal error/i))),
    code: 'provider_unavailable',
    message: 'Legrand has a failure of its own',
    retryAfterSeconds: statedRetryAfter,
  },
  {
    when: status(400, 406, 409),
    code: 'provider_rejected',
    message: 'Legrand refuses the request',
  },
];

const misconfigured = {
  kind: 'operator',
  code: 'config_invalid',
  message: "Legrand refuses Latchkey's own application",
  remedy: "Check the client id and the client secret in the app secret; Legrand's secrets last one year",
} as const;

const grantRows: readonly GrantRow[] = [
  { ...passwordExpired, kind: 'owner_action' },
  { ...termsChanged, kind: 'owner_action' },
  { ...throttled, kind: 'not_spent' },
  {
    when: status(503),
    kind: 'not_spent',
    code: 'provider_unavailable',
    message: "Legrand's login is not available",
    retryAfterSeconds: statedRetryAfter,
  },
  // Legrand calls it `invalid_grant` when our client secret has expired, so this goes before the grants.
  { ...misconfigured, when: says(/AADB2C90085/) },
  { ...misconfigured, when: code('invalid_client', 'unauthorized_client') },
  {
    ...misconfigured,
    when: code('invalid_scope', 'unsupported_grant_type', 'unsupported_response_type'),
  },
  {
    when: either(code('invalid_grant', 'access_denied'), says(/AADB2C90080/)),
    kind: 'invalid_grant',
    code: 'account_unlinked',
    message: 'The grant has expired or was withdrawn',
    remedy: 'The owner has to link the account again',
  },
  {
    when: (refusal) => statedRetryAfter(refusal) !== undefined,
    kind: 'not_spent',
    code: 'provider_unavailable',
    message: "Legrand's login asks to wait",
    retryAfterSeconds: statedRetryAfter,
  },
  {
    // A code that is not even well-formed gets this, so it must not count as a fault of the operator's.
    when: code('invalid_request'),
    kind: 'probably_not_spent',
    code: 'provider_rejected',
    message: "Legrand's login cannot read the request",
  },
];

/** For what no row knows: other statuses of the API … */
const undocumented: Meaning = {
  code: 'provider_unexpected',
  message: 'Legrand gave an answer it does not document',
};
/** … and of the login host: HTML, an empty body, an error code that RFC 6749 does not have. */
const loginFailure: Omit<GrantRow, 'when'> = {
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
