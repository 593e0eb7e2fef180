/**
 * The one write of the reply path of a webhook: raw SDK, no schemas, so that the function which has to answer
 * within 750 ms stays small.
 */
import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb';
import { keys } from './keys.ts';

/** How long a raw delivery is kept, so that it can be read again after a fix. */
const DELIVERY_LIFE_DAYS = 30;

export interface KeptDelivery {
  readonly accountId: string;
  readonly deliveryId: string;
  readonly provider: string;
  readonly raw: string;
  readonly receivedAtMs: number;
  /** Of the address it came to. */
  readonly hookEpoch: number;
  /** The signature that did not prove it, empty where there was none; absent: there is nothing to doubt. */
  readonly doubtfulSignature?: string | undefined;
  /** Answers to the account's provider that went wrong before this one, and since when; absent: none. */
  readonly misses?: Misses | undefined;
}

/** Answers that a provider counts against us, and that no kept delivery has told of yet. */
export interface Misses {
  readonly count: number;
  /** When the first of these requests arrived. */
  readonly sinceMs: number;
}

/** Stores a delivery unless it is stored already. Throws what the SDK throws: the caller answers 503 to all of it. */
export async function keepDelivery(
  client: DynamoDBClient,
  tableName: string,
  delivery: KeptDelivery,
  signal: AbortSignal,
): Promise<'kept' | 'duplicate'> {
  const { misses, doubtfulSignature } = delivery;
  const { pk, sk } = keys.delivery(delivery.accountId, delivery.deliveryId);
  const expiresAtEpoch = Math.floor(delivery.receivedAtMs / 1000) + DELIVERY_LIFE_DAYS * 86_400;
  const put = new PutItemCommand({
    TableName: tableName,
    Item: {
      pk: { S: pk },
      sk: { S: sk },
      accountId: { S: delivery.accountId },
      deliveryId: { S: delivery.deliveryId },
      provider: { S: delivery.provider },
      raw: { S: delivery.raw },
      receivedAt: { S: new Date(delivery.receivedAtMs).toISOString() },
      hookEpoch: { N: String(delivery.hookEpoch) },
      expiresAtEpoch: { N: String(expiresAtEpoch) },
      ...(doubtfulSignature !== undefined && { doubtfulSignature: { S: doubtfulSignature } }),
      ...(misses && {
        missedAnswers: { N: String(misses.count) },
        missedSince: { S: new Date(misses.sinceMs).toISOString() },
      }),
    },
    ConditionExpression: 'attribute_not_exists(pk)',
  });
  try {
    await client.send(put, { abortSignal: signal });
    return 'kept';
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return 'duplicate';
    throw error;
  }
}
