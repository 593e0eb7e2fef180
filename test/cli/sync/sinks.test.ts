import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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
  const status = Number(request.url?.split('/')[1]?.split('_')[0]?.replace('s', '') ?? 500);
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
