import { AwsRefusal } from '../aws/aws-refusal.ts';
import type { ChangeLog } from './change-log.ts';
import type { Engine } from './dynalite-engine.ts';
import type { Item } from './dynalite-view.ts';
import type { TableDefinition } from './dynamodb-table.ts';

/** How DynamoDB signs what it removed itself; consumers tell an expiry from a deletion by it. */
const expiredBy = { type: 'Service', principalId: 'dynamodb.amazonaws.com' } as const;
/** DynamoDB leaves alone what expired longer ago: such a number is taken for a mistake. */
const FIVE_YEARS_SECONDS = 5 * 365 * 24 * 60 * 60;

export interface Expiry {
  readonly engine: Engine;
  readonly changes: ChangeLog;
  readonly table: TableDefinition;
  readonly now: () => number;
}

/** Deletes every item whose time to live has passed; returns how many there were. */
export async function sweepExpired({ engine, changes, table, now }: Expiry): Promise<number> {
  const attribute = table.TimeToLiveSpecification?.Enabled && table.TimeToLiveSpecification.AttributeName;
  if (!attribute) return 0;
  const nowSeconds = Math.floor(now() / 1000);
  const isExpired = {
    ExpressionAttributeNames: { '#expiry': attribute },
    ExpressionAttributeValues: {
      ':now': { N: String(nowSeconds) },
      ':oldest': { N: String(nowSeconds - FIVE_YEARS_SECONDS) },
    },
  };
  const condition = '#expiry <= :now AND #expiry > :oldest';
  let count = 0;
  let ExclusiveStartKey: unknown;
  do {
    const page = await engine.perform('Scan', {
      TableName: table.TableName,
      FilterExpression: condition,
      ...isExpired,
      ...(ExclusiveStartKey !== undefined && { ExclusiveStartKey }),
    });
    for (const item of page.Items as Item[]) {
      const Key = Object.fromEntries(table.KeySchema.map(({ AttributeName: name }) => [name, item[name]]));
      const input = { TableName: table.TableName, Key, ConditionExpression: condition, ...isExpired };
      if (await isDeleted(engine, changes, input)) count += 1;
    }
    ExclusiveStartKey = page.LastEvaluatedKey;
  } while (ExclusiveStartKey !== undefined);
  return count;
}

/** Conditional, because the item may have been given more time since it was read. */
async function isDeleted(engine: Engine, changes: ChangeLog, input: object): Promise<boolean> {
  try {
    await engine.write('DeleteItem', input, (write) => changes.commit(write, expiredBy));
    return true;
  } catch (error) {
    if (
      error instanceof AwsRefusal &&
      String(error.body.__type).endsWith('ConditionalCheckFailedException')
    ) {
      return false;
    }
    throw error;
  }
}
