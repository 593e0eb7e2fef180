/** Digests, by which a copy of the feed or of accounts is compared with what is here without reading it. */
import type { Account } from '../domain/account.ts';
import { LatchkeyError } from '../domain/error.ts';
import { type FeedPlace, isBefore, pagesOf, writeFeedCursor } from '../domain/feed-place.ts';
import type { Module } from '../domain/module.ts';
import type { FeedDigest, FeedRange, FeedStore } from '../store/feed.ts';
import type { Page, PageWish } from '../store/item.ts';
import type { Store } from '../store/store.ts';
import { createDigestTree, topOf } from './feed-digest-tree.ts';
import { parseCursor } from './read-events.ts';
import { type PlantWithModules, withModules } from './read-home.ts';
import type { Seeing } from './sight.ts';

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
  const tree = createDigestTree(feed, end, () => {
    if (now() > deadline) throw new LatchkeyError('digest_unfinished', 'the digests are still being made');
  });
  return (await tree.children(parent)).map((found) => ({ ...found, ...aroundOf(found, places) }));
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

/** An account with all that is known of its home. */
export interface WholeAccount {
  readonly account: Account;
  readonly plants: readonly PlantWithModules[];
  readonly modules: readonly Module[];
}

/** Accounts whose homes are held at a time. */
const AT_A_TIME = 10;

/** What `digest` makes of accounts with their plants and modules, as far as the caller sees them. */
export async function digestAccounts<T>(
  { store, sight }: Seeing & { readonly store: Pick<Store, 'accounts'> },
  page: PageWish,
  digest: (whole: WholeAccount) => T,
): Promise<Page<T>> {
  const found = await store.accounts.list(page);
  const digestOne = async (accountId: string) => {
    const [account, plants, modules] = await Promise.all([
      store.accounts.get(accountId),
      sight.plantsOf(accountId),
      sight.modulesOf(accountId),
    ]);
    return (
      account && digest({ account, plants: plants.map((plant) => withModules(plant, modules)), modules })
    );
  };
  const items: T[] = [];
  for (let start = 0; start < found.items.length; start += AT_A_TIME) {
    const some = found.items.slice(start, start + AT_A_TIME);
    const digests = await Promise.all(some.map(({ accountId }) => digestOne(accountId)));
    items.push(...digests.filter((each) => each !== undefined));
  }
  return { items, ...(found.next && { next: found.next }) };
}
