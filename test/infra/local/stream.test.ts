import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { StreamRecord } from '../../../infra/local/dynamodb/stream-record.ts';
import { type LocalDynamodb, startDynamodb } from '../../../infra/local/dynamodb.ts';
import type { Invocation } from '../../../infra/local/lambda/lambda-sandbox.ts';
import { createFilter } from '../../../infra/local/stream/event-filter.ts';
import type { StreamMapping } from '../../../infra/local/stream/stream-mapping.ts';
import { consumeStream, type StreamConsumer } from '../../../infra/local/stream.ts';
import { clientOf, homesTable } from './homes-table.ts';

const mapping: StreamMapping = {
  name: 'project-changes',
  functionName: 'project-changes',
  batchSize: 100,
  windowMs: 0,
  maxRetries: 3,
  bisects: true,
  reportsItemFailures: true,
  startsAt: 'TRIM_HORIZON',
  passes: createFilter([]),
  onFailure: 'arn:aws:sqs:eu-west-1:000000000000:failures',
};
const done: Invocation = { kind: 'answered', payload: { batchItemFailures: [] } };
const crashed: Invocation = {
  kind: 'failed',
  error: { errorType: 'Error', errorMessage: 'poisoned', trace: [] },
};

let dynamodb: LocalDynamodb;
let client: ReturnType<typeof clientOf>;
let consumer: StreamConsumer | undefined;
/** Sort keys of every batch that was handed over. */
let batches: string[][];

beforeEach(async () => {
  dynamodb = await startDynamodb({ table: homesTable });
  client = clientOf(dynamodb.url);
  batches = [];
});
afterEach(async () => {
  await consumer?.stop();
  client.destroy();
  await dynamodb.close();
});

const put = (sk: string) =>
  client.send(new PutItemCommand({ TableName: 'homes', Item: { pk: { S: 'ACCOUNT' }, sk: { S: sk } } }));
const nameOf = (record: StreamRecord) => String(Object(record.dynamodb.Keys.sk).S);

async function consume(judge: (records: StreamRecord[]) => Invocation, changed: Partial<StreamMapping> = {}) {
  consumer = await consumeStream({
    mapping: { ...mapping, ...changed },
    changes: dynamodb.changes,
    retryDelayMs: 1,
    invoke: async (_, event) => {
      const { Records } = event as { Records: StreamRecord[] };
      batches.push(Records.map(nameOf));
      return judge(Records);
    },
  });
  return consumer;
}

async function caughtUp(): Promise<void> {
  while (!consumer?.state().isCaughtUp) await new Promise((resolve) => setTimeout(resolve, 1));
}

const reportFailure = (record: StreamRecord | undefined): Invocation => ({
  kind: 'answered',
  payload: { batchItemFailures: [{ itemIdentifier: record?.dynamodb.SequenceNumber }] },
});

test('hands over what was written before it started and what is written after, in order', async () => {
  for (const sk of ['a', 'b']) await put(sk);
  await consume(() => done);
  await caughtUp();
  await put('c');
  await caughtUp();
  expect(batches.flat()).toEqual(['a', 'b', 'c']);
});

test('hands over a change within milliseconds', async () => {
  await consume(() => done);
  const delays: number[] = [];
  for (let index = 0; index < 20; index += 1) {
    const answeredAt = put(`item-${index}`).then(() => performance.now());
    await answeredAt;
    await caughtUp();
    delays.push(performance.now() - (await answeredAt));
  }
  expect(delays.toSorted((a, b) => a - b)[10]).toBeLessThan(50);
});

test('keeps batches to their size', async () => {
  for (let index = 0; index < 7; index += 1) await put(String(index));
  await consume(() => done, { batchSize: 3 });
  await caughtUp();
  expect(batches.map((batch) => batch.length)).toEqual([3, 3, 1]);
});

test('waits for more as long as its window says', async () => {
  await consume(() => done, { windowMs: 100 });
  for (const sk of ['a', 'b', 'c']) await put(sk);
  await caughtUp();
  expect(batches).toEqual([['a', 'b', 'c']]);
});

test('isolates a record that makes the function crash, and keeps it aside', async () => {
  for (let index = 0; index < 8; index += 1) await put(index === 5 ? 'poison' : `good-${index}`);
  await consume((records) => (records.some((record) => nameOf(record) === 'poison') ? crashed : done));
  await caughtUp();
  const alone = batches.filter((batch) => batch.length === 1 && batch[0] === 'poison');
  expect(alone).toHaveLength(mapping.maxRetries + 1);
  const handled = batches.filter((batch) => !batch.includes('poison')).flat();
  expect(handled).toEqual([0, 1, 2, 3, 4, 6, 7].map((index) => `good-${index}`));
  expect(consumer?.state().failures).toMatchObject([
    { batchSize: 1, error: 'poisoned', destination: mapping.onFailure },
  ]);
});

test('goes on from the first record that was reported, not from the ones before it', async () => {
  for (const sk of ['a', 'b', 'c', 'd']) await put(sk);
  let isFirst = true;
  await consume((records) => {
    if (!isFirst) return done;
    isFirst = false;
    return reportFailure(records[2]);
  });
  await caughtUp();
  expect(batches).toEqual([
    ['a', 'b', 'c', 'd'],
    ['c', 'd'],
  ]);
});

test('repeats the whole batch when a report cannot be understood', async () => {
  for (const sk of ['a', 'b']) await put(sk);
  const misunderstood = [
    { batchItemFailures: [{ itemIdentifier: '' }] },
    { batchItemFailures: [{ itemIdentifier: '42' }] },
  ];
  await consume(
    () => {
      const payload = misunderstood.shift();
      return payload ? { kind: 'answered', payload } : done;
    },
    { bisects: false },
  );
  await caughtUp();
  expect(batches).toEqual([
    ['a', 'b'],
    ['a', 'b'],
    ['a', 'b'],
  ]);
});

test('gives up a whole batch where it may not be split', async () => {
  for (const sk of ['a', 'b']) await put(sk);
  await consume(() => crashed, { bisects: false, maxRetries: 1 });
  await caughtUp();
  expect(batches).toHaveLength(2);
  expect(consumer?.state().failures).toMatchObject([{ batchSize: 2 }]);
});

test('hands over again what was not finished when it stopped, and nothing that was', async () => {
  for (const sk of ['a', 'b']) await put(sk);
  const first = await consume((records) => (nameOf(records[0] as StreamRecord) === 'b' ? crashed : done), {
    batchSize: 1,
    maxRetries: Number.POSITIVE_INFINITY,
  });
  while (!batches.some((batch) => batch.includes('b')))
    await new Promise((resolve) => setTimeout(resolve, 1));
  await first.stop();
  batches = [];
  await consume(() => done);
  await caughtUp();
  expect(batches).toEqual([['b']]);
});

test('passes over what its filter does not want, without a call', async () => {
  const watched = { dynamodb: { Keys: { sk: { S: ['ACCOUNT', { prefix: 'MODULE#' }] } } } };
  for (const sk of ['PAGE#1', 'ACCOUNT', 'MODULE#7', 'ACCOUNTS']) await put(sk);
  await consume(() => done, { passes: createFilter([JSON.stringify(watched)]) });
  await caughtUp();
  expect(batches.flat()).toEqual(['ACCOUNT', 'MODULE#7']);
});

test('understands prefix, suffix, exists and anything-but, and refuses what it does not know', () => {
  const passes = (pattern: object, record: object) => createFilter([JSON.stringify(pattern)])(record);
  expect(passes({ a: [{ exists: false }] }, {})).toBe(true);
  expect(passes({ a: [{ exists: true }] }, { a: null })).toBe(true);
  expect(passes({ a: [{ suffix: 'z' }] }, { a: 'xyz' })).toBe(true);
  expect(passes({ a: [{ 'anything-but': ['x', 'y'] }] }, { a: 'x' })).toBe(false);
  expect(passes({ a: [{ 'anything-but': { prefix: 'x' } }] }, { a: 'yx' })).toBe(true);
  expect(passes({ a: [1, null] }, { a: null })).toBe(true);
  expect(passes({ a: ['x'], b: ['y'] }, { a: 'x', b: 'z' })).toBe(false);
  expect(() => createFilter(['{"a":[{"numeric":[">",1]}]}'])).toThrow(/not understood/);
});
