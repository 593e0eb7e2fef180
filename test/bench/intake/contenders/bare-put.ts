/** The one AWS call of the reply path by itself, with the SDK as it comes: what `receive-webhook` is compared to. */
import { ConditionalCheckFailedException, DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';

const dynamodb = new DynamoDBClient({});

export const handler = async (event: APIGatewayProxyEventV2): Promise<{ statusCode: number }> => {
  const { requestId, timeEpoch } = event.requestContext;
  const put = new PutItemCommand({
    TableName: process.env.TABLE_NAME,
    Item: {
      pk: { S: 'ACCOUNT#acc_00000000000000000000' },
      sk: { S: `DELIVERY#${requestId}` },
      accountId: { S: 'acc_00000000000000000000' },
      deliveryId: { S: requestId },
      provider: { S: 'legrand' },
      raw: { S: event.body ?? '' },
      receivedAt: { S: new Date(timeEpoch).toISOString() },
      expiresAtEpoch: { N: String(Math.floor(timeEpoch / 1000)) },
    },
    ConditionExpression: 'attribute_not_exists(pk)',
  });
  try {
    await dynamodb.send(put);
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
  }
  return { statusCode: 200 };
};
