import { describe, expect, test } from 'vitest';
import { functionNames, functionPlan } from '../../../infra/function-plan.ts';
import { ACCESS_REFUSED } from '../../../shared/api/log-words.ts';
import { resourcesOf, templatesOf } from '../stacks.ts';

const topic = 'arn:aws:sns:eu-west-1:111122223333:alarms';
const alarms = alarmsOf(templatesOf({ alarmTopicArn: topic }).service);

function alarmsOf(service: ReturnType<typeof templatesOf>['service']) {
  const found = resourcesOf(service, 'AWS::CloudWatch::Alarm');
  return new Map(found.map(([, { Properties }]) => [String(Properties.AlarmName), Properties]));
}

function filtersOf(service: ReturnType<typeof templatesOf>['service'], metricName: string) {
  return resourcesOf(service, 'AWS::Logs::MetricFilter')
    .map(([, { Properties }]) => Properties)
    .filter(({ MetricTransformations }) => JSON.stringify(MetricTransformations).includes(metricName));
}

describe('the alarms', () => {
  test.each(functionNames)('go off at the first error and the first throttling of %s', (name) => {
    expect(alarms.get(`latchkey-test-${name}-errors`)).toMatchObject({ MetricName: 'Errors', Threshold: 1 });
    expect(alarms.get(`latchkey-test-${name}-throttles`)).toMatchObject({
      MetricName: 'Throttles',
      Threshold: 1,
    });
  });

  test("go off when receive-webhook nears Legrand's 750 ms", () => {
    expect(alarms.get('latchkey-test-receive-webhook-p99-ms')).toMatchObject({
      MetricName: 'Duration',
      ExtendedStatistic: 'p99',
      Threshold: 550,
    });
  });

  test('go off when the feed falls ten minutes behind', () => {
    expect(alarms.get('latchkey-test-stream-age-ms')).toMatchObject({
      MetricName: 'IteratorAge',
      Statistic: 'Maximum',
      Threshold: 600_000,
    });
  });

  test('go off when steps fall an hour behind, or readings were put aside', () => {
    expect(alarms.get('latchkey-test-condensing-age-ms')).toMatchObject({
      MetricName: 'IteratorAge',
      Statistic: 'Maximum',
      Threshold: 3_600_000,
    });
    expect(alarms.get('latchkey-test-condensing-failures')).toMatchObject({
      MetricName: 'ApproximateNumberOfMessagesVisible',
      Threshold: 1,
    });
  });

  test('go off when any function logs an error, since the one filter of every log counts into one metric', () => {
    const { service } = templatesOf({ alarmTopicArn: topic });
    const filters = filtersOf(service, 'LoggedErrors');
    expect(filters).toHaveLength(functionNames.length);
    const metric = { MetricNamespace: 'Latchkey/test', MetricName: 'LoggedErrors' };
    for (const filter of filters) {
      expect(filter).toMatchObject({
        FilterPattern: '{ $.level = "ERROR" }',
        MetricTransformations: [metric],
      });
    }
    expect(alarms.get('latchkey-test-logged-errors')).toMatchObject({
      Namespace: metric.MetricNamespace,
      MetricName: metric.MetricName,
      Threshold: 1,
    });
  });

  test('go off when many wrong access tokens are presented, which are counted by their address as well', () => {
    const { service } = templatesOf({ alarmTopicArn: topic });
    const filters = filtersOf(service, 'AccessRefused');
    const guarded = functionNames.filter(
      (name) => 'secrets' in functionPlan[name] && `${functionPlan[name].secrets}`.includes('access'),
    );
    expect(filters).toHaveLength(2 * guarded.length);
    for (const { FilterPattern } of filters)
      expect(FilterPattern).toBe(`{ $.message = "${ACCESS_REFUSED}" }`);
    expect(filtersOf(service, 'AccessRefusedByAddress')[0]?.MetricTransformations).toEqual([
      expect.objectContaining({
        MetricNamespace: 'Latchkey/test',
        Dimensions: [{ Key: 'Address', Value: '$.address' }],
      }),
    ]);
    expect(alarms.get('latchkey-test-access-refused')).toMatchObject({
      Namespace: 'Latchkey/test',
      MetricName: 'AccessRefused',
      Statistic: 'Sum',
      Threshold: 500,
    });
  });

  test("go off when an account's address nears a ban, as the intake or the projection has counted", () => {
    const { service } = templatesOf({ alarmTopicArn: topic });
    const filters = filtersOf(service, 'WebhookBanNear');
    expect(filters.map(({ LogGroupName }) => JSON.stringify(LogGroupName))).toEqual([
      expect.stringContaining('ReceiveWebhookLog'),
      expect.stringContaining('ProjectChangesLog'),
    ]);
    for (const { FilterPattern } of filters) expect(FilterPattern).toBe('{ $.isBanNear IS TRUE }');
    expect(alarms.get('latchkey-test-webhook-ban-near')).toMatchObject({
      Namespace: 'Latchkey/test',
      MetricName: 'WebhookBanNear',
      Threshold: 1,
    });
  });

  test('go off when a change was put aside, and when the API answers 5xx', () => {
    expect(alarms.get('latchkey-test-stream-failures')).toMatchObject({
      MetricName: 'ApproximateNumberOfMessagesVisible',
      Threshold: 1,
    });
    expect(alarms.get('latchkey-test-api-5xx')).toMatchObject({ MetricName: '5xx', Threshold: 1 });
  });

  test('take silence for good news, and a value at the threshold for bad', () => {
    for (const alarm of alarms.values()) {
      expect(alarm).toMatchObject({
        TreatMissingData: 'notBreaching',
        ComparisonOperator: 'GreaterThanOrEqualToThreshold',
      });
    }
  });

  test('tell the topic of the stage, and nobody where a stage has none', () => {
    for (const alarm of alarms.values()) expect(alarm.AlarmActions).toEqual([topic]);
    const silent = alarmsOf(templatesOf().service);
    expect(silent.size).toBe(alarms.size);
    for (const alarm of silent.values()) expect(alarm).not.toHaveProperty('AlarmActions');
  });
});
