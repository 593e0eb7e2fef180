/** What the local cloud keeps: table and secrets of the template, behind the watch that every AWS call passes. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { LatchkeyError } from '../../shared/domain/error.ts';
import type { Caller } from './aws/access.ts';
import { createCallerWatch } from './aws/caller-watch.ts';
import { type Calls, createCalls } from './aws/calls.ts';
import { createFaults, type Faults } from './aws/faults.ts';
import type { Closing } from './closing.ts';
import { type LocalDynamodb, startDynamodb } from './dynamodb.ts';
import { type LocalSecretsManager, startSecretsManager } from './secrets-manager.ts';
import { readSecrets, readTable } from './template/state-definition.ts';
import { loadTemplate, type Template } from './template.ts';

export interface CloudStateOptions {
  readonly assemblyDir: string;
  readonly statePath: string;
  readonly closing: Closing;
  /** Where the API is reached, if that is known by now. */
  readonly apiEndpoint: () => string | undefined;
}

export interface CloudState {
  readonly template: Template;
  readonly secretsManager: LocalSecretsManager;
  readonly dynamodb: LocalDynamodb;
  /** Functions by their access key id; whoever is not in here may do everything. */
  readonly callers: Map<string, Caller>;
  readonly calls: Calls;
  readonly faults: Faults;
}

/** @throws {LatchkeyError} config_invalid – when state folder or template cannot be used */
export async function openCloudState(options: CloudStateOptions): Promise<CloudState> {
  const { assemblyDir, statePath, closing, apiEndpoint } = options;
  makeFolder(statePath);
  const callers = new Map<string, Caller>();
  const calls = createCalls();
  const faults = createFaults();
  const watch = createCallerWatch({
    callers,
    calls,
    faults,
    findSecretArn: (secretId) => secretsManager.arnOf(secretId),
  });

  const secretsManager = await startSecretsManager({ path: join(statePath, 'secrets'), watch });
  closing.add(secretsManager.close);
  const template = loadTemplate(assemblyDir, {
    apiEndpoint: () => known(apiEndpoint(), 'the API has no address yet'),
    secretArn: (name) => known(secretsManager.arnOf(name), `there is no secret ${name} yet`),
  });
  for (const definition of readSecrets(template)) await secretsManager.ensure(definition);

  const dynamodb = await startDynamodb({ table: readTable(template), path: join(statePath, 'table'), watch });
  closing.add(dynamodb.close);
  return { template, secretsManager, dynamodb, callers, calls, faults };
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
