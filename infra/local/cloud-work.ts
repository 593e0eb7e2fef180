/** What runs in the local cloud: functions, and what starts them by itself (stream, schedules, expiry). */
import { join } from 'node:path';
import type { Caller } from './aws/access.ts';
import { readPolicy } from './aws/policy.ts';
import type { CloudState } from './cloud-state.ts';
import type { LocalDynamodb } from './dynamodb.ts';
import { type FunctionDefinition, readFunctions } from './lambda/function-definition.ts';
import { createLambdaHost, type LambdaHost } from './lambda-host.ts';
import { readSchedules } from './schedule/schedule-definition.ts';
import { createSchedules, type Schedules } from './schedule.ts';
import { readStreamMappings } from './stream/stream-mapping.ts';
import { consumeStream, type StreamConsumer } from './stream.ts';
import type { Template } from './template.ts';

export interface CloudWorkOptions {
  readonly statePath: string;
  readonly schedules: boolean;
  readonly log: (line: string) => void;
}

export interface CloudWork {
  readonly host: LambdaHost;
  readonly schedules: Schedules;
  readonly streams: readonly StreamConsumer[];
  stop(graceMs: number): Promise<void>;
}

const SWEEP_MS = 10 * 60_000;

/** @throws {LatchkeyError} config_invalid – when the template says something that is not known here */
export async function startCloudWork(state: CloudState, options: CloudWorkOptions): Promise<CloudWork> {
  const { template, dynamodb, secretsManager, callers } = state;
  const definitions = readFunctions(template);
  for (const definition of definitions) callers.set(definition.accessKeyId, callerOf(template, definition));
  const [mappings, scheduled] = [readStreamMappings(template), readSchedules(template)];

  const host = createLambdaHost({
    definitions,
    endpoints: { dynamodb: dynamodb.url, secretsManager: secretsManager.url },
    logFolder: join(options.statePath, 'logs'),
  });
  const { invoke } = host;
  const streams = await Promise.all(
    mappings.map((mapping) => consumeStream({ mapping, changes: dynamodb.changes, invoke })),
  );
  const schedules = createSchedules({ definitions: scheduled, invoke, isOn: options.schedules });
  const endSweeps = await sweepRegularly(dynamodb, streams, options.log);
  return {
    host,
    schedules,
    streams,
    async stop(graceMs) {
      endSweeps();
      const stopped = [schedules.stop(), ...streams.map((stream) => stream.stop())];
      await Promise.all([host.close(graceMs), ...stopped]);
    },
  };
}

function callerOf(template: Template, { name, roleArn }: FunctionDefinition): Caller {
  const roleName = roleArn.slice(roleArn.lastIndexOf('/') + 1);
  return { functionName: name, roleName, policy: readPolicy(template, roleArn) };
}

/** Expired items are deleted, and old stream records forgotten, at start and every ten minutes. */
async function sweepRegularly(
  dynamodb: LocalDynamodb,
  streams: readonly StreamConsumer[],
  log: (line: string) => void,
): Promise<() => void> {
  const sweep = async () => {
    await dynamodb.sweep();
    const [slowest = dynamodb.changes.head()] = streams.map((stream) => stream.state().checkpoint).toSorted();
    await dynamodb.changes.trim(slowest);
  };
  await sweep();
  const timer = setInterval(() => {
    sweep().catch((error: unknown) => log(`sweeping failed: ${error}`));
  }, SWEEP_MS);
  return () => clearInterval(timer);
}
