import { describe, expect, it } from 'vitest';
import {
  isAccessTokenRefused,
  judgeGrantRefusal,
  toApiError,
} from '../../../../shared/providers/legrand/errors.ts';
import type { ProviderAnswer } from '../../../../shared/providers/request.ts';

type Headers = Record<string, string>;

function answer(status: number, body: unknown = '', headers: Headers = {}): ProviderAnswer {
  return { status, headers, body: typeof body === 'string' ? body : JSON.stringify(body) };
}

const gateway = (status: number, message: string, headers?: Headers) =>
  answer(status, { statusCode: status, message }, headers);
const oauth = (status: number, error: string, error_description = '') =>
  answer(status, { error, error_description });

const QUOTA = 'Out of call volume quota. Quota will be replenished in ';
const HTML = '<html><body>Bad Gateway</body></html>';

describe("an answer of Legrand's API", () => {
  it.each([
    [gateway(400, 'Bad request'), 'provider_rejected'],
    [gateway(401, 'The access token has expired'), 'account_unlinked'],
    [gateway(401, 'Access denied due to invalid subscription key.'), 'config_invalid'],
    [answer(401, { message: 'Token expired', code: 11 }), 'account_unlinked'],
    [answer(400, { message: 'No token', code: '10' }), 'account_unlinked'],
    [gateway(403, 'Forbidden'), 'provider_rejected'],
    [gateway(403, `${QUOTA}10:00:00.`), 'provider_throttled'],
    [gateway(404, 'Gateway Offline'), 'module_unreachable'],
    [gateway(404, 'Resource not found'), 'module_unknown'],
    [gateway(406, 'Not acceptable'), 'provider_rejected'],
    [gateway(408, 'Request timeout'), 'module_unreachable'],
    [gateway(409, 'Conflict'), 'provider_rejected'],
    [gateway(429, 'Rate limit is exceeded.'), 'provider_throttled'],
    [gateway(430, 'Wrong input parameters'), 'provider_rejected'],
    [gateway(469, 'Official application password expired'), 'owner_action_required'],
    [gateway(470, 'Official application terms expired'), 'owner_action_required'],
    [gateway(486, 'Busy visual user interface'), 'module_busy'],
    [gateway(500, 'Server error'), 'provider_unavailable'],
    [answer(502, HTML), 'provider_unavailable'],
    [answer(400, { message: 'Internal error', code: 1 }), 'provider_unavailable'],
    [answer(418), 'provider_unexpected'],
    [answer(302), 'provider_unexpected'],
  ])('%j means %s', (given, code) => {
    const error = toApiError(given);
    expect(error.code).toBe(code);
    expect(error.details.provider?.status).toBe(given.status);
  });

  it.each([
    [{ statusCode: 430, message: 'Too hot' }, undefined, 'Too hot'],
    [{ statusCode: '430', message: 'Too hot' }, undefined, 'Too hot'],
    [{ message: 'Too hot', code: 4 }, '4', 'Too hot'],
    [{ error: 'too_hot', error_description: 'Too hot\r\nfor us\r\n' }, 'too_hot', 'Too hot for us'],
    [{ errors: [{ userMessage: 'Too hot', internalMessage: 'x', code: 'E7' }] }, 'E7', 'Too hot'],
    [HTML, undefined, undefined],
    ['', undefined, undefined],
    ['null', undefined, undefined],
    [{ message: { deep: true }, errors: 'none' }, undefined, undefined],
  ])('keeps what %j says', (body, code, message) => {
    expect(toApiError(answer(430, body)).details.provider).toEqual({
      status: 430,
      ...(code !== undefined && { code }),
      ...(message !== undefined && { message }),
    });
  });

  it('keeps no more than 256 characters of a message, and never a body or a header', () => {
    const long = answer(500, { message: 'm'.repeat(1000), secret: 'hidden' }, { 'set-cookie': 'hidden' });
    const { details, message } = toApiError(long);
    expect(details.provider?.message).toHaveLength(256);
    expect(JSON.stringify({ details, message })).not.toContain('hidden');
  });

  it.each([
    ['hours', gateway(403, `${QUOTA}05:00:30.`), 18_030],
    ['days and hours', gateway(403, `${QUOTA}3.11:17:14.`), 299_834],
    ['the text rather than the header', gateway(403, `${QUOTA}00:01:00.`, { 'retry-after': '7' }), 60],
    ['the same text with 429', gateway(429, `${QUOTA}00:01:00.`), 60],
    ['Retry-After', gateway(403, 'Quota exceeded', { 'retry-after': '7' }), 7],
    ['midnight', gateway(403, 'Quota exceeded', { date: 'Thu, 15 Jan 2026 22:30:00 GMT' }), 5_400],
    ['an hour', gateway(403, 'Quota exceeded'), 3_600],
    ['Retry-After of a rate limit', gateway(429, 'Rate limit is exceeded.', { 'retry-after': '12' }), 12],
    ['seconds in prose', gateway(429, 'Rate limit is exceeded. Try again in 34 seconds.'), 34],
    ['a minute', gateway(429, 'Rate limit is exceeded.', { 'retry-after': 'soon' }), 60],
    [
      'Retry-After as a date',
      answer(503, '', {
        'retry-after': 'Thu, 15 Jan 2026 22:30:30 GMT',
        date: 'Thu, 15 Jan 2026 22:30:00 GMT',
      }),
      30,
    ],
  ])('asks to wait: %s', (_, given, seconds) => {
    expect(toApiError(given).details.retryAfterSeconds).toBe(seconds);
  });

  it('says when the same request may be repeated', () => {
    expect(toApiError(gateway(486, 'Busy')).details.repeat).toMatchObject({
      afterSeconds: 10,
      effect: 'none',
    });
    expect(toApiError(gateway(408, 'Request timeout')).details.repeat).toMatchObject({
      afterSeconds: 3,
      times: 1,
    });
    expect(toApiError(gateway(500, 'Server error')).details.repeat).toMatchObject({ pauses: 'double' });
    expect(toApiError(gateway(430, 'Wrong input')).details).not.toHaveProperty('repeat');
  });

  it('tells the owner what to do in the app', () => {
    expect(toApiError(gateway(469, '')).details.remedy).toMatch(/password/);
    expect(toApiError(gateway(470, '')).details.remedy).toMatch(/terms/);
  });

  it('refuses the access token with any 401 that does not blame the subscription key', () => {
    expect(isAccessTokenRefused(gateway(401, 'The access token has expired'))).toBe(true);
    expect(isAccessTokenRefused(answer(401))).toBe(true);
    expect(isAccessTokenRefused(answer(403, { message: 'Token expired', code: 11 }))).toBe(true);
    expect(isAccessTokenRefused(gateway(401, 'Access denied due to missing subscription key.'))).toBe(false);
    expect(isAccessTokenRefused(gateway(403, 'Forbidden'))).toBe(false);
    expect(isAccessTokenRefused(answer(200, { code: 11 }))).toBe(false);
    expect(isAccessTokenRefused(answer(500, { message: 'x', code: 11 }))).toBe(false);
  });
});

describe("a refusal of Legrand's token endpoint", () => {
  it.each([
    [
      oauth(400, 'invalid_grant', 'AADB2C90080: The provided grant has expired.'),
      'invalid_grant',
      'account_unlinked',
    ],
    [oauth(400, 'invalid_grant'), 'invalid_grant', 'account_unlinked'],
    [oauth(400, 'access_denied'), 'invalid_grant', 'account_unlinked'],
    [
      oauth(400, 'invalid_grant', 'AADB2C90085: The service has encountered an internal error.'),
      'operator',
      'config_invalid',
    ],
    [oauth(401, 'invalid_client'), 'operator', 'config_invalid'],
    [oauth(400, 'unauthorized_client'), 'operator', 'config_invalid'],
    [oauth(400, 'invalid_scope'), 'operator', 'config_invalid'],
    [oauth(400, 'invalid_request'), 'probably_not_spent', 'provider_rejected'],
    [oauth(400, 'server_error'), 'probably_not_spent', 'provider_unavailable'],
    [oauth(500, 'server_error'), 'probably_not_spent', 'provider_unavailable'],
    [answer(429, { message: 'Too many requests' }), 'not_spent', 'provider_throttled'],
    [answer(503), 'not_spent', 'provider_unavailable'],
    [answer(500, HTML, { 'retry-after': '5' }), 'not_spent', 'provider_unavailable'],
    [answer(502, HTML), 'probably_not_spent', 'provider_unavailable'],
    [answer(400, HTML), 'probably_not_spent', 'provider_unavailable'],
    [answer(404), 'probably_not_spent', 'provider_unavailable'],
    [answer(500, { message: 'Internal error', code: 1 }), 'probably_not_spent', 'provider_unavailable'],
    [gateway(469, 'Password expired'), 'owner_action', 'owner_action_required'],
    [gateway(470, 'Terms expired'), 'owner_action', 'owner_action_required'],
  ])('%j is judged %s', (given, kind, code) => {
    const refusal = judgeGrantRefusal(given);
    expect(refusal.kind).toBe(kind);
    expect(refusal.error.code).toBe(code);
  });

  it('passes on how long to wait', () => {
    expect(judgeGrantRefusal(answer(503, '', { 'retry-after': '9' })).retryAfterSeconds).toBe(9);
    expect(judgeGrantRefusal(answer(429)).retryAfterSeconds).toBe(60);
    expect(judgeGrantRefusal(oauth(400, 'invalid_grant'))).not.toHaveProperty('retryAfterSeconds');
  });
});
