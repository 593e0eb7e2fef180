/**
 * From a webhook's HTTP request to `receive-webhook` and back: without middleware, schemas or a logger library, since
 * every millisecond of the start counts here.
 */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { type IntakeDependencies, receiveWebhook, type WebhookReply } from '../actions/receive-webhook.ts';
import { intakeOf } from '../providers/intake-registry.ts';
import { keepDelivery } from '../store/keep-delivery.ts';
import { readIntakeKeys } from '../vault/intake-keys.ts';
import { keepConnection } from './connection.ts';

/** Two tries have to fit into the 550 ms that the whole request has, milliseconds. */
const patience = { connectionTimeout: 200, requestTimeout: 250, throwOnRequestTimeout: true };
/** A read that hangs costs one request its answer, and must not be what the later ones wait for as well, milliseconds. */
const secretPatience = { connectionTimeout: 250, requestTimeout: 500, throwOnRequestTimeout: true };

export function webhookEntry() {
  const { TABLE_NAME = '', APP_SECRET_ID = '' } = process.env;
  const dynamodb = new DynamoDBClient({ requestHandler: patience, maxAttempts: 2 });
  const secretsManager = new SecretsManagerClient({ requestHandler: secretPatience, maxAttempts: 2 });
  // Not through the vault's seam, which would bring along everything that writes secrets.
  const read = async (name: string) =>
    (await secretsManager.send(new GetSecretValueCommand({ SecretId: name }))).SecretString;
  const keys = keepConnection(() => readIntakeKeys({ read }, APP_SECRET_ID));
  // Begun while the runtime is still starting; a failure is met, and tried again, by the first request.
  keys().catch(() => undefined);

  const deps: IntakeDependencies = {
    keys,
    intakeOf,
    keep: (delivery, signal) => keepDelivery(dynamodb, TABLE_NAME, delivery, signal),
    misses: new Map(),
    now: Date.now,
  };

  return async (event: APIGatewayProxyEventV2): Promise<APIGatewayProxyStructuredResultV2> => {
    const { provider = '', hook = '' } = event.pathParameters ?? {};
    const body = Buffer.from(event.body ?? '', event.isBase64Encoded ? 'base64' : 'utf8');
    const arrivedAtMs = event.requestContext.timeEpoch;
    const reply = await receiveWebhook(deps, { provider, hook, body, headers: event.headers, arrivedAtMs });
    if (reply.status === 503 || reply.missed || reply.isDoubtful) logReply(provider, reply);
    return reply.body
      ? {
          statusCode: reply.status,
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify(reply.body),
        }
      : { statusCode: reply.status };
  };
}

/** Written past `console`, whose lines Lambda begins with words that keep them from being read as JSON. */
function logReply(provider: string, { status, failure, missed, isDoubtful }: WebhookReply): void {
  const { name, message } = failure instanceof Error ? failure : new Error(String(failure));
  const isKept = status === 200;
  const keptAs = isDoubtful ? 'kept with a signature in doubt' : 'answered late';
  const line = {
    level: isKept ? 'WARN' : 'ERROR',
    message: isKept ? keptAs : 'delivery not kept',
    provider,
    status,
    ...missed,
    ...(failure !== undefined && { error: { name, message } }),
  };
  process.stdout.write(`${JSON.stringify(line)}\n`);
}
