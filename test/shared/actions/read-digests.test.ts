import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type DigestedRange, digestFeed } from '../../../shared/actions/read-digests.ts';
import { readEvents } from '../../../shared/actions/read-events.ts';
import { fullSight } from '../../../shared/actions/sight.ts';
import { comparedRecord, eventDocument, readingDocuments } from '../../../shared/domain/copy-records.ts';
import { digestOf } from '../../../shared/domain/digest.ts';
import { type Event, type FedEvent, toEvent } from '../../../shared/domain/event.ts';
import { accountIdFor, moduleIdFor, plantIdFor } from '../../../shared/domain/ids.ts';
import { logShard } from '../../../shared/store/keys.ts';
import { T0 } from '../domain/samples.ts';
import { openStoreBench, type StoreBench } from './store-bench.ts';

/** More than two levels hold: 32 × 32 pages, and a few more. */
const PAGES = 32 * 32 + 40;

let bench: StoreBench;
let end: string;
const accountId = accountIdFor('legrand', 'owner', 'subject');
const shard = logShard(accountId);
const data = {
  plantId: plantIdFor(accountId, 'plant'),
  moduleId: moduleIdFor(accountId, 'module'),
  device: 'thermostat',
};

beforeAll(async () => {
  bench = await openStoreBench();
  for (let page = 0; page < PAGES; page++) await append(made(2 * page), made(2 * page + 1));
  end = (await read({})).next;
});
afterAll(() => bench.close());

function made(index: number): Event {
  const changes = [
    { capability: 'temperature', value: index / 10, unit: 'C', observedAt: T0 },
    { capability: 'humidity', value: index % 100, unit: '%', observedAt: T0 },
  ];
  return toEvent(
    {
      type: 'latchkey.module.changed',
      accountId,
      subject: data.moduleId,
      time: T0,
      data: { ...data, changes },
    },
    String(index),
  );
}

async function append(...events: Event[]): Promise<void> {
  await bench.store.feed.append(shard, events);
}

async function read(wish: { after?: string; until?: string }): Promise<{ events: FedEvent[]; next: string }> {
  const { store } = bench;
  const events: FedEvent[] = [];
  for (let { after } = wish; ; ) {
    const deps = { feed: store.feed, sight: fullSight(store), now: Date.now };
    const page = await readEvents(deps, { ...wish, after, limit: 1_000, wait: 0 });
    events.push(...page.events);
    after = page.next;
    if (page.events.length === 0) return { events, next: page.next };
  }
}

const digest = (wish: { until?: string; level?: number; range?: number; shard?: number } = {}) =>
  digestFeed({ feed: bench.store.feed, now: Date.now }, { shard, until: end, ...wish });

function expected(events: readonly FedEvent[]) {
  return {
    events: digestOf(events.map((event) => comparedRecord(eventDocument(event)))),
    readings: digestOf(events.flatMap(readingDocuments).map(comparedRecord)),
  };
}

/** Down to the ranges that consist of pages. */
async function leaves(ranges: readonly DigestedRange[]): Promise<DigestedRange[]> {
  const below = ranges.map(async (found) =>
    found.level === 1 ? [found] : await leaves(await digest({ level: found.level, range: found.range })),
  );
  return (await Promise.all(below)).flat();
}

describe('digests of the feed', () => {
  test('of every range are those of what the feed tells between its cursors', async () => {
    const top = await digest();
    expect(top.map(({ level, events }) => [level, events.count])).toEqual([
      [2, 2 * 32 * 32],
      [2, 2 * 40],
    ]);
    const all = await leaves(top);
    expect(all).toHaveLength(Math.ceil(PAGES / 32));
    for (const { after, until, events, readings } of [...top, ...all])
      expect({ events, readings }).toEqual(expected((await read({ after, until })).events));
    const whole = await read({});
    expect(all.reduce((count, { events }) => count + events.count, 0)).toBe(whole.events.length);
    expect(all.reduce((count, { readings }) => count + readings.count, 0)).toBe(2 * whole.events.length);
  });

  test('are what they were: kept ones are compared with new ones', async () => {
    const [first] = await leaves(await digest({ until: cursorAt(2) }));
    // Whoever has a reason to change these raises DIGEST_FORMAT as well.
    expect([first?.events, first?.readings]).toEqual([
      { count: 2, digest: 'd26d03c967a728bf926dd119cc20946f' },
      { count: 4, digest: '59d907d2837e0fa4d374b32dfeeaa719' },
    ]);
  });

  test('up to a cursor leave out what comes later, in the middle of a page as well', async () => {
    const { feed } = bench.store;
    const deps = { feed, sight: fullSight(bench.store), now: Date.now };
    const { events, next } = await readEvents(deps, { limit: 33, wait: 0 });
    const [range, ...more] = await leaves(await digest({ until: next }));
    expect(more).toEqual([]);
    expect(range).toMatchObject(expected(events));
    expect((await read({ until: next })).events.map(({ id }) => id)).toEqual(events.map(({ id }) => id));
  });

  test('of whole ranges are kept, of those that may still grow are not', async () => {
    await leaves(await digest());
    const { feed } = bench.store;
    expect(await feed.digest({ shard, level: 2, range: 0 })).toMatchObject({ events: { count: 2_048 } });
    expect(await feed.digest({ shard, level: 1, range: 32 })).toMatchObject({ events: { count: 64 } });
    expect(await feed.digest({ shard, level: 1, range: 33 })).toBeUndefined();
    expect(await feed.digest({ shard, level: 2, range: 1 })).toBeUndefined();
  });

  test('of a shard in which nothing has happened are those of nothing', async () => {
    const [range, ...more] = await digest({ shard: (shard + 1) % 4 });
    expect(more).toEqual([]);
    expect(range).toBeUndefined();
  });

  test('that take too long go on where they ended when they are asked for again', async () => {
    const other = await openStoreBench();
    try {
      for (let page = 0; page < 100; page++) await other.store.feed.append(shard, [made(page)]);
      let nowMs = 0;
      // A store so slow that every look at the clock finds five seconds gone.
      const slowly = () =>
        digestFeed({ feed: other.store.feed, now: () => (nowMs += 5_000) }, { shard, until: cursorAt(101) });
      const outcomes: string[] = [];
      for (let tries = 0; tries < 20 && outcomes.at(-1) !== 'done'; tries++)
        outcomes.push(
          await slowly().then(
            () => 'done',
            (error) => error.code,
          ),
        );
      expect(outcomes[0]).toBe('digest_unfinished');
      expect(outcomes.at(-1)).toBe('done');
      expect((await slowly().catch(() => [])).reduce((count, { events }) => count + events.count, 0)).toBe(
        100,
      );
    } finally {
      await other.close();
    }
  });

  test.each([
    ['junk', { until: 'junk' }, 'until'],
    ['the end of a feed that is longer than this', { until: cursorAt(PAGES + 2) }, 'until'],
    ['a shard that there is not', { shard: 9 }, 'shard'],
  ])('refuse %s, and keep nothing', async (_, wish, field) => {
    await expect(digest(wish)).rejects.toMatchObject({
      code: 'request_invalid',
      details: { fields: { [field]: expect.any(String) } },
    });
  });
});

function cursorAt(page: number): string {
  return ['c1', ...[0, 1, 2, 3].map((each) => (each === shard ? `${page}.0` : '1.0'))].join('-');
}
