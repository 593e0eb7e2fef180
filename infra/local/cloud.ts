/**
 * The local cloud: hosts what a synthesized CDK app says, on loopback, with its state in one folder.
 *
 *     const cloud = await startLocalCloud({ assemblyDir, statePath });
 *     await fetch(`${cloud.apiUrl}/health`);
 *     await cloud.close();
 */
import { mkdirSync } from 'node:fs';
import type { RequestListener } from 'node:http';
import { join } from 'node:path';
import { LatchkeyError } from '../../shared/domain/error.ts';
import type { Caller } from './access.ts';
import { createCallerWatch } from './caller-watch.ts';
import { createCalls } from './calls.ts';
import { createControl } from './control.ts';
import { type LocalDynamodb, startDynamodb } from './dynamodb.ts';
import { createFaults } from './faults.ts';
import { type FunctionDefinition, readFunctions } from './function-definition.ts';
import { createGateway, send } from './gateway.ts';
import { gatewayMessage } from './gateway-answer.ts';
import { pathOf } from './gateway-event.ts';
import { readRoutes } from './gateway-routes.ts';
import { listen } from './http-server.ts';
import { createLambdaHost, type LambdaHost } from './lambda-host.ts';
import { readPolicy } from './policy.ts';
import { createSchedules } from './schedule.ts';
import { readSchedules } from './schedule-definition.ts';
import { startSecretsManager } from './secrets-manager.ts';
import { readSecrets, readTable } from './state-definition.ts';
import { consumeStream, type StreamConsumer } from './stream.ts';
import { readStreamMappings } from './stream-mapping.ts';
import { loadTemplate, type Template } from './template.ts';

export interface LocalCloudOptions {
  /** Folder that a synthesis wrote. */
  readonly assemblyDir: string;
  /** Folder for table, secrets and logs; made if it is not there. */
  readonly statePath: string;
  /** 0 or absent: a free one. */
  readonly apiPort?: number;
  /** Whether schedules run by themselves; default true. */
  readonly schedules?: boolean;
  /** Told of what goes wrong in the background, one line at a time. */
  readonly log?: (line: string) => void;
}

export interface LocalCloud {
  /** Without a trailing slash, like the other URLs. */
  readonly apiUrl: string;
  readonly dynamodbUrl: string;
  readonly secretsManagerUrl: string;
  /** Runs a function, whose name may lack the stage's prefix. */
  readonly invoke: LambdaHost['invoke'];
  /** The current text of a secret; undefined where there is none. */
  readSecret(name: string): string | undefined;
  putSecret(name: string, value: string): Promise<void>;
  /** Lets running functions finish, for nine seconds unless told otherwise, then stops everything. */
  close(graceMs?: number): Promise<void>;
}

const SWEEP_MS = 10 * 60_000;
/** An exchange with a provider takes eight seconds at most; cut in the middle, it could cost an account. */
const GRACE_MS = 9_000;

/** @throws {LatchkeyError} config_invalid – when state folder, port or template cannot be used; the message is for people */
export async function startLocalCloud(options: LocalCloudOptions): Promise<LocalCloud> {
  const closers: ((graceMs: number) => Promise<void>)[] = [];
  const close = async (graceMs = GRACE_MS) => {
    for (let closer = closers.pop(); closer; closer = closers.pop()) await closer(graceMs);
  };
  try {
    return await start(options, closers, close);
  } catch (error) {
    await close(0);
    throw error;
  }
}

async function start(
  { assemblyDir, statePath, apiPort = 0, schedules: isOn = true, log = () => {} }: LocalCloudOptions,
  closers: ((graceMs: number) => Promise<void>)[],
  close: LocalCloud['close'],
): Promise<LocalCloud> {
  makeFolder(statePath);
  const calls = createCalls();
  const faults = createFaults();
  const callers = new Map<string, Caller>();
  const watch = createCallerWatch({
    callers,
    calls,
    faults,
    findSecretArn: (secretId) => secretsManager.arnOf(secretId),
  });

  const secretsManager = await startSecretsManager({ path: join(statePath, 'secrets'), watch });
  closers.push(secretsManager.close);
  let apiUrl: string | undefined;
  const template = loadTemplate(assemblyDir, {
    apiEndpoint: () => known(apiUrl, 'the API has no address yet'),
    secretArn: (name) => known(secretsManager.arnOf(name), `there is no secret ${name} yet`),
  });
  for (const definition of readSecrets(template)) await secretsManager.ensure(definition);
  const dynamodb = await startDynamodb({ table: readTable(template), path: join(statePath, 'table'), watch });
  closers.push(dynamodb.close);

  let listener: RequestListener = (_, response) => send(response, gatewayMessage(503, 'Starting'), false);
  const api = await listen((request, response) => listener(request, response), apiPort);
  apiUrl = api.url;

  const definitions = readFunctions(template);
  for (const definition of definitions) callers.set(definition.accessKeyId, callerOf(template, definition));
  const host = createLambdaHost({
    definitions,
    endpoints: { dynamodb: dynamodb.url, secretsManager: secretsManager.url },
    logFolder: join(statePath, 'logs'),
  });
  const streams: StreamConsumer[] = [];
  for (const mapping of readStreamMappings(template)) {
    streams.push(await consumeStream({ mapping, changes: dynamodb.changes, invoke: host.invoke }));
  }
  const schedules = createSchedules({ definitions: readSchedules(template), invoke: host.invoke, isOn });
  const endSweeps = await sweepRegularly(dynamodb, streams, log);
  closers.push(async (graceMs) => {
    await api.close();
    endSweeps();
    const stopped = [schedules.stop(), ...streams.map((stream) => stream.stop())];
    await Promise.all([host.close(graceMs), ...stopped]);
  });

  const gateway = createGateway({ routes: readRoutes(template), invoke: host.invoke });
  const control = createControl({
    functions: host.functions,
    schedules,
    streams: () => streams.map((stream) => stream.state()),
    calls,
    faults,
    sweep: dynamodb.sweep,
  });
  listener = (request, response) => (control(pathOf(request)) ?? gateway)(request, response);

  return {
    apiUrl: api.url,
    dynamodbUrl: dynamodb.url,
    secretsManagerUrl: secretsManager.url,
    invoke: host.invoke,
    readSecret: secretsManager.read,
    putSecret: secretsManager.write,
    close,
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
    const positions = streams.map((stream) => stream.state().checkpoint).toSorted();
    await dynamodb.changes.trim(positions[0] ?? dynamodb.changes.head());
  };
  await sweep();
  const timer = setInterval(() => {
    sweep().catch((error: unknown) => log(`sweeping failed: ${error}`));
  }, SWEEP_MS);
  return () => clearInterval(timer);
}

function makeFolder(path: string): void {
  try {
    mkdirSync(path, { recursive: true });
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new LatchkeyError('config_invalid', `${path} cannot be written: ${reason}`, { cause });
  }
}

function known(value: string | undefined, problem: string): string {
  if (value === undefined) throw new LatchkeyError('config_invalid', problem);
  return value;
}
