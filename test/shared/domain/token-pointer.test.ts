import { describe, expect, test } from 'vitest';
import { HARD_MARGIN_MS, isAccessTokenUsable, rotationDueMs } from '../../../shared/domain/token-pointer.ts';
import { at, T0 } from './samples.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const start = Date.parse(T0);

test('uses an access token up to a minute before its end', () => {
  const pointer = { accessExpiresAt: at(3600) };
  expect(isAccessTokenUsable(pointer, start)).toBe(true);
  expect(isAccessTokenUsable(pointer, start + HOUR_MS - HARD_MARGIN_MS - 1)).toBe(true);
  expect(isAccessTokenUsable(pointer, start + HOUR_MS - HARD_MARGIN_MS)).toBe(false);
  expect(isAccessTokenUsable(pointer, start + 2 * HOUR_MS)).toBe(false);
});

describe('a rotation is due', () => {
  const set = { rotatedAtMs: start, accessExpiresMs: start + HOUR_MS, refreshExpiresMs: start + 90 * DAY_MS };

  test('for an active account when 60 to 80 % of the access token have passed', () => {
    expect(rotationDueMs(set, 'active', 0)).toBe(start + 0.6 * HOUR_MS);
    expect(rotationDueMs(set, 'active', 0.5)).toBe(start + 0.7 * HOUR_MS);
    expect(rotationDueMs(set, 'active', 1)).toBe(start + 0.8 * HOUR_MS);
  });

  test('for an idle account when a third of the refresh token has passed', () => {
    expect(rotationDueMs(set, 'idle', 0.5)).toBe(start + 30 * DAY_MS);
  });

  test('before the hard margin even for tokens of five minutes', () => {
    const short = { ...set, accessExpiresMs: start + 300_000 };
    expect(rotationDueMs(short, 'active', 1)).toBeLessThanOrEqual(short.accessExpiresMs - HARD_MARGIN_MS);
  });
});
