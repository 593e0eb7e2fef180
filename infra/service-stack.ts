import { Schedule as Rhythm } from 'aws-cdk-lib/aws-events';
import { CfnOutput, Duration, Stack } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { displayNames, ProviderName } from '../shared/domain/provider-name.ts';
import type { Env } from '../shared/runtime/env.ts';
import { Alarms } from './constructs/alarms.ts';
import { constructId } from './constructs/construct-id.ts';
import { EntryFunction, type FunctionName } from './constructs/entry-function.ts';
import { HttpApi } from './constructs/http-api.ts';
import { Schedule } from './constructs/schedule.ts';
import { StreamConsumer, watched } from './constructs/stream-consumer.ts';
import { type FunctionPlan, functionNames, functionPlan, type SettingGroup } from './function-plan.ts';
import type { Stage } from './stage.ts';
import type { StateStack } from './state-stack.ts';

/** Each reading costs some ten calls to the table, and every order of them ends the same: no module waits for another. */
const CONDENSING_LANES = 4;

export interface ServiceStackProps {
  readonly stage: Stage;
  readonly state: StateStack;
  /** Folder with `<function>/index.js`. */
  readonly bundles: string;
}

/** What runs: it keeps nothing, and can be deleted and deployed again. */
export class ServiceStack extends Stack {
  private readonly props: ServiceStackProps;
  private readonly api: HttpApi;
  private readonly settings: Env<SettingGroup>;

  constructor(scope: Construct, props: ServiceStackProps) {
    const { stage, state } = props;
    super(scope, `Latchkey-${stage.name}-Service`, { description: `Latchkey ${stage.name}: what runs` });
    this.props = props;
    this.api = new HttpApi(this, 'Api', { stageName: stage.name, publicUrl: stage.publicUrl });
    this.settings = settingsOf(stage, this.api.publicUrl, state.stackId);
    const functions = this.addFunctions();
    this.api.addRoutes(functions);
    const { table } = state;
    const changes = new StreamConsumer(this, 'Changes', {
      stageName: stage.name,
      table,
      consumer: functions['project-changes'],
      watched: watched.changes,
    });
    const readings = new StreamConsumer(this, 'Readings', {
      stageName: stage.name,
      table,
      consumer: functions['condense-readings'],
      watched: watched.readings,
      lanes: CONDENSING_LANES,
      waitSeconds: stage.condenseAfterSeconds,
    });
    for (const name of ['rotate-tokens', 'sync-accounts', 'continue-commands'] as const) {
      const rhythm = Rhythm.rate(Duration.minutes(1));
      new Schedule(this, `${constructId(name)}Schedule`, {
        stageName: stage.name,
        rhythm,
        entry: functions[name],
      });
    }
    new Alarms(this, 'Alarms', {
      stageName: stage.name,
      functions,
      gateway: this.api.gateway,
      streamFailures: { changes: changes.failures, readings: readings.failures },
      topicArn: stage.alarmTopicArn,
    });
    this.addOutputs();
  }

  private addFunctions(): Record<FunctionName, EntryFunction> {
    const entries = functionNames.map((name) => [name, this.addFunction(name, functionPlan[name])] as const);
    return Object.fromEntries(entries) as Record<FunctionName, EntryFunction>;
  }

  private addFunction(name: FunctionName, plan: FunctionPlan): EntryFunction {
    const { stage, state, bundles } = this.props;
    const { memoryMb, timeoutSeconds } = plan;
    const entry = new EntryFunction(this, constructId(name), {
      stageName: stage.name,
      name,
      bundles,
      memoryMb,
      timeoutSeconds,
    });
    entry.addEnvironment({ LOG_LEVEL: stage.logLevel } satisfies Env<'log'>['log']);
    if (plan.table) state.table.grantItems(entry, plan.table);
    if (plan.indexes?.due) state.table.grantIndex(entry, 'due', plan.indexes.due);
    if (plan.indexes?.owner) state.table.grantIndex(entry, 'owner', plan.indexes.owner);
    if (plan.secrets?.includes('app')) state.vault.grantAppRead(entry);
    if (plan.secrets?.includes('access')) state.vault.grantAccessRead(entry);
    if (plan.accountSecrets) state.vault.grantAccounts(entry, plan.accountSecrets);
    for (const group of plan.settings ?? []) entry.addEnvironment(this.settings[group]);
    return entry;
  }

  private addOutputs(): void {
    const { publicUrl } = this.api;
    new CfnOutput(this, 'ApiUrl', { value: publicUrl, description: 'Where the API is reached' });
    for (const provider of ProviderName.options) {
      const name = displayNames[provider];
      new CfnOutput(this, `${name}ReplyUrl`, {
        value: `${publicUrl}/oauth/${provider}/callback`,
        description: `Register exactly this as the reply URL of the application at ${name}`,
      });
    }
  }
}

function settingsOf(stage: Stage, publicUrl: string, stackId: string): Env<SettingGroup> {
  return {
    api: { PUBLIC_URL: publicUrl },
    link: { RETURN_TO_ALLOWED: stage.returnTo.join(',') },
    providers: stage.providerUrls,
    defaults: {
      DEFAULT_TIME_ZONE: stage.defaultTimeZone,
      ALLTHINGSTALK_CALLS_PER_HOUR: String(stage.allthingstalkCallsPerHour),
    },
    stack: { STACK_ID: stackId },
    retention: {
      RETENTION_DAYS_RAW: String(stage.retentionDays.raw),
      RETENTION_DAYS_FIVE_MINUTES: String(stage.retentionDays['5min']),
      RETENTION_DAYS_HOUR: String(stage.retentionDays['1hour']),
      RETENTION_DAYS_DAY: String(stage.retentionDays['1day']),
    },
  };
}
