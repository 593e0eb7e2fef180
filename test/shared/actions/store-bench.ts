/** A real store on the local DynamoDB, with the table that the stack declares, and its stream projected on demand. */

import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Context, DynamoDBRecord } from 'aws-lambda';
import { createFaults } from '../../../infra/local/aws/faults.ts';
import { startDynamodb } from '../../../infra/local/dynamodb.ts';
import type { ProjectionDependencies } from '../../../shared/actions/projection-dependencies.ts';
import { readEvents } from '../../../shared/actions/read-events.ts';
import { fullSight } from '../../../shared/actions/sight.ts';
import type { Event } from '../../../shared/domain/event.ts';
import { legrand } from '../../../shared/providers/legrand/driver.ts';
import { streamEntry } from '../../../shared/runtime/stream-entry.ts';
import { createStore, type Store } from '../../../shared/store/store.ts';
import { declaredTable } from '../declared-table.ts';

export interface StoreBench {
  readonly store: Store;
  readonly client: DynamoDBClient;
  readonly url: string;
  readonly tableName: string;
  /** Switches for DynamoDB itself; they count the calls that tests make as well. */
  readonly faults: ReturnType<typeof createFaults>;
  /** Everything the stream has told so far. */
  records(): Promise<DynamoDBRecord[]>;
  /** Projects what the stream has told since the last time, and what follows from that; then the whole feed. */
  project(): Promise<Event[]>;
  feed(): Promise<Event[]>;
  close(): Promise<void>;
}

/** Of this driver, only what is pure is used. */
const driver = legrand({
  loginUrl: 'http://127.0.0.1:9',
  apiUrl: 'http://127.0.0.1:9',
  credentials: { clientId: 'client', clientSecret: 'secret', subscriptionKey: 'key' },
  defaultTimeZone: 'Europe/Paris',
});

export const providerOf = () => driver;

const BATCH_SIZE = 100;
const invocation = { getRemainingTimeInMillis: () => 60_000 } as Context;

/** @param projector – the driver that deliveries are read by */
export async function openStoreBench(
  now: () => number = Date.now,
  projector: ProjectionDependencies['providerOf'] = providerOf,
): Promise<StoreBench> {
  const table = declaredTable();
  const faults = createFaults();
  const watch = {
    before: (call: Parameters<typeof faults.strike>[0]) => faults.strike(call, '', 'before'),
    after: (call: Parameters<typeof faults.strike>[0]) => faults.strike(call, '', 'after'),
    count: () => undefined,
  };
  const dynamodb = await startDynamodb({ table, watch, now });
  const client = new DynamoDBClient({
    endpoint: dynamodb.url,
    region: 'eu-west-1',
    credentials: { accessKeyId: 'anybody', secretAccessKey: 'secret' },
    maxAttempts: 1,
  });
  const store = createStore(client, table.TableName);
  const records = async () => (await dynamodb.changes.read('', 10_000)) as unknown as DynamoDBRecord[];
  const feed = async () => {
    const events: Event[] = [];
    for (let [after, more]: [string | undefined, boolean] = [undefined, true]; more; ) {
      const deps = { feed: store.feed, sight: fullSight(store), now };
      const page = await readEvents(deps, { after, limit: 1000, wait: 0 });
      events.push(...page.events);
      [after, more] = [page.next, page.more];
    }
    return events;
  };
  let projected = 0;

  return {
    store,
    client,
    url: dynamodb.url,
    tableName: table.TableName,
    faults,
    records,
    feed,
    async project() {
      for (let batch = await next(); batch.length > 0; batch = await next()) {
        const { batchItemFailures } = await projectRecords(batch, { store, providerOf: projector });
        if (batchItemFailures.length > 0) throw new Error('a change could not be projected');
        projected += batch.length;
      }
      return await feed();
    },
    async close() {
      client.destroy();
      await dynamodb.close();
    },
  };

  async function next(): Promise<DynamoDBRecord[]> {
    return (await records()).slice(projected, projected + BATCH_SIZE);
  }
}

/** One invocation of the stream's consumer. */
export async function projectRecords(
  records: DynamoDBRecord[],
  deps: Omit<ProjectionDependencies, 'onBanNear'>,
) {
  return await streamEntry(async () => deps)({ Records: records }, invocation);
}
