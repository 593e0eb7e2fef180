/** Accounts that move between the two vaults while they are in use, and sealing keys that are changed. */
import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createKeyRing } from '../../../shared/vault/key-ring.ts';
import type { Vault } from '../../../shared/vault/vault.ts';
import { times } from '../store/use-store.ts';
import { startTokenServer, type TokenServer } from './token-server.ts';
import { useVaultBench } from './vault-bench.ts';

let server: TokenServer;
const bench = useVaultBench(() => server);
let accountId = '';
beforeEach(async () => {
  server = await startTokenServer('strict');
  accountId = (await bench.linked()).accountId;
});
afterEach(() => {
  bench.faults.clear();
  return server.close();
});

const vaultOf = (kind: 'secrets' | 'sealed') => bench.newVault(() => ({ kind }));
const rotate = (vault: Vault, knownGeneration: number) => vault.rotate(accountId, { knownGeneration });
const isSealed = async () => (await bench.pointerOf(accountId)).sealed !== undefined;

describe('a move', () => {
  test('into the pointer leaves no secret, and back leaves nothing sealed', async () => {
    const before = await bench.setOf(accountId);
    expect(await vaultOf('sealed').move(accountId)).toBe('moved');
    expect(await isSealed()).toBe(true);
    expect(await bench.secretNames(accountId)).toEqual([]);
    expect(await bench.setOf(accountId)).toEqual(before);
    expect(await vaultOf('sealed').move(accountId)).toBe('there');

    expect(await vaultOf('secrets').move(accountId)).toBe('moved');
    expect(await isSealed()).toBe(false);
    expect(await bench.setOf(accountId)).toEqual(before);
    expect(await vaultOf('secrets').move(accountId)).toBe('there');
    expect(server.counts.exchanges).toBe(0);
    expect(await bench.isAlive(accountId)).toBe(true);
  });

  test('changes nothing about when the account is due, and leaves no lease behind', async () => {
    const { dueAt, generation, linkEpoch } = await bench.pointerOf(accountId);
    await vaultOf('sealed').move(accountId);
    const pointer = await bench.pointerOf(accountId);
    expect(pointer).toMatchObject({ dueAt, generation, linkEpoch });
    for (const gone of ['leaseOwner', 'leaseUntil', 'intent']) expect(pointer).not.toHaveProperty(gone);
  });

  test('waits for a rotation, and for an exchange whose outcome is not known', async () => {
    const release = server.hold();
    const rotating = rotate(vaultOf('secrets'), 1);
    await expect.poll(() => server.counts.exchanges).toBe(1);
    expect(await vaultOf('sealed').move(accountId)).toBe('busy');
    release();
    await rotating;
    server.failNext('reset');
    await rotate(vaultOf('secrets'), 2);
    bench.outliveLease();
    expect(await vaultOf('sealed').move(accountId)).toBe('busy');
    expect((await rotate(vaultOf('sealed'), 2)).kind).toBe('rotated');
    expect(await isSealed()).toBe(true);
    expect(await bench.isAlive(accountId)).toBe(true);
  });

  test.each(['sealed', 'secrets'] as const)(
    'to %s that was cut off anywhere can be repeated',
    async (kind) => {
      if (kind === 'secrets') await vaultOf('sealed').move(accountId);
      const calls = [
        { service: 'dynamodb', action: 'UpdateItem', skip: 0 },
        { service: 'dynamodb', action: 'UpdateItem', skip: 1 },
        { service: 'dynamodb', action: 'UpdateItem', skip: 2 },
        { service: 'secretsmanager', action: undefined, skip: 0 },
        { service: 'secretsmanager', action: undefined, skip: 1 },
      ] as const;
      for (const { service, action, skip } of calls)
        for (const when of ['before', 'after'] as const) {
          const other = kind === 'sealed' ? 'secrets' : 'sealed';
          bench.faults.add({ service, ...(action && { action }), effect: 'fail', when, skip, times: 1000 });
          await vaultOf(kind)
            .move(accountId)
            .catch(() => 'cut off');
          bench.faults.clear();
          bench.outliveLease();
          await vaultOf(kind).move(accountId);
          expect(await isSealed()).toBe(kind === 'sealed');
          expect(await bench.isAlive(accountId)).toBe(true);
          bench.outliveLease();
          await vaultOf(other).move(accountId);
          expect(await isSealed()).toBe(kind !== 'sealed');
        }
      expect(await bench.isAlive(accountId)).toBe(true);
    },
  );

  test('goes on while the account is being used by others, who always get through', async () => {
    const vaults = [vaultOf('secrets'), vaultOf('sealed')] as const;
    let isOver = false;
    const statuses: number[] = [];
    const use = async () => {
      while (!isOver) {
        const answer = await vaults[0].session(accountId).send({ method: 'GET', url: server.apiUrl });
        statuses.push(answer.status);
      }
    };
    const users = times(3, use);
    for (let round = 0; round < 6; round++) {
      await vaults[1].move(accountId);
      bench.outliveLease();
      await vaults[0].move(accountId);
      bench.outliveLease();
    }
    isOver = true;
    await Promise.all(users);
    expect(statuses.length).toBeGreaterThan(10);
    expect(new Set(statuses)).toEqual(new Set([200]));
    expect(await bench.isAlive(accountId)).toBe(true);
  });

  test('leaves alone what is another deployment’s, dead or unlinked', async () => {
    const { pointers } = bench.store();
    expect(await bench.newVault(() => ({ kind: 'sealed', stackId: 'another' })).move(accountId)).toBe(
      'foreign',
    );
    server.failNext('junk');
    await rotate(vaultOf('secrets'), 1);
    bench.outliveLease();
    expect(await vaultOf('sealed').move(accountId)).toBe('dead');
    await vaultOf('secrets').forget(accountId);
    expect(await vaultOf('sealed').move(accountId)).toBe('unlinked');
    expect((await pointers.get(accountId))?.sealed).toBeUndefined();
  });
});

describe('a changed setting alone', () => {
  test('moves an account with its next rotation, in either direction', async () => {
    expect((await rotate(vaultOf('sealed'), 1)).kind).toBe('rotated');
    expect(await isSealed()).toBe(true);
    expect((await rotate(vaultOf('secrets'), 2)).kind).toBe('rotated');
    expect(await isSealed()).toBe(false);
    expect(await bench.isAlive(accountId)).toBe(true);
  });

  test('lets processes of both settings rotate one account in turns', async () => {
    for (let generation = 1; generation <= 6; generation++) {
      const kind = generation % 2 === 0 ? 'secrets' : 'sealed';
      expect((await rotate(vaultOf(kind), generation)).kind).toBe('rotated');
    }
    expect(await bench.isAlive(accountId)).toBe(true);
  });
});

describe('a sealing key put before the others', () => {
  const rootKey = 'r'.repeat(64);
  const newKey = { id: 'new', key: randomBytes(32).toString('base64') };
  const withNewKey = () =>
    bench.newVault(() => ({ kind: 'sealed', ring: createKeyRing({ rootKey, sealingKeys: [newKey] }) }));
  const keyInUse = async () => (await bench.pointerOf(accountId)).sealed?.text.split('.')[0];
  beforeEach(() => vaultOf('sealed').move(accountId));

  test.each([
    ['used', (vault: Vault) => vault.session(accountId).send({ method: 'GET', url: server.apiUrl })],
    ['rotated', (vault: Vault) => rotate(vault, 1)],
    ['moved', (vault: Vault) => vault.move(accountId)],
  ])('seals the token set of an account that is %s', async (_, use) => {
    expect(await keyInUse()).toBe('root');
    await use(withNewKey());
    expect(await keyInUse()).toBe('new');
    const answer = await withNewKey().session(accountId).send({ method: 'GET', url: server.apiUrl });
    expect(answer.status).toBe(200);
  });

  test('is not taken away from an account by a process that does not know it yet', async () => {
    await withNewKey().move(accountId);
    const call = vaultOf('sealed').session(accountId).send({ method: 'GET', url: server.apiUrl });
    await expect(call).rejects.toMatchObject({ code: 'config_invalid' });
    expect(await rotate(vaultOf('sealed'), 1)).toMatchObject({ kind: 'failed' });
    expect(server.counts.exchanges).toBe(0);
    expect((await rotate(withNewKey(), 1)).kind).toBe('rotated');
  });
});
