/** What each answer of a token endpoint leaves on the pointer: the answer table of rotation, row by row. */
import { describe, expect, test } from 'vitest';
import { LatchkeyError } from '../../../shared/domain/error.ts';
import { VaultKind } from '../../../shared/domain/vault-kind.ts';
import { sendOnce } from '../../../shared/providers/request.ts';
import { HOUR_MS, useLinkedAccount } from './linked-account.ts';
import type { TokenServer } from './token-server.ts';

describe.each(VaultKind.options)('with the vault «%s»', (kind) => {
  const account = useLinkedAccount(kind);
  const { bench, server, accountId, rotate, readPointer, pointerAfter, isAlive, secondsFromNow, waitUntil } =
    account;

  /** As if nothing had been tried, but for when and why the next try comes. */
  async function expectUntouched(): Promise<void> {
    const pointer = await readPointer();
    expect(pointer).toMatchObject({ generation: 1, linkEpoch: 1 });
    for (const gone of ['intent', 'leaseOwner', 'leaseUntil']) expect(pointer).not.toHaveProperty(gone);
    expect(await isAlive()).toBe(true);
  }

  describe('not spent:', () => {
    test.each([
      ['throttled', 120, 'provider_throttled'],
      ['unavailable', 60, 'provider_throttled'],
      ['terms_changed', 3600, 'provider_terms'],
      ['invalid_grant', 3600, 'grant_invalid'],
    ] as const)('after %s the next try comes in %d s, because of %s', async (fault, seconds, cause) => {
      const pointer = await pointerAfter(fault);
      expect(pointer.health).toMatchObject({ cause });
      expect(secondsFromNow(pointer.retryAt)).toBe(seconds);
      expect(pointer.dueAt).toBe(pointer.retryAt);
      await expectUntouched();
    });

    test.each([
      ['throttled', 'delayed', 1],
      ['unavailable', 'delayed', 1],
      ['html', 'delayed', 1],
      ['bad_request', 'delayed', 1],
      ['invalid_grant', 'suspect', 1],
      ['terms_changed', 'owner_action', 0],
    ] as const)('after %s the grant is %s, strikes: %d', async (fault, state, strikes) => {
      expect((await pointerAfter(fault)).health).toMatchObject({ state, strikes });
      await expectUntouched();
    });

    test('a server that is not there is tried three times, and nothing is spent', async () => {
      let tries = 0;
      const vault = bench.newVault(() => ({
        send: async (request) => {
          tries++;
          return await sendOnce({ ...request, url: 'http://127.0.0.1:1/token' });
        },
      }));
      const outcome = await vault.rotate(accountId(), { knownGeneration: 1 });
      expect(outcome).toMatchObject({ kind: 'failed', error: { code: 'provider_unavailable' } });
      expect(tries).toBe(3);
      const { health, retryAt } = await readPointer();
      expect(health).toMatchObject({ state: 'delayed', cause: 'provider_unreachable', strikes: 1 });
      expect(secondsFromNow(retryAt)).toBeGreaterThanOrEqual(5);
      await expectUntouched();
    });

    test('nothing is sent before the time that was asked for, unless a person insists', async () => {
      await pointerAfter('throttled');
      expect(await rotate()).toMatchObject({
        kind: 'failed',
        error: { code: 'provider_unavailable', details: { retryAfterSeconds: 120 } },
      });
      expect(server().counts.exchanges).toBe(1);
      expect((await rotate({ insist: true })).kind).toBe('rotated');
    });

    test('the next try comes when the time is over', async () => {
      await pointerAfter('throttled');
      bench.advance(121_000);
      expect((await rotate()).kind).toBe('rotated');
      expect(await readPointer()).not.toHaveProperty('retryAt');
    });
  });

  describe('probably not spent:', () => {
    test('the pauses grow from five seconds to a quarter of an hour', async () => {
      const pauses: number[] = [];
      const vault = bench.newVault(() => ({
        send: () =>
          Promise.reject(new LatchkeyError('provider_unavailable', 'down', { details: { sent: false } })),
      }));
      for (let failure = 0; failure < 12; failure++) {
        await vault.rotate(accountId(), { knownGeneration: 1, insist: true });
        pauses.push(secondsFromNow((await readPointer()).retryAt));
      }
      expect(pauses).toEqual(pauses.toSorted((a, b) => a - b));
      expect(pauses[0]).toBeGreaterThanOrEqual(5);
      expect(pauses.at(-1)).toBeLessThanOrEqual(900);
      expect(pauses.at(-1)).toBeGreaterThan(400);
    });

    test('the third such answer in a row is not believed: its outcome counts as unknown', async () => {
      for (const _ of [1, 2]) {
        const { intent, retryAt } = await pointerAfter('html');
        expect(intent).toBeUndefined();
        waitUntil(retryAt);
      }
      const third = await pointerAfter('html');
      expect(third.health).toMatchObject({ state: 'delayed', cause: 'rotation_outcome_unknown' });
      expect(third.intent).toBeDefined();
      bench.outliveLease();
      expect((await rotate()).kind).toBe('rotated');
    });

    test('other failures in between do not make it the third', async () => {
      for (const fault of ['throttled', 'throttled', 'html'] as const) {
        const { retryAt } = await pointerAfter(fault);
        waitUntil(retryAt);
      }
      expect((await readPointer()).health).toMatchObject({ cause: 'provider_failing' });
    });
  });

  describe('granted, oddly:', () => {
    test('without a refresh token the old one goes on, and with its old end', async () => {
      bench.advance(600_000);
      const before = await readPointer();
      const pointer = await pointerAfter('no_refresh_token');
      const { refreshHash, refreshExpiresAt } = before;
      expect(pointer).toMatchObject({ generation: 2, refreshHash, refreshExpiresAt });
      expect(Date.parse(pointer.accessExpiresAt ?? '')).toBe(bench.clock.now + HOUR_MS);
      expect(await isAlive()).toBe(true);
    });

    test.each(['text_numbers', 'created'] as const)('%s is understood all the same', async (fault) => {
      const pointer = await pointerAfter(fault);
      expect(pointer.generation).toBe(2);
      expect(Date.parse(pointer.accessExpiresAt ?? '')).toBe(bench.clock.now + HOUR_MS);
    });

    test('a life that no calendar can write costs nothing', async () => {
      expect((await pointerAfter('absurd_life')).generation).toBe(2);
      expect(await isAlive()).toBe(true);
    });

    test.each(['junk', 'no_access_token'] as const)(
      '%s is kept sealed, and the token not spent again',
      async (fault) => {
        const pointer = await pointerAfter(fault);
        expect(pointer.health).toMatchObject({ state: 'dead', cause: 'answer_unreadable' });
        expect(secondsFromNow(pointer.dueAt)).toBe(3600);
        bench.outliveLease();
        expect(await rotate()).toMatchObject({ kind: 'failed', error: { code: 'account_unlinked' } });
        expect(server().counts.exchanges).toBe(1);
        const escrows = await bench.store().escrows.of(accountId(), pointer.refreshHash);
        expect(escrows).toHaveLength(1);
        for (const secret of server().secrets()) expect(JSON.stringify(escrows)).not.toContain(secret);
      },
    );

    test.each([
      ['when somebody asks for it', 0, true],
      ['by itself within the hour', HOUR_MS, false],
    ] as const)(
      'an answer that could not be read is rolled forward once it can, %s',
      async (_, afterMs, insist) => {
        const reading = (readTokenAnswer: TokenServer['facts']['readTokenAnswer']) =>
          bench.newVault(() => ({ factsOf: () => ({ ...server().facts, readTokenAnswer }) }));
        const old = reading(() => {
          throw new TypeError('a mistake in the driver');
        });
        await old.rotate(accountId(), { knownGeneration: 1 });
        bench.outliveLease();
        bench.advance(afterMs);
        expect((await rotate({ insist })).kind).toBe('rotated');
        expect(server().counts.exchanges).toBe(1);
        expect(await isAlive()).toBe(true);
      },
    );
  });
});
