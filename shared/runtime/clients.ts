import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { createSecrets, type Secrets } from '../vault/secrets.ts';

/** A hung connection must not eat a whole invocation: calls answer in milliseconds, so seconds mean it is lost. */
const patience = { connectionTimeout: 1_000, requestTimeout: 3_000, throwOnRequestTimeout: true };

/** The SDK's standard variables say where AWS is: `AWS_ENDPOINT_URL_DYNAMODB` and its like. */
export function createDynamodb(): DynamoDBClient {
  return new DynamoDBClient({ requestHandler: patience, maxAttempts: 3 });
}

export function connectSecrets(): Secrets {
  return createSecrets(new SecretsManagerClient({ requestHandler: patience, maxAttempts: 3 }));
}
