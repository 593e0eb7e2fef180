import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  isAccessTokenRefused,
  judgeApiAnswer,
  judgeGrantRefusal,
  toApiError,
} from '../../../../shared/providers/netatmo/errors.ts';
import type { ProviderAnswer } from '../../../../shared/providers/request.ts';

function answer(status: number, body: unknown = '', headers: Record<string, string> = {}): ProviderAnswer {
  return { status, headers, body: typeof body === 'string' ? body : JSON.stringify(body) };
}

const HTML = '<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n</html>\r\n';

describe("an answer of Netatmo's API", () => {
  it.each([
    [{ error: { code: 21, message: 'Invalid argument' } }, '21', 'Invalid argument'],
    [{ error: { code: '21', message: 'Invalid argument' } }, '21', 'Invalid argument'],
    ['{\r\n  "error": {\r\n    "code": 21,\r\n    "message": "Too\\r\\nhot"\r\n  }\r\n}', '21', 'Too hot'],
    [{ error: { code: 0 } }, '0', undefined],
    [{ error: 'invalid_grant' }, 'invalid_grant', undefined],
    [{ error: 'invalid_grant', error_description: 'Used' }, 'invalid_grant', 'Used'],
    [{ error: { code: { deep: true }, message: ['x'] } }, undefined, undefined],
    [{ error: null }, undefined, undefined],
    [[{ error: { code: 21 } }], undefined, undefined],
    [HTML, undefined, undefined],
    ['', undefined, undefined],
    ['null', undefined, undefined],
  ])('%j says %j and %j', (body, code, message) => {
    const { provider } = toApiError(answer(400, body)).details;
    expect(provider).toEqual({
      status: 400,
      ...(code !== undefined && { code }),
      ...(message !== undefined && { message }),
    });
  });

  it('refuses as a whole also within a 200, but not for what failed with single modules', () => {
    const refused = judgeApiAnswer(answer(200, { error: { code: 26, message: 'User usage reached' } }));
    expect(refused).toMatchObject({ code: 'provider_throttled', details: { retryAfterSeconds: 60 } });
    const errors = [{ code: 26, id: 'any' }];
    for (const body of [{ status: 'ok', body: { errors } }, { status: 'ok', errors }, {}, HTML]) {
      expect(judgeApiAnswer(answer(200, body))).toBeUndefined();
    }
  });

  it('may name a wait, though none was ever seen to', () => {
    const throttled = answer(
      429,
      { error: { code: 26, message: 'User usage reached' } },
      { 'retry-after': '7' },
    );
    expect(toApiError(throttled).details.retryAfterSeconds).toBe(7);
  });

  it('tells the two meanings of 11 and of 13 apart', () => {
    const of = (status: number, code: number, message: string) =>
      toApiError(answer(status, { error: { code, message } }));
    expect(of(429, 11, 'Failed to enter concurrency limited section').code).toBe('provider_throttled');
    expect(of(500, 11, 'device.setThermPoint is not a function').code).toBe('provider_unavailable');
    expect(of(403, 13, 'Application does not have the good scope rights').details.actor).toBe('owner');
    expect(of(403, 13, 'Operation is forbidden').details.actor).toBe('operator');
  });

  it('refuses the access token with 400, 401 or 403 only', () => {
    const of = (status: number, code: number) => isAccessTokenRefused(answer(status, { error: { code } }));
    expect([of(400, 1), of(401, 3), of(403, 2), of(403, 3)]).toEqual([true, true, true, true]);
    expect([of(429, 2), of(500, 2), of(403, 13), of(400, 21)]).toEqual([false, false, false, false]);
    expect(isAccessTokenRefused(answer(200, { body: {}, errors: [{ code: 2 }] }))).toBe(false);
  });
});

it('whatever is answered is judged, by the API and by the token endpoint', () => {
  const body = fc.oneof(
    fc.string(),
    fc.json(),
    fc.jsonValue().map((error) => JSON.stringify({ error })),
  );
  fc.assert(
    fc.property(fc.integer({ min: 200, max: 599 }), body, (status, text) => {
      const given = answer(status, text);
      expect(toApiError(given).details.provider?.status).toBe(status);
      expect(judgeGrantRefusal(given).error.details.remedy).toBeTruthy();
    }),
  );
});
