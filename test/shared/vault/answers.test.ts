/** What each answer of a token endpoint leaves on the pointer: the answer table of rotation, row by row. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { LatchkeyError } from '../../../shared/domain/error.ts';
import { sendOnce } from '../../../shared/providers/request.ts';
import { startTokenServer, type TokenFault, type TokenServer } from './token-server.ts';
import { useVaultBench } from './vault-bench.ts';

let server: TokenServer;
const bench = useVaultBench(() => server);
let accountId = '';
beforeEach(async () => {
  server = await startTokenServer('strict');
  accountId = (await bench.linked()).accountId;
});
afterEach(() => server.close());

const rotate = (wish: { insist?: boolean } = {}) =>
  bench.newVault().rotate(accountId, { knownGeneration: 1, ...wish });
const secondsFromNow = (at = '') => (Date.parse(at) - bench.clock.now) / 1000;
const HOUR_MS = 3_600_000;
const TOO_FAR_SECONDS = 100 * 365 * 86_400;

/** The pointer after one exchange that ended with this fault. */
async function pointerAfter(...faults: TokenFault[]) {
  server.failNext(...faults);
  await rotate();
  return await bench.pointerOf(accountId);
}

/** As if nothing had been tried, but for when and why the next try comes. */
async function expectUntouched(): Promise<void> {
  const pointer = await bench.pointerOf(accountId);
  expect(pointer).toMatchObject({ generation: 1, linkEpoch: 1 });
  for (const gone of ['intent', 'leaseOwner', 'leaseUntil']) expect(pointer).not.toHaveProperty(gone);
  expect(await bench.isAlive(accountId)).toBe(true);
}

describe('not spent:', () => {
  test.each([
    ['throttled', 120, 'provider_throttled'],
    ['unavailable', 60, 'provider_throttled'],
    ['invalid_client', 300, 'application_refused'],
    ['secret_expired', 300, 'application_refused'],
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
    ['invalid_client', 'refused', 1],
    ['secret_expired', 'refused', 1],
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
    const outcome = await vault.rotate(accountId, { knownGeneration: 1 });
    expect(outcome).toMatchObject({ kind: 'failed', error: { code: 'provider_unavailable' } });
    expect(tries).toBe(3);
    const { health, retryAt } = await bench.pointerOf(accountId);
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
    expect(server.counts.exchanges).toBe(1);
    expect((await rotate({ insist: true })).kind).toBe('rotated');
  });

  test('the next try comes when the time is over', async () => {
    await pointerAfter('throttled');
    bench.advance(121_000);
    expect((await rotate()).kind).toBe('rotated');
    expect(await bench.pointerOf(accountId)).not.toHaveProperty('retryAt');
  });

  test('the operator’s mistake is told the operator, and touches nothing but the time of the next try', async () => {
    bench.lines.length = 0;
    await pointerAfter('secret_expired');
    expect(bench.lines.join()).toContain('application_refused');
    bench.advance(301_000);
    expect((await rotate()).kind).toBe('rotated');
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
      await vault.rotate(accountId, { knownGeneration: 1, insist: true });
      pauses.push(secondsFromNow((await bench.pointerOf(accountId)).retryAt));
    }
    expect(pauses).toEqual(pauses.toSorted((a, b) => a - b));
    expect(pauses[0]).toBeGreaterThanOrEqual(5);
    expect(pauses.at(-1)).toBeLessThanOrEqual(900);
    expect(pauses.at(-1)).toBeGreaterThan(400);
  });

  test('the third such answer in a row is not believed: its outcome counts as unknown', async () => {
    for (const _ of [1, 2]) {
      const { intent, retryAt = '' } = await pointerAfter('html');
      expect(intent).toBeUndefined();
      bench.advance(Date.parse(retryAt) - bench.clock.now + 1);
    }
    const third = await pointerAfter('html');
    expect(third.health).toMatchObject({ state: 'delayed', cause: 'rotation_outcome_unknown' });
    expect(third.intent).toBeDefined();
    bench.outliveLease();
    expect((await rotate()).kind).toBe('rotated');
  });

  test('other failures in between do not make it the third', async () => {
    for (const fault of ['throttled', 'throttled', 'html'] as const) {
      const { retryAt = '' } = await pointerAfter(fault);
      bench.advance(Date.parse(retryAt) - bench.clock.now + 1);
    }
    expect((await bench.pointerOf(accountId)).health).toMatchObject({ cause: 'provider_failing' });
  });
});

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
      expect(server.counts.exchanges).toBe(1);
    },
  );

  test.each(['hang', 'reset'] as const)(
    'after %s the request had never arrived: one try heals it',
    async (fault) => {
      await pointerAfter(fault);
      bench.outliveLease();
      expect((await rotate()).kind).toBe('rotated');
      expect(server.counts.exchanges).toBe(2);
      expect(await bench.isAlive(accountId)).toBe(true);
    },
  );

  test.each(['hang_committed', 'reset_committed', 'half'] as const)(
    'after %s the server had rotated: one try, and the account is lost at once',
    async (fault) => {
      await pointerAfter(fault);
      bench.outliveLease();
      expect(await rotate()).toMatchObject({ kind: 'failed', error: { code: 'account_unlinked' } });
      const pointer = await bench.pointerOf(accountId);
      expect(pointer.health).toMatchObject({ state: 'dead', cause: 'rotation_outcome_lost' });
      expect(secondsFromNow(pointer.dueAt)).toBeGreaterThan(TOO_FAR_SECONDS);
      bench.outliveLease();
      await rotate();
      expect(server.counts.exchanges).toBe(2);
    },
  );

  test('a takeover that is answered with a wait leaves the outcome as unknown as it was', async () => {
    await pointerAfter('hang_committed');
    bench.outliveLease();
    const { intent, retryAt = '' } = await pointerAfter('throttled');
    expect(intent).toMatchObject({ earlierVersionIds: [] });
    bench.advance(Date.parse(retryAt) - bench.clock.now + 1);
    await rotate();
    const { health } = await bench.pointerOf(accountId);
    expect(health).toMatchObject({ state: 'dead', cause: 'rotation_outcome_lost' });
  });

  test('takeovers that are not answered either take more and more time', async () => {
    const pauses: number[] = [];
    for (let failure = 0; failure < 10; failure++) {
      const { retryAt = '' } = await pointerAfter('reset');
      pauses.push(secondsFromNow(retryAt));
      bench.advance(Date.parse(retryAt) - bench.clock.now + 1);
    }
    expect(pauses[0]).toBe(42);
    expect(pauses.at(-1)).toBeGreaterThan(400);
    expect((await rotate()).kind).toBe('rotated');
  });
});

describe('granted, oddly:', () => {
  test('without a refresh token the old one goes on, and with its old end', async () => {
    bench.advance(600_000);
    const before = await bench.pointerOf(accountId);
    const pointer = await pointerAfter('no_refresh_token');
    const { refreshHash, refreshExpiresAt } = before;
    expect(pointer).toMatchObject({ generation: 2, refreshHash, refreshExpiresAt });
    expect(Date.parse(pointer.accessExpiresAt)).toBe(bench.clock.now + HOUR_MS);
    expect(await bench.isAlive(accountId)).toBe(true);
  });

  test.each(['text_numbers', 'created'] as const)('%s is understood all the same', async (fault) => {
    const pointer = await pointerAfter(fault);
    expect(pointer.generation).toBe(2);
    expect(Date.parse(pointer.accessExpiresAt)).toBe(bench.clock.now + HOUR_MS);
  });

  test('a life that no calendar can write costs nothing', async () => {
    expect((await pointerAfter('absurd_life')).generation).toBe(2);
    expect(await bench.isAlive(accountId)).toBe(true);
  });

  test.each(['junk', 'no_access_token'] as const)(
    '%s is kept sealed, and the token not spent again',
    async (fault) => {
      const pointer = await pointerAfter(fault);
      expect(pointer.health).toMatchObject({ state: 'dead', cause: 'answer_unreadable' });
      expect(secondsFromNow(pointer.dueAt)).toBeGreaterThan(TOO_FAR_SECONDS);
      bench.outliveLease();
      expect(await rotate()).toMatchObject({ kind: 'failed', error: { code: 'account_unlinked' } });
      expect(server.counts.exchanges).toBe(1);
      const escrows = await bench.store().escrows.of(accountId, pointer.refreshHash);
      expect(escrows).toHaveLength(1);
      for (const secret of server.secrets()) expect(JSON.stringify(escrows)).not.toContain(secret);
    },
  );

  test('an answer that could not be read is rolled forward once it can, when somebody asks for it', async () => {
    const reading = (readTokenAnswer: TokenServer['facts']['readTokenAnswer']) =>
      bench.newVault(() => ({ factsOf: () => ({ ...server.facts, readTokenAnswer }) }));
    const old = reading(() => {
      throw new TypeError('a mistake in the driver');
    });
    await old.rotate(accountId, { knownGeneration: 1 });
    bench.outliveLease();
    expect((await rotate({ insist: true })).kind).toBe('rotated');
    expect(server.counts.exchanges).toBe(1);
    expect(await bench.isAlive(accountId)).toBe(true);
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
    expect((await bench.pointerOf(accountId)).health).toMatchObject({ state: 'good', strikes: 0 });
  });

  test.each(['throttled', 'html', 'invalid_client', 'reset'] as const)(
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
      server.failNext(fault);
      await rotate({ insist: true });
      const pointer = await bench.pointerOf(accountId);
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
    const late = slow.rotate(accountId, { knownGeneration: 1 });
    await expect.poll(async () => (await bench.pointerOf(accountId)).leaseUntil).toBeDefined();
    bench.outliveLease();
    expect((await rotate()).kind).toBe('rotated');
    wake();
    expect(await late).toMatchObject({ kind: 'current', pointer: { generation: 2 } });
    expect((await bench.pointerOf(accountId)).health.state).toBe('good');
  });
});
