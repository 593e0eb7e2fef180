/**
 * The feed: per shard a row of pages numbered without a gap. A writer puts page n+1 only after it has seen page n,
 * and only if nobody else has; a reader that walks the pages with consistent reads therefore misses nothing.
 */
import * as z from 'zod';
import { Digest } from '../domain/digest.ts';
import { Event } from '../domain/event.ts';
import { jsonBytes } from '../domain/text.ts';
import { expression } from './expression.ts';
import type { Table } from './item.ts';
import { keys, prefixes } from './keys.ts';

/** Bytes of events in a page: who wants a part of it pays for all of it. An item could have 400 KB. */
export const MAX_PAGE_BYTES = 64_000;

const FeedPage = z.object({ events: z.array(Event) });
const NumberedPage = FeedPage.extend({ sk: z.string() });
const FeedDigest = z.object({ events: Digest, readings: Digest });
export type FeedDigest = z.infer<typeof FeedDigest>;
const FeedHint = z.object({ page: z.int() });

/** See `actions/feed-digest-tree`. */
export interface FeedRange {
  readonly shard: number;
  readonly level: number;
  readonly range: number;
}

export interface FeedStore {
  /**
   * Appends the events, in order, as one page or more; returns the number of the last. What the last page holds already
   * is left out: a batch that comes again because its consumer died is mostly told once.
   */
  append(shard: number, events: readonly Event[]): Promise<number>;
  /** The events of a page; `undefined`: not written yet. The first page is 1. */
  page(shard: number, number: number): Promise<Event[] | undefined>;
  /**
   * The events of each page from the first to the last, both included, up to one that is not written yet. Of many small
   * pages it costs what their bytes do, not what as many items do.
   */
  pages(shard: number, first: number, last: number): AsyncGenerator<Event[]>;
  /** What was made of a range of pages, which never change. */
  digest(range: FeedRange): Promise<FeedDigest | undefined>;
  keepDigest(range: FeedRange, digest: FeedDigest): Promise<void>;
}

export function createFeedStore(table: Table): FeedStore {
  const page = async (shard: number, number: number) =>
    (await table.get(keys.feedPage(shard, number), FeedPage))?.events;

  /** The hint only shortens the walk: it may be old, never ahead of the pages. */
  const findHead = async (shard: number): Promise<number> => {
    let head = (await table.get(keys.feedHint(shard), FeedHint))?.page ?? 0;
    while ((await page(shard, head + 1)) !== undefined) head++;
    return head;
  };

  const digestKey = ({ shard, level, range }: FeedRange) => keys.feedDigest(shard, level, range);

  return {
    page,

    async *pages(shard, first, last) {
      const [{ pk, sk: from }, { sk: to }] = [keys.feedPage(shard, first), keys.feedPage(shard, last)];
      const found = table.queryAll(expression`#pk = ${pk} AND #sk BETWEEN ${from} AND ${to}`, NumberedPage);
      let next = first;
      for await (const { sk, events } of found) {
        // A query is no snapshot: it can meet a page, and have been where the one before it is before that was written.
        if (Number(sk.slice(prefixes.feedPage.length)) !== next++) return;
        yield events;
      }
    },

    digest: (range) => table.get(digestKey(range), FeedDigest),

    async keepDigest(range, digest) {
      await table.put(digestKey(range), digest);
    },

    async append(shard, events) {
      let head = await findHead(shard);
      const last = head === 0 ? undefined : await page(shard, head);
      for (const part of split(events.filter((event) => !holds(last, event)))) {
        const absent = expression`attribute_not_exists(#pk)`;
        const put = () => table.put(keys.feedPage(shard, head + 1), { events: part }, absent);
        // The page that is there may be this very one, whose answer was lost.
        while ((await put()) === 'refused' && !holds(await page(shard, head + 1), part[0])) head++;
        head++;
      }
      await table.put(keys.feedHint(shard), { page: head });
      return head;
    },
  };
}

function holds(page: readonly Event[] | undefined, event: Event | undefined): boolean {
  return page?.some(({ id }) => id === event?.id) === true;
}

/** Cuts events, or what is to be one, into parts that fit into pages; what does not fit by itself is a part of its own. */
export function split<T>(items: readonly T[], maxBytes = MAX_PAGE_BYTES): T[][] {
  const parts: T[][] = [];
  let bytesLeft = 0;
  for (const item of items) {
    const size = jsonBytes(item);
    if (size > bytesLeft) {
      parts.push([]);
      bytesLeft = maxBytes;
    }
    parts.at(-1)?.push(item);
    bytesLeft -= size;
  }
  return parts;
}
