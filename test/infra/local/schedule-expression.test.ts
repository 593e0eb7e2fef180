import { expect, test } from 'vitest';
import { parseScheduleExpression } from '../../../infra/local/schedule/schedule-expression.ts';

const startedAt = Date.parse('2026-01-05T08:00:20Z');
const next = (expression: string, after = startedAt) =>
  new Date(parseScheduleExpression(expression, startedAt)(after)).toISOString();

test('counts a rate from the start', () => {
  expect(next('rate(1 minute)')).toBe('2026-01-05T08:01:20.000Z');
  expect(next('rate(5 minutes)', startedAt + 301_000)).toBe('2026-01-05T08:10:20.000Z');
  expect(next('rate(1 day)')).toBe('2026-01-06T08:00:20.000Z');
});

test('finds the next minute that fits a cron expression', () => {
  expect(next('cron(* * * * ? *)')).toBe('2026-01-05T08:01:00.000Z');
  expect(next('cron(0/15 * * * ? *)')).toBe('2026-01-05T08:15:00.000Z');
  expect(next('cron(30 2 ? * 1 *)')).toBe('2026-01-11T02:30:00.000Z');
  expect(next('cron(0 12 1,15 * ? *)')).toBe('2026-01-15T12:00:00.000Z');
  expect(next('cron(0 9-11 * * ? *)', Date.parse('2026-01-05T11:00:00Z'))).toBe('2026-01-06T09:00:00.000Z');
});

test('refuses what it does not understand', () => {
  for (const expression of [
    'rate(1 week)',
    'cron(0 12 * * ?)',
    'cron(0 12 L * ? *)',
    'at(2026-01-01T00:00:00)',
  ]) {
    expect(() => parseScheduleExpression(expression, startedAt)).toThrow(/not understood/);
  }
});
