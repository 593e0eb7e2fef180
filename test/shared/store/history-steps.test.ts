import { randomUUID } from 'node:crypto';
import { GetItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { expect, test } from 'vitest';
import type { StepBlock } from '../../../shared/domain/history-steps.ts';
import { toUtc } from '../../../shared/domain/time.ts';
import { keys } from '../../../shared/store/keys.ts';
import { createStore } from '../../../shared/store/store.ts';
import { NOW } from './samples.ts';
import { times, useStore } from './use-store.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const FROM = Date.parse('2026-01-05T00:00:00Z');

const { store, dynamodb, tableName } = useStore();
const steps = () => store().historySteps;

function blockOf(moduleId: string, fromEpochMs = FROM): StepBlock {
  return {
    moduleId,
    capability: 'temperature',
    resolution: '1hour',
    fromEpochMs,
    steps: times(24, (hour) => ({
      startEpochMs: fromEpochMs + hour * HOUR_MS,
      min: hour,
      max: hour + 2,
      mean: hour + 2 / 3,
      count: 12,
    })),
    inputDays: 400,
    version: 1,
  };
}

const startsIn = async (moduleId: string, fromEpochMs: number, toEpochMs: number) => {
  const wish = { moduleId, capability: 'temperature', resolution: '1hour', fromEpochMs, toEpochMs } as const;
  return (await Array.fromAsync(steps().range(wish))).map(({ startEpochMs }) => startEpochMs);
};

async function attributesOf(key: { pk: string; sk: string }, name = tableName()) {
  const { Item } = await dynamodb().send(new GetItemCommand({ TableName: name, Key: marshall(key) }));
  return Item ?? {};
}

test('gives back what was put', async () => {
  const block = blockOf(randomUUID());
  expect(await steps().get(block)).toBeUndefined();
  expect(await steps().put(block)).toBe('written');
  expect(await steps().get(block)).toEqual(block);
});

test('puts only after the version that was read', async () => {
  const block = blockOf(randomUUID());
  await steps().put(block);
  expect(await steps().put({ ...block, steps: [] })).toBe('refused');
  expect(await steps().put({ ...block, version: 3 })).toBe('refused');
  expect(await steps().put({ ...block, steps: [], version: 2 })).toBe('written');
  expect(await steps().get(block)).toEqual({ ...block, steps: [], version: 2 });
});

test('does not put after a version that was deleted meanwhile', async () => {
  const block = blockOf(randomUUID());
  await steps().put(block);
  await store().readings.deleteOf(block.moduleId);
  expect(await steps().put({ ...block, version: 2 })).toBe('refused');
  expect(await steps().get(block)).toBeUndefined();
});

test('tells the steps that begin in a span, across blocks, of one capability and resolution', async () => {
  const moduleId = randomUUID();
  const days = [FROM, FROM + DAY_MS, FROM + 3 * DAY_MS];
  for (const from of days) await steps().put(blockOf(moduleId, from));
  await steps().put({ ...blockOf(moduleId), capability: 'humidity' });
  await steps().put({ ...blockOf(moduleId), resolution: '1day', fromEpochMs: FROM });
  expect(await startsIn(moduleId, FROM + 23 * HOUR_MS, FROM + 25 * HOUR_MS)).toEqual([
    FROM + 23 * HOUR_MS,
    FROM + 24 * HOUR_MS,
    FROM + 25 * HOUR_MS,
  ]);
  expect(await startsIn(moduleId, FROM + 1, FROM + HOUR_MS - 1)).toEqual([]);
  expect(await startsIn(moduleId, FROM - DAY_MS, FROM + 10 * DAY_MS)).toHaveLength(72);
});

test('goes at the end of its time, counted from the end of the block, as readings and fetched blocks do', async () => {
  const name = tableName();
  const brief = createStore(dynamodb(), name, { raw: 7, '5min': 8, '1hour': 9, '1day': 10 });
  const block = blockOf(randomUUID());
  const { moduleId, capability, fromEpochMs } = block;
  await brief.historySteps.put(block);
  await brief.readings.put(moduleId, capability, { value: 20, unit: 'C', observedAt: NOW, receivedAt: NOW });
  const fetched = { moduleId, capability, resolution: 'raw', fromEpochMs } as const;
  await brief.historyBlocks.put({
    ...fetched,
    toEpochMs: fromEpochMs + 2 * DAY_MS - 1,
    points: [],
    finalToEpochMs: 0,
    readToEpochMs: 0,
    readAtEpochMs: FROM,
  });

  const key = keys.stepBlock(moduleId, capability, '1hour', toUtc(fromEpochMs));
  const seconds = (epochMs: number, days: number) => String(Math.floor(epochMs / 1000) + days * 86_400);
  expect(await attributesOf(key)).toMatchObject({ expiresAtEpoch: { N: seconds(FROM + DAY_MS, 9) } });
  expect(await attributesOf(keys.reading(moduleId, capability, NOW))).toMatchObject({
    expiresAtEpoch: { N: seconds(Date.parse(NOW), 7) },
  });
  expect(await attributesOf(keys.historyBlock(moduleId, capability, 'raw', toUtc(FROM)))).toMatchObject({
    expiresAtEpoch: { N: seconds(FROM, 7) },
  });
});

test('a full block is what DynamoDB counts as one write, so long as its capability is named by one of our words', async () => {
  const moduleId = `mod_${'0'.repeat(20)}_${'0'.repeat(16)}`;
  const block = { ...blockOf(moduleId), capability: 'temperature' as const };
  const told = {
    ...block,
    steps: block.steps.map((step) => ({ ...step, mean: 20 + 1 / 3, max: 20.5 })),
  };
  await steps().put(told);
  const key = keys.stepBlock(moduleId, 'temperature', '1hour', toUtc(FROM));
  expect(sizeOf({ M: await attributesOf(key) })).toBeLessThan(1024);
});

/** As DynamoDB counts it: names and texts by their bytes, numbers half a byte a digit, one for each member of a list. */
function sizeOf(value: object): number {
  const [[type, held] = ['', '']] = Object.entries(value) as [string, unknown][];
  if (type === 'N') return Math.ceil(String(held).replace(/^-?0*|\.|0+$/g, '').length / 2) + 1;
  if (type === 'S') return Buffer.byteLength(String(held));
  if (type === 'L') return 3 + (held as object[]).reduce((sum, one) => sum + 1 + sizeOf(one), 0);
  return Object.entries(held as Record<string, object>).reduce(
    (sum, [name, one]) => sum + Buffer.byteLength(name) + sizeOf(one),
    0,
  );
}
