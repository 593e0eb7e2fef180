import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, expect, test, vi } from 'vitest';
import { openSink } from '../../../cli/sync/open-sink.ts';
import { awsCredentials, reachMongodb, startCouchdb, startDynamodb, startFiles } from './databases.ts';
import { describeSink } from './describe-sink.ts';

for (const [name, value] of Object.entries(awsCredentials)) vi.stubEnv(name, value);
const { MONGODB_URL } = process.env;

describeSink('files', startFiles);
describeSink('CouchDB', startCouchdb);
describeSink('DynamoDB', startDynamodb);
if (MONGODB_URL) describeSink('MongoDB', () => reachMongodb(MONGODB_URL));
else test('MongoDB is not tested here: MONGODB_URL is not set', ({ skip }) => skip());

test.each([
  '',
  'file',
  'couchdb://127.0.0.1/x',
  'couchdb+http://',
  'dynamodb+ftp://127.0.0.1/x',
  'mongodb',
  'mongodb://',
  'mongodb://127.0.0.1/x?replicaSet',
  'mysql://x',
])('knows no target «%s»', (target) => {
  expect(openSink(target)).toBeUndefined();
});

test.each([
  ['couchdb', 'unavailable', 'gives no answer'],
  ['dynamodb', 'unavailable', 'ECONNREFUSED'],
])('a %s that is not there is waited for', async (kind, expected, words) => {
  const sink = openSink(`${kind}+http://127.0.0.1:9/home`);
  await expect(sink?.open()).rejects.toMatchObject({
    kind: expected,
    message: expect.stringContaining(words),
  });
});

const answers = createServer((request, response) => {
  const status = Number(/^\/s(\d+)/.exec(request.url ?? '')?.[1] ?? 500);
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end('{"error":"odd","reason":"insufficient storage"}');
});
await new Promise<void>((resolve) => answers.listen(0, '127.0.0.1', resolve));
afterAll(() => answers.close());

test.each([
  [401, 'refused'],
  [403, 'refused'],
  [507, 'refused'],
  [400, 'refused'],
  [429, 'unavailable'],
  [500, 'unavailable'],
  [503, 'unavailable'],
])('a CouchDB that answers %i is %s', async (status, kind) => {
  const { port } = answers.address() as AddressInfo;
  const sink = openSink(`couchdb+http://user:hunter2@127.0.0.1:${port}/s${status}`);
  await expect(sink?.open()).rejects.toMatchObject({ kind });
  const error = await sink?.open().catch((reason: Error) => reason);
  expect(String(error)).not.toContain('hunter2');
  expect(sink?.name).not.toContain('hunter2');
});

test.each([
  ['mongodb://127.0.0.1', 'MongoDB 127.0.0.1:27017/latchkey'],
  ['mongodb://127.0.0.1/?replicaSet=rs0', 'MongoDB 127.0.0.1:27017/latchkey'],
  ['mongodb://somebody:hunter2@127.0.0.1/test', 'MongoDB 127.0.0.1:27017/test'],
  ['mongodb://a:27017,b:27018/home?replicaSet=rs0', 'MongoDB a:27017,b:27018/home'],
])('knows the database of %s', async (target, name) => {
  const sink = openSink(target);
  expect(sink?.name).toBe(name);
  await sink?.close();
});

test('a CouchDB may be at a path of a proxy', async () => {
  const { port } = answers.address() as AddressInfo;
  const server = `http://127.0.0.1:${port}`;
  const sink = openSink(`couchdb+${server}/s400/couch//home/`);
  expect(sink?.name).toBe(`${server}/s400/couch/home`);
  await expect(sink?.open()).rejects.toThrow(`${server}/s400/couch/home_accounts answers 400`);
});

test('a DynamoDB that leaves parts of a batch is given them again, and is unavailable once it takes nothing', async () => {
  const batches: number[] = [];
  let taken = 2;
  const server = createServer(async (request, response) => {
    const { RequestItems } = JSON.parse(await text(request));
    const [table = '', requests = []] = Object.entries<unknown[]>(RequestItems)[0] ?? [];
    batches.push(requests.length);
    const left = requests.slice(taken);
    response.writeHead(200, { 'content-type': 'application/x-amz-json-1.0' });
    response.end(JSON.stringify({ UnprocessedItems: left.length > 0 ? { [table]: left } : {} }));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  const sink = openSink(`dynamodb+http://127.0.0.1:${port}/home`);
  const records = [1, 2, 3, 4, 5].map((index) => ({ id: `evt_${index}` }));
  await sink?.addRecords('events', records);
  expect(batches).toEqual([5, 3, 1]);
  taken = 0;
  await expect(sink?.addRecords('events', records)).rejects.toMatchObject({
    kind: 'unavailable',
    message: expect.stringContaining('home-events takes no more for now'),
  });
  await sink?.close();
  server.close();
});

test('a folder that cannot be made or written says so', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'latchkey-sync-'));
  await writeFile(join(folder, 'taken'), '');
  await expect(openSink(`file:${join(folder, 'taken')}`)?.open()).rejects.toMatchObject({
    kind: 'refused',
    message: expect.stringContaining('cannot be written'),
  });
  await chmod(folder, 0o700);
  await rm(folder, { recursive: true });
});

test('files have no note of records that are not kept yet, wherever a write fails', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'latchkey-sync-'));
  const progress = {
    cursor: 'c1',
    phase: 'following',
    events: 0,
    updatedAt: '2026-01-15T12:00:00.000Z',
  } as const;
  const record = { id: 'one', origin: 'history' };
  const write = async (blocked: string) => {
    const sink = openSink(`file:${folder}`);
    await sink?.open();
    await sink?.addRecords('readings', [record]);
    await sink?.putState('backfills', [{ id: 'note', version: 1 }]);
    // A folder of that name cannot be written as a file.
    await mkdir(join(folder, `${blocked}.new`));
    await expect(sink?.keepProgress(progress)).rejects.toMatchObject({ kind: 'refused' });
    await rm(join(folder, `${blocked}.new`), { recursive: true });
    await sink?.close();
    const names = await readdir(folder);
    expect(names).not.toContain('backfills.ndjson');
  };
  await write('progress.json');
  await write('backfills.ndjson');
  const sink = openSink(`file:${folder}`);
  await sink?.open();
  await sink?.addRecords('readings', [record]);
  await sink?.putState('backfills', [{ id: 'note', version: 1 }]);
  await sink?.keepProgress(progress);
  await sink?.close();
  expect(await readFile(join(folder, 'readings.ndjson'), 'utf8')).toBe(`${JSON.stringify(record)}\n`);
  expect(await readFile(join(folder, 'backfills.ndjson'), 'utf8')).toBe('{"id":"note","version":1}\n');
  await rm(folder, { recursive: true });
});

test('files know what the feed told last, however long a past was written after it', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'latchkey-sync-'));
  const sink = openSink(`file:${folder}`);
  await sink?.open();
  await sink?.addRecords('readings', [{ id: 'told' }]);
  const past = Array.from({ length: 20_001 }, (_, index) => ({ id: String(index), origin: 'history' }));
  await sink?.addRecords('readings', past);
  await sink?.addRecords('readings', [{ id: 'told' }, ...past.slice(-10)]);
  await sink?.keepProgress({
    cursor: 'c1',
    phase: 'following',
    events: 1,
    updatedAt: '2026-01-15T12:00:00.000Z',
  });
  await sink?.close();
  const lines = (await readFile(join(folder, 'readings.ndjson'), 'utf8')).trim().split('\n');
  expect(lines).toHaveLength(20_002);
  await rm(folder, { recursive: true });
});

test('a folder that is only looked at is not made', async () => {
  const folder = join(tmpdir(), 'latchkey-that-is-not-there');
  const sink = openSink(`file:${folder}`);
  expect(await sink?.readProgress()).toBeUndefined();
  expect(await Array.fromAsync(sink?.listState('backfills') ?? [])).toEqual([]);
  await expect(readdir(folder)).rejects.toMatchObject({ code: 'ENOENT' });
});
