import { expect, test } from 'vitest';
import { earliest } from '../../../shared/domain/sync-job.ts';
import { TimeZone, toUtc, UtcTime } from '../../../shared/domain/time.ts';
import { at } from './samples.ts';

test('writes times so that text and time sort alike', () => {
  const times = [0, 1, 999, 1000, Date.parse('2026-01-15T17:00:00Z'), Date.parse('2026-01-15T17:00:00.5Z')];
  expect(times.map(toUtc).toSorted()).toEqual(times.map(toUtc));
  expect(toUtc(0)).toBe('1970-01-01T00:00:00.000Z');
});

test.each([
  ['2026-01-15T17:00:00Z', true],
  ['2026-01-15T17:00:00.123Z', true],
  ['2026-01-15T17:00:00', false],
  ['2026-01-15T17:00:00+01:00', false],
  ['2026-02-30T17:00:00Z', false],
  ['2026-01-15', false],
  ['yesterday', false],
])('takes %s for UTC text: %s', (text, isUtc) => {
  expect(UtcTime.safeParse(text).success).toBe(isUtc);
});

test.each([
  ['Europe/Paris', true],
  ['UTC', true],
  ['+01:00', true],
  ['Europe/Atlantis', false],
  ['', false],
])('takes %s for a time zone: %s', (zone, isZone) => {
  expect(TimeZone.safeParse(zone).success).toBe(isZone);
});

test('finds the earliest of the times of a job', () => {
  expect(earliest({ topology: at(30), state: at(10), subscriptions: at(20) })).toBe(at(10));
});
