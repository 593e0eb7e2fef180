/** Fills a table with pointers quickly: the very items that the store writes, many a call. */
import { BatchWriteItemCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import type { TokenPointer } from '../../../shared/domain/token-pointer.ts';
import { createTable } from '../../../shared/store/item.ts';
import { createTokenPointerStore } from '../../../shared/store/token-pointers.ts';

/** DynamoDB's own limit. */
const BATCH_SIZE = 25;
const BATCHES_AT_ONCE = 4;

export async function loadPointers(
  { url, tableName }: { url: string; tableName: string },
  pointers: Iterator<TokenPointer, unknown, undefined>,
): Promise<void> {
  const credentials = { accessKeyId: 'bench', secretAccessKey: 'bench' };
  const client = new DynamoDBClient({ endpoint: url, region: 'eu-west-1', credentials });
  const lane = async () => {
    for (let items = await itemsOf(pointers); items.length > 0; items = await itemsOf(pointers)) {
      const requests = items.map((item) => ({
        PutRequest: { Item: marshall(item, { removeUndefinedValues: true }) },
      }));
      const { UnprocessedItems = {} } = await client.send(
        new BatchWriteItemCommand({ RequestItems: { [tableName]: requests } }),
      );
      if (Object.keys(UnprocessedItems).length > 0) throw new Error('the table did not take a whole batch');
    }
  };
  await Promise.all(Array.from({ length: BATCHES_AT_ONCE }, lane));
  client.destroy();

  /** The next batch as the store would write it, which alone knows what an item looks like. */
  async function itemsOf(next: typeof pointers): Promise<object[]> {
    const items: object[] = [];
    const store = createTokenPointerStore({
      ...createTable(client, tableName),
      async put(key, item) {
        items.push({ ...item, ...key });
        return 'written';
      },
    });
    while (items.length < BATCH_SIZE) {
      const { done, value } = next.next();
      if (done) break;
      await store.create(value);
    }
    return items;
  }
}
