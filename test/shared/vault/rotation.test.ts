/** One rotation after the other and many at once, with a server that works. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { VaultKind } from '../../../shared/domain/vault-kind.ts';
import { times } from '../store/use-store.ts';
import { startTokenServer, type TokenServer } from './token-server.ts';
import { useVaultBench } from './vault-bench.ts';

describe.each(VaultKind.options)('with the vault «%s»', (kind) => {
  let server: TokenServer;
  const bench = useVaultBench(() => server, kind);
  beforeEach(async () => {
    server = await startTokenServer('strict');
  });
  afterEach(() => server.close());

  const shareOfLife = (pointer: { rotatedAt: string; dueAt: string }, endsAt = '') =>
    (Date.parse(pointer.dueAt) - Date.parse(pointer.rotatedAt)) /
    (Date.parse(endsAt) - Date.parse(pointer.rotatedAt));

  test('puts the child in place of the token that was spent', async () => {
    const linked = await bench.linked();
    bench.advance(1_800_000);
    const outcome = await bench.newVault().rotate(linked.accountId, { knownGeneration: 1 });
    expect(outcome.kind).toBe('rotated');
    const pointer = await bench.pointerOf(linked.accountId);
    expect(pointer).toMatchObject({
      generation: 2,
      linkEpoch: 1,
      accessExpiresAt: new Date(bench.clock.now + 3_600_000).toISOString(),
      health: { state: 'good', strikes: 0 },
    });
    expect(pointer.refreshHash).not.toBe(linked.refreshHash);
    for (const gone of ['leaseOwner', 'leaseUntil', 'intent', 'retryAt'])
      expect(pointer).not.toHaveProperty(gone);
    expect(await bench.setOf(linked.accountId)).toMatchObject({ parentHash: linked.refreshHash });
    expect(await bench.isAlive(linked.accountId)).toBe(true);
  });

  test('makes one exchange for two callers of a process', async () => {
    const { accountId } = await bench.linked();
    const vault = bench.newVault();
    const outcomes = await Promise.all(times(2, () => vault.rotate(accountId, { knownGeneration: 1 })));
    expect(outcomes.map(({ kind }) => kind)).toEqual(['rotated', 'rotated']);
    expect(server.counts.exchanges).toBe(1);
  });

  test('makes one exchange for twenty processes, never two at once', async () => {
    const { accountId } = await bench.linked();
    const outcomes = await Promise.all(
      times(20, () => bench.newVault().rotate(accountId, { knownGeneration: 1 })),
    );
    const kinds = outcomes.map(({ kind }) => kind);
    expect(kinds.filter((kind) => kind === 'rotated')).toHaveLength(1);
    expect(kinds).not.toContain('failed');
    expect(server.counts).toMatchObject({ exchanges: 1, mostInFlight: 1 });
    expect(await bench.isAlive(accountId)).toBe(true);
  });

  test('gives who knows an older generation the present one, without an exchange', async () => {
    const { accountId } = await bench.linked();
    const outcome = await bench.newVault().rotate(accountId, { knownGeneration: 0 });
    expect(outcome).toMatchObject({ kind: 'current', pointer: { generation: 1 } });
    expect(server.counts.exchanges).toBe(0);
  });

  test('rotates accounts apart from each other', async () => {
    const accounts = await Promise.all(times(5, () => bench.linked()));
    const vault = bench.newVault();
    await Promise.all(accounts.map(({ accountId }) => vault.rotate(accountId, { knownGeneration: 1 })));
    expect(server.counts.exchanges).toBe(5);
    for (const { accountId } of accounts) expect(await bench.isAlive(accountId)).toBe(true);
  });

  test('says that an account without tokens is not linked', async () => {
    const outcome = await bench.newVault().rotate('acc_00000000000000000000', { knownGeneration: 1 });
    expect(outcome).toMatchObject({ kind: 'failed', error: { code: 'account_unlinked' } });
  });

  test('does not begin what would be cut off, and leaves no trace', async () => {
    const linked = await bench.linked();
    const vault = bench.newVault(() => ({ remainingMs: () => 11_999 }));
    const outcome = await vault.rotate(linked.accountId, { knownGeneration: 1 });
    expect(outcome).toMatchObject({ kind: 'failed', error: { code: 'token_contended' } });
    expect(await bench.pointerOf(linked.accountId)).toEqual(linked);
    expect(server.counts.exchanges).toBe(0);
  });

  if (kind === 'secrets')
    test('does not begin what would be cut off because reading took long', async () => {
      const { accountId } = await bench.linked();
      let remainingMs = 20_000;
      const vault = bench.newVault(({ tokenSets }) => ({
        remainingMs: () => remainingMs,
        tokenSets: {
          ...tokenSets,
          readToSpend(...address) {
            remainingMs = 11_000;
            return tokenSets.readToSpend(...address);
          },
        },
      }));
      const outcome = await vault.rotate(accountId, { knownGeneration: 1 });
      expect(outcome).toMatchObject({ kind: 'failed', error: { code: 'token_contended' } });
      const pointer = await bench.pointerOf(accountId);
      expect(pointer).not.toHaveProperty('intent');
      expect(pointer).not.toHaveProperty('leaseUntil');
      expect(server.counts.exchanges).toBe(0);
    });

  test('does not spend a token that is not the one its pointer means', async () => {
    const { accountId } = await bench.linked();
    const vault = bench.newVault(() => ({ hashKey: Buffer.alloc(32, 9) }));
    const outcome = await vault.rotate(accountId, { knownGeneration: 1 });
    expect(outcome).toMatchObject({ kind: 'failed', error: { code: 'store_unavailable' } });
    expect(server.counts.exchanges).toBe(0);
    expect(await bench.isAlive(accountId)).toBe(true);
  });

  test('goes on with the lease when DynamoDB had given it and the answer was lost', async () => {
    const { accountId } = await bench.linked();
    bench.faults.add({ service: 'dynamodb', action: 'UpdateItem', effect: 'cut', when: 'after' });
    const outcome = await bench.newVault().rotate(accountId, { knownGeneration: 1 });
    expect(outcome.kind).toBe('rotated');
    expect(bench.faults.list()).toEqual([]);
  });

  test('takes its own commit for done when the answer to that was lost', async () => {
    const { accountId } = await bench.linked();
    bench.faults.add({ service: 'dynamodb', action: 'UpdateItem', effect: 'cut', when: 'after', skip: 1 });
    const outcome = await bench.newVault().rotate(accountId, { knownGeneration: 1, insist: true });
    expect(outcome).toMatchObject({ kind: 'current', pointer: { generation: 2 } });
    expect(server.counts.exchanges).toBe(1);
    expect(await bench.isAlive(accountId)).toBe(true);
  });

  describe('the next rotation', () => {
    test.each([
      [0, 0.6],
      [0.5, 0.7],
      [1, 0.8],
    ])(
      'of an active account, at spread %d, comes after %d of its access token’s life',
      async (spread, share) => {
        const { accountId } = await bench.linked();
        const vault = bench.newVault(() => ({ random: () => spread }));
        await vault.rotate(accountId, { knownGeneration: 1 });
        const pointer = await bench.pointerOf(accountId);
        expect(shareOfLife(pointer, pointer.accessExpiresAt)).toBeCloseTo(share, 6);
      },
    );

    test('of a linked account comes while its access token is good', async () => {
      const pointer = await bench.linked();
      expect(shareOfLife(pointer, pointer.accessExpiresAt)).toBeCloseTo(0.7, 6);
    });

    test('of an account that nobody used comes after a third of its refresh token’s life', async () => {
      const { accountId } = await bench.linked();
      const vault = bench.newVault();
      await vault.rotate(accountId, { knownGeneration: 1 });
      await vault.rotate(accountId, { knownGeneration: 2 });
      const pointer = await bench.pointerOf(accountId);
      expect(shareOfLife(pointer, pointer.refreshExpiresAt)).toBeCloseTo(1 / 3, 6);
    });

    test('of an idle account comes soon again once it is used', async () => {
      const { accountId } = await bench.linked();
      const vault = bench.newVault();
      await vault.rotate(accountId, { knownGeneration: 1 });
      await vault.rotate(accountId, { knownGeneration: 2 });
      await vault.session(accountId).send({ method: 'GET', url: server.apiUrl });
      const pointer = await bench.pointerOf(accountId);
      expect(pointer.usedGeneration).toBe(3);
      expect(shareOfLife(pointer, pointer.accessExpiresAt)).toBeCloseTo(0.7, 6);
    });
  });
});
