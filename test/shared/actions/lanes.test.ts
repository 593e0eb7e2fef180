import { expect, test } from 'vitest';
import { workInLanes } from '../../../shared/actions/lanes.ts';

const items = Array.from({ length: 30 }, (_, at) => ({ accountId: `account ${at}` }));
const always = { remainingMs: () => 20_000, itemNeedsMs: 12_000, onFailure: () => {} };

test('works through every item once, several at a time', async () => {
  const done: string[] = [];
  let busy = 0;
  let busiest = 0;
  const left = await workInLanes(items, always, async ({ accountId }) => {
    busiest = Math.max(busiest, ++busy);
    await new Promise(setImmediate);
    busy--;
    done.push(accountId);
  });
  expect(left).toBe(0);
  expect(done.toSorted()).toEqual(items.map(({ accountId }) => accountId).toSorted());
  expect(busiest).toBe(8);
});

test('begins nothing more when the time is short, and says how much is left', async () => {
  let remaining = 13_000;
  let begun = 0;
  const left = await workInLanes(items, { ...always, remainingMs: () => remaining }, async () => {
    if (++begun === 10) remaining = 12_000;
    await new Promise(setImmediate);
  });
  expect(begun).toBeLessThan(20);
  expect(left).toBe(items.length - begun);
});

test('keeps the others going when one fails, and tells which', async () => {
  const failed: unknown[] = [];
  let done = 0;
  const onFailure = ({ accountId }: { accountId: string }, error: unknown) => failed.push([accountId, error]);
  const broken = new Error('broken');
  await workInLanes(items, { ...always, onFailure }, async ({ accountId }) => {
    if (accountId === 'account 3') throw broken;
    done++;
  });
  expect(failed).toEqual([['account 3', broken]]);
  expect(done).toBe(items.length - 1);
});
