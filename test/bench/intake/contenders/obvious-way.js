/**
 * The same webhook the way most tutorials build it: Express behind serverless-http, the document client, and all of
 * zod. Does what `receive-webhook` does, no more: proves the address, stores the delivery, answers.
 */
import { createHash, createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import { Agent } from 'node:http';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import express from 'express';
import serverless from 'serverless-http';
import { z } from 'zod';

const DELIVERY_LIFE_DAYS = 30;
const Delivery = z.array(z.object({ id: z.string(), eventType: z.string(), data: z.unknown() }));
const AppSecret = z.object({ rootKey: z.string(), hookEpoch: z.number().default(1) });

// Without TLS, and so not on AWS, the SDK's own way to an agent costs 25 ms of a start: that is not to count here.
const requestHandler = { httpAgent: new Agent({ keepAlive: true }) };
const table = DynamoDBDocumentClient.from(new DynamoDBClient({ requestHandler }));
const secrets = new SecretsManagerClient({ requestHandler });
let appSecret;

async function readAppSecret() {
  const { SecretString } = await secrets.send(
    new GetSecretValueCommand({ SecretId: process.env.APP_SECRET_ID }),
  );
  return AppSecret.parse(JSON.parse(SecretString));
}

async function accountOf(provider, hook) {
  appSecret ??= await readAppSecret();
  const [accountId, epoch, given] = hook.split('.');
  const key = Buffer.from(hkdfSync('sha256', appSecret.rootKey, '', 'latchkey hook', 32));
  const expected = createHmac('sha256', key)
    .update(JSON.stringify([provider, accountId, epoch]))
    .digest('base64url');
  const isProven =
    given?.length === expected.length &&
    timingSafeEqual(Buffer.from(given), Buffer.from(expected)) &&
    Number(epoch) >= appSecret.hookEpoch;
  return isProven ? accountId : undefined;
}

const app = express();
app.use(express.text({ type: '*/*', limit: '256kb' }));
app.post('/webhooks/:provider/:hook', async (request, response) => {
  const { provider, hook } = request.params;
  const accountId = await accountOf(provider, hook);
  if (!accountId) return response.status(404).end();
  const raw = request.body;
  const parsed = Delivery.safeParse(JSON.parse(raw));
  const deliveryId = parsed.data?.[0]?.id ?? createHash('sha256').update(raw).digest('base64url');
  const now = Date.now();
  try {
    await table.send(
      new PutCommand({
        TableName: process.env.TABLE_NAME,
        Item: {
          pk: `ACCOUNT#${accountId}`,
          sk: `DELIVERY#${deliveryId}`,
          accountId,
          deliveryId,
          provider,
          raw,
          receivedAt: new Date(now).toISOString(),
          expiresAtEpoch: Math.floor(now / 1000) + DELIVERY_LIFE_DAYS * 86_400,
        },
        ConditionExpression: 'attribute_not_exists(pk)',
      }),
    );
  } catch (error) {
    if (error.name !== 'ConditionalCheckFailedException') throw error;
  }
  response.status(200).end();
});

export const handler = serverless(app);
