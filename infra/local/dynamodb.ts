/**
 * DynamoDB of the local cloud, usable on its own:
 *
 *     const dynamodb = await startDynamodb({ table });            // in memory
 *     const dynamodb = await startDynamodb({ table, path });      // kept in that folder (LevelDB)
 *     new DynamoDBClient({ endpoint: dynamodb.url, region: 'eu-west-1', credentials: { accessKeyId: 'any', … } })
 *     dynamodb.changes.read('', 100)                              // stream records so far
 *     await dynamodb.close()
 *
 * `table` has the form of the template's properties (`TableName`, `KeySchema`, `AttributeDefinitions`, …).
 */
import { LatchkeyError } from '../../shared/domain/error.ts';
import { serveAws, type Watch } from './aws/aws-endpoint.ts';
import { refusal } from './aws/aws-refusal.ts';
import { type ChangeLog, openChangeLog } from './dynamodb/change-log.ts';
import { type Engine, openEngine } from './dynamodb/dynalite-engine.ts';
import { sweepExpired } from './dynamodb/dynamodb-expiry.ts';
import { ensureTable, streamShapeOf, type TableDefinition } from './dynamodb/dynamodb-table.ts';

export interface DynamodbOptions {
  readonly table: TableDefinition;
  /** Folder of the LevelDB; without one everything is kept in memory. */
  readonly path?: string;
  /** 0 or absent: a free one. */
  readonly port?: number;
  readonly watch?: Watch;
  /** Epoch milliseconds, for records' times and expiry. */
  readonly now?: () => number;
}

export interface LocalDynamodb {
  readonly url: string;
  readonly changes: ChangeLog;
  /** Deletes what has expired, as DynamoDB does on its own some time later; returns how many items. */
  sweep(): Promise<number>;
  close(): Promise<void>;
}

/** @throws {LatchkeyError} config_invalid – the folder is in use or cannot be written, or holds another table */
export async function startDynamodb(options: DynamodbOptions): Promise<LocalDynamodb> {
  const { table, path, port, watch, now = Date.now } = options;
  const engine = openEngine(path);
  await engine.level.open().catch((cause: Error) => {
    throw new LatchkeyError('config_invalid', `${path} cannot be opened: ${reasonOf(cause)}`, { cause });
  });
  try {
    await ensureTable(engine, table);
  } catch (error) {
    await engine.level.close();
    throw error;
  }
  const changes = await openChangeLog({ level: engine.level, shape: streamShapeOf(table), now });
  const handle = (action: string, input: Record<string, unknown>) => perform(engine, changes, action, input);
  const endpoint = await serveAws({ service: 'dynamodb', jsonVersion: '1.0', port, watch, handle });
  return {
    url: endpoint.url,
    changes,
    sweep: () => sweepExpired({ engine, changes, table, now }),
    async close() {
      await endpoint.close();
      await changes.settled();
      await engine.level.close();
    },
  };
}

/** Everything but an observed write goes to dynalite as it came. */
function perform(engine: Engine, changes: ChangeLog, action: string, input: Record<string, unknown>) {
  switch (action) {
    case 'PutItem':
    case 'UpdateItem':
    case 'DeleteItem':
      return engine.write(action, input, changes.commit);
    case 'BatchWriteItem':
      return writeBatch(engine, changes, input);
    case 'TransactWriteItems':
    case 'TransactGetItems':
      throw refusal(
        'com.amazon.coral.validate#ValidationException',
        'The local DynamoDB has no transactions; write single items with conditions',
      );
    default:
      return engine.perform(action, input);
  }
}

type BatchRequests = Record<string, { PutRequest?: { Item: object }; DeleteRequest?: { Key: object } }[]>;

/** Checked as a whole first, then item by item, as each is a change of its own. */
async function writeBatch(engine: Engine, changes: ChangeLog, input: Record<string, unknown>) {
  const answer = await engine.rehearse('BatchWriteItem', input);
  const writes = Object.entries(input.RequestItems as BatchRequests).flatMap(([TableName, requests]) =>
    requests.map(({ PutRequest, DeleteRequest }) =>
      PutRequest
        ? engine.write('PutItem', { TableName, Item: PutRequest.Item }, changes.commit)
        : engine.write('DeleteItem', { TableName, Key: DeleteRequest?.Key }, changes.commit),
    ),
  );
  await Promise.all(writes);
  return answer;
}

function reasonOf(error: Error): string {
  const cause = error.cause instanceof Error ? error.cause : error;
  const isLocked = 'code' in cause && cause.code === 'LEVEL_LOCKED';
  return isLocked ? 'another local cloud is using it' : cause.message;
}
