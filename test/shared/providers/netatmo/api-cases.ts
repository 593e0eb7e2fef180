/** A case, or several, for every row of Netatmo's table of API answers. */
import { expect } from 'vitest';
import { backOff } from '../error-case.ts';
import type { ApiCase } from './error-cases.ts';

const throttled = {
  code: 'provider_throttled',
  status: 429,
  actor: 'provider',
  retry: 'later',
  retryAfterSeconds: 60,
} as const;
const application = { ...throttled, row: '429 or 403 with code 26 Application usage reached' } as const;
const user = { ...throttled, row: '429 or 403 with code 26 User usage reached' } as const;
const someLimit = {
  ...throttled,
  row: '429 or 403 with code 26 Maximum api usage reached, or other words',
} as const;
const concurrent = {
  ...throttled,
  row: '429 with code 11 Failed to enter concurrency limited section',
  retryAfterSeconds: 2,
} as const;
const unlinked = { code: 'account_unlinked', status: 409, actor: 'owner', retry: 'never' } as const;
const tokenRefused = { ...unlinked, row: '400 or 403 with code 1, 2 or 3, or 401' } as const;
const userUnknown = { ...unlinked, row: 'code 23 user not found, or 30 invalid refresh token' } as const;
const rejected = { code: 'provider_rejected', status: 422, actor: 'client', retry: 'never' } as const;
const ourFault = { ...rejected, actor: 'operator' } as const;
const applicationRefused = {
  row: 'code 5 application deactivated, or 22 application not found',
  code: 'config_invalid',
  status: 500,
  actor: 'operator',
  retry: 'never',
} as const;
const unchanged = { ...rejected, row: '406 with code 7 Nothing to update, Nothing to drop' } as const;
const unknown = {
  row: '404 with code 9 Device not found, or 400 with code 21 Invalid home_id, device_id or id',
  code: 'module_unknown',
  status: 404,
  actor: 'client',
  retry: 'never',
} as const;
const noMethod = {
  ...ourFault,
  row: '404 with code 404 Not Found, 31 method or object not found, or without a code',
} as const;
const hookRefused = {
  ...ourFault,
  row: '400 with code 21 Allowed ports for webhooks are …, or Invalid url parameter',
} as const;
const wrongValue = {
  ...rejected,
  row: '400 with code 21 invalid argument, 24 time zone, 25 date or 36 prohibited string',
} as const;
const cannotRead = {
  ...ourFault,
  row: '400 with code 10 Missing parameters, or 40 JSON given has an invalid encoding',
} as const;
const failing = {
  row: '500, 502, 503 or 504, JSON or HTML; code 0 backend fault, 11 internal error or 35 unable to execute',
  code: 'provider_unavailable',
  status: 503,
  actor: 'provider',
  retry: 'later',
  repeat: backOff,
} as const;
const otherCode = { ...rejected, row: '400, 403 or 406 with any other code' } as const;
const noJson = {
  row: '200 with an empty body, HTML or half a JSON',
  code: 'provider_unavailable',
  status: 503,
  actor: 'provider',
  retry: 'later',
} as const;
const noKey = {
  row: '200 with JSON that lacks the expected key',
  code: 'provider_unexpected',
  status: 502,
  actor: 'operator',
  retry: 'never',
} as const;
const strange = { ...noKey, row: 'anything else' } as const;

/** The API answers with this code; `pretty` as the gateway before it does, in lines that end with CR and LF. */
function says(
  status: number,
  code: number,
  message: string,
  pretty = false,
): Pick<ApiCase, 'fault' | 'provider'> {
  return {
    fault: { name: 'api_error', parameters: { status, code, message, pretty } },
    provider: { status, code: String(code), message },
  };
}
const page = (status: number): Pick<ApiCase, 'fault' | 'provider'> => ({
  fault: { name: 'html_error', parameters: { status } },
  provider: { status },
});

const EITHER_LIMIT = 'API limit exceeded. This could be your Application limit or User limit.';

export const apiCases: readonly ApiCase[] = [
  { ...application, ...says(403, 26, 'Application usage reached') },
  { ...application, ...says(429, 26, 'Application usage reached', true) },
  { ...user, ...says(403, 26, 'User usage reached') },
  {
    ...someLimit,
    wrong: 'spent',
    provider: { status: 429, code: '26', message: 'Maximum api usage reached' },
  },
  {
    ...someLimit,
    fault: { name: 'usage_limit', parameters: { status: 403 } },
    provider: { status: 403, code: '26', message: 'Maximum api usage reached' },
  },
  { ...someLimit, ...says(429, 26, EITHER_LIMIT, true) },
  {
    ...concurrent,
    fault: { name: 'concurrency_limit' },
    provider: { status: 429, code: '11', message: 'Failed to enter concurrency limited section' },
  },
  { ...throttled, row: '429 with any other code or none', ...page(429) },
  {
    ...tokenRefused,
    wrong: 'token',
    provider: { status: 403, code: '2', message: 'Invalid access token' },
  },
  { ...tokenRefused, ...says(400, 1, 'Access token is missing') },
  ...([401, 403] as const).map(
    (status): ApiCase => ({
      ...tokenRefused,
      fault: { name: 'access_token_expired', parameters: { status } },
      provider: { status, code: '3', message: 'Access token expired' },
    }),
  ),
  { ...tokenRefused, ...page(401) },
  { ...userUnknown, ...says(400, 23, 'User not found') },
  { ...userUnknown, ...says(400, 30, 'Invalid refresh token') },
  {
    ...rejected,
    row: '403 with code 13 Application does not have the good scope rights',
    wrong: 'scopes',
    call: { method: 'setthermmode', form: {} },
    actor: 'owner',
    provider: { status: 403, code: '13', message: 'Application does not have the good scope rights' },
  },
  {
    ...ourFault,
    row: '403 with code 13 Operation is forbidden',
    call: { method: 'gethomedata' },
    provider: { status: 403, code: '13', message: 'Operation is forbidden' },
  },
  { ...applicationRefused, ...says(403, 5, 'Application deactivated') },
  { ...applicationRefused, ...says(400, 22, 'Application not found') },
  {
    ...unchanged,
    call: { method: 'dropwebhook', form: {} },
    provider: { status: 406, code: '7', message: 'Nothing to drop' },
  },
  { ...unchanged, ...says(406, 7, 'Nothing to update') },
  { ...unknown, ...says(404, 9, 'Device not found') },
  {
    ...unknown,
    call: { method: 'homestatus', query: { home_id: 'of-somebody-else' } },
    provider: { status: 400, code: '21', message: 'Invalid home_id' },
  },
  { ...unknown, ...says(400, 21, 'Invalid id') },
  { ...unknown, ...says(400, 21, 'Invalid device_id, 70:ee:50:00:00:00') },
  { ...unknown, ...says(400, 21, 'device id is invalid') },
  {
    ...noMethod,
    call: { method: 'getsomething' },
    provider: { status: 404, code: '404', message: 'Not Found' },
  },
  { ...noMethod, ...says(404, 31, 'Method or object not found') },
  { ...noMethod, ...page(404) },
  {
    ...hookRefused,
    call: { method: 'addwebhook', form: { url: 'https://hooks.example.net:8443/here' } },
    provider: { status: 400, code: '21', message: expect.stringMatching(/^Allowed ports/) },
  },
  {
    ...hookRefused,
    call: { method: 'addwebhook', form: { url: 'nowhere' } },
    provider: { status: 400, code: '21', message: 'Invalid url parameter' },
  },
  { ...wrongValue, ...says(400, 21, 'mode not authorized') },
  { ...wrongValue, ...says(400, 21, 'cannot set property floodlight for module 70:ee:50:00:00:00') },
  { ...wrongValue, ...says(400, 24, 'Invalid timezone') },
  { ...wrongValue, ...says(400, 25, 'Invalid date') },
  { ...wrongValue, ...says(400, 36, 'Prohibited string') },
  {
    ...cannotRead,
    call: { method: 'homestatus' },
    provider: { status: 400, code: '10', message: 'Missing home_id' },
  },
  { ...cannotRead, ...says(400, 40, 'JSON given has an invalid encoding') },
  {
    row: 'code 41 Device is unreachable',
    code: 'module_unreachable',
    status: 504,
    actor: 'owner',
    retry: 'later',
    ...says(400, 41, 'Device is unreachable'),
  },
  { ...rejected, row: 'code 37 no space on camera', actor: 'owner', ...says(400, 37, 'No space on camera') },
  { ...failing, ...says(500, 0, 'Failed to connect to: mongo-replica:27017: connection timed out') },
  { ...failing, ...says(400, 0, 'Failed to connect to: mongo-replica:27017: connection timed out') },
  { ...failing, ...says(500, 11, 'device.setThermPoint is not a function') },
  { ...failing, ...says(500, 35, 'Unable to execute') },
  ...[500, 502, 503, 504].map((status): ApiCase => ({ ...failing, ...page(status) })),
  { ...otherCode, ...says(400, 4, 'Inconsistency error') },
  { ...otherCode, ...says(403, 20, 'Too many users with this IP') },
  { ...otherCode, ...says(406, 21_000, 'Never heard of') },
  { ...noJson, ...page(200) },
  { ...noJson, fault: { name: 'empty_body' }, provider: { status: 200 } },
  { ...noKey, fault: { name: 'ok_without_body' }, provider: { status: 200 } },
  {
    ...noKey,
    fault: { name: 'ok_without_body', parameters: { emptyBody: true } },
    provider: { status: 200 },
  },
  { ...strange, ...page(302) },
  { ...strange, ...page(418) },
];
