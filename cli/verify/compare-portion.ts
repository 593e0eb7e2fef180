/** Reads ranges of the source again, and compares what they tell with the copy, by id. */
import type { FeedDigestView } from '../../shared/api/views.ts';
import { type CopyRecord, eventDocument, readingDocuments } from '../../shared/domain/copy-records.ts';
import type { FeedPlace } from '../../shared/domain/feed-place.ts';
import { type RecordCollection, recordCollections } from '../sync/document.ts';
import { type Comparing, STEP, seesTooLittle } from './comparing.ts';
import { isSameRecord, type PerRecords, perRecords } from './difference.ts';
import type { Original } from './original.ts';
import { type RangeKey, standingOf } from './range-sums.ts';

/** A range that is not the same, and which of its records are not. */
export interface Differing {
  readonly range: FeedDigestView;
  readonly collections: readonly RecordCollection[];
}

/** What of a collection is not as it is told. */
export interface Look {
  readonly collection: RecordCollection;
  readonly told: ReadonlyMap<string, Told>;
  readonly missing: ReadonlyMap<string, CopyRecord>;
  readonly changed: ReadonlyMap<string, CopyRecord>;
  readonly extra: ReadonlySet<string>;
}

export async function comparePortion(
  comparing: Comparing,
  ends: readonly FeedPlace[],
  portion: readonly Differing[],
): Promise<Look[]> {
  const { patient, original } = comparing;
  const ranges = portion.map(({ range }) => range);
  const told = await readTold(original, ranges);
  const keys = new Set(ranges.map(({ shard, range }): RangeKey => `${shard}:${range}`));
  const looks: Look[] = [];
  for (const collection of recordCollections) {
    // What is the same everywhere need not be looked through.
    if (!portion.some(({ collections }) => collections.includes(collection))) continue;
    const wish = { ends, keys, told: told[collection] };
    looks.push(await patient(() => lookThrough(comparing, collection, wish)));
  }
  return looks;
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
  { sink, step }: Pick<Comparing, 'sink' | 'step'>,
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
): Promise<Look> {
  const missing = new Map([...told].map(([id, { document }]) => [id, document]));
  const changed = new Map<string, CopyRecord>();
  const extra = new Set<string>();
  const places = new Map<string, unknown>();
  let read = 0;
  for await (const record of sink.listRecords(collection)) {
    if (++read % STEP === 0) step('looking through the copy', read);
    const { id, sequence } = record;
    const original = told.get(id);
    const standing = standingOf(record, ends);
    // What it stands for there is none of what is compared: if that is all there is of it, it is missing here.
    if (standing === 'later') continue;
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
  return { collection, told, missing, changed, extra };
}
