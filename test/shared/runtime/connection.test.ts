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
