/** Every refusal of AllThingsTalk's API, and what each means to us: the first row that matches counts. Pure. */
import { type Condition, type ErrorRow, type Meaning, status } from '../error-row.ts';

export const isTokenRefused: Condition = status(401);

export const apiRows: readonly ErrorRow[] = [
  {
    when: isTokenRefused,
    answer: '401',
    code: 'account_unlinked',
    message: 'AllThingsTalk refuses the token',
    remedy: 'The owner has to link the account again',
    actor: 'owner',
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
