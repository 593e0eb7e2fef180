/** Every refusal of Netatmo's API, and what each means to us: the first row that matches counts. Pure. */
import { backOff, both, type Condition, code, type ErrorRow, type Meaning, status } from '../error-row.ts';
import { statedRetryAfter } from '../refusal.ts';

/** Codes 1 (none), 2 (unknown, or replaced by a rotation) and 3 (expired); seen with 400, 401 and 403. */
export const isTokenRefused: Condition = both(code('1', '2', '3'), status(400, 401, 403));

export const apiRows: readonly ErrorRow[] = [
  {
    when: isTokenRefused,
    answer: '400, 401 or 403 with code 1, 2 or 3',
    code: 'account_unlinked',
    message: 'Netatmo refuses the access token',
    remedy: 'The owner has to link the account again',
    actor: 'owner',
  },
  {
    when: (refusal) => refusal.status >= 500,
    answer: '500, 502, 503 or 504',
    code: 'provider_unavailable',
    message: 'Netatmo has a failure of its own',
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
