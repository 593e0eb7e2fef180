/** The proof of the copy on premises: what is planted in it is named, mended, and nothing else is touched. */
import { once } from 'node:events';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import * as z from 'zod';
import type { Collection, Document, StateDocument } from '../../cli/sync/document.ts';
import type { Sink } from '../../cli/sync/sink.ts';
import { comparedCollections } from '../../cli/verify/difference.ts';
import { logShard } from '../../shared/store/keys.ts';
import {
  awsCredentials,
  type Database,
  startCouchdb,
  startDynamodb,
  startFiles,
} from '../cli/sync/databases.ts';
import { useBench } from './bench.ts';
import { awaitEvent, firstModule, type Home, isChange, linkHome } from './home.ts';
import { useLatchkey } from './latchkey-program.ts';
import { present, until } from './until.ts';
import { useWiretap } from './wiretap.ts';

for (const [name, value] of Object.entries(awsCredentials)) vi.stubEnv(name, value);
const bench = await useBench();
const elsewhere = await useBench();
const { client, legrand } = bench;
const wiretap = await useWiretap(bench.api);
const program = useLatchkey({ api: wiretap.api, token: bench.token });
const programElsewhere = useLatchkey(elsewhere);

let home: Home;
let degrees = 15;
beforeAll(async () => {
  home = await linkHome(bench);
  await linkHome(bench, [{ name: 'Barn' }, { name: 'Mill' }]);
  for (let turns = 0; turns < 4; turns++) await turn();
});

/** Somebody turns the wheel, Legrand tells, and the feed does. */
async function turn(): Promise<void> {
  degrees += 0.5;
  const { moduleId, nativeId } = firstModule(home);
  await legrand.touch({ moduleId: nativeId, setPointC: degrees, mode: 'MANUAL' });
  await awaitEvent(bench, home.accountId, isChange(moduleId, 'setpoint', degrees));
}

/** Until the feed tells nothing more. */
async function quiet(): Promise<void> {
  const seen = async (after?: string) => await client.events(after, 0, { limit: 1000 });
  let { next } = await seen();
  await until(
    async () => {
      await pause(300);
      const page = await seen(next);
      next = page.next;
      return page.events.length;
    },
    (more) => more === 0,
  );
}

async function sync(database: Database): Promise<void> {
  await quiet();
  expect(await program.run(database.target, 'sync', '--once')).toMatchObject({ exitCode: 0 });
}

const Difference = z.object({ collection: z.string(), kind: z.string(), id: z.string() });
const Verdict = z.object({
  found: z.array(Difference),
  left: z.array(Difference),
  differences: z.int(),
  documents: z.record(z.string(), z.int()),
  past: z.int(),
  behind: z.array(z.string()),
  pending: z.object({ events: z.int() }),
  bytesRead: z.int(),
  isEqual: z.boolean(),
});

async function verify(database: Database, ...args: string[]) {
  const { exitCode, out, err } = await program.run(database.target, 'verify', '--json', ...args);
  expect([exitCode, err]).toEqual([exitCode === 0 ? 0 : 3, err]);
  return { exitCode, ...Verdict.parse(JSON.parse(out)) };
}

const named = (collection: string, kind: string, id: string) => ({ collection, kind, id });
type Named = ReturnType<typeof named>;
const inOrder = (differences: readonly Named[]) =>
  differences.map(({ collection, kind, id }) => `${collection} ${kind} ${id}`).toSorted();

/** Everything that is compared, by collection and id. */
async function contentsOf(database: Database): Promise<Map<string, Document>> {
  const found = new Map<string, Document>();
  for (const collection of comparedCollections)
    for (const document of await database.contents(collection))
      found.set(`${collection} ${document.id}`, document);
  return found;
}

/** What a stranger left in the copy before the account was unlinked, as the copy had it. */
let ghosts: { collection: Collection; document: StateDocument }[];

/** Links somebody, copies that, and unlinks the account again. */
async function ghostsIn(database: Database): Promise<typeof ghosts> {
  const stranger = await linkHome(bench);
  await sync(database);
  const found: typeof ghosts = [];
  for (const collection of ['accounts', 'plants', 'modules'] as const)
    for (const document of (await database.contents(collection)) as StateDocument[])
      if ((collection === 'accounts' ? document.id : document.accountId) === stranger.accountId)
        found.push({ collection, document });
  await client.unlink(stranger.accountId);
  await sync(database);
  return found;
}

async function writeTo(database: Database, work: (sink: Sink) => Promise<void>): Promise<void> {
  const sink = database.open();
  await sink.open();
  await work(sink);
  await sink.keepState();
  await sink.close();
}

const lastOf = async (database: Database, collection: Collection) =>
  present((await database.contents(collection)).at(-1), `document of ${collection}`);
/** One that tells readings: so a copy can lack it and have them. */
const changeIn = async (database: Database) =>
  present(
    (await database.contents('events')).find(({ type }) => type === 'latchkey.module.changed'),
    'event',
  );

/** Each does its damage, and names it as `verify` is to. */
const plants: Readonly<Record<string, (database: Database, sink: Sink) => Promise<Named[]>>> = {
  'a missing event': async (database, sink) => {
    const { id } = await changeIn(database);
    await sink.removeRecords('events', [id]);
    return [named('events', 'missing', id)];
  },
  'an event of other words': async (database, sink) => {
    const event = await lastOf(database, 'events');
    await sink.replaceRecords('events', [{ ...event, subject: 'somebody else' }]);
    return [named('events', 'changed', event.id)];
  },
  'a missing reading': async (database, sink) => {
    const { id } = present((await database.contents('readings'))[0], 'reading');
    await sink.removeRecords('readings', [id]);
    return [named('readings', 'missing', id)];
  },
  'a reading of another value': async (database, sink) => {
    const reading = await lastOf(database, 'readings');
    await sink.replaceRecords('readings', [{ ...reading, value: 99.5 }]);
    return [named('readings', 'changed', reading.id)];
  },
  'a reading that nobody told, at a place in the feed': async (database, sink) => {
    const reading = present((await database.contents('readings'))[1], 'reading');
    await sink.replaceRecords('readings', [{ ...reading, id: 'evt_nobody:setpoint' }]);
    return [named('readings', 'extra', 'evt_nobody:setpoint')];
  },
  'a reading that nobody told, at no place': async (database, sink) => {
    const { sequence: _, ...reading } = await lastOf(database, 'readings');
    await sink.replaceRecords('readings', [{ ...reading, id: 'evt_nowhere:setpoint' }]);
    return [named('readings', 'extra', 'evt_nowhere:setpoint')];
  },
  'a module of another name, and of a version to come': async (database, sink) => {
    const module = (await lastOf(database, 'modules')) as StateDocument;
    await sink.putState('modules', [{ ...module, name: 'Changed', version: module.version + 5 }]);
    return [named('modules', 'changed', module.id)];
  },
  'a missing plant': async (database, sink) => {
    const { id } = await lastOf(database, 'plants');
    await sink.removeState('plants', [id]);
    return [named('plants', 'missing', id)];
  },
  'an account that was unlinked, and what was its': async (_, sink) => {
    for (const { collection, document } of ghosts) await sink.putState(collection as 'accounts', [document]);
    return ghosts.map(({ collection, document }) => named(collection, 'extra', document.id));
  },
};

async function plant(database: Database, names: readonly string[]): Promise<Named[]> {
  const planted: Named[] = [];
  await writeTo(database, async (sink) => {
    for (const name of names) planted.push(...(await present(plants[name], name)(database, sink)));
  });
  return planted;
}

describe.each([
  ['files', startFiles],
  ['CouchDB', startCouchdb],
  ['DynamoDB', startDynamodb],
])('of %s', async (name, startDatabase) => {
  const database = await startDatabase();
  afterAll(() => database.close());

  /** What CouchDB counts its writes of each document by; elsewhere nothing tells them. */
  async function revisions(): Promise<Map<string, string>> {
    const found = new Map<string, string>();
    if (name !== 'CouchDB') return found;
    const url = database.target.replace('couchdb+', '').replace(/\/\/.*@/, '//');
    const Rows = z.object({
      rows: z.array(z.object({ id: z.string(), value: z.object({ rev: z.string() }) })),
    });
    for (const collection of comparedCollections) {
      const answer = await fetch(`${url}_${collection}/_all_docs`);
      for (const { id, value } of Rows.parse(await answer.json()).rows)
        found.set(`${collection} ${id}`, value.rev);
    }
    return found;
  }

  test('a target that nothing was copied to is told so', async () => {
    expect(await program.run(database.target, 'verify')).toMatchObject({
      exitCode: 3,
      out: expect.stringContaining('nothing has been copied yet'),
    });
    const { exitCode, out } = await program.run(database.target, 'verify', '--repair', '--json');
    expect([exitCode, JSON.parse(out)]).toEqual([
      3,
      expect.objectContaining({ phase: 'empty', isEqual: false }),
    ]);
  });

  test('a whole copy is equal, and no event is read again to tell that', async () => {
    ghosts = await ghostsIn(database);
    expect(ghosts.map(({ collection }) => collection)).toEqual(['accounts', 'plants', 'modules']);
    wiretap.taken();
    const verdict = await verify(database);
    expect(verdict).toMatchObject({
      exitCode: 0,
      isEqual: true,
      differences: 0,
      found: [],
      behind: [],
      past: 0,
    });
    for (const collection of comparedCollections)
      expect(verdict.documents[collection]).toBe((await database.contents(collection)).length);
    const { paths, events } = wiretap.taken();
    expect(paths).toContain('/v1/digests/feed');
    expect(events).toBe(0);
    expect(paths.filter((path) => /^\/v1\/(?:accounts|plants|modules)/.test(path))).toEqual([]);
  });

  test('whatever is planted is named, mended, and nothing else is written', async () => {
    const [before, revisionsBefore] = [await contentsOf(database), await revisions()];
    const planted = await plant(database, Object.keys(plants));
    const touched = new Set(planted.map(({ collection, id }) => `${collection} ${id}`));
    expect(touched.size).toBe(planted.length);

    const told = await program.run(database.target, 'verify');
    expect(told.exitCode).toBe(3);
    for (const { kind, id } of planted) expect(told.out).toContain(`    ${kind} ${id}\n`);
    const found = await verify(database);
    expect(found).toMatchObject({ exitCode: 3, isEqual: false });
    expect(inOrder(found.found)).toEqual(inOrder(planted));

    const mended = await verify(database, '--repair');
    expect(mended).toMatchObject({ exitCode: 0, isEqual: true, left: [], differences: planted.length });
    expect(inOrder(mended.found)).toEqual(inOrder(planted));
    expect(await contentsOf(database)).toEqual(before);
    for (const [id, revision] of await revisions())
      if (!touched.has(id)) expect([id, revision]).toEqual([id, revisionsBefore.get(id)]);
    expect(await verify(database)).toMatchObject({ exitCode: 0, isEqual: true, differences: 0 });
  });

  test('a copy that is behind is equal as far as it has come', async () => {
    await sync(database);
    await turn();
    expect(await verify(database)).toMatchObject({
      exitCode: 0,
      isEqual: true,
      differences: 0,
      behind: [home.accountId],
      pending: { events: expect.any(Number) },
    });
    const { out } = await program.run(database.target, 'verify');
    expect(out).toMatch(/1 account behind: .*\nnot copied yet: \d+ events?, the first of .*\n/);
    await sync(database);
    expect(await verify(database)).toMatchObject({ exitCode: 0, behind: [], pending: { events: 0 } });
  });

  test('a sync may go on meanwhile', async () => {
    const child = program.start(database.target, 'sync');
    const turning = (async () => {
      for (let turns = 0; turns < 6; turns++) await turn();
    })();
    const seen = [await verify(database), await verify(database)];
    const repaired = await program.run(database.target, 'verify', '--repair');
    await turning;
    expect(child.exitCode).toBeNull();
    child.kill('SIGINT');
    await once(child, 'close');
    for (const verdict of seen) expect(verdict).toMatchObject({ exitCode: 0, differences: 0 });
    expect(repaired).toMatchObject(
      name === 'files'
        ? {
            exitCode: 1,
            err: expect.stringContaining(`is being written by process ${child.pid}: stop it first`),
          }
        : { exitCode: 0 },
    );
    await sync(database);
    expect(await verify(database)).toMatchObject({ exitCode: 0, isEqual: true });
  });
});

describe('of a folder', async () => {
  const database = await startFiles();
  afterAll(() => database.close());
  beforeAll(async () => {
    ghosts = await ghostsIn(database);
  });

  const folder = database.target.slice('file:'.length);

  test.each(Object.keys(plants))('%s alone is mended without writing other files', async (name) => {
    const inodes = async () =>
      Object.fromEntries(
        await Promise.all(
          comparedCollections.map(async (each) => [each, (await stat(join(folder, `${each}.ndjson`))).ino]),
        ),
      );
    const before = await contentsOf(database);
    const planted = await plant(database, [name]);
    const inodesBefore = await inodes();
    const mended = await verify(database, '--repair');
    expect(mended).toMatchObject({ exitCode: 0, isEqual: true });
    expect(inOrder(mended.found)).toEqual(inOrder(planted));
    expect(await contentsOf(database)).toEqual(before);
    const written = new Set(planted.map(({ collection }) => collection));
    const inodesAfter = await inodes();
    for (const collection of comparedCollections)
      if (!written.has(collection)) expect(inodesAfter[collection]).toBe(inodesBefore[collection]);
  });

  test('what is behind the cursor, and what is from before the feed, is left as it is', async () => {
    const reading = await lastOf(database, 'readings');
    const { sequence: _, ...placeless } = reading;
    const planted = [
      { ...reading, id: 'later', sequence: '3-0000099999-000000' },
      { ...placeless, id: 'past', origin: 'history' },
    ];
    await writeTo(database, (sink) => sink.replaceRecords('readings', planted));
    expect(await verify(database, '--repair')).toMatchObject({ exitCode: 0, differences: 0, past: 1 });
    expect((await database.contents('readings')).map(({ id }) => id)).toEqual(
      expect.arrayContaining(['later', 'past']),
    );
    await writeTo(database, (sink) => sink.removeRecords('readings', ['later', 'past']));
  });

  /** Changes the text of a file, as somebody or something may; verify says so, and puts it right. */
  async function damage(collection: Collection, change: (lines: readonly string[]) => readonly string[]) {
    const before = await contentsOf(database);
    const path = join(folder, `${collection}.ndjson`);
    await writeFile(path, change((await readFile(path, 'utf8')).split('\n')).join('\n'));
    const { exitCode, found } = await verify(database);
    expect(exitCode).toBe(3);
    expect(await verify(database, '--repair')).toMatchObject({ exitCode: 0, isEqual: true });
    expect(await contentsOf(database)).toEqual(before);
    return inOrder(found);
  }
  const idIn = (line: string | undefined) => (JSON.parse(present(line, 'line')) as Document).id;

  test('lines that are none, and what a cut took, are named and written anew', async () => {
    let [spoilt, cut] = ['', ''];
    const found = await damage('events', (lines) => {
      const [last] = lines.slice(-2);
      [spoilt, cut] = [idIn(lines[1]), idIn(last)];
      return lines.slice(0, -2).with(1, '{"id":').concat(present(last, 'line').slice(0, -3));
    });
    expect(found).toEqual(
      inOrder([
        named('events', 'missing', spoilt),
        named('events', 'missing', cut),
        named('events', 'extra', 'line 2 of events.ndjson'),
      ]),
    );
    const ofModules = await damage('modules', (lines) => {
      spoilt = idIn(lines[0]);
      return lines.with(0, '\u0000\u0000');
    });
    expect(ofModules).toEqual(
      inOrder([named('modules', 'missing', spoilt), named('modules', 'extra', 'line 1 of modules.ndjson')]),
    );
  });

  test('what a file has twice is there once again', async () => {
    let twice = '';
    const found = await damage('readings', (lines) => {
      twice = idIn(lines[0]);
      return [...lines.slice(0, 1), ...lines];
    });
    expect(found).toEqual([`readings changed ${twice}`]);
  });

  test('a copy whose records do not say where they stand is taught it', async () => {
    let ids: string[] = [];
    const found = await damage('readings', (lines) => {
      ids = lines.slice(0, -1).map(idIn);
      return lines.map((line) => line.replace(/"sequence":"[^"]*",/, ''));
    });
    expect(found).toEqual(inOrder(ids.map((id) => named('readings', 'changed', id))));
  });

  test('what came or went since the copy is behind, not different', async () => {
    const gone = await linkHome(bench);
    await sync(database);
    await client.unlink(gone.accountId);
    const come = await linkHome(bench);
    const verdict = await verify(database);
    expect(verdict).toMatchObject({ exitCode: 0, isEqual: true, differences: 0 });
    expect(verdict.behind.toSorted()).toEqual([gone.accountId, come.accountId].toSorted());
    await sync(database);
    expect(await verify(database)).toMatchObject({ exitCode: 0, behind: [], differences: 0 });
  });

  test('a token that sees too little proves nothing', async () => {
    const run = async (...scopes: string[]) => {
      const { token } = await client.createToken({ kind: 'workspace', scopes, label: 'for a test' });
      return await program.run(database.target, 'verify', '--token', token);
    };
    expect(await run('events.read')).toMatchObject({
      exitCode: 1,
      err: expect.stringContaining('accounts.read'),
    });
    // Everything is equal as far as such a token is told, but for the modules, which it does not see.
    const blind = ['accounts.read', 'events.read', 'lighting.read'];
    const said = expect.stringContaining('the access token does not see everything');
    expect(await run(...blind)).toMatchObject({ exitCode: 1, out: '', err: said });
    const planted = await plant(database, ['a missing event']);
    expect(await run(...blind)).toMatchObject({ exitCode: 1, out: '', err: said });
    expect(inOrder((await verify(database, '--repair')).found)).toEqual(inOrder(planted));
  });

  test('a copy of another Latchkey is refused, and not touched', async () => {
    const other = await startFiles();
    await linkHome(elsewhere);
    expect(await programElsewhere.run(other.target, 'sync', '--once')).toMatchObject({ exitCode: 0 });
    const before = await contentsOf(other);
    for (const [runner, target] of [
      [program, other.target],
      [programElsewhere, database.target],
    ] as const)
      expect(await runner.run(target, 'verify', '--repair')).toMatchObject({
        exitCode: 1,
        err: expect.stringContaining('is no copy of this Latchkey, but of another one'),
      });
    expect(await contentsOf(other)).toEqual(before);
    await other.close();
  });

  test('what the feed tells twice is in a copy once, and is no difference', async () => {
    const databases = [database, await startDynamodb()];
    const shard = logShard(home.accountId);
    const [told] = present(await bench.kept.feed.page(shard, 1), 'page');
    const { id } = present(told, 'event');
    await bench.kept.feed.append(shard, [present(told, 'event')]);
    const { events } = await client.events(undefined, 0, { limit: 1000 });
    expect(events.filter((event) => event.id === id)).toHaveLength(2);
    for (const each of databases) {
      await sync(each);
      expect(await verify(each)).toMatchObject({ exitCode: 0, differences: 0 });
      await writeTo(each, (sink) => sink.removeRecords('events', [id]));
      expect(inOrder((await verify(each, '--repair')).found)).toEqual([`events missing ${id}`]);
      expect((await each.contents('events')).filter((event) => event.id === id)).toHaveLength(1);
      expect(await verify(each)).toMatchObject({ exitCode: 0, differences: 0 });
    }
    await databases[1]?.close();
  });

  test('stopped before it was finished, it says that nothing is proven', async () => {
    wiretap.hold();
    const child = program.start(database.target, 'verify', '--json');
    await wiretap.asked();
    child.kill('SIGINT');
    const [out, err] = await Promise.all([
      text(present(child.stdout, 'output')),
      text(present(child.stderr, 'output')),
      once(child, 'close'),
    ]);
    expect([child.exitCode, JSON.parse(out)]).toEqual([
      1,
      { found: [], problem: 'stopped before it was finished: nothing is proven' },
    ]);
    expect(err).toMatch(/\nlatchkey: stopped before it was finished: nothing is proven\n$/);
  });
});
