/**
 * From a webhook's HTTP request to `receive-webhook` and back: without middleware, schemas or a logger library, since
 * every millisecond of the start counts here.
 */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { type IntakeDependencies, receiveWebhook } from '../actions/receive-webhook.ts';
import { intakeOf } from '../providers/intake-registry.ts';
import { keepDelivery } from '../store/keep-delivery.ts';
import { readHookKey } from '../vault/hook-key.ts';
import { createSecrets } from '../vault/secrets.ts';
import { keepConnection } from './connection.ts';

/** Two tries have to fit into the 550 ms that the whole request has, milliseconds. */
const patience = { connectionTimeout: 200, requestTimeout: 250, throwOnRequestTimeout: true };
/** A read that hangs costs one request its answer, and must not be what the later ones wait for as well, milliseconds. */
const secretPatience = { connectionTimeout: 250, requestTimeout: 500, throwOnRequestTimeout: true };

export function webhookEntry() {
  const { TABLE_NAME = '', APP_SECRET_ID = '' } = process.env;
  const dynamodb = new DynamoDBClient({ requestHandler: patience, maxAttempts: 2 });
  const secrets = createSecrets(new SecretsManagerClient({ requestHandler: secretPatience, maxAttempts: 2 }));
  const hookKey = keepConnection(() => readHookKey(secrets, APP_SECRET_ID));
  // Begun while the runtime is still starting; a failure is met, and tried again, by the first request.
  hookKey().catch(() => undefined);

  const deps: IntakeDependencies = {
    hookKey,
    intakeOf,
    keep: (delivery, signal) => keepDelivery(dynamodb, TABLE_NAME, delivery, signal),
    now: Date.now,
  };

  return async (event: APIGatewayProxyEventV2): Promise<APIGatewayProxyStructuredResultV2> => {
    const { provider = '', hook = '' } = event.pathParameters ?? {};
    const body = Buffer.from(event.body ?? '', event.isBase64Encoded ? 'base64' : 'utf8');
    const arrivedAtMs = event.requestContext.timeEpoch;
    const reply = await receiveWebhook(deps, { provider, hook, body, arrivedAtMs });
    if (reply.failure !== undefined) logFailure(provider, reply.failure);
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
function logFailure(provider: string, failure: unknown): void {
  const { name, message } = failure instanceof Error ? failure : new Error(String(failure));
  const line = { level: 'ERROR', message: 'delivery not kept', provider, error: { name, message } };
  process.stdout.write(`${JSON.stringify(line)}\n`);
}
