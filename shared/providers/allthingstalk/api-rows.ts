/**
 * Every refusal of AllThingsTalk's API, and what each means to us: the first row that matches counts. The vendor documents
 * neither statuses nor texts, so a row looks at the status alone; the words are passed on (contract 2.4, 8.6). Pure.
 */
import { backOff, type Condition, type ErrorRow, type Meaning, status } from '../error-row.ts';
import { statedRetryAfter } from '../refusal.ts';

export const isTokenRefused: Condition = status(401);

/** Nobody ever saw a limit (contract 6); a minute is what a polite client waits. */
const PAUSE_SECONDS = 60;

export const apiRows: readonly ErrorRow[] = [
  {
    when: status(429),
    answer: '429, with Retry-After or without',
    code: 'provider_throttled',
    message: 'AllThingsTalk got too many calls in too short a time',
    remedy: 'Latchkey pauses for as long as AllThingsTalk says, or a minute; repeat the request after that',
    actor: 'provider',
    retryAfterSeconds: (refusal) => statedRetryAfter(refusal) ?? PAUSE_SECONDS,
  },
  {
    when: isTokenRefused,
    answer: '401 with any text',
    code: 'account_unlinked',
    message: 'AllThingsTalk refuses the token',
    remedy: 'The owner has to link the account again: by the password, or with a token that is not deleted',
    actor: 'owner',
  },
  {
    when: status(403),
    answer: '403 with any text',
    code: 'provider_rejected',
    message: 'The token does not open this at AllThingsTalk',
    remedy:
      'Link the ground itself, or the user: the token of a device opens that device alone, that of a ground its devices',
    actor: 'owner',
  },
  {
    when: status(404),
    answer: '404 with any text',
    code: 'module_unknown',
    message: 'AllThingsTalk does not know this device or asset',
    remedy: 'It was removed or renamed at AllThingsTalk: sync the account',
    actor: 'client',
  },
  {
    when: status(400),
    answer: '400 with any text',
    code: 'provider_rejected',
    message: 'AllThingsTalk refuses a value of the request',
    remedy: "Send a value that fits the asset's profile; see the profiles of the module",
    actor: 'client',
  },
  {
    when: (refusal) => refusal.status > 404 && refusal.status < 500,
    answer: '405 or any other status up to 499',
    code: 'provider_rejected',
    message: 'AllThingsTalk refuses the request',
    remedy: "Report it with AllThingsTalk's words: it is a fault of Latchkey's",
    actor: 'operator',
  },
  {
    when: (refusal) => refusal.status >= 500,
    answer: '500, 502, 503 or 504, as JSON, text or HTML',
    code: 'provider_unavailable',
    message: 'AllThingsTalk has a failure of its own',
    remedy: 'Repeat the request later',
    actor: 'provider',
    retryAfterSeconds: statedRetryAfter,
    repeat: backOff,
  },
];

/** A success without JSON: empty, HTML or cut short. */
export const withoutJson: Meaning = {
  answer: '200 with an empty body, HTML or half a JSON',
  code: 'provider_unavailable',
  message: 'AllThingsTalk answered without JSON',
  remedy: 'Repeat the request later',
  actor: 'provider',
};
/** A success with JSON in which the expected key is missing. */
export const withoutKey: Meaning = {
  answer: '200 with JSON of another shape than expected',
  code: 'provider_unexpected',
  message: "AllThingsTalk's answer cannot be read",
  remedy: 'Report it with the names of the fields; what was known before stays',
  actor: 'operator',
};
/** For what no row knows. */
export const undocumented: Meaning = {
  answer: 'anything else',
  code: 'provider_unexpected',
  message: 'AllThingsTalk gave an answer it does not document',
  remedy: 'Report it with the status and the words of the answer',
  actor: 'operator',
};
