/** Digests over HTTP: what they stand for is what the API tells. */
import { beforeAll, expect, test } from 'vitest';
import * as z from 'zod';
import {
  accountDocument,
  comparedState,
  moduleDocument,
  plantDocument,
} from '../../shared/api/copy-documents.ts';
import { routes } from '../../shared/api/routes.ts';
import { AccountView, FeedDigestView, list, ModuleView, PlantView } from '../../shared/api/views.ts';
import { comparedRecord, eventDocument } from '../../shared/domain/copy-records.ts';
import { digestOf } from '../../shared/domain/digest.ts';
import { LOG_SHARDS } from '../../shared/domain/feed-place.ts';
import { useBench } from './bench.ts';
import { type Home, linkHome } from './home.ts';

const bench = await useBench();
const { client } = bench;
let homes: Home[];
beforeAll(async () => {
  homes = [await linkHome(bench), await linkHome(bench, [{ name: 'Barn' }, { name: 'Mill' }])];
});

async function get<T>(path: string, answer: z.ZodType<T>): Promise<T> {
  const response = await client.call('GET', path);
  expect([path, response.status]).toEqual([path, 200]);
  return answer.parse(await response.json());
}

test('of accounts, and of the plants and modules of each, are those of what the API shows', async () => {
  const digests = await get('/v1/digests/accounts', routes.digestAccounts.answers[200]);
  expect(digests.items.map(({ accountId }) => accountId).toSorted()).toEqual(
    homes.map(({ accountId }) => accountId).toSorted(),
  );
  for (const { accountId, ...found } of digests.items) {
    const account = await get(`/v1/accounts/${accountId}`, AccountView);
    const plants = await get(`/v1/plants?account=${accountId}`, list(PlantView));
    const modules = await get(`/v1/modules?account=${accountId}`, list(ModuleView));
    expect(modules.items.length).toBeGreaterThan(0);
    expect(found).toEqual({
      accounts: digestOf([comparedState(accountDocument(account))]),
      plants: digestOf(plants.items.map((plant) => comparedState(plantDocument(plant)))),
      modules: digestOf(modules.items.map((module) => comparedState(moduleDocument(module)))),
    });
  }
});

test('of accounts come in pages', async () => {
  const first = await get('/v1/digests/accounts?limit=1', routes.digestAccounts.answers[200]);
  expect(first.items).toHaveLength(1);
  const rest = await get(
    `/v1/digests/accounts?limit=5&after=${first.next}`,
    routes.digestAccounts.answers[200],
  );
  expect([first, rest].flatMap(({ items }) => items.map(({ accountId }) => accountId)).toSorted()).toEqual(
    homes.map(({ accountId }) => accountId).toSorted(),
  );
});

test('of the feed are those of what it tells, and its cursors lead there', async () => {
  const all = await client.events(undefined, 0, { limit: 1000 });
  const { next } = await client.events(all.next, 0, { limit: 1000 });
  let count = 0;
  for (let shard = 0; shard < LOG_SHARDS; shard++) {
    const answer = z.object({ items: z.array(FeedDigestView) });
    const { items } = await get(`/v1/digests/feed?shard=${shard}&until=${next}`, answer);
    for (const { after, until, events } of items) {
      const path = `/v1/events?after=${after}&until=${until}&limit=1000`;
      const told = await get(path, routes.readEvents.answers[200]);
      expect(events).toEqual(digestOf(told.events.map(eventDocument).map(comparedRecord)));
      count += events.count;
    }
  }
  expect(count).toBe(all.events.length);
  const sequences = all.events.map(({ sequence }) => sequence);
  expect(new Set(sequences).size).toBe(sequences.length);
});

test.each([
  ['/v1/digests/feed?shard=0', 'until'],
  ['/v1/digests/feed?shard=0&until=junk', 'until'],
  ['/v1/digests/feed?shard=4&until=c1-1.0-1.0-1.0-1.0', 'shard'],
  ['/v1/digests/feed?shard=0&until=c1-9.0-9.0-9.0-9.0', 'until'],
  ['/v1/digests/feed?shard=0&level=1&until=c1-1.0-1.0-1.0-1.0', 'level'],
  ['/v1/events?until=junk', 'until'],
])('%s is refused, and says why', async (path, field) => {
  const answer = await client.call('GET', path);
  expect([answer.status, await answer.json()]).toEqual([
    400,
    expect.objectContaining({ code: 'request_invalid', fields: { [field]: expect.any(String) } }),
  ]);
});
