import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { sim } from '../sim.ts';
import {
  type CallApi,
  CLAIRE,
  GARDEN,
  GATEWAY,
  legrand,
  linkedApi,
  MAISON,
  PLUG,
  RELAY,
  SALON,
  STATION,
  setModules,
} from './netatmo-client.ts';
import { START, startCloud } from './start-cloud.ts';

const Value = z.array(z.number().nullable());
const Series = z.array(
  z.object({ beg_time: z.number(), step_time: z.number().optional(), value: z.array(Value) }),
);
const start = START / 1000;
const HOUR = 3600;

async function measure(api: CallApi, query: Record<string, string | number>) {
  const texts = Object.fromEntries(Object.entries(query).map(([key, value]) => [key, String(value)]));
  return (await api('getmeasure', { device_id: STATION, type: 'temperature', ...texts })).json;
}

async function series(api: CallApi, query: Record<string, string | number>) {
  return z.object({ body: Series }).parse(await measure(api, query)).body;
}

/** All moments with their values. */
async function points(api: CallApi, query: Record<string, string | number>) {
  const body = await measure(api, { optimize: 'false', ...query });
  const byTime = z.object({ body: z.record(z.string(), Value) }).parse(body).body;
  return Object.entries(byTime).map(([time, values]) => ({ time: Number(time), values }));
}

describe('getmeasure', () => {
  it('gives the same points in both layouts', async () => {
    const cloud = await startCloud();
    const api = await linkedApi(cloud);
    const query = {
      scale: '30min',
      type: 'Temperature,CO2',
      date_begin: start - 2 * HOUR,
      date_end: start - HOUR,
    };
    const optimized = await series(api, query);
    expect(optimized).toEqual([
      {
        beg_time: start - 2 * HOUR + 900,
        step_time: 1800,
        value: [expect.any(Array), expect.any(Array), expect.any(Array)],
      },
    ]);
    const plain = await points(api, query);
    expect(plain.map(({ time }) => time)).toEqual([-6300, -4500, -2700].map((ago) => start + ago));
    expect(plain.map(({ values }) => values)).toEqual(optimized[0]?.value);
    expect(plain[0]?.values).toHaveLength(2);
  });

  it('stamps the middle of an interval, unless in real time; raw points where they are', async () => {
    const cloud = await startCloud();
    const api = await linkedApi(cloud);
    const first = async (scale: string, more = {}) =>
      (await points(api, { scale, date_begin: start - 30 * 86_400, limit: 1, ...more }))[0]?.time;
    const text = async (scale: string, more = {}) =>
      new Date(Number(await first(scale, more)) * 1000).toISOString();
    // Midnight in Paris is 23:00 UTC; the sixteenth of December was a Tuesday.
    expect(await text('max')).toBe('2025-12-16T17:00:00.000Z');
    expect(await text('1hour')).toBe('2025-12-16T17:30:00.000Z');
    expect(await text('1hour', { real_time: 'true' })).toBe('2025-12-16T17:00:00.000Z');
    expect(await text('1day')).toBe('2025-12-17T11:00:00.000Z');
    expect(await text('1week')).toBe('2025-12-25T11:00:00.000Z');
    expect(await text('1month')).toBe('2026-01-16T11:00:00.000Z');
  });

  it('gives 1024 points at most, the oldest first, and goes on from there', async () => {
    const cloud = await startCloud();
    const api = await linkedApi(cloud);
    const query = { scale: 'max', limit: 5000 };
    const first = await points(api, { ...query, date_begin: start - 10 * 86_400 });
    expect(first).toHaveLength(1024);
    expect(first[0]?.time).toBe(start - 10 * 86_400);
    const next = await points(api, { ...query, date_begin: Number(first.at(-1)?.time) + 1 });
    expect(next[0]?.time).toBe(start - 10 * 86_400 + 1024 * 300);
    expect(await points(api, { ...query, limit: 7 })).toHaveLength(7);
  });

  it('begins a new series behind each gap, and has null where one type has nothing', async () => {
    const cloud = await startCloud();
    const api = await linkedApi(cloud);
    const all = await series(api, {
      module_id: GARDEN,
      scale: 'max',
      type: 'temperature,co2',
      date_begin: start - 12 * HOUR,
    });
    expect(all).toHaveLength(2);
    const [before, after] = all;
    expect(before?.value[0]).toEqual([expect.any(Number), null]);
    expect((after?.beg_time ?? 0) - (before?.beg_time ?? 0) - (before?.value.length ?? 0) * 300).toBe(1500);
  });

  it('gives the latest point alone, and an empty list where there is none, in both layouts', async () => {
    const cloud = await startCloud();
    const api = await linkedApi(cloud);
    expect(await points(api, { scale: 'max', date_end: 'last' })).toEqual([
      { time: start, values: [expect.any(Number)] },
    ]);
    for (const optimize of ['true', 'false'])
      expect(await measure(api, { scale: '1hour', date_begin: start + HOUR, optimize })).toMatchObject({
        body: [],
      });
    expect(await measure(api, { scale: 'max', type: 'boileron' })).toMatchObject({ body: [] });
  });

  it('knows the types of each scale: extremes, their times, rain, wind', async () => {
    const cloud = await startCloud();
    const api = await linkedApi(cloud);
    const day = { scale: '1day', date_begin: start - 3 * 86_400, limit: 1 };
    const type = 'min_temp,max_temp,date_max_temp,temperature';
    const [extremes] = await points(api, { ...day, type });
    const [least = 0, most = 0, at = 0, mean = 0] = extremes?.values ?? [];
    expect(Number(least)).toBeLessThanOrEqual(Number(mean));
    expect(Number(mean)).toBeLessThanOrEqual(Number(most));
    expect(Math.abs(Number(at) - Number(extremes?.time))).toBeLessThanOrEqual(43_200);
    expect(await measure(api, { scale: 'max', type: 'min_temp' })).toMatchObject({ body: [] });
    const rain = { module_id: '05:00:00:aa:bb:04', type: 'sum_rain', date_begin: start - 10 * 86_400 };
    const daily = await points(api, { ...rain, scale: '1day', limit: 1 });
    const from = Number(daily[0]?.time) - 43_200;
    const hourly = await points(api, { ...rain, scale: '1hour', date_begin: from, limit: 24 });
    const sum = hourly.reduce((total, { values }) => total + Number(values[0]), 0);
    expect(sum).toBeCloseTo(Number(daily[0]?.values[0]), 1);
    const wind = await points(api, {
      module_id: '06:00:00:aa:bb:03',
      scale: '1hour',
      type: 'windstrength,gustangle',
      date_begin: start - HOUR,
      limit: 1,
    });
    expect(wind[0]?.values).toEqual([expect.any(Number), expect.any(Number)]);
  });

  it('counts the energy of a plug, and what a switch does to it', async () => {
    const cloud = await startCloud();
    const api = await linkedApi(cloud);
    await cloud.advance(HOUR / 2);
    await setModules(api, [{ id: PLUG, on: false }]);
    await cloud.advance(1.5 * HOUR);
    const energy = (more: Record<string, string | number>) =>
      points(api, {
        device_id: GATEWAY,
        module_id: PLUG,
        scale: '1hour',
        type: 'sum_energy_buy_from_grid',
        date_begin: start - HOUR,
        date_end: start + HOUR,
        ...more,
      });
    expect((await energy({})).map(({ values }) => values)).toEqual([[42], [21], [0]]);
    const tariffs = 'sum_energy_buy_from_grid$0,sum_energy_buy_from_grid$1,sum_energy_buy_from_grid_price$0';
    expect((await energy({ type: tariffs }))[0]?.values).toEqual([42, 0, 0.0105]);
    // The ecometer still uses the older name.
    const old = await energy({
      module_id: legrand('30#0'),
      type: 'sum_energy_elec,sum_energy_buy_from_grid',
    });
    expect(old[0]?.values).toEqual([640, null]);
  });

  it('knows how long a boiler was on, and the past of a room', async () => {
    const cloud = await startCloud();
    const api = await linkedApi(cloud);
    await cloud.advance(2 * HOUR);
    const boiler = await points(api, {
      device_id: RELAY,
      module_id: '04:00:00:aa:bb:11',
      scale: '30min',
      type: 'boileron,boileroff,temperature',
      date_begin: start,
      date_end: start + HOUR,
    });
    for (const { values } of boiler) expect(Number(values[0]) + Number(values[1])).toBe(1800);
    const room = { home_id: MAISON, room_id: SALON, scale: '30min', type: 'temperature,sp_temperature' };
    const answer = await api('getroommeasure', { ...room, date_begin: String(start), limit: '2' });
    expect(answer.json).toMatchObject({
      body: [
        {
          beg_time: start + 900,
          step_time: 1800,
          value: [
            [expect.any(Number), 20],
            [expect.any(Number), 20],
          ],
        },
      ],
    });
  });

  it.each([
    [{ scale: '' }, 10],
    [{ scale: '5min' }, 21],
    [{ scale: 'max', type: '' }, 10],
    [{ scale: 'max', device_id: '' }, 10],
    [{ scale: 'max', device_id: '70:ee:50:00:00:00' }, 21],
    [{ scale: 'max', module_id: PLUG }, 21],
  ])('refuses %o', async (query, code) => {
    const cloud = await startCloud();
    expect(await measure(await linkedApi(cloud), query)).toMatchObject({ error: { code } });
  });

  it('refuses what the scopes do not show, and what belongs to others', async () => {
    const cloud = await startCloud();
    const poor = await linkedApi(cloud, CLAIRE, 'read_station');
    const plug = { device_id: GATEWAY, module_id: PLUG, scale: '1hour' };
    expect(await measure(poor, plug)).toMatchObject({ error: { code: 13 } });
    const api = await linkedApi(cloud);
    expect(await measure(api, { device_id: '00:04:74:bb:00:20', scale: '1hour' })).toMatchObject({
      error: { code: 21, message: 'device id is invalid' },
    });
    // A station that was shared with them can be asked.
    expect(await points(api, { device_id: '70:ee:50:bb:00:01', scale: 'max', limit: 1 })).toHaveLength(1);
  });

  it('keeps nothing of what was not heard', async () => {
    const cloud = await startCloud();
    const api = await linkedApi(cloud);
    await sim(cloud, 'POST', '/module', { moduleId: STATION, silent: true });
    await cloud.advance(HOUR);
    await sim(cloud, 'POST', '/module', { moduleId: STATION, silent: false });
    await cloud.advance(HOUR);
    const all = await series(api, { scale: 'max', date_begin: start - HOUR });
    expect(all.map(({ beg_time }) => beg_time - start)).toEqual([-HOUR, HOUR]);
  });
});
