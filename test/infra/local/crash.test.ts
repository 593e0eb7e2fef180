import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { ScanCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startDynamodb } from '../../../infra/local/dynamodb.ts';
import { startSecretsManager } from '../../../infra/local/secrets-manager.ts';
import type { StreamRecord } from '../../../infra/local/stream-record.ts';
import { clientOf, homesTable } from './homes-table.ts';

const writer = join(import.meta.dirname, 'writer-child.ts');
let path: string;

beforeAll(async () => {
  path = await mkdtemp(join(tmpdir(), 'latchkey-crash-'));
});
afterAll(() => rm(path, { recursive: true }));

/** Lets a process write for a while and kills it in the middle; returns the last answered value of each lane. */
async function writeAndKill(round: number, answers: number): Promise<Map<string, string>> {
  const child = spawn(process.execPath, [writer, path, String(round)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
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

test('keeps item, index and stream in step through SIGKILLs in the middle of writes', async () => {
  let before = 0;
  for (const [round, answers] of [40, 97, 153].entries()) {
    const answered = await writeAndKill(round, answers);
    const dynamodb = await startDynamodb({ table: homesTable, path });
    const client = clientOf(dynamodb.url);
    try {
      const records = await dynamodb.changes.read('', 100_000);
      const numbers = records.map(({ dynamodb: { SequenceNumber } }) => SequenceNumber);
      expect(numbers).toEqual([...new Set(numbers)].toSorted());
      // Every answered write but repeated deletions has its record, in this round as in those before.
      expect(records.length).toBeGreaterThan(before + answers / 2);
      before = records.length;

      const replayed = replay(records);
      const { Items = [] } = await client.send(new ScanCommand({ TableName: 'homes' }));
      const items = new Map(Items.map(({ pk, value }) => [pk?.S?.slice(5), value?.S]));
      const { Items: indexed = [] } = await client.send(
        new ScanCommand({ TableName: 'homes', IndexName: 'due' }),
      );
      expect(new Map(indexed.map(({ pk, value }) => [pk?.S?.slice(5), value?.S]))).toEqual(items);
      for (const [lane, value] of replayed) expect(items.get(lane) ?? '-').toBe(value);
      // What was answered is there, or what was written after it and not answered any more.
      for (const [lane, value] of answered) {
        const history = records
          .filter((record) => laneOf(record) === lane)
          .map((record) => valueIn(record.dynamodb.NewImage));
        expect(history.slice(-2)).toContain(value);
      }
    } finally {
      client.destroy();
      await dynamodb.close();
    }
  }
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
