/**
 * Compares events and readings. The copy is read once for sums; of the source, only ranges whose digests differ from them
 * are read, and compared with the copy by id. Whatever is before the cursor never changes, so what is found is so.
 */
import type { FeedDigestView } from '../../shared/api/views.ts';
import { type CopyRecord, eventDocument, readingDocuments } from '../../shared/domain/copy-records.ts';
import { isSameDigest } from '../../shared/domain/digest.ts';
import { type FeedPlace, readFeedCursor } from '../../shared/domain/feed-place.ts';
import { ApiProblem } from '../api.ts';
import { type RecordCollection, recordCollections } from '../sync/document.ts';
import { type Sink, SinkProblem } from '../sync/sink.ts';
import {
  type Difference,
  type DifferenceKind,
  type Found,
  isSameRecord,
  type PerRecords,
  perRecords,
} from './difference.ts';
import type { Original } from './original.ts';
import type { Patient } from './patience.ts';
import { createRangeSums, type RangeKey, type RangeSums, standingOf } from './range-sums.ts';

export interface Comparing {
  readonly sink: Sink;
  readonly original: Original;
  readonly patient: Patient;
  /** Puts right what was found. */
  readonly mend: boolean;
  readonly found: Found;
  readonly step: (text: string, done: number, total?: number) => void;
}

export interface RecordsCompared {
  /** Of the copy, up to the cursor. */
  readonly documents: PerRecords<number>;
  /** Of the copy, from before the feed: not compared. */
  readonly past: number;
  readonly ranges: number;
}

/** Documents of the source that are held at a time; a range more than that, at most. */
const PORTION = 20_000;
const LEAST_LEVEL = 1;

/**
 * @param cursor – up to which the feed was copied
 * @throws {SinkProblem} refused – the copy's progress is none of this program's
 * @throws {ApiProblem} – the token does not see all of the feed, or the feed is another one
 */
export async function compareRecords(comparing: Comparing, cursor: string): Promise<RecordsCompared> {
  const { sink, original, patient, step } = comparing;
  const ends = readFeedCursor(cursor);
  if (!ends) throw new SinkProblem('refused', `${sink.name}: its progress is none of latchkey sync`);
  const { sums, unplaced, ...counted } = await patient(() => sumRecords(comparing, ends));
  let ranges = 0;
  const differing: FeedDigestView[] = [];
  const descend = async (items: readonly FeedDigestView[]) => {
    for (const item of items) {
      step('comparing digests', ++ranges);
      const ours = sums.within(item);
      if (recordCollections.every((collection) => isSameDigest(ours[collection], item[collection]))) continue;
      if (item.level === LEAST_LEVEL) differing.push(item);
      else await descend(await original.ranges(cursor, item.shard, item));
    }
  };
  for (const shard of ends.keys()) await descend(await topRanges(original, cursor, shard));
  let done = 0;
  for (const portion of portionsOf(differing)) {
    step('reading again what differs', done, differing.length);
    await comparePortion(comparing, ends, portion, unplaced);
    done += portion.length;
  }
  await takeUnplaced(comparing, unplaced);
  return { ...counted, ranges };
}

async function topRanges(original: Original, cursor: string, shard: number): Promise<FeedDigestView[]> {
  try {
    return await original.ranges(cursor, shard);
  } catch (error) {
    if (!(error instanceof ApiProblem && error.status === 400)) throw error;
    throw new ApiProblem(
      400,
      `the copy has come further than this feed has: it is a copy of something else (${error.message})`,
    );
  }
}

async function sumRecords({ sink, step }: Comparing, ends: readonly FeedPlace[]) {
  const sums: RangeSums = createRangeSums();
  const documents = { events: 0, readings: 0 };
  const unplaced = perRecords(() => new Set<string>());
  let [past, read] = [0, 0];
  for (const collection of recordCollections)
    for await (const record of sink.listRecords(collection)) {
      if (++read % 1_000 === 0) step('reading the copy', read);
      const standing = standingOf(record, ends);
      if (standing === 'past') past++;
      if (standing === 'past' || standing === 'later') continue;
      documents[collection]++;
      if (standing === 'nowhere') unplaced[collection].add(record.id);
      else sums.add(standing, collection, record);
    }
  return { sums, unplaced, documents, past };
}

function* portionsOf(ranges: readonly FeedDigestView[]): Generator<FeedDigestView[]> {
  let portion: FeedDigestView[] = [];
  let documents = 0;
  for (const range of ranges) {
    portion.push(range);
    documents += range.events.count + range.readings.count;
    if (documents < PORTION) continue;
    yield portion;
    [portion, documents] = [[], 0];
  }
  if (portion.length > 0) yield portion;
}

async function comparePortion(
  comparing: Comparing,
  ends: readonly FeedPlace[],
  portion: readonly FeedDigestView[],
  unplaced: PerRecords<Set<string>>,
): Promise<void> {
  const { patient, original } = comparing;
  const told = await readTold(original, portion);
  const keys = new Set(portion.map(({ shard, range }): RangeKey => `${shard}:${range}`));
  for (const collection of recordCollections) {
    const wish = { ends, keys, told: told[collection] };
    const { missing, extra, changed } = await patient(() => lookThrough(comparing.sink, collection, wish));
    await mendRecords(comparing, collection, [...missing.values(), ...changed.values()], [...extra]);
    const idsOf = { missing: missing.keys(), extra, changed: changed.keys() };
    await comparing.found(differencesOf(collection, idsOf));
    for (const id of told[collection].keys()) unplaced[collection].delete(id);
  }
}

interface Told {
  readonly document: CopyRecord;
  readonly sequences: Set<string>;
}

async function readTold(
  original: Original,
  portion: readonly FeedDigestView[],
): Promise<PerRecords<Map<string, Told>>> {
  const told = perRecords(() => new Map<string, Told>());
  const add = (collection: RecordCollection, document: CopyRecord) => {
    const { sequences } = told[collection].get(document.id) ?? { sequences: new Set() };
    told[collection].set(document.id, { document, sequences: sequences.add(document.sequence) });
  };
  for (const { after, until, count } of stretchesOf(portion)) {
    let seen = 0;
    for await (const events of original.between(after, until)) {
      seen += events.length;
      for (const event of events) {
        add('events', eventDocument(event));
        for (const reading of readingDocuments(event)) add('readings', reading);
      }
    }
    if (seen !== count) throw seesTooLittle(`of ${count} events of a range it is told ${seen}`);
  }
  return told;
}

export function seesTooLittle(what: string): ApiProblem {
  return new ApiProblem(
    403,
    `the access token does not see everything (${what}): to compare takes a token of the workspace with events.read, accounts.read and <system>.read of every system, and custom.read, gateway.read and unknown.read`,
  );
}

/** Ranges that follow one another are read in one go. */
function stretchesOf(portion: readonly FeedDigestView[]) {
  const stretches: { after: string; until: string; count: number }[] = [];
  let before: FeedDigestView | undefined;
  for (const range of portion) {
    const { after, until, events } = range;
    const last = stretches.at(-1);
    const isNext = before?.shard === range.shard && before.range + 1 === range.range;
    if (last && isNext) {
      last.until = until;
      last.count += events.count;
    } else stretches.push({ after, until, count: events.count });
    before = range;
  }
  return stretches;
}

/** Finds what of the copy is not as it is told, in ranges of which everything is. */
async function lookThrough(
  sink: Sink,
  collection: RecordCollection,
  {
    ends,
    keys,
    told,
  }: {
    readonly ends: readonly FeedPlace[];
    readonly keys: ReadonlySet<string>;
    readonly told: ReadonlyMap<string, Told>;
  },
) {
  const missing = new Map([...told].map(([id, { document }]) => [id, document]));
  const changed = new Map<string, CopyRecord>();
  const extra = new Set<string>();
  const places = new Map<string, unknown>();
  for await (const record of sink.listRecords(collection)) {
    const { id, sequence } = record;
    const original = told.get(id);
    const standing = standingOf(record, ends);
    if (!original) {
      if (keys.has(standing)) extra.add(id);
      continue;
    }
    missing.delete(id);
    const isAtItsPlace = keys.has(standing)
      ? original.sequences.has(String(sequence))
      : standing !== 'nowhere';
    // Files can have a document twice: told twice, at two places, or else copied by somebody.
    const isAgain = places.has(id) && places.get(id) === sequence;
    places.set(id, sequence);
    if (!isAtItsPlace || isAgain || !isSameRecord(original.document, record))
      changed.set(id, original.document);
  }
  return { missing, changed, extra };
}

async function mendRecords(
  { sink, mend, patient }: Comparing,
  collection: RecordCollection,
  records: readonly CopyRecord[],
  extra: readonly string[],
): Promise<void> {
  if (!mend) return;
  if (extra.length > 0) await patient(() => sink.removeRecords(collection, extra));
  if (records.length > 0) await patient(() => sink.replaceRecords(collection, records));
}

/** What does not say where it stands, and is not told anywhere that differs. */
async function takeUnplaced(comparing: Comparing, unplaced: PerRecords<Set<string>>): Promise<void> {
  for (const collection of recordCollections) {
    const extra = [...unplaced[collection]];
    await mendRecords(comparing, collection, [], extra);
    await comparing.found(differencesOf(collection, { missing: [], extra, changed: [] }));
  }
}

function differencesOf(
  collection: RecordCollection,
  ids: Readonly<Record<DifferenceKind, Iterable<string>>>,
): Difference[] {
  return (['missing', 'extra', 'changed'] as const).flatMap((kind) =>
    [...ids[kind]].map((id) => ({ collection, kind, id })),
  );
}
