import type { HttpApi as Gateway } from 'aws-cdk-lib/aws-apigatewayv2';
import {
  Alarm,
  ComparisonOperator,
  type IMetric,
  Metric,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import { FilterPattern } from 'aws-cdk-lib/aws-logs';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Duration } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { ACCESS_REFUSED } from '../../shared/api/log-words.ts';
import { type FunctionPlan, functionPlan } from '../function-plan.ts';
import { constructId } from './construct-id.ts';
import { type EntryFunction, type FunctionName, loggedErrors } from './entry-function.ts';

/** Legrand bans an endpoint that answers after 750 ms; the network needs some of that. */
const WEBHOOK_P99_MS = 550;
/** A feed that is ten minutes behind is of no use to a thermostat; the stream itself forgets after 24 hours. */
const STREAM_AGE_MS = 10 * 60_000;

/** Steps are shown once they are over; hours behind, there would be little time left to look into it. */
const CONDENSING_AGE_MS = 60 * 60_000;

/** Wrong access tokens within the period; a client that was set up with an old one stays well below. */
const REFUSALS = 500;

const period = Duration.minutes(5);

export interface AlarmsProps {
  readonly stageName: string;
  readonly functions: Readonly<Record<FunctionName, EntryFunction>>;
  readonly gateway: Gateway;
  /** Where each consumer's batches of the stream go that failed for good. */
  readonly streamFailures: Readonly<Record<'changes' | 'readings', Queue>>;
  /** SNS topic that is told; without one the alarms are only seen in CloudWatch. */
  readonly topicArn?: string | undefined;
}

/** What an operator is woken for. */
export class Alarms extends Construct {
  private readonly stageName: string;
  private readonly topicArn: string | undefined;

  constructor(scope: Construct, id: string, props: AlarmsProps) {
    super(scope, id);
    this.stageName = props.stageName;
    this.topicArn = props.topicArn;
    for (const entry of Object.values(props.functions)) {
      this.watch(`${entry.functionName}-errors`, entry.lambda.metricErrors({ period }), 1);
      this.watch(`${entry.functionName}-throttles`, entry.lambda.metricThrottles({ period }), 1);
    }
    const { 'receive-webhook': webhook, 'project-changes': consumer } = props.functions;
    const { 'condense-readings': condenser } = props.functions;
    this.watch(
      'receive-webhook-p99-ms',
      webhook.lambda.metricDuration({ period, statistic: 'p99' }),
      WEBHOOK_P99_MS,
    );
    this.watch('stream-age-ms', ageOf(consumer), STREAM_AGE_MS);
    this.watch('stream-failures', countOf(props.streamFailures.changes), 1);
    this.watch('condensing-age-ms', ageOf(condenser), CONDENSING_AGE_MS);
    this.watch('condensing-failures', countOf(props.streamFailures.readings), 1);
    const { metricNamespace: namespace, metricName } = loggedErrors(props.stageName);
    this.watch('logged-errors', new Metric({ namespace, metricName, period, statistic: 'Sum' }), 1);
    this.watchBans(webhook, consumer);
    this.watchAccess(Object.values(props.functions).filter(checksAccess));
    this.watch('api-5xx', props.gateway.metricServerError({ period, statistic: 'Sum' }), 1);
  }

  /**
   * Two logs tell that half of the failed answers have come that make a provider stop calling an account's address: the
   * intake's while the store is away, as far as one process has seen them, and the projection's once they are written
   * down.
   */
  private watchBans(...entries: EntryFunction[]): void {
    const metric = { metricNamespace: `Latchkey/${this.stageName}`, metricName: 'WebhookBanNear' };
    const isNear = FilterPattern.booleanValue('$.isBanNear', true);
    for (const entry of entries) entry.countLines(isNear, metric);
    const { metricNamespace: namespace, metricName } = metric;
    this.watch('webhook-ban-near', new Metric({ namespace, metricName, period, statistic: 'Sum' }), 1);
  }

  /**
   * Requests with a wrong access token, in all and by the address that they come from. CloudWatch gives the second up
   * when too many addresses take part; the first goes on.
   */
  private watchAccess(entries: readonly EntryFunction[]): void {
    const metricNamespace = `Latchkey/${this.stageName}`;
    const isRefused = FilterPattern.stringValue('$.message', '=', ACCESS_REFUSED);
    for (const entry of entries) {
      entry.countLines(isRefused, { metricNamespace, metricName: 'AccessRefused' });
      const byAddress = { metricName: 'AccessRefusedByAddress', dimensions: { Address: '$.address' } };
      entry.countLines(isRefused, { metricNamespace, ...byAddress });
    }
    const metric = new Metric({
      namespace: metricNamespace,
      metricName: 'AccessRefused',
      period,
      statistic: 'Sum',
    });
    this.watch('access-refused', metric, REFUSALS);
  }

  /** Silence is good: a function that nobody calls reports nothing. */
  private watch(name: string, metric: IMetric, threshold: number): void {
    const alarm = new Alarm(this, constructId(name), {
      alarmName: `latchkey-${this.stageName}-${name}`,
      metric,
      threshold,
      evaluationPeriods: 1,
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
    const { topicArn } = this;
    if (topicArn !== undefined) alarm.addAlarmAction({ bind: () => ({ alarmActionArn: topicArn }) });
  }
}

/** How long the change has been in the stream that a consumer has come to. */
function ageOf(consumer: EntryFunction): IMetric {
  return consumer.lambda.metric('IteratorAge', { period, statistic: 'Maximum' });
}

function countOf(queue: Queue): IMetric {
  return queue.metricApproximateNumberOfMessagesVisible({ period, statistic: 'Maximum' });
}

function checksAccess({ functionName }: EntryFunction): boolean {
  const { secrets = [] }: FunctionPlan = functionPlan[functionName];
  return secrets.includes('access');
}
