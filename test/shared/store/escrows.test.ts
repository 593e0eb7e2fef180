import { expect, test } from 'vitest';
import { anAccountId, NOW } from './samples.ts';
import { useStore } from './use-store.ts';

const { store } = useStore();

test('gives the escrows of one refresh token, the newest last, and no others', async () => {
  const accountId = anAccountId();
  const put = (fromRefreshHash: string, attempt: number) =>
    store().escrows.put({ accountId, fromRefreshHash, attempt, sealed: `${attempt}`, keptAt: NOW });
  await Promise.all([put('hash', 10), put('hash', 9), put('hash', 2), put('hash-2', 3)]);
  const escrows = await store().escrows.of(accountId, 'hash');
  expect(escrows.map(({ attempt }) => attempt)).toEqual([2, 9, 10]);
  expect(await store().escrows.of(anAccountId(), 'hash')).toEqual([]);
});
