import * as z from 'zod';
import { LatchkeyError } from '../../../shared/domain/error.ts';
import { AwsRefusal } from '../aws/aws-refusal.ts';
import type { Engine } from './dynalite-engine.ts';
import type { StreamShape, StreamViewType } from './stream-record.ts';

const KeySchema = z.array(z.object({ AttributeName: z.string(), KeyType: z.enum(['HASH', 'RANGE']) }));

/** Properties of an `AWS::DynamoDB::Table` or `GlobalTable` that shape it; the others have no meaning locally. */
export const TableDefinition = z.object({
  TableName: z.string(),
  KeySchema,
  AttributeDefinitions: z.array(
    z.object({ AttributeName: z.string(), AttributeType: z.enum(['S', 'N', 'B']) }),
  ),
  GlobalSecondaryIndexes: z
    .array(
      z.object({
        IndexName: z.string(),
        KeySchema,
        Projection: z.object({
          ProjectionType: z.enum(['ALL', 'KEYS_ONLY', 'INCLUDE']),
          NonKeyAttributes: z.array(z.string()).optional(),
        }),
      }),
    )
    .optional(),
  TimeToLiveSpecification: z
    .object({ AttributeName: z.string().optional(), Enabled: z.boolean() })
    .optional(),
  StreamSpecification: z
    .object({ StreamViewType: z.enum(['KEYS_ONLY', 'NEW_IMAGE', 'OLD_IMAGE', 'NEW_AND_OLD_IMAGES']) })
    .optional(),
});
export type TableDefinition = z.infer<typeof TableDefinition>;

export function streamShapeOf(table: TableDefinition): StreamShape {
  const viewType: StreamViewType = table.StreamSpecification?.StreamViewType ?? 'NEW_AND_OLD_IMAGES';
  return { keyNames: table.KeySchema.map(({ AttributeName }) => AttributeName), viewType };
}

/**
 * Creates the table, or keeps the one that is there.
 * @throws {LatchkeyError} config_invalid – when the one that is there has other keys or indexes
 */
export async function ensureTable(engine: Engine, table: TableDefinition): Promise<void> {
  const existing = await describe(engine, table.TableName);
  if (existing === undefined) {
    await engine.perform('CreateTable', { ...shapeOf(table), BillingMode: 'PAY_PER_REQUEST' });
    await activate(engine, table.TableName);
    return;
  }
  if (JSON.stringify(shapeOf(TableDefinition.parse(existing))) !== JSON.stringify(shapeOf(table))) {
    const message = `table ${table.TableName} was made with other keys or indexes than the template has now; start with --fresh to forget what is stored`;
    throw new LatchkeyError('config_invalid', message);
  }
  if (existing.TableStatus !== 'ACTIVE') await activate(engine, table.TableName);
}

async function activate(engine: Engine, tableName: string): Promise<void> {
  const description = await describe(engine, tableName);
  if (description?.TableStatus !== 'ACTIVE') await engine.activate(tableName, description ?? {});
}

async function describe(engine: Engine, tableName: string): Promise<Record<string, unknown> | undefined> {
  try {
    const { Table } = await engine.perform('DescribeTable', { TableName: tableName });
    return Table as Record<string, unknown>;
  } catch (error) {
    if (error instanceof AwsRefusal && String(error.body.__type).endsWith('ResourceNotFoundException'))
      return undefined;
    throw error;
  }
}

/** Keys and indexes only, in one order, so that two definitions can be compared as text. */
function shapeOf(table: TableDefinition) {
  const byName = <T extends { IndexName: string }>(indexes: readonly T[] = []) =>
    indexes.toSorted((a, b) => (a.IndexName < b.IndexName ? -1 : 1));
  const indexes = byName(table.GlobalSecondaryIndexes).map(({ IndexName, KeySchema, Projection }) => ({
    IndexName,
    KeySchema,
    Projection,
  }));
  return {
    TableName: table.TableName,
    KeySchema: table.KeySchema,
    AttributeDefinitions: table.AttributeDefinitions.toSorted((a, b) =>
      a.AttributeName < b.AttributeName ? -1 : 1,
    ),
    ...(indexes.length > 0 && { GlobalSecondaryIndexes: indexes }),
  };
}
