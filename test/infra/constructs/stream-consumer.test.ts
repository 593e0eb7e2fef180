import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, test } from 'vitest';
import { resourcesOf, templatesOf } from '../stacks.ts';

const { service } = templatesOf();
const mappings = resourcesOf(service, 'AWS::Lambda::EventSourceMapping');

describe('the stream consumer', () => {
  test('hands every change since the beginning to project-changes, in order', () => {
    expect(mappings).toHaveLength(1);
    service.hasResourceProperties('AWS::Lambda::EventSourceMapping', {
      FunctionName: { Ref: Match.stringLikeRegexp('^ProjectChangesFunction') },
      EventSourceArn: { 'Fn::ImportValue': Match.stringLikeRegexp('StreamArn') },
      StartingPosition: 'TRIM_HORIZON',
      BatchSize: 100,
      ParallelizationFactor: 1,
    });
  });

  test('is woken by what events are made of, and never by what it writes itself', () => {
    const pattern = {
      dynamodb: {
        Keys: {
          sk: {
            S: [
              'ACCOUNT',
              'TOKEN',
              'COMMAND',
              { prefix: 'DELIVERY#' },
              { prefix: 'MODULE#' },
              { prefix: 'PLANT#' },
            ],
          },
        },
      },
    };
    service.hasResourceProperties('AWS::Lambda::EventSourceMapping', {
      FilterCriteria: { Filters: [{ Pattern: Match.serializedJson(pattern) }] },
    });
  });

  test('repeats only what failed, halves a failing batch, and puts aside what fails eleven times', () => {
    service.hasResourceProperties('AWS::Lambda::EventSourceMapping', {
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      BisectBatchOnFunctionError: true,
      MaximumRetryAttempts: 10,
      DestinationConfig: {
        OnFailure: { Destination: { 'Fn::GetAtt': [Match.stringLikeRegexp('^ChangesFailures'), 'Arn'] } },
      },
    });
  });

  test('keeps what was put aside as long as a queue can, 14 days', () => {
    service.hasResourceProperties('AWS::SQS::Queue', { MessageRetentionPeriod: 14 * 24 * 3600 });
  });

  test('does not wait to fill a batch: an event is for somebody who waits', () => {
    expect(mappings[0]?.[1].Properties).not.toHaveProperty('MaximumBatchingWindowInSeconds');
  });
});
