import { EventSourceMapping, FilterCriteria, StartingPosition } from 'aws-cdk-lib/aws-lambda';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { Duration, Validations } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import type { EntryFunction } from './entry-function.ts';
import type { Table } from './table.ts';

/** By sort key, the items whose changes matter to a consumer: nothing else ever starts its function. */
export const watched = {
  /**
   * What events are made of; not pages, blocks and jobs. Of the history only what came out of order: the rest is told by
   * its module, and written by the function itself.
   */
  changes: [
    whose([
      'ACCOUNT',
      'TOKEN',
      'COMMAND',
      { prefix: 'DELIVERY#' },
      { prefix: 'MODULE#' },
      { prefix: 'PLANT#' },
    ]),
    whose([{ prefix: 'READING#' }], { NewImage: { late: { BOOL: [true] } } }),
  ],
  /** What steps are made of; one that goes is too old, or its module goes as well. */
  readings: [{ eventName: ['INSERT', 'MODIFY'], ...whose([{ prefix: 'READING#' }]) }],
} as const;

export interface StreamConsumerProps {
  readonly stageName: string;
  readonly table: Table;
  readonly consumer: EntryFunction;
  /** Patterns of Lambda's event filtering; a change that fits one of them is handed over. */
  readonly watched: readonly Record<string, unknown>[];
  /** How many batches of a shard are worked on at a time, each with partitions of its own; default 1. */
  readonly lanes?: number;
  /** How long a batch waits to be filled, at most; default: not at all. */
  readonly waitSeconds?: number;
}

/** Hands the table's changes to one function: in order for each key, at least once, the hopeless ones aside to a queue. */
export class StreamConsumer extends Construct {
  /** Where the positions of batches go that failed for good. */
  readonly failures: Queue;

  constructor(scope: Construct, id: string, props: StreamConsumerProps) {
    super(scope, id);
    const { stageName, table, consumer, lanes = 1, waitSeconds } = props;
    this.failures = new Queue(this, 'Failures', {
      queueName: `latchkey-${stageName}-${consumer.functionName}-failures`,
      retentionPeriod: Duration.days(14),
      enforceSSL: true,
    });
    Validations.of(this.failures).acknowledge({
      id: 'AwsSolutions-SQS3',
      reason: 'It is where failures end: the dead-letter queue of the stream',
    });
    consumer.allow(
      ['dynamodb:DescribeStream', 'dynamodb:GetRecords', 'dynamodb:GetShardIterator', 'dynamodb:ListStreams'],
      table.streamArn,
    );
    consumer.allow(['sqs:SendMessage'], this.failures.queueArn);
    new EventSourceMapping(this, 'Mapping', {
      target: consumer.lambda,
      eventSourceArn: table.streamArn,
      startingPosition: StartingPosition.TRIM_HORIZON,
      batchSize: 100,
      parallelizationFactor: lanes,
      ...(waitSeconds !== undefined && { maxBatchingWindow: Duration.seconds(waitSeconds) }),
      retryAttempts: 10,
      bisectBatchOnError: true,
      reportBatchItemFailures: true,
      filters: props.watched.map((pattern) => FilterCriteria.filter(pattern)),
      onFailure: { bind: () => ({ destination: this.failures.queueArn }) },
    });
  }
}

function whose(sortKeys: readonly (string | { readonly prefix: string })[], images: object = {}) {
  return { dynamodb: { Keys: { sk: { S: sortKeys } }, ...images } };
}
