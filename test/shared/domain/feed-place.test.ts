import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  type FeedPlace,
  isBefore,
  LOG_SHARDS,
  pagesOf,
  readFeedCursor,
  readSequence,
  writeFeedCursor,
  writeSequence,
} from '../../../shared/domain/feed-place.ts';

const place = fc.record({
  page: fc.integer({ min: 1, max: 9_999_999_999 }),
  offset: fc.integer({ min: 0, max: 999_999 }),
});
const shard = fc.integer({ min: 0, max: LOG_SHARDS - 1 });

test('a cursor is read as it was written', () => {
  fc.assert(
    fc.property(fc.array(place, { minLength: LOG_SHARDS, maxLength: LOG_SHARDS }), (places) => {
      expect(readFeedCursor(writeFeedCursor(places))).toEqual(places);
    }),
  );
});

test('a sequence is read as it was written, and of two of one shard the later is the greater text', () => {
  fc.assert(
    fc.property(shard, place, place, (of, one, other) => {
      expect(readSequence(writeSequence(of, one))).toEqual({ shard: of, ...one });
      expect(writeSequence(of, one) < writeSequence(of, other)).toBe(isBefore(one, other));
    }),
  );
});

test.each(['', '0-1-0', '00000000001-000000', '0-0000000001-000000\n', 'x-0000000001-000000'])(
  '%j is no sequence',
  (text) => {
    expect(readSequence(text)).toBeUndefined();
  },
);

test('ranges of a level follow one another, and each is those of the level below that it consists of', () => {
  const level = fc.integer({ min: 1, max: 4 });
  const range = fc.integer({ min: 0, max: 1_000 });
  fc.assert(
    fc.property(level, range, (at, number) => {
      const { firstPage, lastPage } = pagesOf({ level: at, range: number });
      expect(pagesOf({ level: at, range: number + 1 }).firstPage).toBe(lastPage + 1);
      const above = { level: at + 1, range: number };
      const parts: FeedPlace[] = [];
      for (let child = 0; child < 32; child++)
        parts.push({ page: pagesOf({ level: at, range: number * 32 + child }).firstPage, offset: 0 });
      expect(parts[0]?.page).toBe(pagesOf(above).firstPage);
      expect(pagesOf({ level: at, range: number * 32 + 31 }).lastPage).toBe(pagesOf(above).lastPage);
      expect(firstPage).toBeLessThanOrEqual(lastPage);
    }),
  );
});
