/** A table with a long feed, and the reader of it whose read units are counted, in a process of their own. */
import { DynamoDBClient, type QueryCommandOutput } from '@aws-sdk/client-dynamodb';
import { startDynamodb } from '../../../infra/local/dynamodb.ts';
import { readEvents } from '../../../shared/actions/read-events.ts';
import { fullSight } from '../../../shared/actions/sight.ts';
import { FEED_START, LOG_SHARDS, writeFeedCursor } from '../../../shared/domain/feed-place.ts';
import { createTable } from '../../../shared/store/item.ts';
import { keys } from '../../../shared/store/keys.ts';
import { createStore } from '../../../shared/store/store.ts';
import { declaredTable } from '../../shared/declared-table.ts';
import { answerParent } from '../child.ts';
import { eventAt } from './feed-event.ts';

const table = declaredTable();
const watch = { before: async () => undefined, after: async () => undefined, count: () => undefined };
const { url } = await startDynamodb({ table, watch, now: Date.now });
const client = new DynamoDBClient({
  endpoint: url,
  region: 'eu-west-1',
  credentials: { accessKeyId: 'anybody', secretAccessKey: 'secret' },
});
let readUnits = 0;
client.middlewareStack.add(
  (next) => async (call) => {
    const answer = await next({ ...call, input: { ...call.input, ReturnConsumedCapacity: 'TOTAL' } });
    readUnits += (answer.output as QueryCommandOutput).ConsumedCapacity?.CapacityUnits ?? 0;
    return answer;
  },
  { step: 'initialize' },
);
const store = createStore(client, table.TableName);
const items = createTable(client, table.TableName);
const SHARD = 0;
const LANES = 8;

const questions = {
  /** As the projection leaves them, but without its looks at what is there. */
  async write({ pages, eventsPerPage }: { pages: number; eventsPerPage: number }) {
    let page = 0;
    const lane = async () => {
      while (page < pages) {
        const number = ++page;
        const events = Array.from({ length: eventsPerPage }, (_, index) =>
          eventAt(number * eventsPerPage + index),
        );
        await items.put(keys.feedPage(SHARD, number), { events });
      }
    };
    await Promise.all(Array.from({ length: LANES }, lane));
  },
  /** Read units of one request for so many events from a page on, and the bytes of its answer. */
  async read({ page, limit }: { page: number; limit: number }) {
    const places = Array.from({ length: LOG_SHARDS }, (_, shard) =>
      shard === SHARD ? { page, offset: 0 } : FEED_START,
    );
    readUnits = 0;
    const deps = { feed: store.feed, sight: fullSight(store), now: Date.now };
    const answer = await readEvents(deps, { after: writeFeedCursor(places), limit, wait: 0 });
    return { readUnits, events: answer.events.length, bytes: Buffer.byteLength(JSON.stringify(answer)) };
  },
};
export type FeedTableQuestions = typeof questions;
answerParent(questions);
