import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type EventsWish, readEvents } from '../../../shared/actions/read-events.ts';
import { fullSight } from '../../../shared/actions/sight.ts';
import { type Event, toEvent } from '../../../shared/domain/event.ts';
import { LOG_SHARDS } from '../../../shared/domain/feed-place.ts';
import { accountIdFor } from '../../../shared/domain/ids.ts';
import type { FeedStore } from '../../../shared/store/feed.ts';
import { logShard } from '../../../shared/store/keys.ts';
import { T0 } from '../domain/samples.ts';
import { openStoreBench, type StoreBench } from './store-bench.ts';

let bench: StoreBench;
let feed: FeedStore;
beforeAll(async () => {
  bench = await openStoreBench();
  feed = bench.store.feed;
});
afterAll(() => bench.close());

/** Where the feed ends: tests share one feed, and each reads from here on. */
let end: string;
beforeEach(async () => {
  end = (await readAll()).next;
});

const read = (wish: Partial<EventsWish>) =>
  readEvents({ feed, sight: fullSight(bench.store), now: Date.now }, { limit: 100, wait: 0, ...wish });

/** The feed from its beginning, answer by answer. */
async function readAll(): Promise<{ events: Event[]; next: string }> {
  const events: Event[] = [];
  for (let after: string | undefined; ; ) {
    const page = await read({ limit: 1000, after });
    events.push(...page.events);
    if (!page.more) return { events, next: page.next };
    after = page.next;
  }
}

/** One account for every shard. */
const accounts = Array.from({ length: LOG_SHARDS }, (_, shard) => {
  for (let index = 0; ; index++) {
    const accountId = accountIdFor('legrand', 'owner', String(index));
    if (logShard(accountId) === shard) return accountId;
  }
});
const [one = '', other = ''] = accounts;

let made = 0;
function event(accountId = one): Event {
  const fact = { type: 'latchkey.module.changed', accountId, subject: 'module', time: T0 } as const;
  return toEvent(fact, String(made++));
}
async function append(...events: Event[]): Promise<string[]> {
  for (const [accountId, part] of Map.groupBy(events, (each) => each.data.accountId)) {
    await feed.append(logShard(accountId), part);
  }
  return events.map(({ id }) => id);
}
const idsOf = (events: Event[]) => events.map(({ id }) => id);

test('gives what was appended since the cursor, once and in order', async () => {
  const first = await append(event(), event());
  const page = await read({ after: end });
  expect(idsOf(page.events)).toEqual(first);
  const second = await append(event());
  expect(idsOf((await read({ after: page.next })).events)).toEqual(second);
});

test('gives nothing and the same place where there is nothing', async () => {
  expect(await read({ after: end })).toEqual({ events: [], next: end, more: false });
});

test('says whether it was cut short', async () => {
  await append(event(one), event(one), event(other));
  expect(await read({ after: end })).toMatchObject({ more: false });
  const two = await read({ after: end, limit: 2 });
  expect(two).toMatchObject({ more: true });
  expect(await read({ after: two.next, limit: 2 })).toMatchObject({
    events: [expect.anything()],
    more: false,
  });
  expect(await read({ after: end, until: two.next })).toMatchObject({ more: false });
  expect(await read({ after: end, account: other })).toMatchObject({ more: false });
});

test('ends before an answer is too long for a function, and loses nothing', async () => {
  const text = 'é'.repeat(100_000);
  const large = () => ({ ...event(), data: { accountId: one, text } });
  const all = await append(...Array.from({ length: 25 }, large), event(other));
  const pages: string[][] = [];
  for (let [after, more] = [end, true]; more; ) {
    const page = await read({ after, limit: 1_000 });
    expect(Buffer.byteLength(JSON.stringify(page))).toBeLessThan(3_000_000);
    pages.push(idsOf(page.events));
    [after, more] = [page.next, page.more];
  }
  expect(pages.flat()).toEqual(all);
  expect(pages.length).toBe(3);
});

test('goes on within a page where a limit cut it, and loses nothing', async () => {
  const all = await append(...Array.from({ length: 7 }, () => event()));
  const seen: string[] = [];
  for (let after = end, pages = 0; pages < 4; pages++) {
    const page = await read({ after, limit: 2 });
    expect(page.events.length).toBeLessThanOrEqual(2);
    seen.push(...idsOf(page.events));
    after = page.next;
  }
  expect(seen).toEqual(all);
});

test('gives the events of all shards within the limit', async () => {
  const all = await append(...accounts.map((accountId) => event(accountId)));
  const two = await read({ after: end, limit: 2 });
  const rest = await read({ after: two.next, limit: 1000 });
  expect(two.events).toHaveLength(2);
  expect([...idsOf(two.events), ...idsOf(rest.events)].toSorted()).toEqual(all.toSorted());
});

test('gives an account only what is its own, and leaves the other shards where they were', async () => {
  const neighbour = accountIdFor('legrand', 'neighbour', String(sameShard(one)));
  const [own] = await append(event(one), event(neighbour), event(other));
  const page = await read({ after: end, account: one });
  expect(idsOf(page.events)).toEqual([own]);
  expect((await read({ after: page.next })).events.map(({ data }) => data.accountId)).toEqual([other]);
});

test('answers in time however far apart the events of an account are, and gets there in the end', async () => {
  const neighbour = accountIdFor('legrand', 'neighbour', String(sameShard(one)));
  for (let pages = 0; pages < 12; pages++) await append(event(neighbour));
  const [own] = await append(event(one));
  let nowMs = 0;
  /** A store so slow that every look at the clock finds a second gone. */
  const slowly = (after: string) =>
    readEvents(
      { feed, sight: fullSight(bench.store), now: () => (nowMs += 1_000) },
      { after, limit: 100, wait: 0, account: one },
    );

  const first = await slowly(end);
  expect(first.events).toEqual([]);
  expect(first.next).not.toBe(end);
  expect(first.more).toBe(true);
  let page = first;
  for (let calls = 0; calls < 10 && page.events.length === 0; calls++) page = await slowly(page.next);
  expect(idsOf(page.events)).toEqual([own]);
});

/** A number that leads to an account in the same shard. */
function sameShard(accountId: string): number {
  for (let index = 0; ; index++) {
    if (logShard(accountIdFor('legrand', 'neighbour', String(index))) === logShard(accountId)) return index;
  }
}

test('begins at the beginning without a cursor', async () => {
  await append(event());
  const whole = await readAll();
  expect(whole.events.length).toBeGreaterThanOrEqual(made - 1);
  expect(new Set(idsOf(whole.events)).size).toBe(whole.events.length);
});

test.each([
  ['nothing', ''],
  ['noise', 'noise'],
  ['another version', 'c2-1.0-1.0-1.0-1.0'],
  ['a shard too few', 'c1-1.0-1.0-1.0'],
  ['a shard too many', 'c1-1.0-1.0-1.0-1.0-1.0'],
  ['page 0', 'c1-0.0-1.0-1.0-1.0'],
  ['a negative place', 'c1-1.-1-1.0-1.0-1.0'],
  ['numbers beyond all pages', 'c1-99999999999.0-1.0-1.0-1.0'],
  ['a line behind it', 'c1-1.0-1.0-1.0-1.0\n'],
])('refuses a cursor made of %s', async (_, after) => {
  await expect(read({ after })).rejects.toMatchObject({
    code: 'request_invalid',
    details: { fields: { after: 'is not a cursor' } },
  });
});

describe('a long poll', () => {
  test('answers at once where something is there already', async () => {
    const ids = await append(event());
    const begun = performance.now();
    expect(idsOf((await read({ after: end, wait: 20 })).events)).toEqual(ids);
    expect(performance.now() - begun).toBeLessThan(1_000);
  });

  test('answers as soon as something happens', async () => {
    const begun = performance.now();
    const polling = read({ after: end, wait: 20 });
    await sleep(400);
    const ids = await append(event(other));
    expect(idsOf((await polling).events)).toEqual(ids);
    expect(performance.now() - begun).toBeLessThan(3_000);
  });

  test('answers with nothing when the time is over, and not before', async () => {
    const begun = performance.now();
    expect(await read({ after: end, wait: 0.5 })).toEqual({ events: [], next: end, more: false });
    expect(performance.now() - begun).toBeGreaterThan(250);
    expect(performance.now() - begun).toBeLessThan(1_500);
  });

  test('waits on for an account while only others have news', async () => {
    const polling = read({ after: end, wait: 20, account: one });
    await append(event(other));
    await sleep(300);
    const ids = await append(event(one));
    expect(idsOf((await polling).events)).toEqual(ids);
  });
});
