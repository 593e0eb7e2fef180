/** Every order of the steps of two and three workers, with a crash and a lost answer anywhere between them. */
import { afterAll, expect, test } from 'vitest';
import { type ExplorationWish, exploreInterleavings } from './explore.ts';
import { add, defectsOf, nothingFound, peacefulPlan, shortPlan, titleOf } from './plan.ts';

let found = nothingFound;
afterAll(() => {
  const { states, runs, losses } = found;
  process.stdout.write(`interleavings: ${states} states for ${runs} runs, ${JSON.stringify(losses)}\n`);
});

/** One test for each, because each takes a while. */
const titled = (plan: readonly ExplorationWish[]) => plan.map((wish) => ({ title: titleOf(wish), wish }));

test.each(titled(peacefulPlan))('loses nothing in any order: $title', async ({ wish }) => {
  const exploration = await exploreInterleavings(wish);
  found = add(found, wish, exploration);
  expect(defectsOf(exploration)).toEqual([]);
  expect(exploration.losses).toEqual([]);
});

test.each(titled(shortPlan))('loses no account but with its answer: $title', async ({ wish }) => {
  const exploration = await exploreInterleavings(wish);
  found = add(found, wish, exploration);
  expect(defectsOf(exploration)).toEqual([]);
  if (wish.mode === 'grace' || wish.mode === 'reissue') expect(exploration.losses).toEqual([]);
});

test('has explored what it says, and found the losses that no client can prevent', () => {
  expect(found.states).toBeGreaterThan(150_000);
  expect(found.runs).toBeGreaterThan(1_000_000_000);
  expect(found.losses['answer in flight']).toBeGreaterThan(0);
  expect(found.losses['answer in memory']).toBeGreaterThan(0);
});
