/** What is really kept: the table and the secrets, asked with the AWS SDK as any operator could. */
import {
  type AttributeValue,
  DynamoDBClient,
  PutItemCommand,
  paginateQuery,
  paginateScan,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import {
  GetSecretValueCommand,
  ResourceNotFoundException,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { createFeedStore, type FeedStore } from '../../shared/store/feed.ts';
import { createTable } from '../../shared/store/item.ts';
import type { Key } from '../../shared/store/keys.ts';
import { RotatingSet } from '../../shared/vault/token-set.ts';

export type Item = Record<string, unknown>;

export interface Kept {
  /** All items of a partition, in the order of their sort keys. */
  partition(pk: string): Promise<Item[]>;
  everything(): Promise<Item[]>;
  /** Sets attributes of an item, nested ones by a path such as `health.since`. */
  edit(key: Key, attributes: Readonly<Record<string, unknown>>): Promise<void>;
  /** Puts items as they are. */
  put(items: readonly (Key & Item)[]): Promise<void>;
  /** An account's present token set; undefined where there is no secret. */
  tokenSet(accountId: string): Promise<RotatingSet | undefined>;
  /** What writes the feed, for what can only happen when its writer dies. */
  readonly feed: FeedStore;
  close(): void;
}

const TABLE = 'latchkey-local';
/** Calls that are made at a time. */
const LANES = 8;
const anybody = { region: 'eu-west-1', credentials: { accessKeyId: 'test', secretAccessKey: 'test' } };

export function openKept(urls: { dynamodb: string; secretsManager: string }): Kept {
  const dynamodb = new DynamoDBClient({ endpoint: urls.dynamodb, ...anybody });
  const secrets = new SecretsManagerClient({ endpoint: urls.secretsManager, ...anybody });

  return {
    async partition(pk) {
      const wish = {
        TableName: TABLE,
        ConsistentRead: true,
        KeyConditionExpression: 'pk = :pk',
        ExpressionAttributeValues: marshall({ ':pk': pk }),
      };
      return await all(paginateQuery({ client: dynamodb }, wish));
    },

    everything: () => all(paginateScan({ client: dynamodb }, { TableName: TABLE, ConsistentRead: true })),

    async edit(key, attributes) {
      for (const [path, value] of Object.entries(attributes)) {
        const parts = path.split('.');
        await dynamodb.send(
          new UpdateItemCommand({
            TableName: TABLE,
            Key: marshall(key),
            UpdateExpression: `SET ${parts.map((_, at) => `#${at}`).join('.')} = :value`,
            ConditionExpression: 'attribute_exists(pk)',
            ExpressionAttributeNames: Object.fromEntries(parts.map((part, at) => [`#${at}`, part])),
            ExpressionAttributeValues: marshall({ ':value': value }),
          }),
        );
      }
    },

    async put(items) {
      const left = items.values();
      const lane = async () => {
        for (const item of left)
          await dynamodb.send(new PutItemCommand({ TableName: TABLE, Item: marshall(item) }));
      };
      await Promise.all(Array.from({ length: LANES }, lane));
    },

    async tokenSet(accountId) {
      try {
        const wish = new GetSecretValueCommand({ SecretId: `latchkey/local/accounts/${accountId}` });
        return RotatingSet.parse(JSON.parse((await secrets.send(wish)).SecretString ?? ''));
      } catch (error) {
        if (error instanceof ResourceNotFoundException) return undefined;
        throw error;
      }
    },

    feed: createFeedStore(createTable(dynamodb, TABLE)),

    close() {
      dynamodb.destroy();
      secrets.destroy();
    },
  };
}

async function all(
  pages: AsyncIterable<{ Items?: Record<string, AttributeValue>[] | undefined }>,
): Promise<Item[]> {
  const items: Item[] = [];
  for await (const { Items = [] } of pages) items.push(...Items.map((item) => unmarshall(item)));
  return items;
}
