import { expect, it } from 'vitest';
import { readTime, wireTime } from '../../../../../infra/local/providers/allthingstalk/wire-time.ts';

it.each([
  ['2025-03-04T09:20:31.450Z', '2025-03-04T09:20:31.45Z'],
  ['2025-03-04T09:20:31.400Z', '2025-03-04T09:20:31.4Z'],
  ['2025-03-04T09:20:30.000Z', '2025-03-04T09:20:30Z'],
  ['2025-03-04T09:20:31.007Z', '2025-03-04T09:20:31.007Z'],
])('writes %s as %s', (time, written) => {
  expect(wireTime(Date.parse(time))).toBe(written);
});

it.each([
  ['2025-03-04T09:20:56.907719', '2025-03-04T09:20:56.907Z'],
  ['2025-03-04T09:20:56.9079Z', '2025-03-04T09:20:56.907Z'],
  ['2025-03-04T10:20:56+01:00', '2025-03-04T09:20:56Z'],
  ['2025-03-04T10:20:56.5+0100', '2025-03-04T09:20:56.5Z'],
  ['2025-03-04T09:20', '2025-03-04T09:20:00Z'],
  ['2025-03-04 09:20:56z', '2025-03-04T09:20:56Z'],
  ['2025-03-04', '2025-03-04T00:00:00Z'],
])('reads %s as %s, cut to milliseconds', (text, time) => {
  expect(wireTime(readTime(text) ?? 0)).toBe(time);
});

it.each(['', 'yesterday', '2025-03-04T10:20:56 01:00', '2025-13-04', '1741079000'])(
  'reads no time in «%s»',
  (text) => {
    expect(readTime(text)).toBeUndefined();
  },
);
