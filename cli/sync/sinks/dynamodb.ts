/** DynamoDB, or what speaks its protocol: one table a collection, `<name>-events` and so on, and `<name>-progress`. */

import { setTimeout as pause } from 'node:timers/promises';
import {
  BatchWriteItemCommand,
  ConditionalCheckFailedException,
  CreateTableCommand,
  DeleteItemCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  ResourceInUseException,
  ResourceNotFoundException,
  ScanCommand,
  type WriteRequest,
  waitUntilTableExists,
} from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { type Collection, collections, type Document, type StateDocument } from '../document.ts';
import { batches, type Progress, type Sink, SinkProblem } from '../sink.ts';

/** Most that one call takes. */
const BATCH = 25;
/** Calls at a time. */
const LANES = 8;
const WAIT_SECONDS = 60;
/** Between two calls about what a busy table left of a batch; where it goes on to take nothing, it is as good as away. */
const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 2_000;
/** So that a store that is cut off in the middle of an answer is noticed, and waited for as any other. */
const patience = { connectionTimeout: 10_000, requestTimeout: 20_000, throwOnRequestTimeout: true };
const PROGRESS_ID = 'sync';
/** Errors that only somebody can put right; `RequestLimitExceeded` is a request too soon. */
const REFUSALS =
  /AccessDenied|UnrecognizedClient|InvalidSignature|Validation|ResourceNotFound|(?<!Request)LimitExceeded|CredentialsProvider/;

/** @param url – of the endpoint and the name, such as `http://127.0.0.1:8000/latchkey?region=eu-west-1` */
export function dynamodbSink(url: URL): Sink {
  const prefix = url.pathname.replaceAll('/', '') || 'latchkey';
  const region = url.searchParams.get('region') ?? process.env.AWS_REGION ?? 'eu-west-1';
  const client = new DynamoDBClient({
    endpoint: url.origin,
    region,
    maxAttempts: 3,
    requestHandler: patience,
  });
  const tableOf = (collection: Collection | 'progress') => `${prefix}-${collection}`;

  async function reaching<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (cause) {
      if (!(cause instanceof Error) || cause instanceof SinkProblem) throw cause;
      const kind = REFUSALS.test(cause.name) ? 'refused' : 'unavailable';
      const reason = cause.name === 'TimeoutError' ? 'gives no answer' : `${cause.name}: ${cause.message}`;
      throw new SinkProblem(kind, `${url.origin}: ${reason}`, { cause });
    }
  }

  /** What there is in a table; `undefined` where there is no such table. */
  async function ifThere<T>(work: () => Promise<T>): Promise<T | undefined> {
    try {
      return await work();
    } catch (error) {
      if (error instanceof ResourceNotFoundException) return undefined;
      throw error;
    }
  }

  async function makeTable(TableName: string): Promise<void> {
    try {
      await client.send(
        new CreateTableCommand({
          TableName,
          BillingMode: 'PAY_PER_REQUEST',
          AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
          KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
        }),
      );
    } catch (error) {
      if (!(error instanceof ResourceInUseException)) throw error;
    }
    await waitUntilTableExists({ client, maxWaitTime: WAIT_SECONDS, minDelay: 0.05 }, { TableName });
  }

  async function writeBatch(table: string, requests: WriteRequest[]): Promise<void> {
    let pauseMs = FIRST_PAUSE_MS;
    for (let left = requests; left.length > 0; ) {
      const { UnprocessedItems } = await client.send(
        new BatchWriteItemCommand({ RequestItems: { [table]: left } }),
      );
      const busy = UnprocessedItems?.[table] ?? [];
      pauseMs = busy.length < left.length ? FIRST_PAUSE_MS : pauseMs * 2;
      if (pauseMs > LONGEST_PAUSE_MS)
        throw new SinkProblem('unavailable', `${url.origin}: ${table} takes no more for now`);
      left = busy;
      if (left.length > 0) await pause(pauseMs);
    }
  }

  async function putNewer(table: string, document: StateDocument): Promise<void> {
    try {
      await client.send(
        new PutItemCommand({
          TableName: table,
          Item: marshall(document, { removeUndefinedValues: true }),
          ConditionExpression: 'attribute_not_exists(#id) OR #version <= :version',
          ExpressionAttributeNames: { '#id': 'id', '#version': 'version' },
          ExpressionAttributeValues: marshall({ ':version': document.version }),
        }),
      );
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
    }
  }

  const write = (collection: Collection, records: readonly Document[]) =>
    reaching(async () => {
      // One batch must not name a key twice. Records never change: to write one again leaves it as it is.
      const unique = [...new Map(records.map((record) => [record.id, record])).values()];
      const requests = unique.map((record) => ({
        PutRequest: { Item: marshall(record, { removeUndefinedValues: true }) },
      }));
      await inLanes(batches(requests, BATCH), (batch) => writeBatch(tableOf(collection), batch));
    });

  async function* list(collection: Collection): AsyncGenerator<Document> {
    for (let start: Record<string, unknown> | undefined; ; ) {
      const scan = new ScanCommand({
        TableName: tableOf(collection),
        ConsistentRead: true,
        ...(start && { ExclusiveStartKey: marshall(start) }),
      });
      const page = await reaching(() => ifThere(() => client.send(scan)));
      for (const item of page?.Items ?? []) yield unmarshall(item) as Document;
      if (!page?.LastEvaluatedKey) return;
      start = unmarshall(page.LastEvaluatedKey);
    }
  }

  return {
    name: `${url.origin}/${prefix}`,

    open: () =>
      reaching(async () => {
        for (const collection of [...collections, 'progress'] as const) await makeTable(tableOf(collection));
      }),

    addRecords: write,
    listRecords: list,
    replaceRecords: write,

    removeRecords: (collection, ids) =>
      reaching(async () => {
        const requests = [...new Set(ids)].map((id) => ({ DeleteRequest: { Key: marshall({ id }) } }));
        await inLanes(batches(requests, BATCH), (batch) => writeBatch(tableOf(collection), batch));
      }),

    putState: (collection, documents) =>
      reaching(() => inLanes(documents, (document) => putNewer(tableOf(collection), document))),

    removeState: (collection, ids) =>
      reaching(() =>
        inLanes(ids, async (id) => {
          await client.send(new DeleteItemCommand({ TableName: tableOf(collection), Key: marshall({ id }) }));
        }),
      ),

    listState: (collection) => list(collection) as AsyncGenerator<StateDocument>,

    readProgress: () =>
      reaching(async () => {
        const get = new GetItemCommand({
          TableName: tableOf('progress'),
          Key: marshall({ id: PROGRESS_ID }),
          ConsistentRead: true,
        });
        const found = await ifThere(() => client.send(get));
        if (!found?.Item) return undefined;
        const { id: _, ...progress } = unmarshall(found.Item);
        return progress as Progress;
      }),

    // Whatever is written is durable at once.
    keepState: async () => undefined,

    keepProgress: (progress) =>
      reaching(async () => {
        const item = marshall({ ...progress, id: PROGRESS_ID }, { removeUndefinedValues: true });
        await client.send(new PutItemCommand({ TableName: tableOf('progress'), Item: item }));
      }),

    async close() {
      client.destroy();
    },
  };
}

async function inLanes<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const waiting = items.values();
  const lane = async () => {
    for (const item of waiting) await work(item);
  };
  await Promise.all(Array.from({ length: LANES }, lane));
}
