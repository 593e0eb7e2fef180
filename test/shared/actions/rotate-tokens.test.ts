import { afterEach, describe, expect, test } from 'vitest';
import { rotateTokens } from '../../../shared/actions/rotate-tokens.ts';
import { createGate } from '../../../shared/vault/gate.ts';
import type { RotationDependencies } from '../../../shared/vault/rotation.ts';
import { anAccount } from '../store/samples.ts';
import { times } from '../store/use-store.ts';
import { HOUR_MS, useLinkedAccount } from '../vault/linked-account.ts';

const { bench, server, accountId, readPointer } = useLinkedAccount();
const DAY_MS = 24 * HOUR_MS;

/** Those beside the one of the test; what is due is due to every test of the file. */
const others: string[] = [];
afterEach(async () => {
  for (const each of [accountId(), ...others.splice(0)]) await bench.store().accounts.forget(each);
});

const lines: string[] = [];
const note = (message: string, fields: object) => void lines.push(`${message} ${JSON.stringify(fields)}`);

function run({
  remainingMs = Number.POSITIVE_INFINITY,
  change,
}: {
  remainingMs?: number;
  change?: (deps: RotationDependencies) => Partial<RotationDependencies>;
} = {}) {
  lines.length = 0;
  return rotateTokens({
    store: bench.store(),
    vault: bench.newVault(change),
    now: () => bench.clock.now,
    sleep: bench.passTime,
    remainingMs: () => remainingMs,
    log: { info: note, warn: note, error: note },
  });
}

const withAccount = () => bench.store().accounts.create(anAccount({ accountId: accountId() }));

async function linkOthers(count: number): Promise<void> {
  for (const { accountId } of await Promise.all(times(count, () => bench.linked()))) {
    others.push(accountId);
    await bench.store().accounts.create(anAccount({ accountId }));
  }
}

test('rotates an account that is due, and not before it is', async () => {
  await withAccount();
  bench.advance(0.5 * HOUR_MS);
  await run();
  expect(await readPointer()).toMatchObject({ generation: 1 });
  bench.advance(0.4 * HOUR_MS);
  expect(await run()).toMatchObject({ due: 1, rotated: 1, failed: 0 });
  expect(await readPointer()).toMatchObject({ generation: 2 });
  expect(server().counts.exchanges).toBe(1);
});

test('begins nothing that it could not end in time', async () => {
  await withAccount();
  bench.advance(0.9 * HOUR_MS);
  await run({ remainingMs: 12_000 });
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

describe('with more accounts due than the provider allows at once', () => {
  const slowly = ({ now }: RotationDependencies): Partial<RotationDependencies> => ({
    gate: createGate({
      gates: bench.store().gates,
      limitOf: () => ({ count: 3, windowSeconds: 10 }),
      now,
    }),
  });

  test('takes the next while for those who are left', async () => {
    await withAccount();
    await linkOthers(7);
    bench.advance(0.9 * HOUR_MS);
    const startedAt = bench.clock.now;
    expect(await run({ change: slowly })).toMatchObject({ due: 8, rotated: 8, failed: 0 });
    // Three in the first while, three in the next, two in the one after it; it may have been half over at the start.
    expect(bench.clock.now - startedAt).toBeGreaterThan(10_000);
    expect(server().counts.exchanges).toBe(8);
  });

  test('leaves them to the next run when its own time is short, untouched', async () => {
    await withAccount();
    await linkOthers(7);
    bench.advance(0.9 * HOUR_MS);
    const counts = await run({ change: slowly, remainingMs: 12_001 });
    expect(counts).toMatchObject({ due: 8, rotated: 3, held_back: 5, failed: 0 });
    const pointers = await Promise.all(others.map((each) => bench.pointerOf(each)));
    for (const pointer of pointers) expect(pointer.health.state).toBe('good');
  });
});

test('stops for all accounts when the provider refuses our application, and goes on by itself', async () => {
  await withAccount();
  await linkOthers(30);
  bench.advance(0.9 * HOUR_MS);
  server().failNext(...times(31, () => 'secret_expired' as const));
  await run();
  const seen = server().counts.exchanges;
  expect(bench.lines.some((line) => line.startsWith('the provider refuses our application'))).toBe(true);
  expect(await run()).toMatchObject({ due: 31, held_back: 31 });
  expect(server().counts.exchanges).toBe(seen);
  for (const each of [accountId(), ...others])
    expect(await bench.pointerOf(each)).toMatchObject({ generation: 1, health: { state: 'good' } });

  server().failNone();
  bench.advance(60_001);
  const [first, second] = [await run(), await run()];
  expect(first.rotated).toBeGreaterThan(0);
  expect(first.rotated + second.rotated).toBe(31);
  for (const each of others) expect(await bench.isAlive(each)).toBe(true);
});

test('warns at 21, 7 and 1 days before a token that cannot be rotated expires, once each', async () => {
  await withAccount();
  const warnings: (number | undefined)[] = [];
  for (let day = 1; day <= 92; day++) {
    bench.advance(DAY_MS);
    server().failNext('unavailable');
    await run();
    const { warnedDays, refreshExpiresAt = '' } = await readPointer();
    if (warnedDays !== warnings.at(-1)) warnings.push(warnedDays);
    if (warnedDays === undefined) continue;
    expect((Date.parse(refreshExpiresAt) - bench.clock.now) / DAY_MS).toBeLessThanOrEqual(warnedDays);
  }
  expect(warnings).toEqual([21, 7, 1]);
});

test('warns as well while all accounts of the provider are held back', async () => {
  await withAccount();
  bench.advance(70 * DAY_MS);
  server().failNext('invalid_client');
  await run();
  expect(await run()).toMatchObject({ held_back: 1 });
  expect(await readPointer()).toMatchObject({ warnedDays: 21, health: { state: 'good' } });
});

test('leaves another deployment’s accounts alone, and tells the operator once', async () => {
  await withAccount();
  await linkOthers(3);
  bench.advance(0.9 * HOUR_MS);
  const counts = await run({ change: () => ({ stackId: 'another stack' }) });
  expect(counts).toMatchObject({ due: 4, foreign: 4, failed: 0, rotated: 0 });
  expect(lines).toEqual(['accounts of another deployment are left alone {"accounts":4}']);
  expect(server().counts.exchanges).toBe(0);
});
