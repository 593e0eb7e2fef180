import { describe, expect, test } from 'vitest';
import type { CapabilityName } from '../../../../shared/domain/reading.ts';
import type { HistoryPage, HistoryQuestion } from '../../../../shared/providers/provider.ts';
import {
  apiOf,
  DOORBELL,
  GARDEN,
  HEATING,
  HOUSE_TOKEN,
  LAMP,
  NODE,
  PLUG,
  pointsOf,
  STATISTICS,
  set,
} from '../../../infra/local/providers/allthingstalk/allthingstalk-client.ts';
import { sim } from '../../../infra/local/providers/sim.ts';
import { NOW, openBench, type ReadingBench } from './reading-bench.ts';

const HOUR = 3_600_000;
const lastDay = { fromEpochMs: NOW - 24 * HOUR, toEpochMs: NOW };

async function historyOf(bench: ReadingBench, deviceId: string) {
  const plants = await bench.plants();
  const found = plants.find(({ modules }) => modules.some(({ nativeId }) => nativeId === deviceId));
  const module = found?.modules.find(({ nativeId }) => nativeId === deviceId);
  const { history } = bench.provider;
  if (!found || !module || !history) throw new Error('no history');
  bench.asked();
  return {
    module,
    offer: (capability: CapabilityName) => history.offer(module, capability),
    page: (question: HistoryQuestion) =>
      history.page(bench.session, { plant: found.plant, module }, question),
    /** All pages, as those who keep history ask for them. */
    async all(question: HistoryQuestion): Promise<HistoryPage & { readonly pages: number }> {
      const points: (readonly [number, number])[] = [];
      let isWhole = true;
      let pages = 0;
      for (let from: number | undefined = question.fromEpochMs; from !== undefined; pages += 1) {
        const page = await history.page(
          bench.session,
          { plant: found.plant, module },
          { ...question, fromEpochMs: from },
        );
        for (const [atEpochMs] of page.points) expect(atEpochMs).toBeGreaterThanOrEqual(from);
        points.push(...page.points.map(([atEpochMs, value]) => [atEpochMs, value] as const));
        isWhole &&= page.isWhole;
        from = page.nextEpochMs;
        if (pages > 200) throw new Error('no end');
      }
      return { points: points.map(([atEpochMs, value]) => [atEpochMs, value]), isWhole, pages };
    },
  };
}

/** What the cloud itself says of the last day, page after page. */
async function truth(bench: ReadingBench, assetName: string, deviceId = NODE) {
  const api = apiOf(bench.cloud, HOUSE_TOKEN);
  const span = `from=${new Date(lastDay.fromEpochMs).toISOString()}&to=${new Date(NOW).toISOString()}`;
  const told = await api('GET', `/device/${deviceId}/asset/${assetName}/states?${span}`);
  return pointsOf(told).map(({ at, data }) => [Date.parse(at), data]);
}

const temperature = { capability: 'temperature', resolution: 'raw', ...lastDay } as const;

describe('what is offered', () => {
  test('is the past of every number, as it was said and by hours and days', async () => {
    const { offer } = await historyOf(await openBench(), HEATING);
    expect(offer('temperature')).toEqual({ raw: 0, '1hour': 3_600, '1day': 86_400 });
    expect(offer('value.mode')).toEqual({});
    expect(offer('humidity')).toEqual({});
  });

  test('is the past of numbers that a module calls its own as well', async () => {
    const bench = await openBench();
    expect((await historyOf(bench, PLUG)).offer('value.energy')).toHaveProperty('raw');
    expect((await historyOf(bench, STATISTICS)).offer('value.tags')).toEqual({});
  });
});

describe('what was said', () => {
  test('comes whole, oldest first', async () => {
    const bench = await openBench();
    const expected = await truth(bench, 'temperature');
    expect(expected.length).toBeGreaterThan(100);
    const { all } = await historyOf(bench, NODE);
    const told = await all(temperature);
    expect(told).toMatchObject({ points: expected, isWhole: true });
    const [first] = bench.asked();
    expect(first).toMatch(/^\/asset\/[A-Za-z0-9]{24}\/states\?from=/);
  });

  test.each([
    ['short pages', { historyPageSize: 50 }],
    ['the latest first', { historyOrder: 'descending' }],
    ['short pages, the latest first', { historyOrder: 'descending', historyPageSize: 50 }],
    ['very short pages, the latest first', { historyOrder: 'descending', historyPageSize: 7 }],
    ['an end that does not count', { historyTo: 'exclusive' }],
    ['other members beside', { historyMembers: 'paged', historyPageSize: 50 }],
  ] as const)('comes whole with %s', async (_, settings) => {
    const bench = await openBench();
    const expected = await truth(bench, 'temperature');
    await set(bench.cloud, settings);
    const { all } = await historyOf(bench, NODE);
    const told = await all(temperature);
    expect(told).toMatchObject({ points: expected, isWhole: true });
  });

  test('comes whole where every page is the first one', async () => {
    const bench = await openBench();
    const expected = await truth(bench, 'temperature');
    await set(bench.cloud, { historyPageSize: 50 });
    bench.cloud.faults.set({ name: 'page_ignored', on: 'history' });
    const { all } = await historyOf(bench, NODE);
    expect((await all(temperature)).points).toEqual(expected);
  });

  test('takes one call where that tells all, and one that tells that there is no more', async () => {
    const bench = await openBench();
    const { all } = await historyOf(bench, NODE);
    expect((await all({ ...temperature, toEpochMs: NOW - 1 })).pages).toBe(2);
    expect(bench.asked()).toHaveLength(2);
  });

  test('is read where numbers come as texts', async () => {
    const bench = await openBench();
    const expected = await truth(bench, 'temperature');
    bench.cloud.faults.set({ name: 'values_as_text', on: 'history' });
    const { all } = await historyOf(bench, NODE);
    expect((await all(temperature)).points).toEqual(expected);
  });

  test('is not whole where something of it could not be read', async () => {
    const bench = await openBench();
    for (const [seconds, value] of [
      [-60, 'very'],
      [-30, 40],
    ] as const) {
      const at = new Date(NOW + seconds * 1000).toISOString();
      await sim(bench.cloud, 'POST', '/report', { deviceId: LAMP, asset: 'brightness', value, at });
    }
    const { page } = await historyOf(bench, LAMP);
    const question = { capability: 'brightness', resolution: 'raw', ...lastDay } as const;
    expect(await page({ ...question, fromEpochMs: NOW - 90_000 })).toMatchObject({
      points: [[NOW - 30_000, 40]],
      isWhole: false,
    });
  });

  test.each(['null_answer', 'without_data'] as const)('is nothing where the answer is %s', async (name) => {
    const bench = await openBench();
    bench.cloud.faults.set({ name, on: ['history', 'activity'] });
    const { page } = await historyOf(bench, NODE);
    for (const resolution of ['raw', '1hour'] as const)
      expect(await page({ ...temperature, resolution })).toEqual({ points: [], isWhole: true });
  });

  test('is nothing of a device whose past is not kept', async () => {
    const { page } = await historyOf(await openBench(), DOORBELL);
    const question = { capability: 'value.1', resolution: 'raw', ...lastDay } as const;
    expect(await page(question)).toMatchObject({ points: [] });
  });

  test('is refused as the cloud refuses it', async () => {
    const bench = await openBench();
    const { page } = await historyOf(bench, NODE);
    bench.cloud.faults.set({ name: 'html_error', on: 'history' });
    await expect(page(temperature)).rejects.toMatchObject({ code: 'provider_unavailable' });
  });

  test('can be asked of what others share', async () => {
    const { all } = await historyOf(await openBench('casey'), GARDEN);
    expect((await all(temperature)).points.length).toBeGreaterThan(0);
  });
});

describe('the means of steps', () => {
  test.each([
    ['all that is thinkable', {}],
    ['nothing but the mean', { activityFields: 'avg' }],
    ['no empty steps', { emptyBuckets: 'omitted' }],
    ['pages', { activityPaging: 'paged', historyPageSize: 5 }],
  ] as const)('are told with %s', async (_, settings) => {
    const bench = await openBench();
    const said = await truth(bench, 'temperature');
    await set(bench.cloud, settings);
    const { all } = await historyOf(bench, NODE);
    const { points, isWhole } = await all({ ...temperature, resolution: '1hour' });
    expect(isWhole).toBe(true);
    expect(points.length).toBeGreaterThanOrEqual(24);
    for (const [begin, mean] of points.slice(0, 24)) {
      const within = said.filter(([at]) => Number(at) >= begin && Number(at) < begin + HOUR);
      const expected = within.reduce((sum, [, value]) => sum + Number(value), 0) / within.length;
      expect(begin % HOUR).toBe(0);
      expect(mean).toBeCloseTo(expected, 6);
    }
  });

  test('leave empty steps out', async () => {
    const bench = await openBench();
    const { all } = await historyOf(bench, HEATING);
    const told = await all({ ...temperature, resolution: '1hour' });
    expect(told.points).toEqual([[Math.floor((NOW - 900_000) / HOUR) * HOUR, 20.4]]);
    expect(told.isWhole).toBe(true);
  });

  test('are told by days', async () => {
    const bench = await openBench();
    const { all } = await historyOf(bench, NODE);
    const fromEpochMs = Date.parse('2026-01-14T00:00:00Z');
    const { points } = await all({ ...temperature, resolution: '1day', fromEpochMs });
    expect(points.map(([begin]) => new Date(begin).toISOString().slice(0, 10))).toEqual([
      '2026-01-14',
      '2026-01-15',
    ]);
  });
});
