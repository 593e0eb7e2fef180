/** The answers that leave it open whether a grant is alive: unknown outcomes, and `invalid_grant`. */
import { describe, expect, test } from 'vitest';
import { VaultKind } from '../../../shared/domain/vault-kind.ts';
import { HOUR_MS, TOO_FAR_SECONDS, useLinkedAccount } from './linked-account.ts';

describe.each(VaultKind.options)('with the vault «%s»', (kind) => {
  const account = useLinkedAccount(kind);
  const { bench, server, accountId, rotate, readPointer, pointerAfter, isAlive, secondsFromNow, waitUntil } =
    account;

  describe('unknown:', () => {
    const silent = ['hang', 'reset', 'hang_committed', 'reset_committed', 'half'] as const;

    test.each(silent)(
      'after %s lease and intent stay until nothing can be in flight any more',
      async (fault) => {
        const pointer = await pointerAfter(fault);
        expect(pointer).toMatchObject({
          generation: 1,
          health: { state: 'delayed', cause: 'rotation_outcome_unknown' },
          intent: { earlierVersionIds: [] },
        });
        expect(secondsFromNow(pointer.leaseUntil)).toBe(40);
        expect(secondsFromNow(pointer.dueAt)).toBe(42);
        expect((await rotate()).kind).toBe('failed');
        expect((await rotate({ insist: true })).kind).toBe('contended');
        expect(server().counts.exchanges).toBe(1);
      },
    );

    test.each(['hang', 'reset'] as const)(
      'after %s the request had never arrived: one try heals it',
      async (fault) => {
        await pointerAfter(fault);
        bench.outliveLease();
        expect((await rotate()).kind).toBe('rotated');
        expect(server().counts.exchanges).toBe(2);
        expect(await isAlive()).toBe(true);
      },
    );

    test.each(['hang_committed', 'reset_committed', 'half'] as const)(
      'after %s the server had rotated: one try, and the account is lost at once',
      async (fault) => {
        await pointerAfter(fault);
        bench.outliveLease();
        expect(await rotate()).toMatchObject({ kind: 'failed', error: { code: 'account_unlinked' } });
        const pointer = await readPointer();
        expect(pointer.health).toMatchObject({ state: 'dead', cause: 'rotation_outcome_lost' });
        for (let hour = 1; hour <= 24; hour++) {
          expect(secondsFromNow((await readPointer()).dueAt)).toBe(3600);
          bench.advance(HOUR_MS);
          await rotate();
        }
        expect(secondsFromNow((await readPointer()).dueAt)).toBeGreaterThan(TOO_FAR_SECONDS);
        expect(server().counts.exchanges).toBe(2);
      },
    );

    test('a takeover that is answered with a wait leaves the outcome as unknown as it was', async () => {
      await pointerAfter('hang_committed');
      bench.outliveLease();
      const { intent, retryAt } = await pointerAfter('throttled');
      expect(intent).toMatchObject({ earlierVersionIds: [] });
      waitUntil(retryAt);
      await rotate();
      const { health } = await readPointer();
      expect(health).toMatchObject({ state: 'dead', cause: 'rotation_outcome_lost' });
    });

    test('takeovers that are not answered either take more and more time', async () => {
      const pauses: number[] = [];
      for (let failure = 0; failure < 10; failure++) {
        const { retryAt } = await pointerAfter('reset');
        pauses.push(secondsFromNow(retryAt));
        waitUntil(retryAt);
      }
      expect(pauses[0]).toBe(42);
      expect(pauses.at(-1)).toBeGreaterThan(400);
      expect((await rotate()).kind).toBe('rotated');
    });
  });

  describe('invalid_grant:', () => {
    test('is asked about for a day, and then the grant is dead', async () => {
      const first = await pointerAfter('invalid_grant');
      expect(first.health).toMatchObject({ state: 'suspect', cause: 'grant_invalid' });
      for (let hour = 1; hour < 24; hour++) {
        bench.advance(HOUR_MS);
        expect((await pointerAfter('invalid_grant')).health).toMatchObject({
          state: 'suspect',
          since: first.health.since,
        });
      }
      bench.advance(HOUR_MS);
      const last = await pointerAfter('invalid_grant');
      expect(last.health).toMatchObject({ state: 'dead', cause: 'grant_invalid' });
      expect(secondsFromNow(last.dueAt)).toBeGreaterThan(TOO_FAR_SECONDS);
    });

    test('is forgotten when the grant works again', async () => {
      await pointerAfter('invalid_grant');
      bench.advance(HOUR_MS);
      expect((await rotate()).kind).toBe('rotated');
      expect((await readPointer()).health).toMatchObject({ state: 'good', strikes: 0 });
    });

    test.each(['throttled', 'html', 'reset'] as const)(
      'the day neither begins again nor ends early after %s',
      async (fault) => {
        const { health } = await pointerAfter('invalid_grant');
        bench.advance(12 * HOUR_MS);
        expect((await pointerAfter(fault)).health).toMatchObject({ state: 'suspect', since: health.since });
        bench.advance(HOUR_MS);
        expect((await pointerAfter('invalid_grant')).health.state).toBe('suspect');
        bench.advance(11 * HOUR_MS);
        expect((await pointerAfter('invalid_grant')).health.state).toBe('dead');
      },
    );

    test.each(['throttled', 'invalid_grant', 'terms_changed'] as const)(
      'a dead grant stays dead when somebody insists and gets %s',
      async (fault) => {
        await pointerAfter('invalid_grant');
        bench.advance(24 * HOUR_MS);
        const { health } = await pointerAfter('invalid_grant');
        server().failNext(fault);
        await rotate({ insist: true });
        const pointer = await readPointer();
        expect(pointer.health).toEqual(health);
        expect(secondsFromNow(pointer.dueAt)).toBeGreaterThan(TOO_FAR_SECONDS);
        expect((await rotate({ insist: true })).kind).toBe('rotated');
      },
    );

    test('is a lost race when there is a newer token set', async () => {
      const { promise: woken, resolve: wake } = Promise.withResolvers<void>();
      const slow = bench.newVault(({ send }) => ({
        send: async (request) => {
          await woken;
          return await send(request);
        },
      }));
      const late = slow.rotate(accountId(), { knownGeneration: 1 });
      await expect.poll(async () => (await readPointer()).leaseUntil).toBeDefined();
      bench.outliveLease();
      expect((await rotate()).kind).toBe('rotated');
      wake();
      expect(await late).toMatchObject({ kind: 'current', pointer: { generation: 2 } });
      expect((await readPointer()).health.state).toBe('good');
    });
  });
});
