/**
 * Every refusal of Netatmo's API, and what each means to us: the first row that matches counts. The statuses of many
 * codes were never recorded, so a row names a status only where one code means two things (contract 2.3, 8.1). Pure.
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

/** Codes 1 (none), 2 (unknown, or replaced by a rotation) and 3 (expired); seen with 400 and 403. */
export const isTokenRefused: Condition = either(status(401), both(code('1', '2', '3'), status(400, 403)));

/** Commands take it as success. */
export const isUnchanged: Condition = both(code('7'), status(406));

/**
 * No answer names a wait or a window (contract 2.5). All windows slide: the short ones are free again after ten seconds,
 * the hours give a call back every few seconds, so who asks once a minute is let in as soon as another call would be.
 */
const usageLimit = {
  code: 'provider_throttled',
  actor: 'provider',
  retryAfterSeconds: (refusal) => statedRetryAfter(refusal) ?? 60,
} as const satisfies Partial<ErrorRow>;
const blamesApplication = says(/application/i);
const blamesUser = says(/user/i);

const rejected = { code: 'provider_rejected', actor: 'client' } as const;
const ourFault = {
  ...rejected,
  actor: 'operator',
  remedy: "Report it with Netatmo's words: it is a fault of Latchkey's",
} as const;

const throttling: readonly ErrorRow[] = [
  {
    ...usageLimit,
    when: both(
      code('26'),
      both(blamesApplication, (refusal) => !blamesUser(refusal)),
    ),
    answer: '429 or 403 with code 26 Application usage reached',
    message: 'The calls of the whole application at Netatmo, for all its accounts, are used up',
    limitOf: 'application',
    remedy: 'Calls work again within the hour; where it lasts, ask Netatmo for more calls',
  },
  {
    ...usageLimit,
    when: both(
      code('26'),
      both(blamesUser, (refusal) => !blamesApplication(refusal)),
    ),
    answer: '429 or 403 with code 26 User usage reached',
    message: "The account's calls at Netatmo, 50 in 10 seconds and 500 an hour, are used up",
    remedy:
      'Calls work again within the hour; where it lasts, see what else uses the account with this application',
  },
  {
    ...usageLimit,
    when: code('26'),
    answer: '429 or 403 with code 26 Maximum api usage reached, or other words',
    message: "The account's calls at Netatmo, or those of the whole application, are used up",
    remedy: 'Calls work again within the hour',
  },
  {
    when: both(code('11'), status(429)),
    answer: '429 with code 11 Failed to enter concurrency limited section',
    code: 'provider_throttled',
    message: 'Netatmo got two calls of this account at the same time',
    remedy: 'Nothing has to be done: the next call comes after the one before it',
    actor: 'provider',
    retryAfterSeconds: (refusal) => statedRetryAfter(refusal) ?? 2,
  },
  {
    ...usageLimit,
    when: status(429),
    answer: '429 with any other code or none',
    message: 'Netatmo got too many calls in too short a time',
    remedy: 'Latchkey pauses for a minute; repeat the request after that',
  },
];

const access: readonly ErrorRow[] = [
  {
    when: isTokenRefused,
    answer: '400 or 403 with code 1, 2 or 3, or 401',
    code: 'account_unlinked',
    message: 'Netatmo refuses the access token',
    remedy: 'The owner has to link the account again',
    actor: 'owner',
  },
  {
    // Inside a success, 23 is told of a module and means that there was nothing to modify.
    when: code('23', '30'),
    answer: 'code 23 user not found, or 30 invalid refresh token',
    code: 'account_unlinked',
    message: 'Netatmo does not know the user any more',
    remedy: 'The owner has to link the account again',
    actor: 'owner',
  },
  {
    when: both(code('13'), says(/scope/i)),
    answer: '403 with code 13 Application does not have the good scope rights',
    code: 'provider_rejected',
    message: 'The owner has not consented to what this needs',
    remedy:
      'Start a new link that asks for what the module shows as withheld, and let the owner allow all of it',
    actor: 'owner',
  },
  {
    ...rejected,
    when: code('13'),
    answer: '403 with code 13 Operation is forbidden',
    message: 'Netatmo does not allow this operation',
    remedy: "Report it with Netatmo's words: the operation may have been retired",
    actor: 'operator',
  },
  {
    when: code('5', '22'),
    answer: 'code 5 application deactivated, or 22 application not found',
    code: 'config_invalid',
    message: "Netatmo refuses Latchkey's own application",
    remedy: 'Check at dev.netatmo.com whether the application is still there and active',
    actor: 'operator',
  },
];

const wrongRequest: readonly ErrorRow[] = [
  {
    ...rejected,
    when: isUnchanged,
    answer: '406 with code 7 Nothing to update, Nothing to drop',
    message: 'Netatmo has nothing to change: it is as was asked for',
    remedy: 'Nothing has to be done',
  },
  {
    when: either(
      code('9'),
      both(code('21'), says(/^invalid (?:(?:home|device|module|room)_)?id\b|device id is invalid/i)),
    ),
    answer: '404 with code 9 Device not found, or 400 with code 21 Invalid home_id, device_id or id',
    code: 'module_unknown',
    message: 'Netatmo does not know this plant or module, or it is shared by somebody else',
    remedy: 'It was removed or set up anew in the Netatmo app: sync the account',
    actor: 'client',
  },
  {
    ...ourFault,
    when: either(code('31', '404'), status(404)),
    answer: '404 with code 404 Not Found, 31 method or object not found, or without a code',
    message: 'Netatmo does not have this method any more',
  },
  {
    ...rejected,
    when: both(code('21'), says(/allowed ports|url parameter/i)),
    answer: '400 with code 21 Allowed ports for webhooks are …, or Invalid url parameter',
    message: 'Netatmo does not call the webhook address of this deployment',
    remedy:
      'Give the deployment an https address on port 80, 88, 443 or 9443; until then the state is polled',
    actor: 'operator',
  },
  {
    ...rejected,
    when: code('21', '24', '25', '36'),
    answer: '400 with code 21 invalid argument, 24 time zone, 25 date or 36 prohibited string',
    message: 'Netatmo refuses a value of the request',
    remedy: 'Send a value that the module takes; see its present readings',
  },
  {
    ...ourFault,
    when: code('10', '40'),
    answer: '400 with code 10 Missing parameters, or 40 JSON given has an invalid encoding',
    message: 'Netatmo cannot read the request',
  },
];

const failing: readonly ErrorRow[] = [
  {
    when: code('41'),
    answer: 'code 41 Device is unreachable',
    code: 'module_unreachable',
    message: 'Netatmo does not reach the module or its gateway',
    remedy: "Check the module's power and battery, and the network of its gateway",
    actor: 'owner',
  },
  {
    ...rejected,
    when: code('37'),
    answer: 'code 37 no space on camera',
    message: 'There is no space left on the camera',
    remedy: 'Make room on its memory card',
    actor: 'owner',
  },
  {
    when: either(code('0', '11', '35'), (refusal) => refusal.status >= 500),
    answer:
      '500, 502, 503 or 504, JSON or HTML; code 0 backend fault, 11 internal error or 35 unable to execute',
    code: 'provider_unavailable',
    message: 'Netatmo has a failure of its own',
    remedy: 'Repeat the request later',
    actor: 'provider',
    retryAfterSeconds: statedRetryAfter,
    repeat: backOff,
  },
  {
    ...rejected,
    when: (refusal) => refusal.status >= 400 && refusal.code !== undefined,
    answer: '400, 403 or 406 with any other code',
    message: 'Netatmo refuses the request',
    remedy: "Correct the request; where there is nothing wrong with it, report it with Netatmo's words",
  },
];

export const apiRows: readonly ErrorRow[] = [...throttling, ...access, ...wrongRequest, ...failing];

/** A success without JSON: empty, HTML or cut short. */
export const withoutJson: Meaning = {
  answer: '200 with an empty body, HTML or half a JSON',
  code: 'provider_unavailable',
  message: 'Netatmo answered without JSON',
  remedy: 'Repeat the request later',
  actor: 'provider',
};
/** A success with JSON in which the expected key is missing. */
export const withoutKey: Meaning = {
  answer: '200 with JSON that lacks the expected key',
  code: 'provider_unexpected',
  message: "Netatmo's answer cannot be read",
  remedy: 'Report it with the names of the fields; what was known before stays',
  actor: 'operator',
};
/** For what no row knows. */
export const undocumented: Meaning = {
  answer: 'anything else',
  code: 'provider_unexpected',
  message: 'Netatmo gave an answer it does not document',
  remedy: 'Report it with the status and the words of the answer',
  actor: 'operator',
};
