/** A table that is not what it was: an older copy of it, or another deployment's. */
import { afterEach, describe, expect, test } from 'vitest';
import type { TokenPointer } from '../../../shared/domain/token-pointer.ts';
import { createTable } from '../../../shared/store/item.ts';
import { dueShard, keys } from '../../../shared/store/keys.ts';
import { RotatingSet } from '../../../shared/vault/token-set.ts';
import { rotationModes } from './token-family.ts';
import { startTokenServer, type TokenServer } from './token-server.ts';
import { useVaultBench } from './vault-bench.ts';

let server: TokenServer;
const bench = useVaultBench(() => server);
afterEach(() => server.close());

async function linkedAt(mode: (typeof rotationModes)[number]): Promise<TokenPointer> {
  server = await startTokenServer(mode);
  return await bench.linked();
}

async function rotateTimes(accountId: string, count: number): Promise<void> {
  for (let time = 0; time < count; time++) {
    bench.advance(3_600_000);
    const { generation } = await bench.pointerOf(accountId);
    const outcome = await bench.newVault().rotate(accountId, { knownGeneration: generation });
    expect(outcome.kind).toBe('rotated');
  }
}

/** As if the table were restored to the moment at which the pointer was this. */
async function putBack(pointer: TokenPointer): Promise<void> {
  const table = createTable(bench.aws().dynamodb, bench.aws().tableName);
  const item = { ...pointer, dueShard: dueShard('ROTATE#legrand', pointer.accountId) };
  await table.put(keys.pointer(pointer.accountId), item);
}

describe.each(rotationModes)(
  'with a table restored to an older state, at a server of the kind %s',
  (mode) => {
    test.each([1, 3])(
      'finds the lineage in the secret, %d rotations later, and spends nothing old',
      async (count) => {
        const { accountId } = await linkedAt(mode);
        const old = await bench.pointerOf(accountId);
        await rotateTimes(accountId, count);
        await putBack(old);
        const outcome = await bench.newVault().rotate(accountId, { knownGeneration: old.generation });
        expect(outcome.kind).toBe('rotated');
        expect(server.counts.exchanges).toBe(count);
        expect(await bench.isAlive(accountId)).toBe(true);
      },
    );

    test('finds the consent of a link that came after the backup', async () => {
      const { accountId } = await linkedAt(mode);
      const old = await bench.pointerOf(accountId);
      const consented = await bench.setOf(accountId);
      bench.advance(3_600_000);
      server.revoke(RotatingSet.parse(consented).refreshToken);
      await bench.newVault().adopt(accountId, bench.aGrant());
      await rotateTimes(accountId, 1);
      await putBack(old);
      bench.advance(60_000);
      await bench.newVault().rotate(accountId, { knownGeneration: old.generation });
      expect(await bench.isAlive(accountId)).toBe(true);
    });
  },
);

test('leaves the accounts of another deployment alone, and writes nothing', async () => {
  const { accountId } = await linkedAt('strict');
  const before = await bench.pointerOf(accountId);
  const elsewhere = bench.newVault(() => ({ stackId: 'another stack' }));
  for (const insist of [false, true]) {
    const outcome = await elsewhere.rotate(accountId, { knownGeneration: 1, insist });
    expect(outcome).toMatchObject({ kind: 'failed', error: { code: 'deployment_foreign' } });
  }
  expect(server.counts.exchanges).toBe(0);
  expect(await bench.pointerOf(accountId)).toEqual(before);
});

test('takes an account over that is claimed, or linked anew', async () => {
  const { accountId } = await linkedAt('strict');
  const stackId = 'another stack';
  expect(await bench.store().pointers.claim(await bench.pointerOf(accountId), stackId)).toBe('written');
  const claimed = await bench.newVault(() => ({ stackId })).rotate(accountId, { knownGeneration: 1 });
  expect(claimed.kind).toBe('rotated');
  expect(await bench.newVault().rotate(accountId, { knownGeneration: 2 })).toMatchObject({ kind: 'failed' });
  await bench.newVault().adopt(accountId, bench.aGrant());
  expect((await bench.newVault().rotate(accountId, { knownGeneration: 3 })).kind).toBe('rotated');
});
