/** More than a function can answer with at once: it is told in parts, and a copy of it is whole. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { EventPage, list, ModuleView } from '../../shared/api/views.ts';
import { toEvent } from '../../shared/domain/event.ts';
import { moduleIdFor } from '../../shared/domain/ids.ts';
import { accountPartition, logShard } from '../../shared/store/keys.ts';
import { startFiles } from '../cli/sync/databases.ts';
import { useBench } from './bench.ts';
import { type Home, linkHome } from './home.ts';
import { useLatchkey } from './latchkey-program.ts';
import { present } from './until.ts';

/** What AWS lets a function answer with, bytes. */
const MOST_BYTES = 6_291_556;

const bench = await useBench();
const { client, inside, kept } = bench;
const database = await startFiles();
afterAll(() => database.close());
const latchkey = useLatchkey(bench);
let home: Home;

/** Both are eight megabytes. */
beforeAll(async () => {
  home = await linkHome(bench);
  const { accountId } = home;
  const items = await kept.partition(accountPartition(accountId));
  const module = present(
    items.find(({ sk }) => String(sk).startsWith('MODULE#')),
    'module',
  );
  const programs = Array.from({ length: 100 }, (_, index) => ({
    programId: String(index),
    name: 'x'.repeat(170),
  }));
  const clones = Array.from({ length: 400 }, (_, index) => {
    const moduleId = moduleIdFor(accountId, `clone-${index}`);
    return { ...module, pk: String(module.pk), sk: `MODULE#${moduleId}`, moduleId, programs };
  });
  await kept.put(clones);
  const moduleId = String(module.moduleId);
  const events = Array.from({ length: 400 }, (_, index) => {
    const about = { accountId, subject: moduleId, time: new Date(1_768_500_000_000 + index).toISOString() };
    const data = { moduleId, text: 'x'.repeat(20_000) };
    return toEvent({ ...about, type: 'latchkey.security.condition', data }, `planted-${index}`);
  });
  await kept.feed.append(logShard(accountId), events);
  await inside.settle();
});

test('of modules', async () => {
  const path = `/v1/modules?account=${home.accountId}&limit=1000`;
  const text = await (await client.call('GET', path)).text();
  expect(Buffer.byteLength(text)).toBeLessThan(MOST_BYTES);
  const { items, next } = list(ModuleView).parse(JSON.parse(text));
  expect(items.length).toBeGreaterThan(50);
  expect(next).toBeDefined();
  const all = await client.modules(home.accountId);
  expect(new Set(all.map(({ id }) => id)).size).toBe(all.length);
  expect(all.length).toBeGreaterThanOrEqual(401);
});

test('of events', async () => {
  const seen: string[] = [];
  for (let [after, more] = ['', true]; more; ) {
    const path = `/v1/events?limit=1000${after && `&after=${after}`}`;
    const text = await (await client.call('GET', path)).text();
    expect(Buffer.byteLength(text)).toBeLessThan(MOST_BYTES);
    const page = EventPage.parse(JSON.parse(text));
    seen.push(...page.events.filter(({ data }) => 'text' in data).map(({ id }) => id));
    [after, more] = [page.next, page.more];
  }
  expect(seen).toHaveLength(400);
  expect(new Set(seen).size).toBe(400);
});

test('of which a copy is whole', async () => {
  expect(await latchkey.run(database.target, 'sync', '--once')).toMatchObject({ exitCode: 0 });
  expect((await database.contents('modules')).length).toBeGreaterThanOrEqual(401);
  expect(await latchkey.run(database.target, 'verify')).toMatchObject({ exitCode: 0 });
});
