/** The past condensed: what Legrand reports, which keeps no past of its own, as steps that Latchkey makes of it. */
import { expect, test } from 'vitest';
import { readingPartition } from '../../shared/store/keys.ts';
import { useBench } from './bench.ts';
import { awaitEvent, firstModule, type Home, isChange, linkHome } from './home.ts';
import { hookOf, notification, post } from './notification.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

const bench = await useBench();
const { client, inside, kept } = bench;

/** Up to a time that is over: what a home says when it is linked is not to become a step in the midst of a test. */
const historyOf = (home: Home, resolution: string, toEpochMs: number, more: Record<string, string> = {}) => {
  const to = new Date(toEpochMs).toISOString();
  return client.history(firstModule(home).moduleId, { capability: 'temperature', resolution, to, ...more });
};

/** Says what a thermostat measured at these times, and waits until it is part of its past. */
async function report(home: Home, told: readonly (readonly [atMs: number, temperatureC: number])[]) {
  const hook = await hookOf(bench, home);
  for (const [atMs, temperatureC] of told) await post(hook, [notification(home, { temperatureC, atMs })]);
  await inside.settle();
}

test('reports become five minutes, hours and days, also those that come late and after they were over', async () => {
  const home = await linkHome(bench);
  // The quarter past an hour of two days ago, which are over, even where yesterday had 25 hours.
  const at = Math.floor(Date.now() / HOUR_MS) * HOUR_MS - 2 * DAY_MS + 15 * MINUTE_MS;
  const until = at + 30 * MINUTE_MS;
  await report(home, [
    [at + 6 * MINUTE_MS, 21],
    [at, 18.1],
    [at + 1_000, 18.3],
    [at + 1_000, 18.3],
  ]);
  const fiveMinutes = {
    resolution: '5min',
    unit: 'C',
    items: [
      { time: new Date(at).toISOString(), value: 18.2, min: 18.1, max: 18.3, count: 2 },
      { time: new Date(at + 5 * MINUTE_MS).toISOString(), value: 21, min: 21, max: 21, count: 1 },
    ],
  };
  expect(await historyOf(home, '5min', until)).toMatchObject(fiveMinutes);

  // A later one than the module has is news; one of two days ago that comes after it is not, and counts all the same.
  await report(home, [
    [Date.now(), 23.4],
    [at + 2_000, 18.8],
  ]);
  await awaitEvent(bench, home.accountId, isChange(firstModule(home).moduleId, 'temperature', 23.4));
  const [first, ...rest] = fiveMinutes.items;
  const later = { ...first, value: 18.4, max: 18.8, count: 3 };
  expect((await historyOf(home, '5min', until)).items).toEqual([later, ...rest]);
  expect((await historyOf(home, '1hour', until)).items).toEqual([
    {
      time: new Date(at - 15 * MINUTE_MS).toISOString(),
      value: 19.05,
      min: 18.1,
      max: 21,
      count: 4,
    },
  ]);
  const [day, ...others] = (await historyOf(home, '1day', until)).items;
  expect(others).toEqual([]);
  expect(day).toMatchObject({ min: 18.1, max: 21, count: 4 });
  expect(await inside.streamFailures()).toEqual([]);
});

test('what is no number is refused with what there is, and what is asked page by page comes once', async () => {
  const home = await linkHome(bench);
  const { moduleId } = firstModule(home);
  const begin = Math.floor(Date.now() / HOUR_MS) * HOUR_MS - 3 * HOUR_MS;
  const times = Array.from({ length: 7 }, (_, index) => begin + index * 5 * MINUTE_MS);
  await report(
    home,
    times.map((time, index) => [time, 18 + index]),
  );
  const told: unknown[] = [];
  let page = await historyOf(home, '5min', begin + HOUR_MS, { limit: '3' });
  while (page.next !== undefined) {
    expect(page.items).toHaveLength(3);
    told.push(...page.items.map(({ value }) => value));
    page = await historyOf(home, '5min', begin + HOUR_MS, { limit: '3', after: page.next });
  }
  told.push(...page.items.map(({ value }) => value));
  expect(told).toEqual([18, 19, 20, 21, 22, 23, 24]);
  const from = new Date(begin + 10 * MINUTE_MS).toISOString();
  const within = await historyOf(home, '5min', begin + 15 * MINUTE_MS, { from });
  expect(within.items.map(({ value }) => value)).toEqual([20, 21]);

  const refused = await client.call('GET', `/v1/modules/${moduleId}/history?capability=mode&resolution=5min`);
  expect(refused.status).toBe(400);
  expect(await refused.json()).toMatchObject({
    code: 'request_invalid',
    fields: { resolution: expect.stringMatching(/: raw$/) },
  });
});

test('the steps of a home that is unlinked go with it', async () => {
  const home = await linkHome(bench);
  const { moduleId } = firstModule(home);
  await report(home, [[Date.now() - HOUR_MS, 19.5]]);
  const keys = async () => (await kept.partition(readingPartition(moduleId))).map(({ sk }) => String(sk));
  expect((await keys()).filter((sk) => sk.startsWith('STEPS#'))).not.toEqual([]);
  await client.unlink(home.accountId);
  await inside.settle();
  expect(await keys()).toEqual([]);
});
