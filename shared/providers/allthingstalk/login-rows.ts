/** What AllThingsTalk says of what a person entered on the page of a link, and what each means to us. Pure. */
import { type Condition, code, either, type Meaning, says } from '../error-row.ts';

const refused = { code: 'credentials_refused', actor: 'owner' } as const;

/** The first row that matches counts; what none knows is judged as any answer of the login is. */
export const passwordRows: readonly (Meaning & { readonly when: Condition })[] = [
  {
    ...refused,
    when: says(/multi-?factor|authenticator/i),
    answer: 'An error that asks for multi-factor authentication to be set up',
    message: 'AllThingsTalk wants this account to have an authenticator app first',
    remedy: 'Set up multi-factor authentication on the pages of AllThingsTalk, then sign in here',
  },
  {
    ...refused,
    when: code('invalid_grant'),
    answer: '400 invalid_grant to a user name and a password',
    message: 'The user name or the password is not correct',
    remedy: 'Enter both again, as on the pages of AllThingsTalk',
  },
];

export const codeRows: readonly (Meaning & { readonly when: Condition })[] = [
  {
    ...refused,
    when: says(/expired/i),
    answer: 'An error to a verification code that says that something has expired',
    message: 'The verification has expired',
    remedy: 'Sign in again with user name and password, and enter a new code without delay',
  },
  {
    ...refused,
    when: either(code('invalid_grant'), code('invalid_request')),
    answer: '400 invalid_grant or invalid_request to a verification code',
    message: 'The verification code is not correct',
    remedy: 'Enter the code that the authenticator app shows now; where it lasts, sign in again',
  },
];

export const tokenUnknown: Meaning = {
  ...refused,
  answer: '401 to a pasted token',
  message: 'AllThingsTalk does not know this token',
  remedy: 'Copy the whole token once more; where it was deleted, generate a new one',
};
export const notOfThisGround: Meaning = {
  ...refused,
  answer: '403 or 404 to a ground token',
  message: 'The token is valid, but does not open this ground',
  remedy: "Check the ground's id. If it is a device token, enter it as one, with the device's id",
};
export const notOfThisDevice: Meaning = {
  ...refused,
  answer: '403 or 404 to a device token',
  message: 'The token is valid, but does not open this device',
  remedy: "Check the device's id. If it is a ground token, enter it as one, with the ground's id",
};
export const isGroundToken: Meaning = {
  ...refused,
  answer: 'The whole ground to a device token',
  message: 'This is a ground token, which opens every device of its ground',
  remedy: "Enter it as a ground token, with the ground's id",
};
export const isDeviceToken: Meaning = {
  ...refused,
  answer: 'A device to a ground token, and not its ground',
  message: 'This is a device token, and the id is that of its device',
  remedy: "Enter it as a device token, with the device's id",
};
export const isUserToken: Meaning = {
  ...refused,
  answer: 'The user to a ground or device token',
  message: 'This is the access token of a user, which ends within the hour',
  remedy: 'Sign in with user name and password instead, or generate a ground token or a device token',
};

export const loginRows: readonly Meaning[] = [
  ...passwordRows,
  ...codeRows,
  tokenUnknown,
  notOfThisGround,
  notOfThisDevice,
  isGroundToken,
  isDeviceToken,
  isUserToken,
];
