import {
  BatchWriteItemCommand,
  ConditionalCheckFailedException,
  DeleteItemCommand,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  TransactWriteItemsCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type LocalDynamodb, startDynamodb } from '../../../infra/local/dynamodb.ts';
import { clientOf, homesTable } from './homes-table.ts';

const TableName = 'homes';
const Key = { pk: { S: 'ACCOUNT#1' }, sk: { S: 'TOKEN' } };
let nowMs = Date.parse('2026-01-05T08:00:00Z');
let dynamodb: LocalDynamodb;
let client: ReturnType<typeof clientOf>;

beforeEach(async () => {
  dynamodb = await startDynamodb({ table: homesTable, now: () => nowMs });
  client = clientOf(dynamodb.url);
});
afterEach(async () => {
  client.destroy();
  await dynamodb.close();
});

const records = () => dynamodb.changes.read('', 1000);

test('records an insert, a change and a removal with their images', async () => {
  await client.send(new PutItemCommand({ TableName, Item: { ...Key, generation: { N: '1' } } }));
  await client.send(
    new UpdateItemCommand({
      TableName,
      Key,
      UpdateExpression: 'SET generation = generation + :one',
      ExpressionAttributeValues: { ':one': { N: '1' } },
    }),
  );
  await client.send(new DeleteItemCommand({ TableName, Key }));

  const [insert, modify, remove] = await records();
  expect(insert).toMatchObject({
    eventName: 'INSERT',
    eventSource: 'aws:dynamodb',
    dynamodb: { Keys: Key, NewImage: { generation: { N: '1' } }, StreamViewType: 'NEW_AND_OLD_IMAGES' },
  });
  expect(insert?.dynamodb).not.toHaveProperty('OldImage');
  expect(modify?.eventName).toBe('MODIFY');
  expect(modify?.dynamodb).toMatchObject({
    OldImage: { generation: { N: '1' } },
    NewImage: { generation: { N: '2' } },
  });
  expect(remove).toMatchObject({ eventName: 'REMOVE', dynamodb: { OldImage: { generation: { N: '2' } } } });
  expect(remove?.dynamodb).not.toHaveProperty('NewImage');
  const numbers = (await records()).map((record) => record.dynamodb.SequenceNumber);
  expect(numbers).toEqual(numbers.toSorted());
  expect(new Set(numbers).size).toBe(3);
});

test('records nothing where nothing changed', async () => {
  const put = new PutItemCommand({ TableName, Item: { ...Key, scopes: { SS: ['a', 'b'] } } });
  await client.send(put);
  await client.send(put);
  await client.send(new PutItemCommand({ TableName, Item: { scopes: { SS: ['b', 'a'] }, ...Key } }));
  await client.send(new DeleteItemCommand({ TableName, Key: { ...Key, sk: { S: 'nowhere' } } }));
  expect(await records()).toHaveLength(1);
});

test('refuses a failed condition with the item that failed it, and records nothing', async () => {
  await client.send(new PutItemCommand({ TableName, Item: { ...Key, owner: { S: 'first' } } }));
  const second = client.send(
    new PutItemCommand({
      TableName,
      Item: { ...Key, owner: { S: 'second' } },
      ConditionExpression: 'attribute_not_exists(pk)',
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    }),
  );
  const error = await second.catch((caught: unknown) => caught);
  expect(error).toBeInstanceOf(ConditionalCheckFailedException);
  expect(error).toMatchObject({ Item: { owner: { S: 'first' } } });
  expect(await records()).toHaveLength(1);
});

test('lets exactly one of many conditional writers win', async () => {
  const attempts = Array.from({ length: 20 }, (_, index) =>
    client.send(
      new PutItemCommand({
        TableName,
        Item: { ...Key, owner: { S: String(index) } },
        ConditionExpression: 'attribute_not_exists(pk)',
      }),
    ),
  );
  const outcomes = await Promise.allSettled(attempts);
  expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  expect(await records()).toHaveLength(1);
});

test('counts concurrent updates of one item exactly, with unbroken images', async () => {
  await Promise.all(
    Array.from({ length: 30 }, () =>
      client.send(
        new UpdateItemCommand({
          TableName,
          Key,
          UpdateExpression: 'ADD spent :one',
          ExpressionAttributeValues: { ':one': { N: '1' } },
        }),
      ),
    ),
  );
  const chain = (await records()).map(({ dynamodb: { OldImage, NewImage } }) => [
    OldImage?.spent,
    NewImage?.spent,
  ]);
  expect(chain[29]).toEqual([{ N: '29' }, { N: '30' }]);
  for (const [index, [before]] of chain.entries())
    expect(before).toEqual(index ? { N: `${index}` } : undefined);
});

test('keeps an index in step and leaves items without its keys out', async () => {
  const due = (dueAt?: string) =>
    new PutItemCommand({
      TableName,
      Item: { ...Key, ...(dueAt && { dueShard: { S: 'ROTATE#0' }, dueAt: { S: dueAt } }) },
    });
  const query = async () => {
    const { Items } = await client.send(
      new QueryCommand({
        TableName,
        IndexName: 'due',
        KeyConditionExpression: 'dueShard = :shard',
        ExpressionAttributeValues: { ':shard': { S: 'ROTATE#0' } },
      }),
    );
    return Items?.map(({ dueAt }) => dueAt?.S);
  };
  await client.send(due('2026-01-01T00:00:00Z'));
  expect(await query()).toEqual(['2026-01-01T00:00:00Z']);
  await client.send(due('2026-02-01T00:00:00Z'));
  expect(await query()).toEqual(['2026-02-01T00:00:00Z']);
  await client.send(due());
  expect(await query()).toEqual([]);
});

test('records each item of a batch, and nothing of a batch that is refused', async () => {
  const item = (sk: string) => ({ PutRequest: { Item: { pk: { S: 'LOG#0' }, sk: { S: sk } } } });
  const twice = new BatchWriteItemCommand({ RequestItems: { homes: [item('a'), item('a')] } });
  await expect(client.send(twice)).rejects.toThrow(/duplicates/);
  expect(await records()).toEqual([]);

  await client.send(new BatchWriteItemCommand({ RequestItems: { homes: [item('a'), item('b')] } }));
  const removal = { DeleteRequest: { Key: { pk: { S: 'LOG#0' }, sk: { S: 'a' } } } };
  await client.send(new BatchWriteItemCommand({ RequestItems: { homes: [removal] } }));
  const seen = (await records()).map(
    ({ eventName, dynamodb }) => `${eventName} ${Object(dynamodb.Keys.sk).S}`,
  );
  expect(seen.toSorted()).toEqual(['INSERT a', 'INSERT b', 'REMOVE a']);
});

test('refuses transactions, and names what it does not know', async () => {
  const transaction = new TransactWriteItemsCommand({ TransactItems: [{ Put: { TableName, Item: Key } }] });
  await expect(client.send(transaction)).rejects.toMatchObject({ name: 'ValidationException' });
  const unknown = await fetch(dynamodb.url, {
    method: 'POST',
    headers: { 'x-amz-target': 'DynamoDB_20120810.DropEverything' },
    body: '{}',
  });
  expect(unknown.status).toBe(400);
  expect(await unknown.text()).toContain('UnknownOperationException');
});

test('deletes what has expired in its own name, and nothing else', async () => {
  const expiring = (sk: string, seconds: number) =>
    client.send(
      new PutItemCommand({
        TableName,
        Item: { pk: { S: 'LINK' }, sk: { S: sk }, expiresAtEpoch: { N: String(nowMs / 1000 + seconds) } },
      }),
    );
  await Promise.all([expiring('soon', 60), expiring('later', 6000), expiring('mistake', -3e8)]);
  expect(await dynamodb.sweep()).toBe(0);
  nowMs += 61_000;
  expect(await dynamodb.sweep()).toBe(1);
  expect((await records()).at(-1)).toMatchObject({
    eventName: 'REMOVE',
    userIdentity: { type: 'Service', principalId: 'dynamodb.amazonaws.com' },
    dynamodb: { Keys: { sk: { S: 'soon' } } },
  });
  const { Item } = await client.send(
    new GetItemCommand({ TableName, Key: { pk: { S: 'LINK' }, sk: { S: 'later' } } }),
  );
  expect(Item).toBeDefined();
});

test('answers a conditional put within a few milliseconds', async () => {
  const durations: number[] = [];
  for (let index = 0; index < 100; index += 1) {
    const startedAt = performance.now();
    await client.send(
      new PutItemCommand({
        TableName,
        Item: { pk: { S: `ACCOUNT#${index}` }, sk: { S: 'DELIVERY' } },
        ConditionExpression: 'attribute_not_exists(pk)',
      }),
    );
    durations.push(performance.now() - startedAt);
  }
  // The median says what the front costs; a busy machine shows in the tail only. Typical is 2 ms.
  expect(durations.toSorted((a, b) => a - b)[50]).toBeLessThan(15);
});
