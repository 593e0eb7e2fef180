/** The copy on premises, made by the program as it is started from a command line, and killed wherever it is. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connectApi } from '../../cli/api.ts';
import type { Document } from '../../cli/sync/document.ts';
import { stateCollections } from '../../cli/sync/document.ts';
import { createSource } from '../../cli/sync/source.ts';
import type { Event } from '../../shared/domain/event.ts';
import { type Database, startCouchdb, startDynamodb, startFiles } from '../cli/sync/databases.ts';
import { useBench } from './bench.ts';
import { firstModule, type Home, linkHome } from './home.ts';
import { program as programPath, useLatchkey } from './latchkey-program.ts';
import { hookOf, notification, post } from './notification.ts';
import { quiet } from './quiet.ts';
import { until } from './until.ts';

const bench = await useBench();
const { api, token, client, legrand } = bench;
const source = createSource(connectApi(api, token));

let home: Home;
beforeAll(async () => {
  home = await linkHome(bench);
  await linkHome(bench, [{ name: 'Barn' }, { name: 'Mill' }]);
});

const program = useLatchkey(bench);
const start = ({ target }: Database, ...args: string[]) => program.start(target, ...args);
const latchkey = ({ target }: Database, ...args: string[]) => program.run(target, ...args);

/** The whole feed, each event once. */
async function feed(): Promise<Event[]> {
  const events = new Map<string, Event>();
  for (let after: string | undefined; ; ) {
    const page = await client.events(after, 0, { limit: 1000 });
    for (const event of page.events) events.set(event.id, event);
    if (page.events.length === 0) return [...events.values()];
    after = page.next;
  }
}

interface Told {
  readonly changes?: readonly { capability: string; value: unknown }[];
}

/** What the feed tells of readings, by the id that each has in the copy. */
function readingsOf(events: readonly Event[]): Map<string, unknown> {
  return new Map(
    events.flatMap(({ id, type, data }) => {
      const tells = type === 'latchkey.module.changed' || type === 'latchkey.module.late_readings';
      const { changes = [] } = tells ? (data as Told) : {};
      return changes.map(({ capability, value }) => [`${id}:${capability}`, value]);
    }),
  );
}

async function expectEqual(database: Database): Promise<void> {
  const events = await feed();
  const copied = await database.contents('events');
  expect(copied.map(({ id }) => id).toSorted()).toEqual(events.map(({ id }) => id).toSorted());
  const byId = new Map(copied.map((event) => [event.id, event]));
  for (const { id, type, subject, time, data } of events)
    expect(byId.get(id)).toMatchObject({ type, subject, time, data: JSON.parse(JSON.stringify(data)) });
  const readings = await database.contents('readings');
  expect(new Map(readings.map(({ id, value }) => [id, value]))).toEqual(readingsOf(events));
  expect(readings).toHaveLength(readingsOf(events).size);
  for (const collection of stateCollections) {
    const there = plain(await Array.fromAsync(source.all(collection)));
    expect(plain(await database.contents(collection))).toEqual(there);
  }
  await expectHistory(readings);
}

/** Versions count what the copy does not hold as well: webhooks, and readings that are said again. */
function plain(documents: readonly Document[]): unknown {
  const sorted = documents.toSorted((a, b) => (a.id < b.id ? -1 : 1));
  return JSON.parse(JSON.stringify(sorted.map(({ version: _, ...document }) => document)));
}

/** Every point of the thermostat's history is in the copy, and nothing beside it. */
async function expectHistory(copied: readonly Document[]): Promise<void> {
  const { moduleId } = firstModule(home);
  for (const capability of ['setpoint', 'temperature']) {
    const query = `capability=${capability}&limit=1000`;
    const answer = await client.call('GET', `/v1/modules/${moduleId}/history?${query}`);
    const { items } = (await answer.json()) as { items: { time: string; value: unknown }[] };
    const counted = new Map<unknown, Document>();
    const own = copied.filter((each) => each.moduleId === moduleId && each.capability === capability);
    for (const reading of own) {
      const known = counted.get(reading.observedAt);
      if (!known || String(known.receivedAt) <= String(reading.receivedAt))
        counted.set(reading.observedAt, reading);
    }
    expect(Object.fromEntries([...counted].map(([time, { value }]) => [time, value]))).toEqual(
      Object.fromEntries(items.map(({ time, value }) => [time, value])),
    );
  }
}

let degrees = 150;
/** Somebody turns the wheel, and Legrand tells. */
async function turn(): Promise<void> {
  degrees = degrees === 250 ? 151 : degrees + 1;
  await legrand.touch({ moduleId: firstModule(home).nativeId, setPointC: degrees / 10, mode: 'MANUAL' });
}

let minutesAgo = 0;
/** A notification that was long on its way. */
async function tellLate(): Promise<number> {
  minutesAgo += 1;
  const temperatureC = 10 + minutesAgo / 100;
  const late = notification(home, { temperatureC, atMs: Date.now() - minutesAgo * 60_000 });
  await post(await hookOf(bench, home), [late]);
  return temperatureC;
}

describe.each([
  ['files', startFiles],
  ['CouchDB', startCouchdb],
  ['DynamoDB', startDynamodb],
])('into %s', async (_, startDatabase) => {
  const database = await startDatabase();
  afterAll(() => database.close());

  test('everything is copied, and once more changes nothing', async () => {
    await turn();
    await quiet(bench);
    const first = await latchkey(database, 'sync', '--once');
    expect(first).toMatchObject({ exitCode: 0, out: '' });
    expect(first.err).toMatch(/events, up to date\n$/);
    await expectEqual(database);
    expect((await latchkey(database, 'sync', '--once')).exitCode).toBe(0);
    await expectEqual(database);
    const status = JSON.parse((await latchkey(database, 'status', '--json')).out);
    expect(status).toMatchObject({ phase: 'following', lagSeconds: 0, events: (await feed()).length });
  });

  test('what happens is followed, and an unlinked account goes', async () => {
    const child = start(database, 'sync');
    const stranger = await linkHome(bench);
    await turn();
    const has = async (id: string) =>
      (await database.contents('accounts')).some((account) => account.id === id);
    await until(
      () => has(stranger.accountId),
      (isThere) => isThere,
    );
    await client.unlink(stranger.accountId);
    await until(
      () => has(stranger.accountId),
      (isThere) => !isThere,
    );
    child.kill('SIGINT');
    await once(child, 'close');
    expect(child.exitCode).toBe(0);
    await quiet(bench);
    expect((await latchkey(database, 'sync', '--once')).exitCode).toBe(0);
    await expectEqual(database);
  });

  test('readings that come out of order are followed', async () => {
    const told = [await tellLate(), await tellLate()];
    await quiet(bench);
    expect((await latchkey(database, 'sync', '--once')).exitCode).toBe(0);
    const { moduleId } = firstModule(home);
    const copied = await database.contents('readings');
    const own = copied.filter(
      (reading) => reading.moduleId === moduleId && told.includes(Number(reading.value)),
    );
    expect(own.map(({ capability, value }) => [capability, value]).toSorted()).toEqual(
      told.map((value) => ['temperature', value]),
    );
    await expectEqual(database);
  });

  test('killed again and again while things happen, nothing is missing and nothing is there twice', async () => {
    for (let round = 0; round < 6; round++) {
      const child = start(database, 'sync');
      const turning = (async () => {
        for (let turns = 0; turns < 8; turns++) {
          await turn();
          if (turns % 3 === 0) await tellLate();
        }
      })();
      await pause(200 + 150 * round);
      child.kill('SIGKILL');
      await Promise.all([once(child, 'close'), turning]);
    }
    await quiet(bench);
    expect((await latchkey(database, 'sync', '--once')).exitCode).toBe(0);
    await expectEqual(database);
  });
});

describe('the program', async () => {
  const database = await startFiles();
  afterAll(() => database.close());

  test('says what it does, and what is wrong with what it is told', async () => {
    const help = spawn(process.execPath, [programPath, '--help'], { stdio: ['ignore', 'pipe', 'inherit'] });
    expect(await text(help.stdout)).toContain('latchkey sync');
    for (const [args, words] of [
      [['sync', '--to', 'mysql://x'], 'is none of'],
      [['prove'], 'sync, status, verify'],
      [['sync', 'more'], 'sync, status, verify'],
      [['sync', '--every', '5'], '--every'],
      [['sync', '--since', 'yesterday'], 'is neither a date such as'],
      [['sync', '--since', '1999-12-31'], 'is before 2000-01-01'],
      [['sync', '--since', '2999-01-01'], 'is in the future'],
      [['sync', '--dry-run'], 'what --since would take'],
      [['status', '--since', '2025-01-01'], 'are for sync'],
      [['verify', '--dry-run'], 'are for sync'],
      [['verify', '--once'], 'is for sync'],
      [['sync', '--repair'], 'is for verify'],
      [['status', '--repair'], 'is for verify'],
      [['sync', '--api', 'nowhere'], 'is not a URL'],
    ] as const) {
      const child = spawn(process.execPath, [programPath, '--token', 'lk_x', ...args], {
        stdio: ['ignore', 'ignore', 'pipe'],
      });
      const [err] = await Promise.all([text(child.stderr), once(child, 'close')]);
      expect([child.exitCode, err]).toEqual([2, expect.stringContaining(words)]);
    }
  });

  test('ends with 1 and one line when the token is not valid', async () => {
    const child = spawn(
      process.execPath,
      [
        programPath,
        'sync',
        '--once',
        '--to',
        database.target,
        '--api',
        api,
        '--token',
        `lk_${'x'.repeat(43)}`,
      ],
      { stdio: ['ignore', 'ignore', 'pipe'] },
    );
    const [err] = await Promise.all([text(child.stderr), once(child, 'close')]);
    expect(child.exitCode).toBe(1);
    expect(err).toContain('latchkey: the access token is not valid');
  });

  test('waits for an API that is away, and tells so', async () => {
    const child = spawn(
      process.execPath,
      [
        programPath,
        'sync',
        '--json',
        '--to',
        database.target,
        '--api',
        'http://127.0.0.1:9',
        '--token',
        'lk_x',
      ],
      { stdio: ['ignore', 'pipe', 'ignore'] },
    );
    const [line] = (await once(child.stdout, 'data')) as [Buffer];
    expect(JSON.parse(line.toString())).toMatchObject({
      kind: 'waiting',
      reason: expect.stringContaining('127.0.0.1:9'),
    });
    child.kill('SIGTERM');
    await once(child, 'close');
    expect(child.exitCode).toBe(0);
  });

  test('shows how far it has come and what last went wrong, while it goes wrong and after', async () => {
    const away = ['--api', 'http://127.0.0.1:9'];
    expect((await latchkey(database, 'sync', '--once')).exitCode).toBe(0);
    const child = start(database, 'sync', '--json', ...away);
    if (child.stdout) await once(child.stdout, 'data');
    child.kill('SIGTERM');
    await once(child, 'close');

    const meanwhile = await latchkey(database, 'status', ...away);
    expect(meanwhile.exitCode).toBe(1);
    expect(meanwhile.out).toContain('how far behind cannot be told: http://127.0.0.1:9');
    expect((await latchkey(database, 'sync', '--once')).exitCode).toBe(0);
    const after = await latchkey(database, 'status');
    expect(after.exitCode).toBe(0);
    expect(after.out).toMatch(
      /following, \d+ events, the last of \S+Z, up to c1-\S+\nwritten last at \S+Z; nothing is missing\nlast error, at \S+Z: http:\/\/127\.0\.0\.1:9 /,
    );
  });
});
