/**
 * Every refusal of Legrand's API gateway, and what each means to us: the first row that matches counts. Pure.
 * @see Works with Legrand, «API error codes»
 */
import {
  backOff,
  both,
  type Condition,
  code,
  type ErrorRow,
  either,
  type Meaning,
  says,
  status,
} from '../error-row.ts';
import { statedRetryAfter } from '../refusal.ts';
import { untilQuotaReturns, untilRateReturns } from './refusal.ts';

/** Azure's word for a missing or wrong `Ocp-Apim-Subscription-Key`. */
const blamesSubscriptionKey = says(/subscription key/i);

/** Codes 10 (no token) and 11 (token expired) come from the token layer, whatever status it gives them. */
export const isTokenRefused: Condition = (refusal) =>
  refusal.status === 401
    ? !blamesSubscriptionKey(refusal)
    : refusal.status < 500 && code('10', '11')(refusal);

export const passwordExpired: ErrorRow = {
  when: status(469),
  answer: '469 Official application password expired',
  code: 'owner_action_required',
  message: "The password of the owner's Legrand account has expired",
  remedy: 'The owner has to renew the password in the Legrand or BTicino Thermostat app',
  actor: 'owner',
};
export const termsChanged: ErrorRow = {
  when: status(470),
  answer: '470 Official application terms and conditions expired',
  code: 'owner_action_required',
  message: "Legrand's terms have changed and the owner has not accepted them yet",
  remedy: 'The owner has to accept the terms in the Legrand or BTicino Thermostat app',
  actor: 'owner',
};
export const throttled: ErrorRow = {
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
    when: status(400),
    answer: '400 Bad request',
    code: 'provider_rejected',
    message: 'Legrand refuses the request',
    remedy: "Correct the request; where there is nothing wrong with it, report it with Legrand's words",
    actor: 'client',
  },
  {
    // Ours, of the same plant, were looked for and adopted or replaced before this becomes an error.
    when: status(409),
    answer: '409 Already exists',
    code: 'provider_rejected',
    message: 'Legrand has no room for another webhook subscription of this plant',
    remedy: 'Remove a subscription of another application; until then the state is polled',
    actor: 'owner',
  },
];

/** A success without JSON: empty, HTML or cut short. Outages of Legrand's show so. */
export const withoutJson: Meaning = {
  answer: '200 or 201 with an empty body, HTML or half a JSON',
  code: 'provider_unavailable',
  message: 'Legrand answered without JSON',
  remedy: 'Repeat the request later',
  actor: 'provider',
};
/** A success with JSON in which the expected key is missing. */
export const withoutKey: Meaning = {
  answer: '200 or 201 with JSON that lacks the expected key',
  code: 'provider_unexpected',
  message: "Legrand's answer cannot be read",
  remedy: 'Report it with the names of the fields; what was known before stays',
  actor: 'operator',
};
/** For what no row knows. */
export const undocumented: Meaning = {
  answer: 'anything else',
  code: 'provider_unexpected',
  message: 'Legrand gave an answer it does not document',
  remedy: 'Report it with the status and the words of the answer',
  actor: 'operator',
};
