import { expect, test, vi } from 'vitest';
import { keepConnection } from '../../../shared/runtime/connection.ts';

test('connects once, for callers at the same time and for later ones', async () => {
  const connect = vi.fn(async () => ({}));
  const connected = keepConnection(connect);
  const [one, two] = await Promise.all([connected(), connected()]);
  expect(two).toBe(one);
  expect(await connected()).toBe(one);
  expect(connect).toHaveBeenCalledTimes(1);
});

test('does not keep a failure', async () => {
  const connect = vi.fn(async () => 'connection').mockRejectedValueOnce(new Error('not yet'));
  const connected = keepConnection(connect);
  const both = await Promise.allSettled([connected(), connected()]);
  expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  expect(await connected()).toBe('connection');
  expect(connect).toHaveBeenCalledTimes(2);
});

test('connects anew once it is old, and goes on with the old one when that fails', async () => {
  let nowMs = 0;
  let made = 0;
  const connect = vi.fn(async () => ++made);
  const connected = keepConnection(connect, 1_000, () => nowMs);
  expect(await connected()).toBe(1);
  nowMs = 999;
  expect(await connected()).toBe(1);
  nowMs = 1_000;
  expect(await connected()).toBe(2);
  nowMs = 2_000;
  connect.mockRejectedValueOnce(new Error('down'));
  expect(await connected()).toBe(2);
  expect(connect).toHaveBeenCalledTimes(3);
  nowMs = 3_000;
  expect(await connected()).toBe(3);
});

test('keeps for good what is given no life', async () => {
  let nowMs = 0;
  const connect = vi.fn(async () => ({}));
  const connected = keepConnection(connect, undefined, () => nowMs);
  await connected();
  nowMs = Number.MAX_SAFE_INTEGER;
  await connected();
  expect(connect).toHaveBeenCalledTimes(1);
});
