import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, test } from 'vitest';
import { createFilter } from '../../../infra/local/stream/event-filter.ts';
import { resourcesOf, templatesOf } from '../stacks.ts';

const { service } = templatesOf();

function mappingOf(consumer: string, of = service) {
  const mappings = resourcesOf(of, 'AWS::Lambda::EventSourceMapping');
  const found = mappings.find(([, { Properties }]) =>
    JSON.stringify(Properties.FunctionName).includes(consumer),
  );
  return found?.[1].Properties ?? {};
}

const pattern = (wanted: object) => ({ Filters: [{ Pattern: JSON.stringify(wanted) }] });

describe('the stream', () => {
  test('has no more than two consumers, as many as DynamoDB has room for', () => {
    expect(resourcesOf(service, 'AWS::Lambda::EventSourceMapping')).toHaveLength(2);
  });

  test.each(['ProjectChanges', 'CondenseReadings'])(
    'repeats for %s only what failed, and halves it',
    (consumer) => {
      expect(mappingOf(consumer)).toMatchObject({
        StartingPosition: 'TRIM_HORIZON',
        FunctionResponseTypes: ['ReportBatchItemFailures'],
        BisectBatchOnFunctionError: true,
        MaximumRetryAttempts: 10,
      });
    },
  );
});

describe('the consumer of readings', () => {
  test('is told of every reading that is put, and of none that goes', () => {
    expect(mappingOf('CondenseReadings').FilterCriteria).toEqual(
      pattern({
        eventName: ['INSERT', 'MODIFY'],
        dynamodb: { Keys: { sk: { S: [{ prefix: 'READING#' }] } } },
      }),
    );
  });

  test('waits for more of them as long as the stage says, and works on several partitions at a time', () => {
    expect(mappingOf('CondenseReadings')).toMatchObject({
      MaximumBatchingWindowInSeconds: 20,
      ParallelizationFactor: 4,
    });
    const { service: hasty } = templatesOf({ condenseAfterSeconds: 0 });
    expect(mappingOf('CondenseReadings', hasty)).toMatchObject({ MaximumBatchingWindowInSeconds: 0 });
  });

  test('puts what fails for good into a queue of its own', () => {
    expect(mappingOf('CondenseReadings').DestinationConfig).toEqual({
      OnFailure: { Destination: { 'Fn::GetAtt': [expect.stringMatching(/^ReadingsFailures/), 'Arn'] } },
    });
  });
});

describe('the consumer of changes', () => {
  test('hands every change since the beginning to project-changes, in order', () => {
    service.hasResourceProperties('AWS::Lambda::EventSourceMapping', {
      FunctionName: { Ref: Match.stringLikeRegexp('^ProjectChangesFunction') },
      EventSourceArn: { 'Fn::ImportValue': Match.stringLikeRegexp('StreamArn') },
      StartingPosition: 'TRIM_HORIZON',
      BatchSize: 100,
      ParallelizationFactor: 1,
    });
  });

  test('is woken by what events are made of, and never by what it writes itself', () => {
    const wanted = {
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
    const late = {
      dynamodb: { Keys: { sk: { S: [{ prefix: 'READING#' }] } }, NewImage: { late: { BOOL: [true] } } },
    };
    service.hasResourceProperties('AWS::Lambda::EventSourceMapping', {
      FilterCriteria: {
        Filters: [{ Pattern: Match.serializedJson(wanted) }, { Pattern: Match.serializedJson(late) }],
      },
    });
  });

  test.each([
    ['a late reading', true, { NewImage: { late: { BOOL: true } } }],
    ['a late reading over one that came in time', true, { OldImage: {}, NewImage: { late: { BOOL: true } } }],
    ['a reading that came in time', false, { NewImage: {} }],
    ['one that came in time over a late one', false, { OldImage: { late: { BOOL: true } }, NewImage: {} }],
    ['a late reading that expires', false, { OldImage: { late: { BOOL: true } } }],
  ])('is woken by %s: %s', (_, isWoken, images) => {
    const criteria = mappingOf('ProjectChanges').FilterCriteria as { Filters: { Pattern: string }[] };
    const passes = createFilter(criteria.Filters.map(({ Pattern }) => Pattern));
    const sk = { S: 'READING#temperature#2026-01-15T17:00:00.000Z' };
    expect(passes({ dynamodb: { Keys: { sk }, ...images } })).toBe(isWoken);
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
    expect(mappingOf('ProjectChanges')).not.toHaveProperty('MaximumBatchingWindowInSeconds');
  });
});
