/**
 * Compares events and readings. The copy is read once for sums; of the source, only ranges whose digests differ from them
 * are read, and compared with the copy by id. Whatever is before the cursor never changes, so what is found is so.
 */
import type { FeedDigestView } from '../../shared/api/views.ts';
import type { CopyRecord } from '../../shared/domain/copy-records.ts';
import { isSameDigest } from '../../shared/domain/digest.ts';
import { type FeedPlace, readFeedCursor } from '../../shared/domain/feed-place.ts';
import { ApiProblem } from '../api.ts';
import { type RecordCollection, recordCollections } from '../sync/document.ts';
import { SinkProblem } from '../sync/sink.ts';
import { comparePortion, type Differing, type Look } from './compare-portion.ts';
import { type Comparing, ofSomethingElse, STEP } from './comparing.ts';
import { type Difference, type DifferenceKind, type PerRecords, perRecords } from './difference.ts';
import { createRangeSums, type RangeSums, standingOf } from './range-sums.ts';

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
 * @throws {SinkProblem} refused – it is no copy of this feed, or its progress none of this program's
 * @throws {ApiProblem} – the token does not see all of the feed
 */
export async function compareRecords(comparing: Comparing, cursor: string): Promise<RecordsCompared> {
  const { sink, original, patient, step } = comparing;
  const ends = readFeedCursor(cursor);
  if (!ends) throw new SinkProblem('refused', `${sink.name}: its progress is none of latchkey sync`);
  const { sums, unplaced, ...counted } = await patient(() => sumRecords(comparing, ends));
  let ranges = 0;
  let isKin = false;
  const differing: Differing[] = [];
  const descend = async (items: readonly FeedDigestView[]) => {
    for (const range of items) {
      step('comparing digests', ++ranges);
      const ours = sums.within(range);
      const collections = recordCollections.filter((each) => !isSameDigest(ours[each], range[each]));
      isKin ||= recordCollections.some((each) => !collections.includes(each) && range[each].count > 0);
      if (collections.length === 0) continue;
      if (range.level === LEAST_LEVEL) differing.push({ range, collections });
      else await descend(await original.ranges(cursor, range.shard, range));
    }
  };
  for (const shard of ends.keys()) await descend(await topRanges(comparing, cursor, shard));
  let done = 0;
  for (const portion of portionsOf(differing)) {
    step('reading again what differs', done, differing.length);
    const looks = await comparePortion(comparing, ends, portion);
    isKin ||= looks.some(({ told, missing }) => missing.size < told.size);
    if (!isKin && looks.some(({ told, extra }) => told.size > 0 && extra.size > 0))
      throw ofSomethingElse(sink, 'it has nothing of what this feed tells');
    for (const look of looks) await takeLook(comparing, look, unplaced);
    done += portion.length;
  }
  await takeUnplaced(comparing, unplaced);
  return { ...counted, ranges };
}

async function topRanges(
  { original, sink }: Comparing,
  cursor: string,
  shard: number,
): Promise<FeedDigestView[]> {
  try {
    return await original.ranges(cursor, shard);
  } catch (error) {
    if (!(error instanceof ApiProblem && error.status === 400)) throw error;
    throw ofSomethingElse(sink, 'it has come further than this feed has');
  }
}

async function sumRecords({ sink, step }: Comparing, ends: readonly FeedPlace[]) {
  const sums: RangeSums = createRangeSums();
  const documents = { events: 0, readings: 0 };
  const unplaced = perRecords(() => new Set<string>());
  let [past, read] = [0, 0];
  for (const collection of recordCollections)
    for await (const record of sink.listRecords(collection)) {
      if (++read % STEP === 0) step('reading the copy', read);
      const standing = standingOf(record, ends);
      if (standing === 'past') past++;
      if (standing === 'past' || standing === 'later') continue;
      documents[collection]++;
      if (standing === 'nowhere') unplaced[collection].add(record.id);
      else sums.add(standing, collection, record);
    }
  return { sums, unplaced, documents, past };
}

function* portionsOf(all: readonly Differing[]): Generator<Differing[]> {
  let portion: Differing[] = [];
  let documents = 0;
  for (const differing of all) {
    portion.push(differing);
    documents += differing.range.events.count + differing.range.readings.count;
    if (documents < PORTION) continue;
    yield portion;
    [portion, documents] = [[], 0];
  }
  if (portion.length > 0) yield portion;
}

async function takeLook(
  comparing: Comparing,
  { collection, told, missing, changed, extra }: Look,
  unplaced: PerRecords<Set<string>>,
): Promise<void> {
  await mendRecords(comparing, collection, [...missing.values(), ...changed.values()], [...extra]);
  const idsOf = { missing: missing.keys(), extra, changed: changed.keys() };
  await comparing.found(differencesOf(collection, idsOf));
  for (const id of told.keys()) unplaced[collection].delete(id);
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
