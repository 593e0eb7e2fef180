/** Databases that copies are kept in, on this machine: real ones where they can be had from npm. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer, type RequestListener, type Server } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  DeleteTableCommand,
  DynamoDBClient,
  ListTablesCommand,
  paginateScan,
} from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { MongoClient } from 'mongodb';
import { collections, type Document } from '../../../cli/sync/document.ts';
import { openSink } from '../../../cli/sync/open-sink.ts';
import type { Sink } from '../../../cli/sync/sink.ts';
import type { SinkBench } from './describe-sink.ts';

/** None of these has types. */
const require = createRequire(import.meta.url);

export interface Database extends SinkBench {
  /** What `--to` names it by. */
  readonly target: string;
}

function sinkFor(target: string): Sink {
  const sink = openSink(target);
  if (!sink) throw new Error(`${target} is no target`);
  return sink;
}

async function listening(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

export async function startFiles(): Promise<Database> {
  const parent = await mkdtemp(join(tmpdir(), 'latchkey-sync-'));
  const folder = join(parent, 'a', 'new one');
  const target = `file:${folder}`;
  return {
    target,
    open: () => sinkFor(target),
    async contents(collection) {
      const text = await readFile(join(folder, `${collection}.ndjson`), 'utf8').catch(() => '');
      return text
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line) as Document);
    },
    clear: () => rm(folder, { recursive: true, force: true }),
    close: () => rm(parent, { recursive: true, force: true }),
  };
}

interface Rows {
  readonly rows: { doc: { _id: string; _rev: string } & Record<string, unknown> }[];
}

/** PouchDB's server speaks CouchDB's protocol. */
export async function startCouchdb(): Promise<Database> {
  const core = require('pouchdb-core').plugin(require('pouchdb-adapter-memory'));
  const pouch = core.defaults({ adapter: 'memory' });
  const logs = await mkdtemp(join(tmpdir(), 'latchkey-couchdb-'));
  const options = { mode: 'minimumForPouchDB', inMemoryConfig: true, logPath: join(logs, 'log.txt') };
  const app: RequestListener = require('express-pouchdb')(pouch, options);
  const server = createServer(app);
  const address = await listening(server);
  const databaseOf = (collection: string) => `http://${address}/home_${collection}`;
  const target = `couchdb+http://somebody:secret@${address}/home`;
  return {
    target,
    open: () => sinkFor(target),
    async contents(collection) {
      const answer = await fetch(`${databaseOf(collection)}/_all_docs?include_docs=true`);
      const { rows } = (await answer.json()) as Rows;
      return rows.map(({ doc: { _id, _rev, ...fields } }) => ({ id: _id, ...fields }));
    },
    async clear() {
      for (const name of [...collections, 'progress']) await fetch(databaseOf(name), { method: 'DELETE' });
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await rm(logs, { recursive: true, force: true });
    },
  };
}

/** What its sink finds in the environment; dynalite takes any. */
export const awsCredentials = { AWS_ACCESS_KEY_ID: 'anybody', AWS_SECRET_ACCESS_KEY: 'secret' };

export async function startDynamodb(): Promise<Database> {
  const server: Server = require('dynalite')({ createTableMs: 0, deleteTableMs: 0 });
  const address = await listening(server);
  const client = new DynamoDBClient({
    endpoint: `http://${address}`,
    region: 'eu-west-1',
    credentials: { accessKeyId: 'anybody', secretAccessKey: 'secret' },
  });
  const target = `dynamodb+http://${address}/home`;
  return {
    target,
    open: () => sinkFor(target),
    async contents(collection) {
      const pages = paginateScan({ client }, { TableName: `home-${collection}` });
      const items = await Array.fromAsync(pages, ({ Items = [] }) => Items);
      return items.flat().map((item) => unmarshall(item) as Document);
    },
    async clear() {
      const { TableNames = [] } = await client.send(new ListTablesCommand({}));
      for (const TableName of TableNames) await client.send(new DeleteTableCommand({ TableName }));
    },
    async close() {
      client.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** @param url – of a server; its database `latchkey-test` is emptied */
export async function reachMongodb(url: string): Promise<Database> {
  const target = new URL(url);
  target.pathname = '/latchkey-test';
  const client = await MongoClient.connect(target.href);
  const database = client.db('latchkey-test');
  return {
    target: target.href,
    open: () => sinkFor(target.href),
    async contents(collection) {
      const found = await database.collection<{ _id: string }>(collection).find().toArray();
      return found.map(({ _id, ...fields }) => ({ id: _id, ...fields }));
    },
    async clear() {
      await database.dropDatabase();
    },
    close: () => client.close(),
  };
}
