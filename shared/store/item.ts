/**
 * The table: reads and single-item conditional writes, nothing else. The seam at which DynamoDB's errors become
 * ours; what a condition refused is a value, not an error.
 */
import {
  ConditionalCheckFailedException,
  DeleteItemCommand,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  type QueryCommandInput,
  ScanCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import * as z from 'zod';
import { LatchkeyError } from '../domain/error.ts';
import { type Expression, writeExpressions } from './expression.ts';
import type { Key } from './keys.ts';

export type Item = Record<string, unknown>;
export const ItemKey = z.object({ pk: z.string(), sk: z.string() });

export interface Table {
  /** Strongly consistent. */
  get<T>(key: Key, schema: z.ZodType<T>): Promise<T | undefined>;
  put(key: Key, item: object, condition?: Expression): Promise<'written' | 'refused'>;
  /** The whole item as it is after the update. */
  update<T>(
    key: Key,
    change: Expression,
    schema: z.ZodType<T>,
    condition?: Expression,
  ): Promise<T | 'refused'>;
  delete(key: Key, condition?: Expression): Promise<'deleted' | 'refused'>;
  query<T>(query: TableQuery, schema: z.ZodType<T>): Promise<Page<T>>;
  /** Every item that `where` finds, page by page. */
  queryAll<T>(where: Expression, schema: z.ZodType<T>): AsyncGenerator<T>;
  /** Everything in a sparse index, in no order. */
  scanIndex<T>(index: string, page: PageWish, schema: z.ZodType<T>): Promise<Page<T>>;
}

export interface PageWish {
  readonly limit: number;
  /** The key after which to go on, as a former page gave it. */
  readonly after?: Item;
}

export interface TableQuery extends PageWish {
  readonly index?: string;
  readonly where: Expression;
  /** The last one comes first. */
  readonly descending?: boolean;
}

export interface Page<T> {
  readonly items: T[];
  /** Absent on the last page. */
  readonly next?: Item;
}

/** Items asked for at once when all are wanted; DynamoDB itself ends a page at 1 MB. */
const FULL_PAGE = 100;

export function createTable(client: DynamoDBClient, tableName: string): Table {
  const target = { TableName: tableName };
  const read = <T>(schema: z.ZodType<T>, item: Parameters<typeof unmarshall>[0]) =>
    schema.parse(unmarshall(item));

  const pageOf = <T>(
    answer: { Items?: Parameters<typeof unmarshall>[0][]; LastEvaluatedKey?: unknown },
    schema: z.ZodType<T>,
  ) => ({
    items: (answer.Items ?? []).map((item) => read(schema, item)),
    ...(answer.LastEvaluatedKey !== undefined && {
      next: unmarshall(answer.LastEvaluatedKey as Parameters<typeof unmarshall>[0]),
    }),
  });

  const table: Table = {
    get: (key, schema) =>
      reaching(async () => {
        const { Item } = await client.send(
          new GetItemCommand({ ...target, Key: marshall(key), ConsistentRead: true }),
        );
        return Item && read(schema, Item);
      }),

    put: (key, item, condition) =>
      conditionally('written', () =>
        client.send(
          new PutItemCommand({
            ...target,
            Item: marshall({ ...item, ...key }, { removeUndefinedValues: true }),
            ...writeExpressions({ ConditionExpression: condition }),
          }),
        ),
      ),

    update: async (key, change, schema, condition) => {
      let item: Parameters<typeof unmarshall>[0] | undefined;
      const outcome = await conditionally('updated', async () => {
        const answer = await client.send(
          new UpdateItemCommand({
            ...target,
            Key: marshall(key),
            ...writeExpressions({ UpdateExpression: change, ConditionExpression: condition }),
            ReturnValues: 'ALL_NEW',
          }),
        );
        item = answer.Attributes;
      });
      return outcome === 'refused' ? 'refused' : read(schema, item ?? {});
    },

    delete: (key, condition) =>
      conditionally('deleted', () =>
        client.send(
          new DeleteItemCommand({
            ...target,
            Key: marshall(key),
            ...writeExpressions({ ConditionExpression: condition }),
          }),
        ),
      ),

    query: ({ index, where, limit, after, descending = false }, schema) =>
      reaching(async () => {
        const input: QueryCommandInput = {
          ...target,
          // A global index cannot be read consistently.
          ...(index === undefined ? { ConsistentRead: true } : { IndexName: index }),
          ...writeExpressions({ KeyConditionExpression: where }),
          Limit: limit,
          ...(descending && { ScanIndexForward: false }),
          ...(after && { ExclusiveStartKey: marshall(after) }),
        };
        return pageOf(await client.send(new QueryCommand(input)), schema);
      }, after !== undefined),

    async *queryAll(where, schema) {
      let after: Item | undefined;
      do {
        const page = await table.query({ where, limit: FULL_PAGE, ...(after && { after }) }, schema);
        yield* page.items;
        after = page.next;
      } while (after !== undefined);
    },

    scanIndex: (index, { limit, after }, schema) =>
      reaching(async () => {
        const start = after && { ExclusiveStartKey: marshall(after) };
        const scan = new ScanCommand({ ...target, IndexName: index, Limit: limit, ...start });
        return pageOf(await client.send(scan), schema);
      }, after !== undefined),
  };
  return table;
}

async function conditionally<S extends string>(
  done: S,
  write: () => Promise<unknown>,
): Promise<S | 'refused'> {
  return await reaching(async () => {
    try {
      await write();
      return done;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return 'refused';
      throw error;
    }
  });
}

/** What a client sent as a cursor is handed on to DynamoDB, which knows best whether it is one. */
function refusedCursor(cause: unknown): LatchkeyError {
  return new LatchkeyError('request_invalid', 'the cursor is not one that this list gave', {
    cause,
    details: { fields: { after: 'is not a cursor' } },
  });
}

async function reaching<T>(call: () => Promise<T>, hasCursor = false): Promise<T> {
  try {
    return await call();
  } catch (error) {
    if (hasCursor && error instanceof Error && error.name === 'ValidationException')
      throw refusedCursor(error);
    // Refused by our own schema, or a mistake of ours: not the store's fault.
    if (
      !(error instanceof Error) ||
      !('$metadata' in error || '$fault' in error || 'code' in error || error.name === 'TimeoutError')
    )
      throw error;
    throw new LatchkeyError('store_unavailable', `DynamoDB: ${error.name}`, { cause: error });
  }
}
