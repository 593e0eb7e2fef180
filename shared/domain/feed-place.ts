/** Places in the feed, and how they are written: one in a shard as a sequence, one in every shard as a cursor. Pure. */

/** Parts of the feed; an account's events are all in one, in order. Changing it would re-number the feed. */
export const LOG_SHARDS = 4;

/** The page being read, and how many of its events were. */
export interface FeedPlace {
  readonly page: number;
  readonly offset: number;
}

export const FEED_START: FeedPlace = { page: 1, offset: 0 };
const CURSOR_VERSION = 'c1';

export function startOfFeed(): FeedPlace[] {
  return Array.from({ length: LOG_SHARDS }, () => FEED_START);
}

export function writeFeedCursor(places: readonly FeedPlace[]): string {
  return [CURSOR_VERSION, ...places.map(({ page, offset }) => `${page}.${offset}`)].join('-');
}

/** `undefined`: it is not a cursor that the feed gave. */
export function readFeedCursor(cursor: string): FeedPlace[] | undefined {
  const [version, ...parts] = cursor.split('-');
  const places = parts.flatMap((part) => {
    const match = /^([1-9]\d{0,9})\.(\d{1,6})$/.exec(part);
    return match ? [{ page: Number(match[1]), offset: Number(match[2]) }] : [];
  });
  const isWhole = parts.length === LOG_SHARDS && places.length === LOG_SHARDS;
  return version === CURSOR_VERSION && isWhole ? places : undefined;
}

/**
 * Where an event stands. Of two events of one account the later has the greater one, compared as text.
 * @see CloudEvents extension `sequence`
 */
export function writeSequence(shard: number, { page, offset }: FeedPlace): string {
  return [shard, String(page).padStart(10, '0'), String(offset).padStart(6, '0')].join('-');
}

/** `undefined`: it is not a sequence that the feed gave. */
export function readSequence(sequence: string): ({ readonly shard: number } & FeedPlace) | undefined {
  const match = /^(\d)-(\d{10})-(\d{6})$/.exec(sequence);
  return match ? { shard: Number(match[1]), page: Number(match[2]), offset: Number(match[3]) } : undefined;
}

export function isBefore(a: FeedPlace, b: FeedPlace): boolean {
  return a.page < b.page || (a.page === b.page && a.offset < b.offset);
}

/** Raised with whatever changes what is digested of an event: digests of another form are left behind, and made anew. */
export const DIGEST_FORMAT = 1;

/** Pages that are digested as one range, and ranges that are one of the level above. */
export const FEED_FAN = 32;

/** The pages of a range, both included. @param level – 1: it consists of pages */
export function pagesOf({ level, range }: { readonly level: number; readonly range: number }): {
  readonly firstPage: number;
  readonly lastPage: number;
} {
  const length = FEED_FAN ** level;
  return { firstPage: range * length + 1, lastPage: (range + 1) * length };
}
