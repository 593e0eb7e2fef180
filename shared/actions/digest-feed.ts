/**
 * Digests of the feed as a tree of ranges: 32 pages are a range of level 1, 32 ranges are one of the next level. Pages
 * never change, so what was made of whole ranges is kept, and two sides that are the same are found to be so by a look
 * at the top.
 */
import { comparedRecord, eventDocument, readingDocuments } from '../domain/copy-records.ts';
import { type Digest, DigestSum } from '../domain/digest.ts';
import { LatchkeyError } from '../domain/error.ts';
import {
  FEED_FAN,
  type FeedPlace,
  isBefore,
  pagesOf,
  writeFeedCursor,
  writeSequence,
} from '../domain/feed-place.ts';
import type { FeedDigest, FeedRange, FeedStore } from '../store/feed.ts';
import { parseCursor } from './read-events.ts';

export interface FeedDigestWish {
  /** A cursor of the feed. */
  readonly until: string;
  readonly shard: number;
  /** The ranges that this one consists of are wanted; absent: the highest ones that there are. */
  readonly level?: number | undefined;
  readonly range?: number | undefined;
}

/** A range up to the end that was asked for, with cursors around it. */
export interface DigestedRange extends FeedRange, FeedDigest {
  readonly firstPage: number;
  readonly lastPage: number;
  readonly after: string;
  readonly until: string;
}

interface Dependencies {
  readonly feed: FeedStore;
  readonly now: () => number;
}

/** A call that makes digests stops after this time, milliseconds; the next one goes on with what was kept. */
const PATIENCE_MS = 15_000;
/** Ranges worked on at a time. */
const LANES = 4;

/**
 * @throws {LatchkeyError} request_invalid – the cursor or the range is none of this feed
 * @throws {LatchkeyError} digest_unfinished – the same request goes on where this one ended
 */
export async function digestFeed(
  { feed, now }: Dependencies,
  { until, shard, level, range = 0 }: FeedDigestWish,
): Promise<DigestedRange[]> {
  const places = parseCursor(until, 'until');
  const end = places[shard];
  if (!end) throw invalid('shard', 'is none of this feed');
  await assertWritten(feed, shard, end);
  const parent = level === undefined ? { shard, ...topOf(end) } : { shard, level, range };
  const deadline = now() + PATIENCE_MS;
  const tree = createTree(feed, end, () => {
    if (now() > deadline) throw new LatchkeyError('digest_unfinished', 'the digests are still being made');
  });
  return (await tree.children(parent)).map((found) => ({ ...found, ...aroundOf(found, places) }));
}

/** The level above all that is within the end. */
function topOf({ page }: FeedPlace): { level: number; range: number } {
  let level = 2;
  while (FEED_FAN ** (level - 1) < page) level++;
  return { level, range: 0 };
}

type Digested = FeedRange & FeedDigest;

function createTree(feed: FeedStore, end: FeedPlace, checkTime: () => void) {
  async function children({ shard, level, range }: FeedRange): Promise<Digested[]> {
    const below = Array.from({ length: FEED_FAN }, (_, child) => ({
      shard,
      level: level - 1,
      range: range * FEED_FAN + child,
    }));
    const within = below.filter((child) => isBefore({ page: pagesOf(child).firstPage, offset: 0 }, end));
    const found: Digested[] = [];
    for (let start = 0; start < within.length; start += LANES)
      found.push(...(await Promise.all(within.slice(start, start + LANES).map(digested))));
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
    for await (const { page, events: content } of feed.pages(shard, firstPage, Math.min(lastPage, end.page)))
      for (const [offset, event] of content.entries()) {
        if (!isBefore({ page, offset }, end)) continue;
        const fed = { ...event, sequence: writeSequence(shard, { page, offset }) };
        events.add(comparedRecord(eventDocument(fed)));
        for (const reading of readingDocuments(fed)) readings.add(comparedRecord(reading));
      }
    return { events: events.total(), readings: readings.total() };
  }

  return { children };
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

/** Cursors between which `readEvents` finds the range, and nothing of the other shards. */
function aroundOf(range: FeedRange, places: readonly FeedPlace[]) {
  const { firstPage, lastPage } = pagesOf(range);
  const end = places[range.shard];
  const cursorAt = (place: FeedPlace) =>
    writeFeedCursor(places.map((elsewhere, shard) => (shard === range.shard ? place : elsewhere)));
  const next = { page: lastPage + 1, offset: 0 };
  return {
    firstPage,
    lastPage,
    after: cursorAt({ page: firstPage, offset: 0 }),
    until: cursorAt(end && isBefore(end, next) ? end : next),
  };
}

/** What is not written yet must not be taken for a range without events, and kept as such. */
async function assertWritten(feed: FeedStore, shard: number, { page }: FeedPlace): Promise<void> {
  if (page > 1 && !(await feed.page(shard, page - 1)))
    throw invalid('until', 'is beyond the end of the feed');
}

function invalid(field: string, reason: string): LatchkeyError {
  return new LatchkeyError('request_invalid', `${field} ${reason}`, {
    details: { fields: { [field]: reason } },
  });
}
