/** Tokens: rotated in time, once however many want it, and never shown to anybody. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { keys } from '../../shared/store/keys.ts';
import type { RotatingSet } from '../../shared/vault/token-set.ts';
import { useBench } from './bench.ts';
import { awaitEvent, callsOf, firstModule, type Home, linkHome } from './home.ts';
import { present, until } from './until.ts';

const bench = await useBench();
const { client, legrand, inside, kept } = bench;

const HOUR_SECONDS = 3600;
const DAY_MS = 86_400_000;
/** Every token set that any test of this file came to have. */
const issued: RotatingSet[] = [];

async function tokensOf({ accountId }: Home) {
  return present((await client.account(accountId)).tokens, 'tokens');
}

/** Remembers the present tokens for the search at the end. */
async function noteTokens({ accountId }: Home): Promise<RotatingSet> {
  const set = present(await kept.tokenSet(accountId), 'token set');
  issued.push(set);
  return set;
}

/** Gives an account an access token that lives so long; the next one lives an hour again. */
async function shorten(home: Home, accessLifeSeconds: number) {
  await noteTokens(home);
  await legrand.set({ accessLifeSeconds });
  await client.rotate(home.accountId);
  await legrand.set({ accessLifeSeconds: HOUR_SECONDS });
  await noteTokens(home);
  return await tokensOf(home);
}

/** The refresh tokens that Legrand gave for a home, oldest first, by its own ids. */
async function refreshTokensOf({ person }: Home): Promise<string[]> {
  const { grants, refreshTokens } = await legrand.state();
  const own = grants.filter(({ userId }) => userId === person.userId).map(({ grantId }) => grantId);
  return refreshTokens.filter(({ grantId }) => own.includes(grantId)).map((token) => token.refreshTokenId);
}

test('the schedule rotates what is due, and nothing else', async () => {
  const [home, other] = [await linkHome(bench), await linkHome(bench)];
  const untouched = await tokensOf(other);
  expect(await inside.runSchedule('rotate-tokens')).toMatchObject({ due: 0, rotated: 0 });

  const { generation, rotateAt = '', accessExpiresAt = '' } = await shorten(home, 2);
  expect(rotateAt < accessExpiresAt).toBe(true);
  const before = await refreshTokensOf(home);
  await until(
    async () => new Date().toISOString(),
    (now) => now > rotateAt,
  );
  expect(await inside.runSchedule('rotate-tokens')).toMatchObject({ due: 1, rotated: 1, failed: 0 });

  expect((await tokensOf(home)).generation).toBe(generation + 1);
  expect(await tokensOf(other)).toEqual(untouched);
  const after = await refreshTokensOf(home);
  expect(after.slice(0, before.length)).toEqual(before);
  expect(after).toHaveLength(before.length + 1);
  const [spent, next] = [issued.at(-1)?.refreshToken, (await noteTokens(home)).refreshToken];
  expect(next).not.toBe(spent);
  await client.module(firstModule(home).moduleId, 0);
});

test('a rotation is an event with hashes of the refresh tokens', async () => {
  const home = await linkHome(bench);
  await noteTokens(home);
  const { tokens } = await client.rotate(home.accountId);
  const set = await noteTokens(home);
  const { event } = await awaitEvent(
    bench,
    home.accountId,
    ({ type }) => type === 'latchkey.account.rotated',
  );
  expect(event.subject).toBe(home.accountId);
  const { refreshHash, previousRefreshHash, ...rest } = event.data;
  expect(rest).toEqual({
    accountId: home.accountId,
    generation: tokens?.generation,
    accessExpiresAt: set.accessExpiresAt,
  });
  expect([refreshHash, previousRefreshHash]).toEqual([
    expect.stringMatching(/^[\w-]{43}$/),
    expect.stringMatching(/^[\w-]{43}$/),
  ]);
  expect(refreshHash).not.toBe(previousRefreshHash);
});

test('callers who all need a new token share one refresh', async () => {
  const home = await linkHome(bench);
  // Less than the minute that a call has to have left to arrive.
  await shorten(home, 30);
  const before = (await callsOf(bench, home, 'token')).length;
  const { moduleId } = firstModule(home);
  const readings = await Promise.all([1, 2, 3, 4].map(() => client.module(moduleId, 0)));
  expect(readings.map(({ id }) => id)).toEqual([moduleId, moduleId, moduleId, moduleId]);
  expect((await callsOf(bench, home, 'token')).slice(before)).toEqual(['token 200']);
  await noteTokens(home);
});

test('a consent that was withdrawn is suspected for a day, then the owner has to link again', async () => {
  const [home, other] = [await linkHome(bench), await linkHome(bench)];
  await noteTokens(home);
  await legrand.revoke(home.person.userId);
  const refused = await client.call('POST', `/v1/accounts/${home.accountId}/rotate`);
  expect(refused.status).toBe(409);
  expect(await refused.json()).toMatchObject({
    code: 'account_unlinked',
    remedy: expect.stringContaining('link the account again'),
  });
  await inside.settle();
  const suspected = await client.account(home.accountId);
  expect(suspected.status).toBe('linked');
  expect(suspected.health).toMatchObject({
    state: 'degraded',
    cause: 'grant_invalid',
    actor: 'latchkey',
    explanation: expect.stringContaining('not valid any more'),
    next: expect.stringContaining('every hour for a day'),
    nextActionAt: expect.any(String),
  });

  const yesterday = new Date(Date.now() - DAY_MS).toISOString();
  await kept.edit(keys.pointer(home.accountId), { 'health.since': yesterday });
  expect((await client.call('POST', `/v1/accounts/${home.accountId}/rotate`)).status).toBe(409);
  await awaitEvent(bench, home.accountId, ({ type }) => type === 'latchkey.account.reauth_required');
  const dead = await client.account(home.accountId);
  expect(dead.status).toBe('reauth_required');
  expect(dead.health).toMatchObject({ state: 'failed', cause: 'grant_invalid', actor: 'owner' });
  expect(await client.account(other.accountId)).toMatchObject({
    status: 'linked',
    health: { state: 'good' },
  });
});

test('a login host that is down degrades the account until it is up again', async () => {
  const home = await linkHome(bench);
  await noteTokens(home);
  await legrand.fault({ name: 'bad_gateway', on: 'token', status: 503 });
  expect((await client.call('POST', `/v1/accounts/${home.accountId}/rotate`)).status).toBe(503);
  await inside.settle();
  const { status, health } = await client.account(home.accountId);
  expect(status).toBe('linked');
  expect(health).toMatchObject({ state: 'degraded', actor: 'provider' });
  expect(Date.parse(health.nextActionAt ?? '')).toBeGreaterThan(Date.now());
  // The access token is good for an hour, whatever the login host does.
  await client.module(firstModule(home).moduleId, 0);

  await legrand.clearFaults();
  await client.rotate(home.accountId);
  await inside.settle();
  expect((await client.account(home.accountId)).health.state).toBe('good');
  await noteTokens(home);
});

test('Legrand’s refusal of a token that should be good makes one refresh, whoever met it', async () => {
  const home = await linkHome(bench);
  await noteTokens(home);
  const before = (await callsOf(bench, home, 'token')).length;
  // Legrand's clock stays ahead from here on: no test after this links anybody.
  await legrand.advance(2 * HOUR_SECONDS);
  const { moduleId } = firstModule(home);
  await Promise.all([1, 2, 3].map(() => client.module(moduleId, 0)));
  expect((await callsOf(bench, home, 'token')).slice(before)).toEqual(['token 200']);
  await noteTokens(home);
});

test('no token is in any answer, any event, the table or a log', async () => {
  // Their ends are enough: a token cut short is a token told.
  const texts = issued.flatMap((set) => [set.accessToken.slice(-32), set.refreshToken.slice(-32)]);
  expect(new Set(texts).size).toBeGreaterThan(16);
  const shown: Record<string, string> = {};
  for (const path of ['accounts', 'plants', 'modules', 'events?limit=1000']) {
    shown[path] = await (await client.call('GET', `/v1/${path}`)).text();
  }
  expect(shown['events?limit=1000']).toContain('latchkey.account.rotated');
  shown.table = JSON.stringify(await kept.everything());
  expect(shown.table).toContain('refreshHash');

  await bench.close();
  const logs = join(bench.statePath, 'cloud', 'logs');
  for (const name of await readdir(logs)) shown[name] = await readFile(join(logs, name), 'utf8');
  expect(shown['latchkey-local-manage-accounts.log']).toContain('rotation failed');
  const places = Object.keys(shown).filter((place) => texts.some((token) => shown[place]?.includes(token)));
  expect(places).toEqual([]);
});
