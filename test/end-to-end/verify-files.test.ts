/** The proof of a copy in files: each damage alone, what only files suffer, and what is refused. */
import { once } from 'node:events';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Collection, type Document, recordCollections } from '../../cli/sync/document.ts';
import { comparedCollections } from '../../cli/verify/difference.ts';
import { logShard } from '../../shared/store/keys.ts';
import { startDynamodb, startFiles } from '../cli/sync/databases.ts';
import { useBench } from './bench.ts';
import { linkHome } from './home.ts';
import { useLatchkey } from './latchkey-program.ts';
import { contentsOf, type Ghosts, inOrder, lastOf, named, plant, plantNames, writeTo } from './planting.ts';
import { useProof } from './proof.ts';
import { present } from './until.ts';

const { bench, wiretap, program, home, sync, verify, ghostsIn } = await useProof();
const elsewhere = await useBench();
const programElsewhere = useLatchkey(elsewhere);

const database = await startFiles();
afterAll(() => database.close());
let ghosts: Ghosts;
beforeAll(async () => {
  ghosts = await ghostsIn(database);
});

const folder = database.target.slice('file:'.length);

test.each(plantNames)('%s alone is mended without writing other files', async (name) => {
  const inodes = async () =>
    Object.fromEntries(
      await Promise.all(
        comparedCollections.map(async (each) => [each, (await stat(join(folder, `${each}.ndjson`))).ino]),
      ),
    );
  const before = await contentsOf(database);
  const planted = await plant(database, [name], ghosts);
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
  await bench.client.unlink(gone.accountId);
  const come = await linkHome(bench);
  const verdict = await verify(database);
  expect(verdict).toMatchObject({ exitCode: 0, isEqual: true, differences: 0 });
  expect(verdict.behind.toSorted()).toEqual([gone.accountId, come.accountId].toSorted());
  await sync(database);
  expect(await verify(database)).toMatchObject({ exitCode: 0, behind: [], differences: 0 });
});

test('a token that sees too little proves nothing', async () => {
  const run = async (...scopes: string[]) => {
    const { token } = await bench.client.createToken({ kind: 'workspace', scopes, label: 'for a test' });
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
  const planted = await plant(database, ['a missing event'], []);
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

test('a copy of which nothing is told is refused, and not touched', async () => {
  const foreign = await startFiles();
  await sync(foreign);
  for (const collection of recordCollections) {
    const path = join(foreign.target.slice('file:'.length), `${collection}.ndjson`);
    await writeFile(path, (await readFile(path, 'utf8')).replaceAll('"id":"evt_', '"id":"ext_'));
  }
  const before = await contentsOf(foreign);
  expect(await program.run(foreign.target, 'verify', '--repair')).toMatchObject({
    exitCode: 1,
    err: expect.stringContaining('it has nothing of what this feed tells'),
  });
  expect(await contentsOf(foreign)).toEqual(before);
  await foreign.close();
});

test('what the feed tells twice is in a copy once, and is no difference', async () => {
  const databases = [database, await startDynamodb()];
  const shard = logShard(home().accountId);
  const [told] = present(await bench.kept.feed.page(shard, 1), 'page');
  const { id } = present(told, 'event');
  await bench.kept.feed.append(shard, [present(told, 'event')]);
  const { events } = await bench.client.events(undefined, 0, { limit: 1000 });
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
