import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { remainingMs } from '../../../shared/runtime/deadline.ts';
import { scheduleEntry } from '../../../shared/runtime/schedule-entry.ts';
import { invocation } from './events.ts';

beforeEach(() => vi.stubEnv('LOG_LEVEL', 'SILENT'));
afterEach(() => vi.unstubAllEnvs());

test('runs the action with what it needs, and answers what it counted', async () => {
  const run = vi.fn(async ({ accounts }: { accounts: number }) => ({ due: accounts, left: remainingMs() }));
  const handler = scheduleEntry(async () => ({ accounts: 3 }), run);
  expect(await handler({}, invocation(20_000))).toEqual({ due: 3, left: 20_000 });
  expect(await handler({}, invocation(10_000))).toEqual({ due: 3, left: 10_000 });
});

test('lets a failure be seen by who called it, and the next tick try again', async () => {
  const connect = vi.fn(async () => ({})).mockRejectedValueOnce(new Error('no secrets yet'));
  const handler = scheduleEntry(connect, async () => ({ due: 0 }));
  await expect(handler({}, invocation())).rejects.toThrow('no secrets yet');
  expect(await handler({}, invocation())).toEqual({ due: 0 });
});
