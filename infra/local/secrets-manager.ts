/**
 * Secrets Manager of the local cloud, usable on its own:
 *
 *     const secretsManager = await startSecretsManager({});        // in memory
 *     const secretsManager = await startSecretsManager({ path });  // kept in that folder (LevelDB)
 *     new SecretsManagerClient({ endpoint: secretsManager.url, region: 'eu-west-1', credentials: { … } })
 *     await secretsManager.write('latchkey/local/app', '{}')       // creates it, or puts a new version
 *     await secretsManager.close()
 */

import { serveAws, type Watch } from './aws/aws-endpoint.ts';
import { refusal } from './aws/aws-refusal.ts';
import { generateSecretString, type SecretGeneration } from './secrets-manager/secret-generation.ts';
import { isSecretAction, parseSecretInput, type SecretActions } from './secrets-manager/secret-input.ts';
import { secretLifecycleActions } from './secrets-manager/secret-lifecycle.ts';
import { findVersion } from './secrets-manager/secret-record.ts';
import { openSecretStore } from './secrets-manager/secret-store.ts';
import { secretValueActions } from './secrets-manager/secret-values.ts';

export interface SecretsManagerOptions {
  /** Folder of the LevelDB; without one everything is kept in memory. */
  readonly path?: string;
  /** 0 or absent: a free one. */
  readonly port?: number;
  readonly watch?: Watch;
  /** Epoch milliseconds, for dates and recovery windows. */
  readonly now?: () => number;
}

/** A secret that a template declares. */
export interface SecretDefinition {
  readonly name: string;
  readonly description?: string;
  readonly value?: string;
  readonly generation?: SecretGeneration;
}

export interface LocalSecretsManager {
  readonly url: string;
  /** The ARN of a secret, by name or by ARN; undefined where there is none. */
  arnOf(secretId: string): string | undefined;
  /** Creates a declared secret unless it is there; what is there is never touched. */
  ensure(definition: SecretDefinition): Promise<void>;
  /** The current text of a secret; undefined where there is none. */
  read(secretId: string): string | undefined;
  /** Makes the text the secret's current version. */
  write(name: string, value: string): Promise<void>;
  close(): Promise<void>;
}

/** @throws {LatchkeyError} config_invalid – the folder is in use or cannot be written */
export async function startSecretsManager(options: SecretsManagerOptions): Promise<LocalSecretsManager> {
  const { path, port, watch, now = Date.now } = options;
  const store = await openSecretStore(path, now);
  const actions: SecretActions = { ...secretValueActions(store, now), ...secretLifecycleActions(store, now) };
  let last: Promise<unknown> = Promise.resolve();

  /** One call after the other: read, decide and store are then one step, and this is no bottleneck on one machine. */
  function perform(action: string, input: unknown): Promise<object> {
    const turn = last.then(() => {
      if (isSecretAction(action)) return actions[action](parseSecretInput(action, input) as never);
      throw refusal('UnknownOperationException', 'the local Secrets Manager does not know this action');
    });
    last = turn.catch(() => undefined);
    return turn;
  }

  const endpoint = await serveAws({
    service: 'secretsmanager',
    jsonVersion: '1.1',
    port,
    watch,
    handle: perform,
  });
  return {
    url: endpoint.url,
    arnOf: (secretId) => store.find(secretId)?.arn,
    async ensure({ name, description, value, generation }) {
      if (store.find(name)) return;
      const SecretString = value ?? (generation && generateSecretString(generation));
      await perform('CreateSecret', { Name: name, Description: description, SecretString });
    },
    read(secretId) {
      const secret = store.find(secretId);
      return secret && findVersion(secret).SecretString;
    },
    async write(name, value) {
      const isKnown = store.find(name) !== undefined;
      await (isKnown
        ? perform('PutSecretValue', { SecretId: name, SecretString: value })
        : perform('CreateSecret', { Name: name, SecretString: value }));
    },
    async close() {
      await endpoint.close();
      await last;
      await store.close();
    },
  };
}
