/** Every refusal of AllThingsTalk's login, and what each means to us: the first row that matches counts. Pure. */
import { code, type GrantRow } from '../error-row.ts';

export const grantRows: readonly GrantRow[] = [
  {
    when: code('invalid_grant'),
    answer: '400 invalid_grant',
    kind: 'invalid_grant',
    code: 'account_unlinked',
    message: 'The user name, the password or the refresh token is not valid',
    remedy: 'The owner has to link the account again',
    actor: 'owner',
  },
];

/** For what no row knows: HTML, an empty body, an error code that RFC 6749 does not have. */
export const undocumentedGrant: Omit<GrantRow, 'when'> = {
  remedy: 'Nothing has to be done: Latchkey repeats the exchange later',
  actor: 'provider',
  answer: 'an empty body, HTML, anything else',
  kind: 'probably_not_spent',
  code: 'provider_unavailable',
  message: "AllThingsTalk's login gave an answer it does not document",
};
