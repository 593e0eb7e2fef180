import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { ScanCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { StreamRecord } from '../../../infra/local/dynamodb/stream-record.ts';
import { startDynamodb } from '../../../infra/local/dynamodb.ts';
import { startSecretsManager } from '../../../infra/local/secrets-manager.ts';
import { clientOf, homesTable } from './homes-table.ts';

const writer = join(import.meta.dirname, 'writer-child.ts');
let path: string;

beforeAll(async () => {
  path = await mkdtemp(join(tmpdir(), 'latchkey-crash-'));
});
afterAll(() => rm(path, { recursive: true }));

interface Death {
  readonly round: number;
  /** Killed from outside once so many writes are answered … */
  readonly answers?: number;
  /** … or by itself once LevelDB has stored so often. */
  readonly stores?: number;
}

/** Lets a process write for a while and die in the middle; returns the last answered value of each lane. */
async function writeAndDie({ round, answers, stores }: Death): Promise<Map<string, string>> {
  const args = [writer, path, String(round), String(stores ?? 'Infinity')];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const answered = new Map<string, string>();
  let count = 0;
  for await (const line of createInterface({ input: child.stdout })) {
    const [lane = '', value = ''] = line.split(' ');
    answered.set(lane, value);
    count += 1;
    if (count === answers) child.kill('SIGKILL');
  }
  return answered;
}

const valueIn = (image: Record<string, unknown> | undefined) => (image ? String(Object(image.value).S) : '-');
const laneOf = (record: StreamRecord) => String(Object(record.dynamodb.Keys.pk).S).slice('LANE#'.length);

/** What the item must be after every record of its lane; throws at a record that does not follow from the last. */
function replay(records: readonly StreamRecord[]): Map<string, string> {
  const values = new Map<string, string>();
  for (const record of records) {
    const lane = laneOf(record);
    const { OldImage, NewImage } = record.dynamodb;
    expect(valueIn(OldImage)).toBe(values.get(lane) ?? '-');
    values.set(lane, valueIn(NewImage));
  }
  return values;
}

/** The item, its index entry and its records must tell the same story, and it must contain what was answered. */
async function assertInStep(answered: ReadonlyMap<string, string>): Promise<void> {
  const dynamodb = await startDynamodb({ table: homesTable, path });
  const client = clientOf(dynamodb.url);
  try {
    const records = await dynamodb.changes.read('', 100_000);
    const numbers = records.map(({ dynamodb: { SequenceNumber } }) => SequenceNumber);
    expect(numbers).toEqual([...new Set(numbers)].toSorted());

    const { Items = [] } = await client.send(new ScanCommand({ TableName: 'homes' }));
    const items = new Map(Items.map(({ pk, value }) => [pk?.S?.slice('LANE#'.length), value?.S]));
    const replayed = [...replay(records)].filter(([, value]) => value !== '-');
    expect(new Map(replayed)).toEqual(items);
    const { Items: indexed = [] } = await client.send(
      new ScanCommand({ TableName: 'homes', IndexName: 'due' }),
    );
    expect(new Map(indexed.map(({ pk, value }) => [pk?.S?.slice('LANE#'.length), value?.S]))).toEqual(items);

    for (const [lane, value] of answered) {
      const history = records.filter((record) => laneOf(record) === lane);
      // Answered, or overwritten by one more write whose answer was lost.
      expect(history.slice(-2).map((record) => valueIn(record.dynamodb.NewImage))).toContain(value);
    }
  } finally {
    client.destroy();
    await dynamodb.close();
  }
}

test('keeps item, index and stream in step when killed after any one thing it stored', async () => {
  // The first stores make the table; a write that took two would be torn by one of two neighbours.
  for (const stores of [3, 4, 5, 6, 9]) await assertInStep(await writeAndDie({ round: stores, stores }));
});

test('keeps them in step when killed from outside in full flight', async () => {
  const answered = await writeAndDie({ round: 100, answers: 150 });
  expect(answered.size).toBe(4);
  await assertInStep(answered);
});

test('refuses a folder that another local cloud uses, and takes it over once that is gone', async () => {
  const first = await startDynamodb({ table: homesTable, path });
  await expect(startDynamodb({ table: homesTable, path })).rejects.toMatchObject({
    code: 'config_invalid',
    message: expect.stringContaining('another local cloud is using it'),
  });
  await first.close();
  await (await startDynamodb({ table: homesTable, path })).close();
});

test('refuses a folder whose table has other indexes, naming the way out', async () => {
  const { GlobalSecondaryIndexes: _, ...rest } = homesTable;
  const table = { ...rest, AttributeDefinitions: rest.AttributeDefinitions.slice(0, 2) };
  await expect(startDynamodb({ table, path })).rejects.toThrow(/--fresh/);
  // The refusal must leave the folder to the next start.
  await (await startDynamodb({ table: homesTable, path })).close();
});

test('forgets records after a day, but none that a consumer still needs, and never reuses a number', async () => {
  let nowMs = Date.now();
  const dynamodb = await startDynamodb({ table: homesTable, path, now: () => nowMs });
  const head = dynamodb.changes.head();
  await dynamodb.changes.trim(head);
  expect(await dynamodb.changes.read('', 1)).toHaveLength(1);
  nowMs += 25 * 60 * 60 * 1000;
  await dynamodb.changes.trim('');
  expect(await dynamodb.changes.read('', 1)).toHaveLength(1);
  await dynamodb.changes.trim(head);
  expect(await dynamodb.changes.read('', 1)).toEqual([]);
  await dynamodb.close();
  const again = await startDynamodb({ table: homesTable, path });
  expect(again.changes.head()).toBe(head);
  await again.close();
});

test('refuses a folder that cannot be a folder', async () => {
  await expect(startSecretsManager({ path: writer })).rejects.toMatchObject({ code: 'config_invalid' });
});
