import type { DynamoDBRecord } from 'aws-lambda';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { LatchkeyError } from '../../../shared/domain/error.ts';
import { streamEntry } from '../../../shared/runtime/stream-entry.ts';
import { openStoreBench, projectRecords, providerOf, type StoreBench } from '../actions/store-bench.ts';
import { account, accountId, command, module, plant, pointer } from '../domain/samples.ts';
import { invocation } from './events.ts';

let bench: StoreBench;
beforeEach(async () => {
  bench = await openStoreBench();
  vi.stubEnv('LOG_LEVEL', 'SILENT');
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await bench.close();
});

const project = (records: DynamoDBRecord[]) => projectRecords(records, { store: bench.store, providerOf });
const numberOf = (record: DynamoDBRecord | undefined) => record?.dynamodb?.SequenceNumber;
const types = async () => (await bench.feed()).map(({ type }) => type);

/** An account and two plants, as the stream tells them. */
async function recorded(): Promise<DynamoDBRecord[]> {
  await bench.store.accounts.create(account);
  await bench.store.plants.put(plant);
  await bench.store.plants.put({ ...plant, name: 'Chalet', version: 2 });
  return await bench.records();
}

/** The record with an image that our schemas refuse. */
function spoilt({ dynamodb, ...rest }: DynamoDBRecord): DynamoDBRecord {
  return { ...rest, dynamodb: { ...dynamodb, NewImage: { ...dynamodb?.NewImage, version: { S: 'two' } } } };
}

test('understands a change of every kind that it is told of', async () => {
  const { store } = bench;
  await store.accounts.create(account);
  await store.pointers.create(pointer);
  await store.modules.describe(module);
  await store.plants.put(plant);
  await store.commands.create(command);
  expect(await project(await bench.records())).toEqual({ batchItemFailures: [] });
  expect((await types()).toSorted()).toEqual([
    'latchkey.account.linked',
    'latchkey.command.finished',
    'latchkey.plant.changed',
  ]);
});

test('reads a removal, which has no new image', async () => {
  await bench.store.plants.put(plant);
  await bench.store.plants.delete(plant);
  expect(await project(await bench.records())).toEqual({ batchItemFailures: [] });
  expect((await bench.feed()).map(({ data }) => data.removed)).toEqual([false, true]);
});

test('passes over items that mean nothing to the feed', async () => {
  await bench.store.syncJobs.start(accountId, 0);
  await bench.store.feed.append(0, []);
  expect(await project(await bench.records())).toEqual({ batchItemFailures: [] });
  expect(await types()).toEqual([]);
});

describe('a record that cannot be read', () => {
  test('is reported, with everything before it in the feed and nothing after it', async () => {
    const [first, second, third] = (await recorded()) as [DynamoDBRecord, DynamoDBRecord, DynamoDBRecord];
    const answer = await project([first, spoilt(second), third]);
    expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: numberOf(second) }] });
    expect(await types()).toEqual(['latchkey.account.linked']);
  });

  test('is no reason to skip an earlier one that cannot be projected', async () => {
    const records = await recorded();
    const [first, second, third] = records as [DynamoDBRecord, DynamoDBRecord, DynamoDBRecord];
    const delivery = {
      ...first,
      dynamodb: {
        SequenceNumber: '7',
        Keys: { pk: { S: 'ACCOUNT#1' }, sk: { S: 'DELIVERY#1' } },
        NewImage: {
          accountId: { S: accountId },
          deliveryId: { S: '1' },
          provider: { S: 'legrand' },
          raw: { S: '{}' },
          receivedAt: { S: '2026-01-15T17:00:00.000Z' },
        },
      },
    };
    const explosive = () => ({
      translate(): never {
        throw new LatchkeyError('store_unavailable', 'boom');
      },
    });
    const deps = { store: bench.store, providerOf: explosive };
    const answer = await projectRecords([first, delivery, spoilt(second), third], deps);
    expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: '7' }] });
  });

  test('and is of a delivery keeps nothing waiting', async () => {
    const [first, second] = (await recorded()) as [DynamoDBRecord, DynamoDBRecord];
    const delivery = {
      ...first,
      dynamodb: {
        SequenceNumber: '7',
        Keys: { pk: { S: `ACCOUNT#${accountId}` }, sk: { S: 'DELIVERY#1' } },
        NewImage: { accountId: { S: accountId }, raw: { N: '1' } },
      },
    };
    expect(await project([first, delivery, second])).toEqual({ batchItemFailures: [] });
    expect(await types()).toEqual(['latchkey.account.linked', 'latchkey.plant.changed']);
  });

  test('alone in its batch is the one that failed, every time', async () => {
    const [, second] = (await recorded()) as [DynamoDBRecord, DynamoDBRecord];
    const failed = { batchItemFailures: [{ itemIdentifier: numberOf(second) }] };
    expect(await project([spoilt(second)])).toEqual(failed);
    expect(await project([spoilt(second)])).toEqual(failed);
  });
});

test('fails as a whole where it cannot connect, and tries again', async () => {
  const records = await recorded();
  const connect = vi.fn(async () => ({ store: bench.store, providerOf }));
  connect.mockRejectedValueOnce(new Error('no secrets'));
  const handler = streamEntry(connect);
  await expect(handler({ Records: records }, invocation())).rejects.toThrow('no secrets');
  expect(await handler({ Records: records }, invocation())).toEqual({ batchItemFailures: [] });
});
