/** Everything a rotation needs, each part in a process of its own, so that the one that rotates is measured alone. */
import { CreateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { type Child, startChild } from '../child.ts';
import type { AwsHostKind, AwsHostQuestions } from './aws-host.ts';
import type { RotatorQuestions } from './rotator.ts';
import type { TokenHostQuestions } from './token-host.ts';
import { type VaultMode, vaultModes } from './vault-modes.ts';

export interface RigOptions {
  readonly vault: VaultMode;
  /** How long the token endpoint takes to answer, milliseconds. */
  readonly answersAfterMs: number;
}

export type Rig = Awaited<ReturnType<typeof startRig>>;

const here = import.meta.dirname;
const APP_SECRET_ID = 'latchkey/bench/app';
/** The key from which the vault derives its own; what is stored can be recognised with it. */
export const ROOT_KEY = 'a root key that has more than thirty-two characters';

export async function startRig({ vault, answersAfterMs }: RigOptions) {
  const [table, secrets, tokens] = await Promise.all([
    startAwsHost('dynamodb'),
    startAwsHost('secrets-manager'),
    startChild<TokenHostQuestions>(`${here}/token-host.ts`, { args: [String(answersAfterMs)] }),
  ]);
  await createAppSecret(await secrets.ask('url'));
  const env = {
    ...(await awsEnvironment(table, secrets)),
    ...vaultModes[vault].environment,
    STACK_ID: 'bench',
    APP_SECRET_ID,
    ACCOUNT_SECRET_PREFIX: 'latchkey/bench/accounts/',
    LATCHKEY_LEGRAND_LOGIN_URL: await tokens.ask('url'),
    LATCHKEY_LEGRAND_API_URL: await tokens.ask('url'),
    LATCHKEY_NETATMO_URL: await tokens.ask('url'),
    LATCHKEY_ALLTHINGSTALK_URL: await tokens.ask('url'),
    PUBLIC_URL: 'http://127.0.0.1',
    DEFAULT_TIME_ZONE: 'Europe/Paris',
    RETENTION_DAYS_RAW: '400',
    RETENTION_DAYS_FIVE_MINUTES: '400',
    RETENTION_DAYS_HOUR: '1100',
    RETENTION_DAYS_DAY: '3700',
    LOG_LEVEL: 'ERROR',
  };
  const rotators: Child<RotatorQuestions>[] = [];

  return {
    table,
    secrets,
    tokens,
    /** A new process, which has nothing in its memory of what others did. */
    async startRotator() {
      const rotator = await startChild<RotatorQuestions>(`${here}/rotator.ts`, { env });
      rotators.push(rotator);
      return rotator;
    },
    async close() {
      await Promise.all([...rotators, table, secrets, tokens].map((child) => child.close()));
    },
  };
}

async function createAppSecret(endpoint: string): Promise<void> {
  const credentials = { accessKeyId: 'bench', secretAccessKey: 'bench' };
  const client = new SecretsManagerClient({ endpoint, region: 'eu-west-1', credentials });
  const legrand = { clientId: 'client', clientSecret: 'secret', subscriptionKey: 'key' };
  const SecretString = JSON.stringify({ rootKey: ROOT_KEY, legrand });
  await client.send(new CreateSecretCommand({ Name: APP_SECRET_ID, SecretString }));
  client.destroy();
}

export function startAwsHost(kind: AwsHostKind): Promise<Child<AwsHostQuestions>> {
  return startChild<AwsHostQuestions>(`${here}/aws-host.ts`, { args: [kind] });
}

/** The SDK's standard variables, which say where AWS is, and the table's name. */
export async function awsEnvironment(
  table: Child<AwsHostQuestions>,
  secrets?: Child<AwsHostQuestions>,
): Promise<Record<string, string>> {
  return {
    AWS_REGION: 'eu-west-1',
    AWS_ACCESS_KEY_ID: 'bench',
    AWS_SECRET_ACCESS_KEY: 'bench',
    AWS_ENDPOINT_URL_DYNAMODB: await table.ask('url'),
    ...(secrets && { AWS_ENDPOINT_URL_SECRETS_MANAGER: await secrets.ask('url') }),
    TABLE_NAME: await table.ask('tableName'),
  };
}
