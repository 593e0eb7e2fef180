/**
 * Digests of the feed as a tree of ranges: 32 pages are a range of level 1, 32 ranges are one of the next level. Pages
 * never change, so what was made of whole ranges is kept, and two sides that are the same are found to be so by a look
 * at the top.
 */
import { comparedRecord, eventDocument, readingDocuments } from '../domain/copy-records.ts';
import { type Digest, DigestSum } from '../domain/digest.ts';
import { FEED_FAN, type FeedPlace, isBefore, pagesOf, writeSequence } from '../domain/feed-place.ts';
import type { FeedDigest, FeedRange, FeedStore } from '../store/feed.ts';

/** Ranges worked on at a time. */
const LANES = 4;

/** The level above all that is before the end. */
export function topOf({ page }: FeedPlace): Omit<FeedRange, 'shard'> {
  let level = 2;
  while (FEED_FAN ** level < page) level++;
  return { level, range: 0 };
}

export type Digested = FeedRange & FeedDigest;

/** @param checkTime – throws where no other range is to be begun; the ranges that are made by then are kept */
export function createDigestTree(feed: FeedStore, end: FeedPlace, checkTime: () => void) {
  async function children({ shard, level, range }: FeedRange): Promise<Digested[]> {
    const below = Array.from({ length: FEED_FAN }, (_, child) => ({
      shard,
      level: level - 1,
      range: range * FEED_FAN + child,
    }));
    const within = below.filter((child) => isBefore({ page: pagesOf(child).firstPage, offset: 0 }, end));
    const found: Digested[] = [];
    for (let start = 0; start < within.length; start += LANES)
      found.push(...(await allDone(within.slice(start, start + LANES).map(digested))));
    return found;
  }

  async function digested(range: FeedRange): Promise<Digested> {
    const isWhole = pagesOf(range).lastPage < end.page;
    const known = isWhole ? await feed.digest(range) : undefined;
    if (known) return { ...range, ...known };
    checkTime();
    const made = range.level === 1 ? await ofPages(range) : sumOf(await children(range));
    if (isWhole) await feed.keepDigest(range, made);
    return { ...range, ...made };
  }

  async function ofPages(range: FeedRange): Promise<FeedDigest> {
    const { shard } = range;
    const { firstPage, lastPage } = pagesOf(range);
    const [events, readings] = [new DigestSum(), new DigestSum()];
    let page = firstPage;
    for await (const content of feed.pages(shard, firstPage, Math.min(lastPage, end.page))) {
      for (const [offset, event] of content.entries()) {
        if (!isBefore({ page, offset }, end)) continue;
        const fed = { ...event, sequence: writeSequence(shard, { page, offset }) };
        events.add(comparedRecord(eventDocument(fed)));
        for (const reading of readingDocuments(fed)) readings.add(comparedRecord(reading));
      }
      page++;
    }
    return { events: events.total(), readings: readings.total() };
  }

  return { children };
}

/** What was begun is brought to its end, and kept, also where one of them fails: a function is frozen after its answer. */
async function allDone<T>(begun: Promise<T>[]): Promise<T[]> {
  await Promise.allSettled(begun);
  return await Promise.all(begun);
}

function sumOf(parts: readonly FeedDigest[]): FeedDigest {
  const total = (digests: readonly Digest[]) => {
    const sum = new DigestSum();
    for (const digest of digests) sum.addDigest(digest);
    return sum.total();
  };
  return {
    events: total(parts.map(({ events }) => events)),
    readings: total(parts.map(({ readings }) => readings)),
  };
}
