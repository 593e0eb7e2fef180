import { beforeEach, expect, test } from 'vitest';
import { split } from '../../../shared/store/feed.ts';
import { keys } from '../../../shared/store/keys.ts';
import { anEvent } from './samples.ts';
import { times, useStore } from './use-store.ts';

const { store, table } = useStore();
let shard = 0;
beforeEach(() => {
  shard++;
});

const hint = (page: number) => table().put(keys.feedHint(shard), { page });
const append = (...subjects: string[]) =>
  store().feed.append(
    shard,
    subjects.map((subject) => anEvent(subject)),
  );
const subjectsOf = async (page: number) =>
  (await store().feed.page(shard, page))?.map(({ subject }) => subject);

/** Walks the pages as a reader does, to the first that is not there. */
async function readAll(): Promise<string[]> {
  const found: string[] = [];
  for (let page = 1; ; page++) {
    const subjects = await subjectsOf(page);
    if (!subjects) return found;
    found.push(...subjects);
  }
}

test('numbers pages from 1, one after the other', async () => {
  expect(await append('a', 'b')).toBe(1);
  expect(await append('c')).toBe(2);
  expect(await subjectsOf(1)).toEqual(['a', 'b']);
  expect(await subjectsOf(2)).toEqual(['c']);
  expect(await subjectsOf(3)).toBeUndefined();
});

test('leaves no hole and loses nothing when twenty append at once', async () => {
  const pages = await Promise.all(times(20, (i) => append(`${i}`)));
  expect(pages.toSorted((a, b) => a - b)).toEqual(times(20, (i) => i + 1));
  expect((await readAll()).toSorted()).toEqual(times(20, (i) => `${i}`).toSorted());
});

test('keeps the events of one append in their order although others append', async () => {
  const large = 'x'.repeat(120_000);
  const batch = (name: string) => times(6, (i) => anEvent(`${name}${i}`, large));
  await Promise.all(['a', 'b', 'c'].map((name) => store().feed.append(shard, batch(name))));
  const found = await readAll();
  expect(found).toHaveLength(18);
  for (const name of ['a', 'b', 'c'])
    expect(found.filter((subject) => subject.startsWith(name))).toEqual(times(6, (i) => `${name}${i}`));
});

test.each([0, 1, 3])('finds the head from a hint that says %d of 5', async (page) => {
  for (const subject of ['a', 'b', 'c', 'd', 'e']) await append(subject);
  await hint(page);
  expect(await append('f')).toBe(6);
  expect(await readAll()).toEqual(['a', 'b', 'c', 'd', 'e', 'f']);
});

test('tells once what comes again while it is the last that was told', async () => {
  await append('a', 'b', 'c');
  expect(await append('a', 'b')).toBe(1);
  expect(await append('c', 'd')).toBe(2);
  expect(await readAll()).toEqual(['a', 'b', 'c', 'd']);
});

test('tells once what two append at the same time', async () => {
  await Promise.all([append('a', 'b'), append('a', 'b'), append('a', 'b')]);
  expect(await readAll()).toEqual(['a', 'b']);
});

test('gives pages in order, and none behind one that is not written yet', async () => {
  for (const subject of ['a', 'b', 'c']) await append(subject);
  const { feed } = store();
  const told = async (first: number, last: number) =>
    (await Array.fromAsync(feed.pages(shard, first, last))).map((page) => page.map(({ subject }) => subject));
  expect(await told(1, 9)).toEqual([['a'], ['b'], ['c']]);
  expect(await told(2, 2)).toEqual([['b']]);
  await table().put(keys.feedPage(shard, 5), { events: [anEvent('e')] });
  expect(await told(1, 9)).toEqual([['a'], ['b'], ['c']]);
  expect(await told(4, 9)).toEqual([]);
});

test('finds the head without a hint', async () => {
  await append('a');
  await append('b');
  await table().delete(keys.feedHint(shard));
  expect(await append('c')).toBe(3);
});

test('writes no page for no events', async () => {
  expect(await append()).toBe(0);
  expect(await readAll()).toEqual([]);
});

test('keeps shards apart', async () => {
  await append('a');
  shard++;
  expect(await append('b')).toBe(1);
  expect(await readAll()).toEqual(['b']);
});

test('cuts events into pages that fit, in order', () => {
  const events = times(10, (i) => anEvent(`${i}`, 'x'.repeat(700)));
  const parts = split(events, 3_000);
  expect(parts.flat()).toEqual(events);
  expect(parts.length).toBeGreaterThan(1);
  for (const part of parts)
    expect(part.reduce((size, event) => size + JSON.stringify(event).length, 0)).toBeLessThanOrEqual(3_000);
});

test('counts bytes, not characters', () => {
  const events = times(2, (i) => anEvent(`${i}`, '€'.repeat(600)));
  expect(split(events, 3_000)).toHaveLength(2);
});

test('gives an event that is larger than a page a page of its own', () => {
  const events = ['a', 'large', 'b'].map((subject) =>
    anEvent(subject, subject === 'large' ? 'x'.repeat(5_000) : ''),
  );
  expect(split(events, 1_000).map((part) => part.map(({ subject }) => subject))).toEqual([
    ['a'],
    ['large'],
    ['b'],
  ]);
});
