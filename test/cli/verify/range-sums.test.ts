import { describe, expect, test } from 'vitest';
import { createRangeSums, standingOf } from '../../../cli/verify/range-sums.ts';
import { comparedRecord } from '../../../shared/domain/copy-records.ts';
import { digestOf } from '../../../shared/domain/digest.ts';
import { LOG_SHARDS, pagesOf, writeSequence } from '../../../shared/domain/feed-place.ts';

const ends = Array.from({ length: LOG_SHARDS }, (_, shard) => ({ page: shard === 2 ? 40 : 1, offset: 3 }));
const at = (shard: number, page: number, offset = 0) => ({
  id: `${shard}/${page}/${offset}`,
  sequence: writeSequence(shard, { page, offset }),
});

describe('where a record stands', () => {
  test.each([
    ['in the first range', at(2, 32, 7), '2:0'],
    ['in the next', at(2, 33), '2:1'],
    ['right before the end', at(2, 40, 2), '2:1'],
    ['at the end', at(2, 40, 3), 'later'],
    ['behind it', at(2, 41), 'later'],
    ['in a shard that has come less far', at(1, 2), 'later'],
    ['in no shard', { id: 'x', sequence: '9-0000000001-000000' }, 'nowhere'],
    ['on no page', { id: 'x', sequence: '2-0000000000-000000' }, 'nowhere'],
    ['nowhere, as it does not say', { id: 'x' }, 'nowhere'],
    ['nowhere, by what is no sequence', { id: 'x', sequence: 7 }, 'nowhere'],
    ['before the feed', { id: 'x', origin: 'history' }, 'past'],
    ['where it says, whatever it is from', { ...at(2, 1), origin: 'history' }, '2:0'],
  ])('%s', (_, record, standing) => {
    expect(standingOf(record, ends)).toBe(standing);
  });
});

test('sums of a range of any level are the digest of all that is on its pages', () => {
  const records = [1, 31, 32, 33, 64, 1_000, 1_024, 1_025, 40_000].flatMap((page) => [
    at(0, page, 0),
    at(0, page, 1),
    at(3, page),
  ]);
  const far = ends.map(() => ({ page: 50_000, offset: 0 }));
  const sums = createRangeSums();
  for (const record of records) {
    const key = standingOf(record, far);
    if (key === 'later' || key === 'past' || key === 'nowhere') throw new Error(`${record.id} is ${key}`);
    sums.add(key, 'events', record);
    if (record.sequence.endsWith('1')) sums.add(key, 'readings', record);
  }
  for (const shard of [0, 1, 3])
    for (const [level, range] of [
      [1, 0],
      [1, 1],
      [1, 31],
      [1, 1_249],
      [1, 9_999],
      [2, 0],
      [2, 1],
      [3, 0],
      [3, 1],
      [8, 0],
    ] as const) {
      const { firstPage, lastPage } = pagesOf({ level, range });
      const within = records.filter(({ id }) => {
        const [its, page] = id.split('/').map(Number);
        return its === shard && page !== undefined && firstPage <= page && page <= lastPage;
      });
      expect([shard, level, range, sums.within({ shard, level, range })]).toEqual([
        shard,
        level,
        range,
        {
          events: digestOf(within.map(comparedRecord)),
          readings: digestOf(within.filter(({ sequence }) => sequence.endsWith('1')).map(comparedRecord)),
        },
      ]);
    }
});
