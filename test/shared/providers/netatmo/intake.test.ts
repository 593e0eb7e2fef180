import { createHmac } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { bodyText, sign } from '../../../../infra/local/providers/netatmo/webhooks/signature.ts';
import { netatmoIntake } from '../../../../shared/providers/netatmo/intake.ts';

const SECRET = 'a client secret with an é';
const body = bodyText({ event_id: '65ee01', snapshot_url: 'https://img.example.invalid/s.jpg', name: 'Zoë' });
const isRight = (text: string | Uint8Array, given: string, secret = SECRET) =>
  netatmoIntake.signature?.isRight(Buffer.from(text), given, secret);

describe("Netatmo's signature", () => {
  test('is the HMAC-SHA256 of the bytes, in lower-case hex, keyed with the secret', () => {
    expect(body).toContain(String.raw`https:\/\/`);
    expect(isRight(body, createHmac('sha256', SECRET).update(body).digest('hex'))).toBe(true);
    expect(isRight(body, sign(body, SECRET))).toBe(true);
    expect(isRight('', sign('', SECRET))).toBe(true);
  });

  test('is over bytes that are no text as they came', () => {
    const bytes = Buffer.from([0xff, 0x00, 0xfe]);
    expect(isRight(bytes, createHmac('sha256', SECRET).update(bytes).digest('hex'))).toBe(true);
  });

  test.each([
    ['another secret', sign(body, `${SECRET}x`)],
    ['no secret', sign(body, '')],
    ['a body that was written again', sign(JSON.stringify(JSON.parse(body)), SECRET)],
    ['a body with one byte more', sign(`${body} `, SECRET)],
  ])('is wrong with %s', (_, given) => {
    expect(isRight(body, given)).toBe(false);
  });

  test.each([
    ['nothing', ''],
    ['capitals', sign(body, SECRET).toUpperCase()],
    ['a part', sign(body, SECRET).slice(0, 32)],
    ['more', `${sign(body, SECRET)}00`],
    ['what is no hex', 'ü'.repeat(64)],
    ['a prefix', `sha256=${sign(body, SECRET)}`],
  ])('is wrong as %s', (_, given) => {
    expect(isRight(body, given)).toBe(false);
  });

  test('proves nothing where there is no secret to sign with', () => {
    expect(isRight(body, sign(body, ''), '')).toBe(false);
  });
});

describe("Netatmo's intake", () => {
  test('keeps the text of a push as it came', () => {
    expect(netatmoIntake.split(body)).toEqual([{ raw: body }]);
  });

  test.each([
    ['a push without an event id', '{"push_type":"display_change"}'],
    ['an empty event id', '{"event_id":""}'],
    ['an event id that is no text', '{"event_id":7}'],
    ['nothing', ''],
    ['null', 'null'],
    ['a list', '[]'],
    ['half an object', '{"event_id":"x"'],
    ['a deep list', '['.repeat(50_000)],
  ])('takes twins of it for two: %s', (_, text) => {
    expect(netatmoIntake.split(text)).toEqual([{ raw: text, isOneOfTwins: true }]);
  });
});
