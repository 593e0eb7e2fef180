/** Every point at which a rotation can be cut off, against every kind of server: what is lost, and what is not. */
import { afterEach, describe, expect, test } from 'vitest';
import { LatchkeyError } from '../../../shared/domain/error.ts';
import { VaultKind } from '../../../shared/domain/vault-kind.ts';
import type { RotationDependencies } from '../../../shared/vault/rotation.ts';
import { RotatingSet } from '../../../shared/vault/token-set.ts';
import { type RotationMode, rotationModes } from './token-family.ts';
import { startTokenServer, type TokenServer } from './token-server.ts';
import { deathAt, useVaultBench } from './vault-bench.ts';

describe.each(VaultKind.options)('with the vault «%s»', (kind) => {
  let server: TokenServer;
  const bench = useVaultBench(() => server, kind);
  afterEach(() => server.close());

  type Death = (deps: RotationDependencies, die: () => Promise<never>) => Partial<RotationDependencies>;

  /** Where a process can die, by what it was about to do or had just done. */
  const deaths = {
    'before it takes the lease': ({ pointers }, die) => ({ pointers: { ...pointers, acquire: die } }),
    'after it took the lease': ({ pointers }, die) => ({
      pointers: {
        ...pointers,
        acquire: async (...lease) => {
          await pointers.acquire(...lease);
          return await die();
        },
      },
    }),
    'before it sends': (_, die) => ({ send: die }),
    // Sealed, an answer is kept with the commit.
    'before it keeps the answer': ({ tokenSets, pointers }, die) =>
      kind === 'secrets'
        ? { tokenSets: { ...tokenSets, keep: die } }
        : { pointers: { ...pointers, commit: die } },
    'after it kept the answer': ({ tokenSets }, die) => ({
      tokenSets: {
        ...tokenSets,
        keep: async (...version) => {
          await tokenSets.keep(...version);
          return await die();
        },
      },
    }),
    'before it commits': ({ pointers }, die) => ({ pointers: { ...pointers, commit: die } }),
    'after it committed': ({ pointers }, die) => ({
      pointers: {
        ...pointers,
        commit: async (...commit) => {
          await pointers.commit(...commit);
          return await die();
        },
      },
    }),
  } satisfies Record<string, Death>;
  type DeathPoint = keyof typeof deaths;

  /** Sealed, there is nothing between the two. */
  const betweenKeepAndCommit = [
    ['after it kept the answer', 1],
    ['before it commits', 1],
  ] as const;

  async function dieRotating(accountId: string, point: DeathPoint, generation = 1): Promise<void> {
    const { reached, die } = deathAt();
    const vault = bench.newVault((deps) => deaths[point](deps, die));
    vault.rotate(accountId, { knownGeneration: generation });
    await reached;
  }

  async function linkedAt(mode: RotationMode): Promise<string> {
    server = await startTokenServer(mode);
    return (await bench.linked()).accountId;
  }

  /** The next process that finds the account due, once the dead one's lease is over. */
  async function takeOver(accountId: string, generation = 1) {
    bench.outliveLease();
    return await bench.newVault().rotate(accountId, { knownGeneration: generation });
  }

  describe.each(rotationModes)('at a server of the kind %s, a process that dies', (mode) => {
    test.each([
      ['before it takes the lease', 1],
      ['after it took the lease', 1],
      ['before it sends', 1],
      ...(kind === 'secrets' ? betweenKeepAndCommit : []),
      ['after it committed', 1],
    ] as const)('%s loses nothing, and all in all makes %d exchange', async (point, exchanges) => {
      const accountId = await linkedAt(mode);
      await dieRotating(accountId, point);
      const outcome = await takeOver(accountId);
      expect(outcome.kind).toBe(point === 'after it committed' ? 'current' : 'rotated');
      expect(server.counts.exchanges).toBe(exchanges);
      expect(await bench.pointerOf(accountId)).toMatchObject({ generation: 2, health: { state: 'good' } });
      expect(await bench.isAlive(accountId)).toBe(true);
    });

    test('with the answer in memory loses the account only where a spent token gives nothing', async () => {
      const accountId = await linkedAt(mode);
      await dieRotating(accountId, 'before it keeps the answer');
      const outcome = await takeOver(accountId);
      if (mode === 'grace' || mode === 'reissue') {
        expect(outcome.kind).toBe('rotated');
        expect(await bench.isAlive(accountId)).toBe(true);
        return;
      }
      expect(outcome).toMatchObject({ kind: 'failed', error: { code: 'account_unlinked' } });
      const pointer = await bench.pointerOf(accountId);
      expect(pointer).toMatchObject({
        generation: 1,
        health: { state: 'dead', cause: 'rotation_outcome_lost' },
        dueAt: pointer.retryAt,
      });
      expect(Date.parse(pointer.dueAt)).toBe(bench.clock.now + 3_600_000);
      expect(server.counts.exchanges).toBe(2);
    });
  });

  test.each([
    [39_000, 'the lease of the dead holds'],
    [41_000, 'it may hold by another clock'],
  ])('tries nothing after %d ms, while %s', async (ms) => {
    const accountId = await linkedAt('reuse');
    await dieRotating(accountId, 'before it keeps the answer');
    bench.advance(ms);
    expect((await bench.newVault().rotate(accountId, { knownGeneration: 1 })).kind).toBe('contended');
    expect(server.counts.exchanges).toBe(1);
  });

  if (kind === 'secrets')
    test.each([
      ['after it took the lease', 'before it commits'],
      ['before it commits', 'after it took the lease'],
      ['before it commits', 'before it commits'],
    ] as const)('rolls forward after a death %s and one %s', async (first, second) => {
      const accountId = await linkedAt('strict');
      await dieRotating(accountId, first);
      bench.outliveLease();
      await dieRotating(accountId, second);
      expect((await takeOver(accountId)).kind).toBe('rotated');
      expect(server.counts.exchanges).toBe(1);
      expect(await bench.isAlive(accountId)).toBe(true);
    });

  if (kind === 'secrets')
    test('does not roll forward to a version that came of another token', async () => {
      const accountId = await linkedAt('strict');
      await dieRotating(accountId, 'before it commits');
      const stranger = RotatingSet.parse({ ...bench.aGrant().set, parentHash: 'another' });
      bench.outliveLease();
      const vault = bench.newVault(({ tokenSets }) => ({
        tokenSets: { ...tokenSets, read: async () => stranger },
      }));
      // What was kept for this token is found all the same, once the token itself is refused.
      expect((await vault.rotate(accountId, { knownGeneration: 1 })).kind).toBe('rotated');
      const set = await bench.setOf(accountId);
      expect(set?.parentHash).not.toBe('another');
      expect(await bench.isAlive(accountId)).toBe(true);
    });

  if (kind === 'secrets')
    test('finds the kept answer although thirty takeovers failed before they could look', async () => {
      const accountId = await linkedAt('strict');
      await dieRotating(accountId, 'before it commits');
      for (let takeover = 0; takeover < 30; takeover++) {
        bench.outliveLease();
        const blind = bench.newVault(({ tokenSets }) => ({
          tokenSets: {
            ...tokenSets,
            read: () => Promise.reject(new LatchkeyError('store_unavailable', 'Secrets Manager: down')),
          },
        }));
        const outcome = await blind.rotate(accountId, { knownGeneration: 1 });
        expect(outcome).toMatchObject({ kind: 'failed', error: { code: 'store_unavailable' } });
      }
      expect((await takeOver(accountId)).kind).toBe('rotated');
      expect(server.counts.exchanges).toBe(1);
      expect(await bench.isAlive(accountId)).toBe(true);
    });

  test('keeps a late answer whose holder had been given up, and commits it', async () => {
    const accountId = await linkedAt('strict');
    const { promise: woken, resolve: wake } = Promise.withResolvers<void>();
    const { reached, die } = deathAt();
    const sleeper = bench.newVault(({ send }) => ({
      send: async (request) => {
        const answer = await send(request);
        void die();
        await woken;
        return answer;
      },
    }));
    const late = sleeper.rotate(accountId, { knownGeneration: 1 });
    await reached;
    expect((await takeOver(accountId)).kind).toBe('failed');
    wake();
    expect((await late).kind).toBe('rotated');
    expect(await bench.pointerOf(accountId)).toMatchObject({ health: { state: 'good' } });
    expect(await bench.isAlive(accountId)).toBe(true);
  });
});
