import { setTimeout as sleep } from 'node:timers/promises';
import { LatchkeyError } from '../domain/error.ts';
import type { Event } from '../domain/event.ts';
import type { FeedStore } from '../store/feed.ts';
import { LOG_SHARDS, logShard } from '../store/keys.ts';
import type { Seeing, Sight } from './sight.ts';

export interface EventsWish {
  readonly after?: string | undefined;
  readonly limit: number;
  /** How long to wait for something to happen, seconds. */
  readonly wait: number;
  readonly account?: string | undefined;
}

/** Place in one shard: the page being read, and how many of its events were. */
interface Position {
  readonly page: number;
  readonly offset: number;
}

/** A call reads no longer than this, or than it was to wait, milliseconds: an account's events may be far apart. */
const READING_MS = 5_000;
/** Long polls look again after these pauses, the last one repeated, milliseconds. */
const PAUSES_MS = [100, 200, 300, 500];

/**
 * The feed from a cursor on: per account in the order in which things happened. Every event comes at least once, so
 * clients keep the ids they have handled.
 * @throws {LatchkeyError} request_invalid – the cursor is not one of ours
 */
export async function readEvents(
  { feed, sight, now }: { feed: FeedStore; now: () => number } & Seeing,
  { after, limit, wait, account: asked }: EventsWish,
): Promise<{ events: Event[]; next: string }> {
  const account = asked ?? sight.accountId;
  const positions = after === undefined ? startOfFeed() : parseCursor(after);
  const shards = account === undefined ? positions.map((_, shard) => shard) : [logShard(account)];
  const deadline = now() + wait * 1000;
  const readUntil = Math.max(deadline, now() + READING_MS);
  const events: Event[] = [];
  for (let round = 0; ; round++) {
    for (const shard of shards) {
      const wish = { limit: limit - events.length, account, sight, isOver: () => now() > readUntil };
      const taken = await readShard(feed, shard, positions[shard] ?? START, wish);
      events.push(...taken.events);
      positions[shard] = taken.position;
    }
    const pauseMs = PAUSES_MS[Math.min(round, PAUSES_MS.length - 1)] ?? 0;
    if (events.length > 0 || now() + pauseMs > deadline) return { events, next: writeCursor(positions) };
    await sleep(pauseMs);
  }
}

interface ShardWish {
  readonly limit: number;
  readonly account: string | undefined;
  readonly sight: Sight;
  readonly isOver: () => boolean;
}

async function readShard(
  feed: FeedStore,
  shard: number,
  from: Position,
  { limit, account, sight, isOver }: ShardWish,
): Promise<{ events: Event[]; position: Position }> {
  const events: Event[] = [];
  let { page, offset } = from;
  while (events.length < limit && !isOver()) {
    const content = await feed.page(shard, page);
    if (!content) break;
    while (offset < content.length && events.length < limit) {
      const event = content[offset++];
      if (!event || (account !== undefined && event.data.accountId !== account)) continue;
      if (await sight.event(event)) events.push(event);
    }
    if (offset < content.length) break;
    page++;
    offset = 0;
  }
  return { events, position: { page, offset } };
}

const START: Position = { page: 1, offset: 0 };
const CURSOR_VERSION = 'c1';

function startOfFeed(): Position[] {
  return Array.from({ length: LOG_SHARDS }, () => START);
}

function writeCursor(positions: readonly Position[]): string {
  return [CURSOR_VERSION, ...positions.map(({ page, offset }) => `${page}.${offset}`)].join('-');
}

function parseCursor(cursor: string): Position[] {
  const [version, ...parts] = cursor.split('-');
  const positions = parts.map((part) => /^([1-9]\d{0,9})\.(\d{1,6})$/.exec(part));
  if (version !== CURSOR_VERSION || positions.length !== LOG_SHARDS || positions.includes(null)) {
    throw new LatchkeyError('request_invalid', 'the cursor is not one that this feed gave', {
      details: {
        fields: { after: 'is not a cursor' },
        remedy: 'Leave `after` out to read from the beginning.',
      },
    });
  }
  return positions.map((match) => ({ page: Number(match?.[1]), offset: Number(match?.[2]) }));
}
