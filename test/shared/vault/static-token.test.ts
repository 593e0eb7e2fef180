/** Accounts that live by a token which a person made at the cloud: nothing is ever exchanged, and calls tell whether it lives. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { accountIdFor } from '../../../shared/domain/ids.ts';
import { NEVER } from '../../../shared/domain/token-pointer.ts';
import { VaultKind } from '../../../shared/domain/vault-kind.ts';
import { createStore } from '../../../shared/store/store.ts';
import type { Grant } from '../../../shared/vault/grant.ts';
import { toStaticSet } from '../../../shared/vault/token-set.ts';
import { startTokenServer, type TokenServer } from './token-server.ts';
import { useVaultBench } from './vault-bench.ts';

const YEARS_MS = 100 * 365 * 86_400_000;

describe.each(VaultKind.options)('with the vault «%s»', (kind) => {
  let server: TokenServer;
  let owner = 0;
  let accountId = '';
  let grant: Grant;
  const bench = useVaultBench(() => server, kind);
  const pointers = () => createStore(bench.aws().dynamodb, bench.aws().tableName).pointers;

  const aStaticGrant = (): Grant => ({
    provider: 'legrand',
    subject: 'plant-1',
    set: toStaticSet(server.consent().accessToken, bench.clock.now),
    linkedBy: { way: 'plant_token', nativeId: 'plant-1' },
  });
  const ask = () => bench.newVault().session(accountId).send({ method: 'GET', url: server.apiUrl });
  const healthOf = async () => (await bench.pointerOf(accountId)).health;

  beforeEach(async () => {
    server = await startTokenServer('strict');
    accountId = accountIdFor('legrand', `owner-${++owner}`, 'plant-1');
    grant = aStaticGrant();
    await bench.newVault().adopt(accountId, grant);
  });
  afterEach(() => {
    bench.faults.clear();
    return server.close();
  });

  test('calls are made with it for ever, and nothing is exchanged', async () => {
    expect(await ask()).toMatchObject({ status: 200, body: 'welcome' });
    bench.advance(YEARS_MS);
    expect(await ask()).toMatchObject({ status: 200, body: 'welcome' });
    bench.advance(-YEARS_MS);
    expect(server.counts).toMatchObject({ exchanges: 0, calls: 2 });
    expect(await bench.setOf(accountId)).toEqual(grant.set);
  });

  test('the pointer names no end, and is due at no time', async () => {
    const pointer = await bench.pointerOf(accountId);
    expect(pointer).toMatchObject({ generation: 1, linkEpoch: 1, dueAt: NEVER, health: { state: 'good' } });
    expect(pointer).not.toHaveProperty('accessExpiresAt');
    expect(pointer).not.toHaveProperty('refreshExpiresAt');
    const due = [];
    for await (const each of pointers().due('legrand', bench.clock.now + YEARS_MS)) due.push(each.accountId);
    expect(due).not.toContain(accountId);
  });

  test.each([true, false])(
    'a wish to rotate is refused, and leaves no trace (insisted: %s)',
    async (insist) => {
      const before = await bench.pointerOf(accountId);
      const outcome = await bench.newVault().rotate(accountId, { knownGeneration: 1, insist });
      expect(outcome).toMatchObject({ kind: 'failed', error: { code: 'request_invalid' } });
      expect(await bench.pointerOf(accountId)).toEqual(before);
      expect(server.counts.exchanges).toBe(0);
    },
  );

  test('a 401 is answered once, starts no rotation, and ends the account', async () => {
    server.expireAccessTokens();
    expect((await ask()).status).toBe(401);
    expect(server.counts).toMatchObject({ exchanges: 0, calls: 1 });
    expect(await healthOf()).toMatchObject({ state: 'dead', cause: 'token_deleted' });
    const { since } = await healthOf();
    bench.advance(3_600_000);
    expect((await ask()).status).toBe(401);
    expect((await healthOf()).since).toBe(since);
  });

  test('one that was refused by mistake lives again with the first call that is accepted', async () => {
    server.state.isKeyRefused = true;
    await ask();
    expect((await healthOf()).state).toBe('dead');
    server.state.isKeyRefused = false;
    await ask();
    expect(await healthOf()).toMatchObject({ state: 'good', strikes: 0 });
    expect(await healthOf()).not.toHaveProperty('cause');
  });

  test('a new link with another token heals it, and so does one with the same', async () => {
    for (const next of [aStaticGrant(), grant]) {
      server.state.isKeyRefused = true;
      await ask();
      server.state.isKeyRefused = false;
      const { generation, linkEpoch } = await bench.pointerOf(accountId);
      await bench.newVault().adopt(accountId, next);
      expect(await bench.pointerOf(accountId)).toMatchObject({
        generation: generation + 1,
        linkEpoch: linkEpoch + 1,
        health: { state: 'good' },
      });
      expect(await bench.setOf(accountId)).toEqual(next.set);
      expect((await ask()).status).toBe(200);
    }
  });

  test('a late verdict does not overrule a new link', async () => {
    const before = await bench.pointerOf(accountId);
    await bench.newVault().adopt(accountId, aStaticGrant());
    await pointers().judge(before, {
      state: 'dead',
      cause: 'token_deleted',
      since: before.rotatedAt,
      strikes: 1,
    });
    expect((await healthOf()).state).toBe('good');
  });

  test('an account goes from one kind of token to the other and back, and lives each time', async () => {
    await bench.newVault().adopt(accountId, bench.aGrant());
    expect(await bench.pointerOf(accountId)).toHaveProperty('refreshExpiresAt');
    expect(await bench.isAlive(accountId)).toBe(true);
    await bench.newVault().adopt(accountId, aStaticGrant());
    expect(await bench.pointerOf(accountId)).not.toHaveProperty('accessExpiresAt');
    expect((await ask()).status).toBe(200);
    await bench.newVault().adopt(accountId, bench.aGrant());
    bench.advance(1_000);
    expect(await bench.isAlive(accountId)).toBe(true);
  });

  test('an answer to a rotation that comes after the new link changes nothing', async () => {
    await bench.newVault().adopt(accountId, bench.aGrant());
    const release = server.hold();
    const { generation } = await bench.pointerOf(accountId);
    const rotating = bench.newVault().rotate(accountId, { knownGeneration: generation });
    await expect.poll(() => server.counts.exchanges).toBe(1);
    bench.outliveLease();
    const next = aStaticGrant();
    await bench.newVault().adopt(accountId, next);
    release();
    await rotating;
    expect(await bench.setOf(accountId)).toEqual(next.set);
    expect((await ask()).status).toBe(200);
  });

  test('moves to the other vault and back as it is', async () => {
    const other = kind === 'sealed' ? 'secrets' : 'sealed';
    for (const to of [other, kind] as const) {
      expect(await bench.newVault(() => ({ kind: to })).move(accountId)).toBe('moved');
      expect(await bench.setOf(accountId)).toEqual(grant.set);
      expect((await ask()).status).toBe(200);
    }
  });

  test('an unlink leaves nothing of it', async () => {
    await bench.newVault().forget(accountId);
    expect(await bench.secretNames(accountId)).toEqual([]);
  });
});
