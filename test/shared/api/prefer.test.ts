import { expect, test } from 'vitest';
import { readPatience } from '../../../shared/api/prefer.ts';

test.each([
  [undefined, 10],
  ['respond-async', 10],
  ['wait=5', 5],
  ['wait=0', 0],
  ['respond-async, wait=7', 7],
  ['Wait = "8"; foo', 8],
  ['wait=600', 25],
  ['wait=soon', 10],
  ['wait=-1', 10],
  ['await=3', 10],
])('%j is the patience of %d seconds', (prefer, seconds) => {
  expect(readPatience(prefer).seconds).toBe(seconds);
});

test('says what it applied only to who asked', () => {
  expect(readPatience('wait=600')).toEqual({ seconds: 25, applied: 'wait=25' });
  expect(readPatience(undefined)).not.toHaveProperty('applied');
});
