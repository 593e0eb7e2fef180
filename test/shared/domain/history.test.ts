import { expect, test } from 'vitest';
import {
  blocksOf,
  emptyBlock,
  type HistoryBlock,
  keptAt,
  knownTo,
  Resolution,
  withPage,
} from '../../../shared/domain/history.ts';
import { moduleId } from './samples.ts';

const HOUR_MS = 3_600_000;
const NOW = Date.parse('2026-01-15T17:05:42Z');
const [lately] = blocksOf('raw', { fromEpochMs: NOW, toEpochMs: NOW });
const { fromEpochMs = 0, toEpochMs = 0 } = lately ?? {};
const block: HistoryBlock = emptyBlock({
  moduleId,
  capability: 'temperature',
  resolution: 'raw',
  fromEpochMs,
});
const page = { fromEpochMs, points: [], readToEpochMs: toEpochMs, isWhole: true };

test.each(Resolution.options)('blocks of %s lie side by side, wherever a question begins', (resolution) => {
  const span = { fromEpochMs: NOW - 9_000 * 24 * HOUR_MS, toEpochMs: NOW };
  const blocks = [...blocksOf(resolution, span)];
  expect(blocks[0]?.fromEpochMs).toBeLessThanOrEqual(span.fromEpochMs);
  expect(blocks.at(-1)?.toEpochMs).toBeGreaterThanOrEqual(NOW);
  for (const [index, { toEpochMs: end }] of blocks.slice(0, -1).entries())
    expect(blocks[index + 1]?.fromEpochMs).toBe(end + 1);
  expect([...blocksOf(resolution, { fromEpochMs: NOW, toEpochMs: NOW })]).toEqual(blocks.slice(-1));
});

test('only half hours at raw are kept as what they are', () => {
  expect(keptAt('raw', 1_800)).toBe('30min');
  expect(keptAt('raw', 0)).toBe('raw');
  for (const resolution of Resolution.options.slice(1)) expect(keptAt(resolution, 1_800)).toBe(resolution);
});

test('nothing is known of a block that nobody has asked for', () => {
  expect(knownTo(block, NOW)).toBe(fromEpochMs - 1);
});

test('what is four hours old is known for good, and the rest for ten minutes', () => {
  const read = withPage(block, page, 0, NOW);
  expect(knownTo(read, NOW + 599_999)).toBe(toEpochMs);
  expect(knownTo(read, NOW + 600_000)).toBe(NOW - 4 * HOUR_MS);
});

test('a step is known for good four hours after its end', () => {
  const read = withPage(block, page, 1_800, NOW);
  expect(read.finalToEpochMs).toBe(NOW - 4.5 * HOUR_MS);
});

test('what has long passed is known for good to the end of the block', () => {
  expect(withPage(block, page, 0, toEpochMs + 4 * HOUR_MS).finalToEpochMs).toBe(toEpochMs);
});

test('a step that is under way is left out', () => {
  const points = [[NOW - 1_800_000, 20] as const, [NOW - 1_799_999, 21] as const].map(
    ([time, value]): [number, number] => [time, value],
  );
  expect(withPage(block, { ...page, points }, 1_800, NOW).points).toEqual([[NOW - 1_800_000, 20]]);
  expect(withPage(block, { ...page, points }, 0, NOW).points).toEqual(points);
});

test('what is asked again replaces what was not final', () => {
  const read = withPage(
    block,
    {
      ...page,
      points: [
        [fromEpochMs, 1],
        [NOW - HOUR_MS, 2],
      ],
    },
    0,
    NOW,
  );
  const later = NOW + HOUR_MS;
  const from = knownTo(read, later) + 1;
  const again = withPage(read, { ...page, fromEpochMs: from, points: [[NOW - HOUR_MS + 1, 3]] }, 0, later);
  expect(again.points).toEqual([
    [fromEpochMs, 1],
    [NOW - HOUR_MS + 1, 3],
  ]);
});

test('a page of which something could not be read is told, and nothing from there on is final', () => {
  const middle = fromEpochMs + HOUR_MS;
  const read = withPage(block, { ...page, readToEpochMs: middle, isWhole: false }, 0, NOW);
  const whole = withPage(read, { ...page, fromEpochMs: middle + 1 }, 0, NOW);
  expect(knownTo(whole, NOW)).toBe(toEpochMs);
  expect(whole.finalToEpochMs).toBe(fromEpochMs - 1);
});
