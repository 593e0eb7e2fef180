import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type HistoryWish, readHistory } from '../../../shared/actions/read-history.ts';
import { fullSight } from '../../../shared/actions/sight.ts';
import type { CallPurpose } from '../../../shared/domain/call-limits.ts';
import { toUtc } from '../../../shared/domain/time.ts';
import { createStore, type Store } from '../../../shared/store/store.ts';
import { useAws } from '../aws.ts';
import { account, module as sample } from '../domain/samples.ts';
import { pastNames, pastOf } from '../providers/netatmo/measure-modules.ts';
import { type NetatmoBench, NOW, openNetatmo } from '../providers/netatmo/netatmo-bench.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

const aws = useAws();
let bench: NetatmoBench;
let store: Store;
let now = NOW;
let calls = 0;
const purposes: CallPurpose[] = [];

beforeAll(async () => {
  bench = await openNetatmo();
  store = createStore(aws().dynamodb, aws().tableName);
  const { accountId } = bench.account;
  await store.accounts.create({ ...account, accountId, provider: 'netatmo' });
  await store.plants.put(pastOf(accountId, 'garden').plant);
});
beforeEach(async () => {
  now = NOW;
  purposes.length = 0;
  for (const name of pastNames) {
    const { module } = pastOf(bench.account.accountId, name);
    await store.readings.deleteOf(module.moduleId);
    await store.modules.describe(module);
  }
  calls = bench.session.sent();
});
afterEach(() => bench.cloud.faults.clear());
afterAll(() => bench.close());

/** Calls that left for the cloud since this was asked last. */
const spent = () => {
  const since = bench.session.sent() - calls;
  calls += since;
  return since;
};
const idOf = (name: string) => pastOf(bench.account.accountId, name).module.moduleId;

const ask = (
  name: string,
  wish: Partial<HistoryWish> & Pick<HistoryWish, 'capability'>,
  page: { limit?: number; after?: Record<string, unknown> } = {},
) =>
  readHistory(
    {
      store,
      sight: fullSight(store),
      providerOf: () => bench.provider,
      sessionOf: (_, purpose) => {
        purposes.push(purpose);
        return bench.session;
      },
      now: () => now,
    },
    { moduleId: idOf(name), resolution: 'raw', ...wish },
    { limit: 1000, ...page },
  );

const keep = (name: string, value: number, atEpochMs: number) =>
  store.readings.put(idOf(name), 'temperature', {
    value,
    unit: 'C',
    observedAt: toUtc(atEpochMs),
    receivedAt: toUtc(atEpochMs),
  });

const lastDays = (from: number, to = 0) => ({
  from: toUtc(NOW - from * DAY_MS),
  to: toUtc(NOW - to * DAY_MS),
});

/** Every page, and how many there were. */
async function askAll(name: string, wish: Parameters<typeof ask>[1], limit: number) {
  let page = await ask(name, wish, { limit });
  const items = [...page.items];
  let pages = 1;
  for (; page.next; pages++) {
    page = await ask(name, wish, { limit, after: page.next });
    expect(page.items.length).toBeLessThanOrEqual(limit);
    items.push(...page.items);
  }
  return { items, pages };
}

describe('what the cloud keeps', () => {
  test('is asked for once, on the budget of history, and then known', async () => {
    const wish = { capability: 'temperature', ...lastDays(3, 2) } as const;
    const first = await ask('garden', wish);
    expect(first.items.length).toBeGreaterThan(280);
    expect(first.next).toBeUndefined();
    expect(first.items.every(({ time }) => time >= wish.from && time <= wish.to)).toBe(true);
    expect(spent()).toBeGreaterThan(0);
    expect(new Set(purposes)).toEqual(new Set(['history']));
    expect(await ask('garden', wish)).toEqual(first);
    // A narrower question too.
    await ask('garden', { capability: 'temperature', ...lastDays(2.5, 2.2) });
    expect(spent()).toBe(0);
  });

  test('is asked for once where there is nothing', async () => {
    const wish = { capability: 'co2', resolution: '1hour', ...lastDays(5, 2) } as const;
    expect(await ask('bedroom', wish)).toEqual({ items: [], unit: 'ppm' });
    expect(spent()).toBe(1);
    expect(await ask('bedroom', wish)).toEqual({ items: [], unit: 'ppm' });
    expect(spent()).toBe(0);
  });

  test('is asked for again, ten minutes later, where it touches the present, and only that', async () => {
    const wish = { capability: 'energy', resolution: '30min', from: toUtc(NOW - DAY_MS) } as const;
    const first = await ask('plug', wish);
    // The half hour that is under way would be half a value.
    expect(first.items.at(-1)?.time).toBe('2026-01-15T16:30:00.000Z');
    expect(spent()).toBe(1);
    now += 599_000;
    expect(await ask('plug', wish)).toEqual(first);
    expect(spent()).toBe(0);
    now += 1_000;
    expect((await ask('plug', wish)).items).toEqual(first.items);
    expect(spent()).toBe(1);
  });

  test('is kept as half hours where that is the finest there is, so that a year costs few calls', async () => {
    const { items } = await askAll('plug', { capability: 'energy', ...lastDays(50, 10) }, 1000);
    expect(items).toHaveLength(40 * 48);
    // 40 days touch three or four blocks of 16 days.
    expect(spent()).toBeLessThanOrEqual(4);
    const halves = await askAll(
      'plug',
      { capability: 'energy', resolution: '30min', ...lastDays(50, 10) },
      1000,
    );
    expect(halves.items).toEqual(items);
    expect(spent()).toBe(0);
  });

  test('comes page by page, each point once, in no more calls than a question may make', async () => {
    const wish = { capability: 'humidity', resolution: 'raw', ...lastDays(12, 2) } as const;
    const { items } = await askAll('station', wish, 1000);
    const times = items.map(({ time }) => Date.parse(time));
    expect(items).toHaveLength(10 * 288);
    expect(times).toEqual([...new Set(times)].toSorted((a, b) => a - b));
    spent();
    expect((await askAll('station', wish, 700)).items).toEqual(items);
    expect(spent()).toBe(0);
  });

  test('may come with empty pages, as each question makes four calls at most', async () => {
    const wish = { capability: 'co2', ...lastDays(1, 0) } as const;
    const long = { ...wish, from: toUtc(NOW - 380 * DAY_MS), to: toUtc(NOW - 366 * DAY_MS) };
    const page = await ask('station', long);
    expect(page.items).toEqual([]);
    expect(page.next).toBeDefined();
    expect(spent()).toBe(4);
    expect((await askAll('station', long, 1000)).items).toEqual([]);
    expect(spent()).toBe(4);
  });

  test('is not kept where it could not be read as a whole', async () => {
    const wish = { capability: 'noise', resolution: '1hour', ...lastDays(3, 2) } as const;
    const whole = bench.session.send;
    const mutilated = `{"status":"ok","body":{"${NOW / 1000 - 2.5 * 86_400 - 42}":[40],"x":[41]}}`;
    const { session } = bench;
    Object.assign(session, { send: async () => ({ status: 200, headers: {}, body: mutilated }) });
    expect((await ask('station', wish)).items).toMatchObject([{ value: 40 }]);
    Object.assign(session, { send: whole });
    now += 600_000;
    expect((await ask('station', wish)).items).toHaveLength(24);
  });
});

test('an answer without a body is not taken for an empty past', async () => {
  const wish = { capability: 'temperature', resolution: '3hours', ...lastDays(3, 2) } as const;
  bench.cloud.faults.set({ name: 'ok_without_body' });
  expect((await ask('garden', wish)).items).toEqual([]);
  bench.cloud.faults.clear();
  now += 600_000;
  expect((await ask('garden', wish)).items).toHaveLength(8);
});

describe('what is kept here and what the cloud keeps', () => {
  const border = NOW - DAY_MS - 1_234;

  test('meet at the first reading that is kept here', async () => {
    await keep('garden', 40, border);
    await keep('garden', 41, NOW - HOUR_MS);
    const wish = { capability: 'temperature', from: toUtc(NOW - 2 * DAY_MS) } as const;
    const { items } = await ask('garden', wish);
    const before = items.slice(0, -2);
    expect(items.slice(-2)).toEqual([
      { time: toUtc(border), value: 40 },
      { time: toUtc(NOW - HOUR_MS), value: 41 },
    ]);
    expect(before.length).toBeGreaterThan(280);
    expect(before.every(({ time }) => time < toUtc(border))).toBe(true);
    for (const limit of [50, before.length - 1, before.length, before.length + 1])
      expect((await askAll('garden', wish, limit)).items).toEqual(items);
    expect((await askAll('garden', { ...wish, from: toUtc(border - 600_000) }, 1)).items).toEqual(
      items.slice(-4),
    );
  });

  test('stay in order and told once when an older reading arrives between two pages', async () => {
    await keep('garden', 40, border);
    const wish = { capability: 'temperature', from: toUtc(border - HOUR_MS) } as const;
    const first = await ask('garden', wish, { limit: 6 });
    await keep('garden', 39, border - 45 * 60_000);
    const second = await ask('garden', wish, { after: first.next ?? {} });
    expect(first.items).toHaveLength(6);
    expect(second.items).toEqual([{ time: toUtc(border), value: 40 }]);
  });

  test('cost no call where nothing older is asked for', async () => {
    await keep('garden', 40, border);
    expect((await ask('garden', { capability: 'temperature' })).items).toHaveLength(1);
    expect((await ask('garden', { capability: 'temperature', from: toUtc(border) })).items).toHaveLength(1);
    expect(spent()).toBe(0);
  });

  test('are the cloud alone where a resolution is asked for', async () => {
    await keep('garden', 40, border);
    const wish = { capability: 'temperature', resolution: '1hour', ...lastDays(0.25) } as const;
    const { items } = await ask('garden', wish);
    expect(items.map(({ value }) => value)).not.toContain(40);
    expect(items[0]?.time).toBe('2026-01-15T12:00:00.000Z');
  });

  test('are what is kept here alone where the cloud keeps nothing', async () => {
    const moduleId = idOf('shutter');
    const times = { observedAt: toUtc(NOW - HOUR_MS), receivedAt: toUtc(NOW) };
    await store.readings.put(moduleId, 'position', { value: 70, unit: '%', ...times });
    const from = '2020-01-01T00:00:00Z';
    expect((await ask('shutter', { capability: 'position', from })).items).toEqual([
      { time: times.observedAt, value: 70 },
    ]);
    expect(spent()).toBe(0);
  });
});

describe('a refusal of the cloud', () => {
  const wish = { capability: 'temperature', ...lastDays(4, 2) } as const;

  test('is told instead of a hole, and what is kept here can still be asked for', async () => {
    bench.cloud.faults.set({ name: 'usage_limit' });
    await keep('garden', 40, NOW - HOUR_MS);
    await expect(ask('garden', { ...wish, to: toUtc(NOW) })).rejects.toMatchObject({
      code: 'provider_throttled',
    });
    expect((await ask('garden', { capability: 'temperature' })).items).toHaveLength(1);
    bench.cloud.faults.clear();
    expect((await ask('garden', wish)).items.length).toBeGreaterThan(280);
  });

  test('comes after what was known before it', async () => {
    const known = await ask('garden', { ...wish, ...lastDays(4, 3.9) });
    bench.cloud.faults.set({ name: 'usage_limit' });
    const page = await ask('garden', { ...wish, ...lastDays(4, 0) });
    expect(page.items.slice(0, known.items.length)).toEqual(known.items);
    await expect(
      ask('garden', { ...wish, ...lastDays(4, 0) }, { after: page.next ?? {} }),
    ).rejects.toMatchObject({
      code: 'provider_throttled',
    });
  });
});

describe('refuses before any call', () => {
  afterEach(() => expect(spent()).toBe(0));
  const refused = (wish: Partial<HistoryWish>, name = 'garden', after?: Record<string, unknown>) =>
    expect(ask(name, { capability: 'temperature', ...wish }, after && { after })).rejects;

  test.each([
    [{ from: toUtc(NOW), to: toUtc(NOW - 1) }, 'from'],
    [{ from: toUtc(NOW + 61_000) }, 'from'],
    [{ to: toUtc(NOW + 61_000) }, 'to'],
    [{ from: toUtc(NOW - 401 * DAY_MS) }, 'from'],
    [{ from: toUtc(NOW - 4_001 * DAY_MS), resolution: '1day' }, 'from'],
    [{ resolution: '1day' }, 'from'],
    [{}, 'from'],
  ] as const)('%j', async (wish, field) => {
    await refused(wish).toMatchObject({
      code: 'request_invalid',
      details: { fields: { [field]: expect.any(String) } },
    });
  });

  test('a resolution that is not offered, and says what is', async () => {
    await refused({ capability: 'setpoint', resolution: '1day', ...lastDays(2) }, 'valve').toMatchObject({
      code: 'request_invalid',
      details: { fields: { resolution: expect.stringContaining('raw, 30min, 1hour, 3hours') } },
    });
    await refused({ capability: 'position', resolution: '1hour', ...lastDays(2) }, 'shutter').toMatchObject({
      details: { fields: { resolution: expect.stringMatching(/: raw$/) } },
    });
  });

  test('a module that there is not', async () => {
    await refused({ moduleId: sample.moduleId }).toMatchObject({ code: 'module_unknown' });
  });

  test('the cursor of another question', async () => {
    const cursor = { moduleId: idOf('garden'), capability: 'humidity', resolution: 'raw', time: toUtc(NOW) };
    for (const after of [cursor, { ...cursor, capability: 'temperature', time: 'x' }, { pk: 'x', sk: 'y' }])
      await refused({}, 'garden', after).toMatchObject({ code: 'request_invalid' });
  });
});

test('the past is forgotten with its module', async () => {
  const wish = { capability: 'temperature', ...lastDays(2.5, 2) } as const;
  await ask('garden', wish);
  expect(spent()).toBeGreaterThan(0);
  await store.readings.deleteOf(idOf('garden'));
  await ask('garden', wish);
  expect(spent()).toBeGreaterThan(0);
});
