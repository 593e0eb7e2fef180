import { afterEach, expect, test } from 'vitest';
import { rotateTokens } from '../../../shared/actions/rotate-tokens.ts';
import { anAccount } from '../store/samples.ts';
import { HOUR_MS, useLinkedAccount } from '../vault/linked-account.ts';

const { bench, server, accountId, readPointer } = useLinkedAccount();

/** What is due is due to every test of the file. */
afterEach(() => bench.store().accounts.forget(accountId()));

function run(remainingMs = Number.POSITIVE_INFINITY) {
  const log = { info: () => {}, warn: () => {}, error: () => {} };
  const now = () => bench.clock.now;
  return rotateTokens({
    store: bench.store(),
    vault: bench.newVault(),
    now,
    remainingMs: () => remainingMs,
    log,
  });
}

test('rotates an account that is due, and not before it is', async () => {
  await bench.store().accounts.create(anAccount({ accountId: accountId() }));
  bench.advance(0.5 * HOUR_MS);
  await run();
  expect(await readPointer()).toMatchObject({ generation: 1 });
  bench.advance(0.4 * HOUR_MS);
  expect(await run()).toMatchObject({ due: 1, rotated: 1, failed: 0 });
  expect(await readPointer()).toMatchObject({ generation: 2 });
  expect(server().counts.exchanges).toBe(1);
});

test('begins nothing that it could not end in time', async () => {
  await bench.store().accounts.create(anAccount({ accountId: accountId() }));
  bench.advance(0.9 * HOUR_MS);
  await run(12_000);
  expect(await readPointer()).toMatchObject({ generation: 1 });
  expect(server().counts.exchanges).toBe(0);
});

test('leaves tokens alone whose account is about to be written, and forgets them when it never was', async () => {
  bench.advance(0.9 * HOUR_MS);
  await run();
  expect(await readPointer()).toMatchObject({ generation: 1 });
  bench.advance(0.2 * HOUR_MS);
  expect(await run()).toMatchObject({ due: 1, rotated: 0, forgotten: 1 });
  expect(await bench.itemsOf(accountId())).toEqual([]);
  expect(await bench.secretNames(accountId())).toEqual([]);
  expect(server().counts.exchanges).toBe(0);
});
