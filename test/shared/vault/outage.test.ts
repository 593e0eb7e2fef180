/** Rotations while one of the stores is out of order: no answer of a token endpoint is lost. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { VaultKind } from '../../../shared/domain/vault-kind.ts';
import { startTokenServer, type TokenServer } from './token-server.ts';
import { useVaultBench } from './vault-bench.ts';

describe.each(VaultKind.options)('with the vault «%s»', (kind) => {
  let server: TokenServer;
  const bench = useVaultBench(() => server, kind);
  let accountId = '';
  beforeEach(async () => {
    server = await startTokenServer('strict');
    accountId = (await bench.linked()).accountId;
  });
  afterEach(() => {
    bench.faults.clear();
    return server.close();
  });

  /** The next process that finds the account due, once the lease of the former one is over. */
  async function takeOver() {
    bench.outliveLease();
    return await bench.newVault().rotate(accountId, { knownGeneration: 1 });
  }

  if (kind === 'secrets')
    describe('with Secrets Manager out of order', () => {
      const down = { service: 'secretsmanager', effect: 'fail', times: 1000 } as const;

      test('puts the answer into escrow, sealed, and rolls it forward later without another exchange', async () => {
        bench.faults.add({ ...down, action: 'PutSecretValue' });
        const outcome = await bench.newVault().rotate(accountId, { knownGeneration: 1 });
        expect(outcome).toMatchObject({ kind: 'failed', error: { code: 'store_unavailable' } });
        const { refreshHash } = await bench.pointerOf(accountId);
        const [escrow] = await bench.store().escrows.of(accountId, refreshHash);
        expect(escrow).toBeDefined();
        for (const secret of server.secrets()) expect(JSON.stringify(escrow)).not.toContain(secret);

        expect(await takeOver()).toMatchObject({ kind: 'failed', error: { code: 'store_unavailable' } });
        bench.faults.clear();
        expect((await takeOver()).kind).toBe('rotated');
        expect(server.counts.exchanges).toBe(1);
        expect(await bench.setOf(accountId)).toMatchObject({ parentHash: refreshHash });
        expect(await bench.isAlive(accountId)).toBe(true);
      });

      test('keeps the answer after a moment of throttling', async () => {
        bench.faults.add({ ...down, action: 'PutSecretValue', effect: 'throttle', times: 3 });
        expect((await bench.newVault().rotate(accountId, { knownGeneration: 1 })).kind).toBe('rotated');
      });

      test('does not wait for one that hangs until there is no time for the escrow', async () => {
        bench.faults.add({ ...down, action: 'PutSecretValue', effect: 'hang' });
        const endsAt = performance.now() + 12_300;
        let isSent = false;
        const vault = bench.newVault(({ send }) => ({
          // As if the exchange had taken its time.
          remainingMs: () => endsAt - performance.now() - (isSent ? 10_000 : 0),
          send: (request) => {
            isSent = true;
            return send(request);
          },
        }));
        const startedAt = performance.now();
        await vault.rotate(accountId, { knownGeneration: 1 });
        expect(performance.now() - startedAt).toBeLessThan(1_500);
        expect((await bench.itemsOf(accountId)).filter((sk) => sk.startsWith('ESCROW#'))).toHaveLength(1);
      });

      test('spends nothing when it cannot even read, and does not count that as a lost outcome', async () => {
        bench.faults.add({ ...down, action: 'GetSecretValue' });
        const outcome = await bench.newVault().rotate(accountId, { knownGeneration: 1 });
        expect(outcome).toMatchObject({ kind: 'failed', error: { code: 'store_unavailable' } });
        expect(server.counts.exchanges).toBe(0);
        const pointer = await bench.pointerOf(accountId);
        expect(pointer).toMatchObject({ health: { state: 'good' } });
        expect(pointer).not.toHaveProperty('intent');
        expect(Date.parse(pointer.dueAt)).toBeGreaterThan(bench.clock.now);
        bench.faults.clear();
        expect((await bench.newVault().rotate(accountId, { knownGeneration: 1 })).kind).toBe('rotated');
      });

      test('knows a version that was kept although the answer to that was lost', async () => {
        bench.faults.add({ ...down, action: 'PutSecretValue', effect: 'cut', when: 'after', times: 2 });
        expect((await bench.newVault().rotate(accountId, { knownGeneration: 1 })).kind).toBe('rotated');
        expect(await bench.isAlive(accountId)).toBe(true);
      });
    });

  describe('with DynamoDB out of order', () => {
    const down = { service: 'dynamodb', effect: 'fail', times: 1000 } as const;

    test('spends nothing when it refuses the lease', async () => {
      bench.faults.add({ ...down, action: 'UpdateItem' });
      const rotating = bench.newVault().rotate(accountId, { knownGeneration: 1, insist: true });
      await expect(rotating).rejects.toMatchObject({ code: 'store_unavailable' });
      expect(server.counts.exchanges).toBe(0);
      bench.faults.clear();
      expect((await bench.newVault().rotate(accountId, { knownGeneration: 1 })).kind).toBe('rotated');
    });

    test('finds the kept answer later when it refuses the commit', async () => {
      bench.faults.add({ ...down, action: 'UpdateItem', skip: 1 });
      const rotating = bench.newVault().rotate(accountId, { knownGeneration: 1, insist: true });
      expect(await rotating).toMatchObject({ kind: 'failed', error: { code: 'store_unavailable' } });
      bench.faults.clear();
      expect((await takeOver()).kind).toBe('rotated');
      expect(server.counts.exchanges).toBe(1);
      expect(await bench.isAlive(accountId)).toBe(true);
    });
  });

  if (kind === 'sealed')
    describe('with the table out of order while the answer is on its way', () => {
      /** The lease is taken; from then on nothing can be written. */
      const refuseCommit = () =>
        bench.faults.add({ service: 'dynamodb', action: 'UpdateItem', effect: 'fail', skip: 1, times: 1000 });

      test('keeps the answer in Secrets Manager, and rolls it forward later without another exchange', async () => {
        refuseCommit();
        const outcome = await bench.newVault().rotate(accountId, { knownGeneration: 1, insist: true });
        expect(outcome).toMatchObject({ kind: 'failed', error: { code: 'store_unavailable' } });
        expect(await bench.secretNames(accountId)).toHaveLength(1);
        bench.faults.clear();
        expect((await takeOver()).kind).toBe('rotated');
        expect(server.counts.exchanges).toBe(1);
        expect(await bench.isAlive(accountId)).toBe(true);
      });

      test('tries both stores again while it has time, when neither takes the answer', async () => {
        refuseCommit();
        bench.faults.add({ service: 'secretsmanager', effect: 'fail', times: 1000 });
        let pauses = 0;
        const vault = bench.newVault(({ sleep }) => ({
          sleep: (ms) => {
            // A second's pause is the one between rounds.
            if (ms === 1_000 && ++pauses === 2) bench.faults.clear();
            return sleep(ms);
          },
        }));
        const outcome = await vault.rotate(accountId, { knownGeneration: 1, insist: true });
        expect(outcome.kind).toBe('rotated');
        expect(pauses).toBe(2);
        expect(server.counts.exchanges).toBe(1);
        expect(await bench.isAlive(accountId)).toBe(true);
      });

      test('does not make a call to Secrets Manager otherwise', async () => {
        bench.faults.add({ service: 'secretsmanager', effect: 'fail', times: 1000 });
        const vault = bench.newVault();
        for (const knownGeneration of [1, 2, 3]) {
          bench.advance(3_600_000);
          expect((await vault.rotate(accountId, { knownGeneration })).kind).toBe('rotated');
          expect(await vault.session(accountId).send({ method: 'GET', url: server.apiUrl })).toMatchObject({
            status: 200,
          });
        }
        expect(bench.faults.list()).toMatchObject([{ times: 1000 }]);
      });
    });
});
