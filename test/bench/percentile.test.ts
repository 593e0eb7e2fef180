import { expect, test } from 'vitest';
import { percentile } from './percentile.ts';

const hundred = Array.from({ length: 100 }, (_, at) => 100 - at);

test.each([
  [50, 50],
  [99, 99],
  [100, 100],
  [1, 1],
  [0, 1],
])('the %dth percentile of 1 to 100 is %d, in whatever order they come', (percent, value) => {
  expect(percentile(hundred, percent)).toBe(value);
});

test('the median of three is the one in the middle, and of one it is that one', () => {
  expect(percentile([30, 10, 20], 50)).toBe(20);
  expect(percentile([7], 50)).toBe(7);
});

test('there is none of nothing', () => {
  expect(() => percentile([], 50)).toThrow(RangeError);
});
