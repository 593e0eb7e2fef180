/** Where the records of a copy say that they stand in the feed, and the digests of them by ranges of it. */
import { comparedRecord, type Document } from '../../shared/domain/copy-records.ts';
import { type Digest, DigestSum } from '../../shared/domain/digest.ts';
import { FEED_FAN, type FeedPlace, isBefore, readSequence } from '../../shared/domain/feed-place.ts';
import { asRecord, type PerRecords, perRecords } from './difference.ts';

/** A range of level 1, as the key of a map. */
export type RangeKey = `${number}:${number}`;

/**
 * `later`: at or behind the end that is compared up to, written by a program that was stopped before it kept its
 * progress, or since. `past`: from before the feed, see `latchkey sync`. `nowhere`: it does not say.
 */
export type Standing = RangeKey | 'later' | 'past' | 'nowhere';

export function standingOf(record: Document, ends: readonly FeedPlace[]): Standing {
  if (record.origin === 'history' && record.sequence === undefined) return 'past';
  const place = typeof record.sequence === 'string' ? readSequence(record.sequence) : undefined;
  const end = place && ends[place.shard];
  if (!end || place.page < 1) return 'nowhere';
  return isBefore(place, end) ? `${place.shard}:${Math.floor((place.page - 1) / FEED_FAN)}` : 'later';
}

export interface RangeSums {
  add(key: RangeKey, collection: keyof PerRecords<DigestSum>, record: Document): void;
  /** Of all that is in a range of any level. */
  within(range: {
    readonly shard: number;
    readonly level: number;
    readonly range: number;
  }): PerRecords<Digest>;
}

export function createRangeSums(): RangeSums {
  const sums = new Map<RangeKey, PerRecords<DigestSum>>();
  const lastRanges: number[] = [];
  return {
    add(key, collection, record) {
      let sum = sums.get(key);
      if (!sum) {
        sum = perRecords(() => new DigestSum());
        sums.set(key, sum);
        const [shard = 0, range = 0] = key.split(':').map(Number);
        lastRanges[shard] = Math.max(lastRanges[shard] ?? 0, range);
      }
      sum[collection].add(comparedRecord(asRecord(record)));
    },
    within({ shard, level, range }) {
      const total = perRecords(() => new DigestSum());
      const length = FEED_FAN ** (level - 1);
      const last = Math.min((range + 1) * length - 1, lastRanges[shard] ?? -1);
      for (let each = range * length; each <= last; each++) {
        const sum = sums.get(`${shard}:${each}`);
        if (!sum) continue;
        total.events.addDigest(sum.events.total());
        total.readings.addDigest(sum.readings.total());
      }
      return { events: total.events.total(), readings: total.readings.total() };
    },
  };
}
