import { describe, expect, test } from 'vitest';
import {
  expiryWarning,
  HARD_MARGIN_MS,
  isAccessTokenUsable,
  rotationDueMs,
} from '../../../shared/domain/token-pointer.ts';
import { at, T0 } from './samples.ts';

const HOUR_MS = 3_600_000;
const DAY = 86_400;
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

describe('a warning that a refresh token will expire unused', () => {
  const warningAfter = (days: number, warnedDays?: number) =>
    expiryWarning(
      { refreshExpiresAt: at(90 * DAY), ...(warnedDays !== undefined && { warnedDays }) },
      Date.parse(at(days * DAY)),
    );

  test.each([
    [68.9, undefined],
    [69, 21],
    [82.9, 21],
    [83, 7],
    [88.9, 7],
    [89, 1],
    [95, 1],
  ])('of 90 days, after %d: %s', (days, warning) => {
    expect(warningAfter(days)).toBe(warning);
  });

  test('is given once for each of its days', () => {
    expect(warningAfter(70, 21)).toBeUndefined();
    expect(warningAfter(83, 21)).toBe(7);
    expect(warningAfter(84, 7)).toBeUndefined();
    expect(warningAfter(95, 1)).toBeUndefined();
  });
});
