import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import { RemovalPolicy } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import type { Env } from '../../shared/runtime/env.ts';
import type { EntryFunction } from './entry-function.ts';

export type TableAction = 'GetItem' | 'Query' | 'Scan' | 'PutItem' | 'UpdateItem' | 'DeleteItem';
export type TableIndex = 'due' | 'owner';

const text = dynamodb.AttributeType.STRING;

/** The one table. It outlives its stack: what it holds cannot be made again. */
export class Table extends Construct {
  /** ARN of the stream of new and old images. */
  readonly streamArn: string;
  private readonly table: dynamodb.Table;

  constructor(scope: Construct, id: string, props: { readonly stageName: string }) {
    super(scope, id);
    this.table = new dynamodb.Table(this, 'Table', {
      tableName: `latchkey-${props.stageName}`,
      partitionKey: { name: 'pk', type: text },
      sortKey: { name: 'sk', type: text },
      billingMode: dynamodb.BillingMode.PAY_PER_REQUEST,
      stream: dynamodb.StreamViewType.NEW_AND_OLD_IMAGES,
      timeToLiveAttribute: 'expiresAtEpoch',
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      deletionProtection: true,
      removalPolicy: RemovalPolicy.RETAIN,
    });
    this.addIndex('due', 'dueShard', 'dueAt');
    this.addIndex('owner', 'ownerKey', 'accountId');
    const { tableStreamArn } = this.table;
    if (tableStreamArn === undefined) throw new TypeError('a table with a stream has a stream ARN');
    this.streamArn = tableStreamArn;
  }

  /** Lets the function do just these things with items, and tells it the table's name. */
  grantItems(entry: EntryFunction, actions: readonly TableAction[]): void {
    entry.addEnvironment({ TABLE_NAME: this.table.tableName } satisfies Env<'table'>['table']);
    entry.allow(qualified(actions), this.table.tableArn);
  }

  /** Indexes have names of their own in policies: what is granted on items does not reach them. */
  grantIndex(entry: EntryFunction, index: TableIndex, actions: readonly TableAction[]): void {
    entry.addEnvironment({ TABLE_NAME: this.table.tableName } satisfies Env<'table'>['table']);
    entry.allow(qualified(actions), `${this.table.tableArn}/index/${index}`);
  }

  private addIndex(indexName: TableIndex, partition: string, sort: string): void {
    this.table.addGlobalSecondaryIndex({
      indexName,
      partitionKey: { name: partition, type: text },
      sortKey: { name: sort, type: text },
      projectionType: dynamodb.ProjectionType.ALL,
    });
  }
}

function qualified(actions: readonly TableAction[]): string[] {
  return actions.map((action) => `dynamodb:${action}`);
}
