import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Invocation } from '../../../infra/local/lambda/lambda-sandbox.ts';
import type { ScheduleDefinition } from '../../../infra/local/schedule/schedule-definition.ts';
import { createSchedules, type Schedules } from '../../../infra/local/schedule.ts';

const definition: ScheduleDefinition = {
  name: 'latchkey-test-rotate-tokens',
  functionName: 'latchkey-test-rotate-tokens',
  expression: 'rate(1 minute)',
  isEnabled: true,
  resource: 'arn:aws:events:eu-west-1:000000000000:rule/rotate',
  source: 'aws.events',
  input: undefined,
};
/** Runs that have begun and not ended; each ends when it is called. */
let open: (() => void)[];
let begun: number;
let schedules: Schedules;

const invoke = (): Promise<Invocation> => {
  begun += 1;
  return new Promise((resolve) => open.push(() => resolve({ kind: 'answered', payload: begun })));
};
const start = (isOn: boolean) => createSchedules({ definitions: [definition], invoke, isOn });

beforeEach(() => {
  vi.useFakeTimers({ now: Date.parse('2026-01-05T08:00:00Z') });
  open = [];
  begun = 0;
});
afterEach(async () => {
  for (const end of open) end();
  await schedules.stop();
  vi.useRealTimers();
});

test('runs by itself, minute by minute', async () => {
  schedules = start(true);
  await vi.advanceTimersByTimeAsync(59_999);
  expect(begun).toBe(0);
  for (const expected of [1, 2, 3]) {
    await vi.advanceTimersByTimeAsync(60_000);
    expect(begun).toBe(expected);
    open.pop()?.();
  }
});

test('leaves out its turn while the last run goes on', async () => {
  schedules = start(true);
  await vi.advanceTimersByTimeAsync(180_000);
  expect(begun).toBe(1);
  open.pop()?.();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(begun).toBe(2);
});

test('begins what was asked for by hand when the run before it has ended', async () => {
  schedules = start(true);
  await vi.advanceTimersByTimeAsync(60_000);
  const asked = schedules.run('rotate-tokens');
  await vi.advanceTimersByTimeAsync(0);
  expect(begun).toBe(1);
  open.pop()?.();
  await vi.advanceTimersByTimeAsync(0);
  expect(begun).toBe(2);
  open.pop()?.();
  expect(await asked).toEqual({ kind: 'answered', payload: 2 });
});

test('runs only when asked where it is switched off', async () => {
  schedules = start(false);
  await vi.advanceTimersByTimeAsync(600_000);
  expect(begun).toBe(0);
  expect(schedules.states()).toMatchObject([{ isOn: false, nextRunAt: undefined }]);
  expect(schedules.run('nothing')).toBeUndefined();
});
