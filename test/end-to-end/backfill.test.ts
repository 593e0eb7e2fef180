/** The providers' own past, brought into a copy by the program, which is killed wherever it is. */
import { once } from 'node:events';
import { access } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createAllthingstalkControls } from '../../infra/local/demo/allthingstalk/controls.ts';
import { createNetatmoControls } from '../../infra/local/demo/netatmo/controls.ts';
import { keys } from '../../shared/store/keys.ts';
import { type Database, startCouchdb, startDynamodb, startFiles } from '../cli/sync/databases.ts';
import { useBench } from './bench.ts';
import { linkDevice, linkNetatmo } from './elsewhere.ts';
import { useLatchkey } from './latchkey-program.ts';
import { daysAgo, expectPast, type Series, seriesOf } from './past.ts';
import { until } from './until.ts';

const bench = await useBench();
const { client, kept, providers } = bench;
const latchkey = useLatchkey(bench);
const netatmo = createNetatmoControls(providers.netatmo);

let station: string;
let node: string;
let series: Series[];
beforeAll(async () => {
  station = await linkNetatmo(bench, 'sam@example.net');
  node = await linkDevice(bench, 'Hallway node');
  series = [...(await seriesOf(client, station)), ...(await seriesOf(client, node))];
});

const KILLS = 6;

const feedReadings = async (database: Database) =>
  (await database.contents('readings')).filter(({ origin }) => origin === undefined);

interface Told extends Record<string, unknown> {
  readonly kind: string;
  readonly accounts?: readonly { accountId: string; calls: number; callsNow: number }[];
}
const objectsIn = (text: string) =>
  text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Told);

describe.each([
  ['files', startFiles],
  ['CouchDB', startCouchdb],
  ['DynamoDB', startDynamodb],
])('into %s', async (_, startDatabase) => {
  const database = await startDatabase();
  afterAll(() => database.close());
  const since = { later: daysAgo(3), earlier: daysAgo(6) };

  test('the past is brought into a copy that has long been following', async () => {
    await latchkey.run(database.target, 'sync', '--once');
    const before = await feedReadings(database);
    const ended = await latchkey.run(database.target, 'sync', '--once', '--since', since.later);
    expect(ended).toMatchObject({ exitCode: 0, out: '' });
    expect(ended.err).toMatch(/past: 10 series at 2 accounts, \d+ days, about \d+ calls to the providers/);
    expect(ended.err).toMatch(/100 %, done, 10 of 10 series/);
    await expectPast(client, database, series, since.later);
    expect(await feedReadings(database)).toEqual(before);
  });

  test('once more changes nothing, and asks nobody', async () => {
    const asked = await netatmo.countRequests();
    const before = await database.contents('readings');
    const again = await latchkey.run(database.target, 'sync', '--once', '--since', daysAgo(2));
    expect(again.err).toContain('nothing is missing of what the providers keep');
    expect(await database.contents('readings')).toEqual(before);
    expect(await netatmo.countRequests()).toBe(asked);
    const status = await latchkey.run(database.target, 'status');
    expect(status.out).toContain(
      `past since ${since.later}: ${before.length - (await feedReadings(database)).length}`,
    );
    expect(status.out).toContain('readings of 10 series, nothing is missing');
  });

  test('an earlier part is brought in as well, killed again and again', async () => {
    for (let round = 0; round < KILLS; round++) {
      const child = latchkey.start(database.target, 'sync', '--json', '--since', since.earlier);
      if (!child.stdout) throw new Error('no output');
      const lines = createInterface({ input: child.stdout });
      // A little later each time: within the first answers, between two, at the end.
      let left = 1 + (round % 3);
      for await (const line of lines) {
        const { kind, series, seriesDone } = JSON.parse(line) as Told;
        if (kind === 'backfill') left -= 1;
        // Once nothing is missing any more, no further line comes.
        const isWhole = kind === 'backfill' ? seriesDone === series : kind === 'estimate' && series === 0;
        if (left <= 0 || isWhole) break;
      }
      await pause(10 * (round % 4));
      child.kill('SIGKILL');
      await once(child, 'close');
    }
    const ended = await latchkey.run(database.target, 'sync', '--once', '--since', since.earlier);
    expect(ended.exitCode).toBe(0);
    await expectPast(client, database, series, since.earlier);
  });
});

describe('the program', async () => {
  const database = await startFiles();
  afterAll(() => database.close());

  test('tells beforehand what it would take, about as much as it then takes, and writes nothing', async () => {
    const args = ['sync', '--since', daysAgo(20), '--dry-run'];
    const { exitCode, out } = await latchkey.run(database.target, ...args, '--json');
    expect(exitCode).toBe(0);
    const [told] = objectsIn(out);
    expect(told).toMatchObject({ kind: 'estimate', series: 10, seconds: expect.any(Number) });
    expect([199, 200]).toContain(told?.days);
    expect((await latchkey.run(database.target, ...args)).out).toMatch(
      /^past: 10 series at 2 accounts, (199|200) days/,
    );
    await expect(access(database.target.slice('file:'.length))).rejects.toMatchObject({ code: 'ENOENT' });
    const mine = told?.accounts?.find(({ accountId }) => accountId === station);
    // Ten blocks of two days, or eleven, of seven series.
    expect(mine?.calls).toBeGreaterThanOrEqual(70);
    expect(mine?.calls).toBeLessThanOrEqual(77);
    expect(mine?.callsNow).toBe(mine?.calls);
  });

  test('waits for a provider that wants no calls, tells until when, and follows the feed meanwhile', async () => {
    const blockedUntil = new Date(Date.now() + 6_000).toISOString();
    await kept.edit(keys.quota(station), { blockedUntil });
    const child = latchkey.start(database.target, 'sync', '--json', '--since', daysAgo(2));
    if (!child.stdout) throw new Error('no output');
    const seen: Told[] = [];
    createInterface({ input: child.stdout }).on('line', (line) => {
      seen.push(JSON.parse(line) as Told);
    });
    const waits = () => seen.find(({ kind }) => kind === 'backfill_waits');
    await until(
      async () => waits(),
      (found) => found !== undefined,
    );
    expect(waits()).toMatchObject({ accountId: station, until: blockedUntil, reason: expect.any(String) });
    const stranger = await linkDevice(bench, 'Garden node');
    await until(
      async () => await database.contents('accounts'),
      (accounts) => accounts.some(({ id }) => id === stranger),
    );
    expect(Date.now()).toBeLessThan(Date.parse(blockedUntil));
    // Whoever is linked meanwhile has a past as well.
    const all = [...series, ...(await seriesOf(client, stranger))];
    await until(
      async () => (await database.contents('backfills')).filter(({ finishedAt }) => finishedAt !== undefined),
      (finished) => finished.length === all.length,
    );
    expect(Date.now()).toBeGreaterThan(Date.parse(blockedUntil));
    child.kill('SIGINT');
    await once(child, 'close');
    expect(child.exitCode).toBe(0);
    await client.unlink(stranger);
  });

  test('sets an account aside that its owner has to link again, and brings in the others', async () => {
    const allthingstalk = createAllthingstalkControls(providers.allthingstalk);
    const { deviceId } = await allthingstalk.device('Hallway node');
    await allthingstalk.deleteToken((await allthingstalk.token('device', deviceId)).tokenId);
    const since = daysAgo(8);
    const ended = await latchkey.run(database.target, 'sync', '--once', '--since', since);
    expect(ended.exitCode).toBe(0);
    expect(ended.err).toMatch(new RegExp(`past: ${node} is set aside until \\S+Z: `));
    const finished = (await database.contents('backfills')).filter(
      ({ finishedAt }) => finishedAt !== undefined,
    );
    expect(finished.filter(({ since: from }) => from === since).map(({ accountId }) => accountId)).toEqual(
      Array(7).fill(station),
    );
  });
});
