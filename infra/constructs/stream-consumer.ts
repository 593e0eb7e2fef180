import { EventSourceMapping, FilterCriteria, StartingPosition } from 'aws-cdk-lib/aws-lambda';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { Duration, Validations } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import type { EntryFunction } from './entry-function.ts';
import type { Table } from './table.ts';

/** Kinds of items whose changes matter, by sort key; everything else (pages, blocks, jobs) never starts the function. */
const watched = [
  'ACCOUNT',
  'TOKEN',
  'COMMAND',
  { prefix: 'DELIVERY#' },
  { prefix: 'MODULE#' },
  { prefix: 'PLANT#' },
];

/** Of the history only what came out of order: the rest is told by its module, and written by the function itself. */
const lateReadings = { Keys: { sk: { S: [{ prefix: 'READING#' }] } }, NewImage: { late: { BOOL: [true] } } };

export interface StreamConsumerProps {
  readonly stageName: string;
  readonly table: Table;
  readonly consumer: EntryFunction;
}

/** Hands the table's changes to one function: in order for each key, at least once, the hopeless ones aside to a queue. */
export class StreamConsumer extends Construct {
  /** Where the positions of batches go that failed for good. */
  readonly failures: Queue;

  constructor(scope: Construct, id: string, { stageName, table, consumer }: StreamConsumerProps) {
    super(scope, id);
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
      parallelizationFactor: 1,
      retryAttempts: 10,
      bisectBatchOnError: true,
      reportBatchItemFailures: true,
      filters: [{ Keys: { sk: { S: watched } } }, lateReadings].map((dynamodb) =>
        FilterCriteria.filter({ dynamodb }),
      ),
      onFailure: { bind: () => ({ destination: this.failures.queueArn }) },
    });
  }
}
