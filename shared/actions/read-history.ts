/** The past of one capability: what is kept or condensed here, and, further back or more coarsely, what the cloud keeps. */
import { LatchkeyError } from '../domain/error.ts';
import {
  DAY_MS,
  type HistoryPoint,
  keptAt,
  longestSpanDays,
  type Resolution,
  type TimeSpan,
} from '../domain/history.ts';
import type { Module } from '../domain/module.ts';
import { type CapabilityName, unitOf } from '../domain/reading.ts';
import { keptSince, type Retention } from '../domain/retention.ts';
import { toUtc, UtcTime } from '../domain/time.ts';
import type { Page, PageWish } from '../store/item.ts';
import { type FetchedHistory, fetchHistory } from './fetch-history.ts';
import { findHistory, type HistoryFound } from './find-history.ts';
import { findModule, unknownModule } from './find-module.ts';
import { readSteps } from './read-steps.ts';
import type { Seeing } from './sight.ts';
import type { SyncDependencies } from './sync-dependencies.ts';

export interface HistoryWish {
  readonly moduleId: string;
  readonly capability: CapabilityName;
  readonly resolution: Resolution;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

export interface Past extends Page<HistoryPoint> {
  readonly unit: string | null;
  /** Days of it that are kept here; `undefined`: all of it is the provider's. */
  readonly keptDays: number | undefined;
}

type Dependencies = Pick<SyncDependencies, 'store' | 'sessionOf' | 'providerOf' | 'now'> &
  Seeing & { readonly retention: Retention };

/** For clients whose clocks are ahead, milliseconds. */
const CLOCK_TOLERANCE_MS = 60_000;

/**
 * Oldest first, both ends included. Every page says where it ended by time, so that it does not matter whether the next
 * one comes from here or from the cloud. A page may be short, even empty, and have a next one: then the question had
 * made its share of calls.
 * @throws {LatchkeyError} module_unknown
 * @throws {LatchkeyError} request_invalid – times that make no sense, a resolution that is not offered
 * @throws {LatchkeyError} – what the cloud refused: there is never a hole where it could not be asked
 */
export async function readHistory(deps: Dependencies, wish: HistoryWish, page: PageWish): Promise<Past> {
  const module = await findModule(deps, wish.moduleId);
  const found = await findHistory(deps, module, wish.capability, wish.resolution);
  const told = await readPage(deps, { module, found }, wish, page);
  return { ...told, unit: unitOf(wish.capability, module.profiles), keptDays: keptDaysOf(deps, found) };
}

function keptDaysOf({ retention }: Dependencies, found: HistoryFound): number | undefined {
  if (found.in === 'steps') return retention[found.resolution];
  return found.in === 'readings' || found.resolution === 'raw' ? retention.raw : undefined;
}

async function readPage(
  deps: Dependencies,
  { module, found }: { readonly module: Module; readonly found: HistoryFound },
  wish: HistoryWish,
  page: PageWish,
): Promise<Page<HistoryPoint>> {
  const { fromEpochMs, toEpochMs } = spanOf(wish, deps.now());
  const begin = placeAfter(wish, page.after) ?? fromEpochMs;
  const stored = (from: number | undefined, limit: number) => readStored(deps, wish, from, toEpochMs, limit);
  // One more than wanted tells whether there is more.
  const most = page.limit + 1;
  if (found.in === 'readings') return pageOf(wish, await stored(begin, most), page.limit);
  if (found.in === 'steps') {
    const { capability } = wish;
    const { resolution } = found;
    const span = { fromEpochMs: begin, toEpochMs };
    const items = await readSteps(deps, module, { capability, resolution, ...span }, most);
    return pageOf(wish, { items }, page.limit);
  }

  const border = wish.resolution === 'raw' ? await firstStored(deps, wish) : undefined;
  if (begin === undefined && border === undefined) throw fromMissing(wish);
  const end = Math.min(toEpochMs, border === undefined ? toEpochMs : border - 1);
  const span = { fromEpochMs: begin ?? end + 1, toEpochMs: end };
  const fetched =
    span.fromEpochMs <= end ? await askCloud(deps, module, { ...wish, ...found }, span, most) : undefined;
  const told = (fetched?.points ?? []).map(([atEpochMs, value]) => ({ time: toUtc(atEpochMs), value }));
  if (fetched && fetched.knownToEpochMs < end)
    return pageOf(wish, { items: told, goneTo: fetched.knownToEpochMs }, page.limit);
  const isFull = told.length >= most;
  if (border === undefined || isFull) return pageOf(wish, { items: told }, page.limit);
  const { items, goneTo } = await stored(Math.max(border, begin ?? border), most - told.length);
  return pageOf(wish, { items: [...told, ...items], goneTo }, page.limit);
}

/** Points, and the time up to which they are told, where there is more to come, epoch milliseconds. */
interface Stretch {
  readonly items: readonly HistoryPoint[];
  readonly goneTo?: number | undefined;
}

/** @throws {LatchkeyError} request_invalid */
function spanOf({ from, to }: HistoryWish, now: number): { fromEpochMs?: number; toEpochMs: number } {
  const [fromEpochMs, toEpochMs] = [from, to].map((time) =>
    time === undefined ? undefined : Date.parse(time),
  );
  const latest = now + CLOCK_TOLERANCE_MS;
  const fields = {
    ...(fromEpochMs !== undefined &&
      toEpochMs !== undefined &&
      fromEpochMs > toEpochMs && { from: 'is after `to`' }),
    ...(fromEpochMs !== undefined && fromEpochMs > latest && { from: 'is in the future' }),
    ...(toEpochMs !== undefined && toEpochMs > latest && { to: 'is in the future' }),
  };
  if (Object.keys(fields).length > 0) throw invalid(fields);
  return {
    ...(fromEpochMs !== undefined && { fromEpochMs }),
    toEpochMs: Math.min(toEpochMs ?? now, now),
  };
}

/** @throws {LatchkeyError} request_invalid – a span that is too long */
async function askCloud(
  deps: Dependencies,
  module: Module,
  { capability, resolution, stepSeconds }: HistoryWish & Extract<HistoryFound, { in: 'cloud' }>,
  span: TimeSpan,
  wanted: number,
): Promise<FetchedHistory> {
  const { accountId, plantId } = module;
  const longestDays = longestSpanDays(resolution);
  if (span.toEpochMs - span.fromEpochMs > longestDays * DAY_MS)
    throw invalid({ from: `is more than ${longestDays} days before the end, too far for this resolution` });
  const [account, plant] = await Promise.all([
    deps.store.accounts.get(accountId),
    deps.store.plants.get({ accountId, plantId }),
  ]);
  const history = account && deps.providerOf(account.provider).history;
  // Whoever unlinks the account just now takes its modules away as well.
  if (!account || !plant || !history) throw unknownModule(module.moduleId);
  const session = deps.sessionOf(account, 'history');
  const asked = { capability, resolution: keptAt(resolution, stepSeconds), stepSeconds };
  const source = { history, session, target: { plant, module }, ...asked };
  return await fetchHistory(deps, source, span, wanted);
}

async function readStored(
  { store, retention, now }: Dependencies,
  { moduleId, capability }: HistoryWish,
  fromEpochMs: number | undefined,
  toEpochMs: number,
  limit: number,
): Promise<Stretch> {
  const from = Math.max(fromEpochMs ?? 0, keptSince(retention.raw, now()));
  // What came after the end of the page before may be later than all that was asked for, and what is kept as well.
  if (from > toEpochMs) return { items: [] };
  const span = { from: toUtc(from), to: toUtc(toEpochMs) };
  const { items, next } = await store.readings.range({ moduleId, capability, ...span, limit });
  const last = items.at(-1);
  return {
    items: items.map(({ observedAt, value }) => ({ time: observedAt, value })),
    goneTo: next && last && Date.parse(last.observedAt),
  };
}

/** When what is kept here begins, epoch milliseconds. */
async function firstStored(
  { store, retention, now }: Dependencies,
  { moduleId, capability }: HistoryWish,
): Promise<number | undefined> {
  const from = toUtc(keptSince(retention.raw, now()));
  const [first] = (await store.readings.range({ moduleId, capability, from, limit: 1 })).items;
  return first && Date.parse(first.observedAt);
}

function pageOf(wish: HistoryWish, { items, goneTo }: Stretch, limit: number): Page<HistoryPoint> {
  const shown = items.slice(0, limit);
  const last = shown.at(-1);
  const place = items.length > limit && last ? Date.parse(last.time) : goneTo;
  return { items: shown, ...(place !== undefined && { next: { ...questionOf(wish), time: toUtc(place) } }) };
}

/**
 * Where a page goes on, epoch milliseconds.
 * @throws {LatchkeyError} request_invalid – the cursor of another question
 */
function placeAfter(wish: HistoryWish, cursor: PageWish['after']): number | undefined {
  if (cursor === undefined) return undefined;
  const { time, ...question } = cursor;
  const read = UtcTime.safeParse(time);
  const isOwn = Object.entries(questionOf(wish)).every(([key, value]) => question[key] === value);
  if (!read.success || !isOwn) throw invalid({ after: 'is not a cursor of this question' });
  return Date.parse(read.data) + 1;
}

function questionOf({ moduleId, capability, resolution }: HistoryWish) {
  return { moduleId, capability, resolution };
}

function fromMissing({ capability }: HistoryWish): LatchkeyError {
  return invalid({
    from: `is needed, as nothing of ${capability} is kept here and the provider is asked from a given time on`,
  });
}

function invalid(fields: Record<string, string>): LatchkeyError {
  const list = Object.entries(fields).map(([field, reason]) => `${field} ${reason}`);
  return new LatchkeyError('request_invalid', list.join('; '), { details: { fields } });
}
