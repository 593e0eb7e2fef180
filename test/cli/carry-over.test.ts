/** What an operator does after a table of the sealed vault was restored: the younger token sets are brought over. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { CreateTableCommand, DynamoDBClient, waitUntilTableExists } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type LocalDynamodb, startDynamodb } from '../../infra/local/dynamodb.ts';
import type { TokenPointer } from '../../shared/domain/token-pointer.ts';
import { createStore } from '../../shared/store/store.ts';
import { declaredTable } from '../shared/declared-table.ts';
import { anAccountId, aPointer, NOW } from '../shared/store/samples.ts';

const program = join(import.meta.dirname, '../../cli/carry-over.ts');
const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
let server: LocalDynamodb;
let client: DynamoDBClient;

beforeAll(async () => {
  const table = { ...declaredTable(), TableName: 'former' };
  server = await startDynamodb({ table });
  client = new DynamoDBClient({ endpoint: server.url, region: 'eu-west-1', credentials });
  const { KeySchema, AttributeDefinitions, GlobalSecondaryIndexes } = table;
  const shape = { KeySchema, AttributeDefinitions, GlobalSecondaryIndexes };
  const TableName = 'restored';
  await client.send(new CreateTableCommand({ ...shape, TableName, BillingMode: 'PAY_PER_REQUEST' }));
  await waitUntilTableExists({ client, maxWaitTime: 60 }, { TableName });
});
afterAll(async () => {
  client.destroy();
  await server.close();
});

async function carryOver(...args: string[]): Promise<{ exitCode: number | null; out: string; err: string }> {
  const env = {
    ...process.env,
    AWS_ENDPOINT_URL_DYNAMODB: server.url,
    AWS_REGION: 'eu-west-1',
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
  };
  const child = spawn(process.execPath, [program, ...args], { stdio: ['ignore', 'pipe', 'pipe'], env });
  const [out, err] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  return { exitCode: child.exitCode, out, err };
}

const pointersIn = (tableName: string) => createStore(client, tableName).pointers;
const sealedAt = (accountId: string, generation: number): TokenPointer =>
  aPointer({
    accountId,
    generation,
    refreshHash: `hash-${generation}`,
    sealed: { generation, text: `root.${generation}` },
  });

test('brings over what is younger, and what the restored table does not have, and nothing else', async () => {
  const [younger, older, same, only] = [anAccountId(), anAccountId(), anAccountId(), anAccountId()];
  const [former, restored] = [pointersIn('former'), pointersIn('restored')];
  for (const [accountId, before, after] of [
    [younger, 5, 2],
    [older, 2, 5],
    [same, 3, 3],
  ] as const) {
    await former.create(sealedAt(accountId, before));
    await restored.create(sealedAt(accountId, after));
  }
  await former.create(sealedAt(only, 1));
  // Items of other kinds are in the same index.
  await createStore(client, 'former').syncJobs.start(younger, Date.parse(NOW));

  const first = await carryOver('--from', 'former', '--to', 'restored', '--json');
  expect(first).toMatchObject({ exitCode: 0, out: '{"pointers":4,"carriedOver":2}\n' });
  expect(await restored.get(younger)).toEqual(sealedAt(younger, 5));
  expect(await restored.get(older)).toEqual(sealedAt(older, 5));
  expect(await restored.get(only)).toEqual(sealedAt(only, 1));
  const due = await Array.fromAsync(restored.due('legrand', Date.parse(NOW)));
  expect(due.map(({ accountId }) => accountId)).toContain(only);

  const second = await carryOver('--from', 'former', '--to', 'restored');
  expect(second.out).toBe('0 of 4 token pointers were younger and were carried over\n');
});

test.each([
  [[], 'two tables are needed'],
  [['--from', 'former'], 'two tables are needed'],
  [['--from', 'former', '--to', 'former'], 'two tables are needed'],
  [['--nope'], '--nope'],
])('refuses %j with a line that says why', async (args, says) => {
  const { exitCode, err } = await carryOver(...args);
  expect(exitCode).toBe(2);
  expect(err.split('\n')[0]).toContain(says);
});

test('says in one line that there is no such table', async () => {
  const { exitCode, err, out } = await carryOver('--from', 'nowhere', '--to', 'restored');
  expect({ exitCode, out }).toEqual({ exitCode: 1, out: '' });
  expect(err.trim().split('\n')).toHaveLength(1);
});

test('explains itself', async () => {
  expect(await carryOver('--help')).toMatchObject({
    exitCode: 0,
    out: expect.stringContaining('--from TABLE'),
  });
});
