import { setTimeout as sleep } from 'node:timers/promises';
import { LatchkeyError } from '../domain/error.ts';
import type { FedEvent } from '../domain/event.ts';
import {
  FEED_START,
  type FeedPlace,
  isBefore,
  readFeedCursor,
  startOfFeed,
  writeFeedCursor,
  writeSequence,
} from '../domain/feed-place.ts';
import { jsonBytes } from '../domain/text.ts';
import type { FeedStore } from '../store/feed.ts';
import { logShard } from '../store/keys.ts';
import { MOST_ANSWER_BYTES } from './answer-size.ts';
import type { Seeing, Sight } from './sight.ts';

export interface EventsWish {
  readonly after?: string | undefined;
  /** A cursor of the feed: what stands there or later is not told. */
  readonly until?: string | undefined;
  readonly limit: number;
  /** How long to wait for something to happen, seconds. */
  readonly wait: number;
  readonly account?: string | undefined;
}

export interface EventsPage {
  readonly events: FedEvent[];
  readonly next: string;
  /** The answer was cut short, by its limit, its length or its time: what follows is there already, as far as is known. */
  readonly more: boolean;
}

/** A call reads no longer than this, or than it was to wait, milliseconds: an account's events may be far apart. */
const READING_MS = 5_000;
/** Read at a time, however little is in them. */
const MOST_PAGES = 100;
/** Long polls look again after these pauses, the last one repeated, milliseconds. */
const PAUSES_MS = [100, 200, 300, 500];

/**
 * The feed from a cursor on: per account in the order in which things happened. Every event comes at least once, so
 * clients keep the ids they have handled.
 * @throws {LatchkeyError} request_invalid – the cursor is not one of ours
 */
export async function readEvents(
  { feed, sight, now }: { feed: FeedStore; now: () => number } & Seeing,
  { after, until, limit, wait, account: asked }: EventsWish,
): Promise<EventsPage> {
  const account = asked ?? sight.accountId;
  const positions = after === undefined ? startOfFeed() : parseCursor(after, 'after');
  const ends = until === undefined ? [] : parseCursor(until, 'until');
  const shards = account === undefined ? positions.map((_, shard) => shard) : [logShard(account)];
  const deadline = now() + wait * 1000;
  const readUntil = Math.max(deadline, now() + READING_MS);
  const events: FedEvent[] = [];
  let bytesLeft = MOST_ANSWER_BYTES;
  for (let round = 0; ; round++) {
    let more = false;
    for (const shard of shards) {
      const isOver = () => now() > readUntil;
      const wish = {
        limit: limit - events.length,
        mostBytes: bytesLeft,
        end: ends[shard],
        account,
        sight,
        isOver,
      };
      const taken = await readShard(feed, shard, positions[shard] ?? FEED_START, wish);
      events.push(...taken.events);
      bytesLeft = taken.bytesLeft;
      positions[shard] = taken.position;
      more ||= taken.more;
    }
    const pauseMs = PAUSES_MS[Math.min(round, PAUSES_MS.length - 1)] ?? 0;
    if (events.length > 0 || now() + pauseMs > deadline)
      return { events, next: writeFeedCursor(positions), more };
    await sleep(pauseMs);
  }
}

interface ShardWish {
  readonly limit: number;
  /** The event that goes beyond is still told. */
  readonly mostBytes: number;
  readonly end: FeedPlace | undefined;
  readonly account: string | undefined;
  readonly sight: Sight;
  readonly isOver: () => boolean;
}

async function readShard(
  feed: FeedStore,
  shard: number,
  from: FeedPlace,
  { limit, mostBytes, end, account, sight, isOver }: ShardWish,
): Promise<{ events: FedEvent[]; bytesLeft: number; position: FeedPlace; more: boolean }> {
  const events: FedEvent[] = [];
  let bytesLeft = mostBytes;
  let { page, offset } = from;
  let isRead = false;
  const isFull = () => events.length >= limit || bytesLeft <= 0;
  const isAtEnd = () => end !== undefined && !isBefore({ page, offset }, end);
  const isDone = () => isFull() || isAtEnd();
  for (let wanted = 1; !isDone() && !isOver(); wanted = pagesFor(limit, events.length, page - from.page)) {
    const last = Math.min(page + wanted - 1, end?.page ?? Number.POSITIVE_INFINITY);
    for await (const content of feed.pages(shard, page, last)) {
      while (offset < content.length && !isDone()) {
        const sequence = writeSequence(shard, { page, offset });
        const event = content[offset++];
        if (!event || (account !== undefined && event.data.accountId !== account)) continue;
        if (!(await sight.event(event))) continue;
        events.push({ ...event, sequence });
        bytesLeft -= jsonBytes(event);
      }
      if (offset < content.length) break;
      page++;
      offset = 0;
      if (isOver()) break;
    }
    if (page > last) continue;
    isRead = !isFull() && !isOver();
    break;
  }
  return { events, bytesLeft, position: { page, offset }, more: !isRead && !isAtEnd() };
}

/** How many pages are read next: as many as are likely to hold what is still wanted, since each of them costs. */
function pagesFor(limit: number, found: number, pages: number): number {
  const likely = found === 0 ? MOST_PAGES : Math.ceil(((limit - found) * pages) / found);
  return Math.min(Math.max(likely, 1), MOST_PAGES);
}

/** @throws {LatchkeyError} request_invalid – not a cursor of the feed */
export function parseCursor(cursor: string, field: 'after' | 'until'): FeedPlace[] {
  const places = readFeedCursor(cursor);
  if (places) return places;
  throw new LatchkeyError('request_invalid', 'the cursor is not one that this feed gave', {
    details: {
      fields: { [field]: 'is not a cursor' },
      remedy: `Leave \`${field}\` out to read ${field === 'after' ? 'from the beginning' : 'to the end'}.`,
    },
  });
}
