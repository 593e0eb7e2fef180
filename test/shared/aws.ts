/**
 * DynamoDB and Secrets Manager for tests: those that the SDK's standard variables `AWS_ENDPOINT_URL_DYNAMODB` and
 * `AWS_ENDPOINT_URL_SECRETS_MANAGER` name, else the local cloud's own, in memory. The table is the template's.
 */
import { randomUUID } from 'node:crypto';
import {
  CreateTableCommand,
  DeleteTableCommand,
  DynamoDBClient,
  waitUntilTableExists,
} from '@aws-sdk/client-dynamodb';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { afterAll, beforeAll } from 'vitest';
import type { AwsService, Watch } from '../../infra/local/aws/aws-endpoint.ts';
import type { Faults } from '../../infra/local/aws/faults.ts';
import type { TableDefinition } from '../../infra/local/dynamodb/dynamodb-table.ts';
import { startDynamodb } from '../../infra/local/dynamodb.ts';
import { startSecretsManager } from '../../infra/local/secrets-manager.ts';
import { openGate } from './aws-gate.ts';
import { tableOfTemplate } from './template-table.ts';

export interface Aws {
  readonly dynamodb: DynamoDBClient;
  readonly secretsManager: SecretsManagerClient;
  readonly tableName: string;
  /** Begins the names of this run's secrets. */
  readonly secretPrefix: string;
  close(): Promise<void>;
}

/** Something that runs, or is somebody else's and then stays. */
interface Endpoint {
  readonly url: string;
  close(): Promise<unknown>;
}

/** What every client gets, unless the environment says otherwise. */
const settings = {
  region: process.env.AWS_REGION ?? 'eu-west-1',
  credentials: {
    accessKeyId: process.env.AWS_ACCESS_KEY_ID ?? 'test',
    secretAccessKey: process.env.AWS_SECRET_ACCESS_KEY ?? 'test',
    ...(process.env.AWS_SESSION_TOKEN && { sessionToken: process.env.AWS_SESSION_TOKEN }),
  },
  requestHandler: { connectionTimeout: 1_000, requestTimeout: 3_000, throwOnRequestTimeout: true },
  maxAttempts: 3,
};

/** With `faults`, what is switched on there strikes the clients' calls. */
export async function startAws(faults?: Faults): Promise<Aws> {
  const run = randomUUID().slice(0, 8);
  const table = { ...tableOfTemplate(), TableName: `latchkey-test-${run}` };
  const endpoints = [await dynamodbEndpoint(table, faults), await secretsEndpoint(faults)] as const;
  const dynamodb = new DynamoDBClient({ ...settings, endpoint: endpoints[0].url });
  const secretsManager = new SecretsManagerClient({ ...settings, endpoint: endpoints[1].url });
  return {
    dynamodb,
    secretsManager,
    tableName: table.TableName,
    secretPrefix: `latchkey/test-${run}/accounts/`,
    async close() {
      dynamodb.destroy();
      secretsManager.destroy();
      await Promise.all(endpoints.map((endpoint) => endpoint.close()));
    },
  };
}

/** AWS for the tests of a file. */
export function useAws(faults?: Faults): () => Aws {
  let aws: Aws;
  beforeAll(async () => {
    aws = await startAws(faults);
  });
  afterAll(() => aws.close());
  return () => aws;
}

async function dynamodbEndpoint(table: TableDefinition, faults?: Faults): Promise<Endpoint> {
  const url = process.env.AWS_ENDPOINT_URL_DYNAMODB;
  if (!url) return await startDynamodb({ table, ...(faults && { watch: watchFor(faults) }) });
  const client = new DynamoDBClient({ ...settings, endpoint: url });
  const { TableName, KeySchema, AttributeDefinitions, GlobalSecondaryIndexes } = table;
  const shape = { TableName, KeySchema, AttributeDefinitions, GlobalSecondaryIndexes };
  await client.send(new CreateTableCommand({ ...shape, BillingMode: 'PAY_PER_REQUEST' }));
  await waitUntilTableExists({ client, maxWaitTime: 60 }, { TableName });
  return await behindGate('dynamodb', url, faults, async () => {
    await client.send(new DeleteTableCommand({ TableName }));
    client.destroy();
  });
}

async function secretsEndpoint(faults?: Faults): Promise<Endpoint> {
  const url = process.env.AWS_ENDPOINT_URL_SECRETS_MANAGER;
  if (!url) return await startSecretsManager(faults ? { watch: watchFor(faults) } : {});
  return await behindGate('secretsmanager', url, faults, () => Promise.resolve());
}

/** The local cloud's own servers have a place for faults; others get a gate before them. */
function watchFor(faults: Faults): Watch {
  return {
    before: (call) => faults.strike(call, '', 'before'),
    after: (call) => faults.strike(call, '', 'after'),
    count: () => undefined,
  };
}

async function behindGate(
  service: AwsService,
  url: string,
  faults: Faults | undefined,
  leave: () => Promise<void>,
): Promise<Endpoint> {
  if (!faults) return { url, close: leave };
  const gate = await openGate(service, url, faults);
  return { url: gate.url, close: () => gate.close().then(leave) };
}
