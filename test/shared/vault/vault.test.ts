/** Linking, linking again and unlinking, while rotations go on. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { VaultKind } from '../../../shared/domain/vault-kind.ts';
import type { Vault } from '../../../shared/vault/vault.ts';
import { anAccountId } from '../store/samples.ts';
import { times } from '../store/use-store.ts';
import { startTokenServer, type TokenServer } from './token-server.ts';
import { useVaultBench } from './vault-bench.ts';

describe.each(VaultKind.options)('with the vault «%s»', (kind) => {
  let server: TokenServer;
  const bench = useVaultBench(() => server, kind);
  beforeEach(async () => {
    server = await startTokenServer('strict');
  });
  afterEach(() => {
    bench.faults.clear();
    return server.close();
  });

  /** A rotation whose exchange is done at the server, and whose answer is on its way until `release`. */
  async function rotationInFlight(accountId: string, generation = 1) {
    const release = server.hold();
    const before = server.counts.exchanges;
    const vault = bench.newVault();
    const outcome = vault.rotate(accountId, { knownGeneration: generation });
    await expect.poll(() => server.counts.exchanges).toBe(before + 1);
    return { outcome, release };
  }
  /** A vault that waits for leases without anybody having to. */
  const waitingVault = () => bench.newVault(() => ({ sleep: bench.passTime }));

  describe('a link', () => {
    test('makes the tokens of a new account', async () => {
      const accountId = anAccountId();
      const pointer = await bench.newVault().adopt(accountId, bench.aGrant());
      expect(pointer).toMatchObject({
        accountId,
        generation: 1,
        linkEpoch: 1,
        usedGeneration: 1,
        attempt: 0,
      });
      expect(await bench.pointerOf(accountId)).toEqual(pointer);
      expect(await bench.isAlive(accountId)).toBe(true);
    });

    test('puts a known account’s new tokens in place of the old ones, and heals it', async () => {
      const { accountId } = await bench.linked();
      server.failNext('junk');
      await bench.newVault().rotate(accountId, { knownGeneration: 1 });
      bench.outliveLease();
      const pointer = await bench.newVault().adopt(accountId, bench.aGrant());
      expect(pointer).toMatchObject({ generation: 2, linkEpoch: 2, health: { state: 'good', strikes: 0 } });
      for (const gone of ['intent', 'leaseUntil', 'retryAt']) expect(pointer).not.toHaveProperty(gone);
      expect(await bench.isAlive(accountId)).toBe(true);
    });

    test('waits for an exchange in flight, and then replaces what it brought', async () => {
      const { accountId } = await bench.linked();
      const { outcome, release } = await rotationInFlight(accountId);
      const linking = bench.newVault().adopt(accountId, bench.aGrant());
      release();
      expect((await outcome).kind).toBe('rotated');
      expect(await linking).toMatchObject({ generation: 3, linkEpoch: 2 });
      expect(await bench.isAlive(accountId)).toBe(true);
    });

    test('goes before an exchange that takes too long, whose answer then changes nothing', async () => {
      const { accountId } = await bench.linked();
      const { outcome, release } = await rotationInFlight(accountId);
      const linked = await waitingVault().adopt(accountId, bench.aGrant());
      expect(linked).toMatchObject({ generation: 2, linkEpoch: 2 });
      release();
      expect(await outcome).toMatchObject({ kind: 'current', pointer: { linkEpoch: 2 } });
      expect(await bench.pointerOf(accountId)).toEqual(linked);
      expect(await bench.isAlive(accountId)).toBe(true);
    });

    test('is one of two at once, the account working with whichever was last', async () => {
      const accountId = anAccountId();
      const grants = times(2, () => bench.aGrant());
      const pointers = await Promise.all(grants.map((grant) => waitingVault().adopt(accountId, grant)));
      expect(pointers.map(({ linkEpoch }) => linkEpoch).toSorted()).toEqual([1, 2]);
      expect(await bench.isAlive(accountId)).toBe(true);
    });

    test('outlasts a moment of trouble at Secrets Manager, for the code is spent', async () => {
      bench.faults.add({ service: 'secretsmanager', effect: 'fail', times: 4 });
      const { accountId } = await bench.linked();
      expect(await bench.isAlive(accountId)).toBe(true);
    });

    test('of an account that was unlinked begins anew, and no process takes old tokens for its', async () => {
      const { accountId } = await bench.linked();
      const warm = bench.newVault();
      await warm.rotate(accountId, { knownGeneration: 1 });
      await warm.forget(accountId);
      await bench.store().accounts.forget(accountId);

      const other = bench.newVault();
      await other.adopt(accountId, bench.aGrant());
      await other.rotate(accountId, { knownGeneration: 1 });
      const answer = await warm.session(accountId).send({ method: 'GET', url: server.apiUrl });
      expect(answer.status).toBe(200);
      expect((await warm.rotate(accountId, { knownGeneration: 2 })).kind).toBe('rotated');
      expect(await bench.isAlive(accountId)).toBe(true);
    });
  });

  describe('an unlink', () => {
    const unlink = async (vault: Vault, accountId: string) => {
      await vault.forget(accountId);
      await bench.store().accounts.forget(accountId);
    };

    test('leaves neither secret nor item', async () => {
      const { accountId } = await bench.linked();
      expect(await bench.secretNames(accountId)).toHaveLength(kind === 'secrets' ? 1 : 0);
      await unlink(bench.newVault(), accountId);
      expect(await bench.secretNames(accountId)).toEqual([]);
      expect(await bench.itemsOf(accountId)).toEqual([]);
    });

    test('may be repeated', async () => {
      const { accountId } = await bench.linked();
      await bench.newVault().forget(accountId);
      await unlink(waitingVault(), accountId);
      await unlink(bench.newVault(), accountId);
      expect(await bench.secretNames(accountId)).toEqual([]);
    });

    test('lets nobody rotate any more from the moment on that the tokens are gone', async () => {
      const { accountId } = await bench.linked();
      await bench.newVault().forget(accountId);
      bench.advance(365 * 86_400_000);
      expect((await bench.newVault().rotate(accountId, { knownGeneration: 1, insist: true })).kind).toBe(
        'contended',
      );
      expect(server.counts.exchanges).toBe(0);
    });

    test('waits for an exchange in flight, and takes what it brought along', async () => {
      const { accountId } = await bench.linked();
      const { outcome, release } = await rotationInFlight(accountId);
      const unlinking = unlink(bench.newVault(), accountId);
      release();
      await Promise.all([outcome, unlinking]);
      expect(await bench.secretNames(accountId)).toEqual([]);
      expect(await bench.itemsOf(accountId)).toEqual([]);
    });

    test.each([
      ['gone', unlink],
      ['half gone', (vault: Vault, accountId: string) => vault.forget(accountId)],
    ] as const)(
      'leaves nothing of an exchange whose answer comes when the account is %s',
      async (_, remove) => {
        const { accountId } = await bench.linked();
        const { outcome, release } = await rotationInFlight(accountId);
        await remove(waitingVault(), accountId);
        release();
        expect(await outcome).toMatchObject({ kind: 'failed', error: { code: 'account_unlinked' } });
        expect(await bench.secretNames(accountId)).toEqual([]);
        expect(await bench.itemsOf(accountId)).not.toContainEqual(expect.stringContaining('ESCROW'));
      },
    );

    test('that was cut short does not stand in the way of a new link', async () => {
      const { accountId } = await bench.linked();
      await bench.newVault().forget(accountId);
      bench.outliveLease();
      const pointer = await waitingVault().adopt(accountId, bench.aGrant());
      expect(pointer).toMatchObject({ generation: 2 });
      expect(await bench.isAlive(accountId)).toBe(true);
    });

    test('that may still be under way lets no link through, and that link leaves nothing behind', async () => {
      const { accountId } = await bench.linked();
      await bench.newVault().forget(accountId);
      const linking = waitingVault().adopt(accountId, bench.aGrant());
      await expect(linking).rejects.toMatchObject({ code: 'token_contended' });
      expect(await bench.secretNames(accountId)).toEqual([]);
      expect((await bench.pointerOf(accountId)).sealed === undefined).toBe(kind === 'secrets');
    });
  });
});
