/** The short form of `npm run bench -- flood`. */
import { expect, test } from 'vitest';
import { flood } from './flood.ts';

const none = { wrong: 0, lost: 0, surplus: 0, untold: 0, toldTwice: 0, copies: 0, stale: 0, gaveUp: 0 };
const size = { requests: 300, duplicates: 0.2, modules: 6 };

test('a flood over a table that fails for stretches is kept and told, all of it and once', async () => {
  const wish = { ...size, poisonEvery: 0, seed: 1, isSabotaged: false };
  const outcome = await flood(wish, () => undefined);
  expect(outcome).toMatchObject({ ...none, acknowledged: 240 });
  expect(outcome.putOff).toBeGreaterThan(0);
}, 240_000);

test('the same with a consumer that is killed at random, and with poison in every batch', async () => {
  const wish = { ...size, poisonEvery: 10, seed: 2, isSabotaged: true };
  const outcome = await flood(wish, () => undefined);
  expect(outcome).toMatchObject({ ...none, acknowledged: 240 });
  expect(outcome.failures).toBeGreaterThan(0);
}, 240_000);
