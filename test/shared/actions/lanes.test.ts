import { expect, test } from 'vitest';
import { workInLanes } from '../../../shared/actions/lanes.ts';

const accounts = Array.from({ length: 30 }, (_, at) => ({ accountId: `account ${at}` }));
async function* items() {
  yield* accounts;
}
const always = { lanes: 8, remainingMs: () => 20_000, itemNeedsMs: 12_000, onFailure: () => {} };

test('works through every item once, several at a time', async () => {
  const done: string[] = [];
  let busy = 0;
  let busiest = 0;
  const { promise: allBusy, resolve } = Promise.withResolvers<void>();
  await workInLanes(items(), always, async ({ accountId }) => {
    busiest = Math.max(busiest, ++busy);
    if (busy === always.lanes) resolve();
    await allBusy;
    await new Promise(setImmediate);
    busy--;
    done.push(accountId);
  });
  expect(done.toSorted()).toEqual(accounts.map(({ accountId }) => accountId).toSorted());
  expect(busiest).toBe(8);
});

test('begins nothing more when the time is short, and reads no more', async () => {
  let remaining = 13_000;
  let begun = 0;
  let read = 0;
  async function* counted() {
    for await (const item of items()) {
      read++;
      yield item;
    }
  }
  await workInLanes(counted(), { ...always, remainingMs: () => remaining }, async () => {
    if (++begun === 10) remaining = 12_000;
    await new Promise(setImmediate);
  });
  expect(begun).toBeLessThan(20);
  expect(read).toBe(begun);
});

test('keeps the others going when one fails, and tells which', async () => {
  const failed: unknown[] = [];
  let done = 0;
  const onFailure = ({ accountId }: { accountId: string }, error: unknown) => failed.push([accountId, error]);
  const broken = new Error('broken');
  await workInLanes(items(), { ...always, onFailure }, async ({ accountId }) => {
    if (accountId === 'account 3') throw broken;
    done++;
  });
  expect(failed).toEqual([['account 3', broken]]);
  expect(done).toBe(accounts.length - 1);
});
