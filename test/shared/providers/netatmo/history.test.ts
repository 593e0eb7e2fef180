import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { FetchedResolution } from '../../../../shared/domain/history.ts';
import type { CapabilityName } from '../../../../shared/domain/reading.ts';
import { toUtc } from '../../../../shared/domain/time.ts';
import type { HistoryApi, HistoryPage } from '../../../../shared/providers/provider.ts';
import type { ProviderRequest } from '../../../../shared/providers/request.ts';
import { pastOf } from './measure-modules.ts';
import { type NetatmoBench, NOW, openNetatmo } from './netatmo-bench.ts';

const HOUR_MS = 3_600_000;
let bench: NetatmoBench;
let history: HistoryApi;
const sent: URL[] = [];

beforeAll(async () => {
  bench = await openNetatmo();
  if (!bench.provider.history) throw new Error('Netatmo has a history');
  history = bench.provider.history;
});
afterEach(() => {
  sent.length = 0;
});
afterAll(() => bench.close());

const targetOf = (name: string) => pastOf(bench.account.accountId, name);
const offer = (name: string, capability: CapabilityName) => history.offer(targetOf(name).module, capability);

/** Three hours of a night. */
const FROM = Date.parse('2026-01-15T02:00:00Z');
const TO = FROM + 3 * HOUR_MS - 1;

function ask(
  name: string,
  capability: CapabilityName,
  resolution: FetchedResolution,
  span: { fromEpochMs?: number; toEpochMs?: number } = {},
  answer?: string,
): Promise<HistoryPage> {
  const session = {
    ...bench.session,
    async send(request: ProviderRequest) {
      sent.push(new URL(request.url));
      return answer === undefined
        ? await bench.session.send(request)
        : { status: 200, headers: {}, body: `{"status":"ok","body":${answer}}` };
    },
  };
  const question = { capability, resolution, fromEpochMs: FROM, toEpochMs: TO, ...span };
  return history.page(session, targetOf(name), question);
}
const times = ({ points }: HistoryPage) => points.map(([time]) => toUtc(time));
const asked = () =>
  sent.map(({ pathname, searchParams }) => ({ pathname, ...Object.fromEntries(searchParams) }));

describe('what is offered', () => {
  const every = {
    '30min': 1_800,
    '1hour': 3_600,
    '3hours': 10_800,
    '1day': 90_000,
    '1week': 608_400,
    '1month': 2_682_000,
  };
  const hours = { raw: 1_800, '30min': 1_800, '1hour': 3_600, '3hours': 10_800 };
  test.each([
    ['garden', 'temperature', { raw: 0, ...every }],
    ['coach', 'noise', { raw: 0, ...every }],
    ['rain', 'rain', { raw: 0, ...every }],
    ['thermostat', 'temperature', hours],
    ['valve', 'setpoint', hours],
    ['thermostat', 'demand_time', { raw: 1_800, ...every }],
    ['plug', 'energy', { raw: 1_800, ...every }],
    ['ecometer', 'energy', { raw: 1_800, ...every }],
    ['station', 'pressure', {}],
    ['garden', 'noise', {}],
    ['valve', 'demand_time', {}],
    ['shutter', 'energy', {}],
    ['plug', 'power', {}],
  ] as const)('of the %s: its %s', (name, capability, expected) => {
    expect(offer(name, capability)).toEqual(expected);
  });

  test('something else is a mistake of the program', async () => {
    await expect(ask('valve', 'setpoint', '1day')).rejects.toThrow(RangeError);
    expect(sent).toEqual([]);
  });
});

describe('a page', () => {
  test('of weather is asked of the station, as measured', async () => {
    const { points, isWhole, nextEpochMs } = await ask('garden', 'temperature', 'raw');
    expect(points).toHaveLength(36);
    expect(points[0]?.[0]).toBe(FROM);
    expect({ isWhole, nextEpochMs }).toEqual({ isWhole: true });
    expect(asked()).toEqual([
      {
        pathname: '/api/getmeasure',
        device_id: '70:ee:50:aa:bb:01',
        module_id: '02:00:00:aa:bb:02',
        scale: 'max',
        type: 'temperature',
        date_begin: String(FROM / 1000),
        date_end: String(Math.floor(TO / 1000)),
        limit: '1024',
        optimize: 'false',
        real_time: 'true',
      },
    ]);
  });

  test('of a device by itself names no module', async () => {
    expect((await ask('coach', 'noise', '1hour')).points).toHaveLength(3);
    expect((await ask('station', 'pressure_sea_level', '1hour')).points[0]?.[1]).toBeGreaterThan(950);
    expect(asked()).toMatchObject([
      { device_id: '70:ee:50:aa:bb:06' },
      { device_id: '70:ee:50:aa:bb:01', type: 'pressure' },
    ]);
    expect(sent.filter(({ searchParams }) => searchParams.has('module_id'))).toEqual([]);
  });

  test('has its steps where they begin, not half a step later', async () => {
    expect(times(await ask('garden', 'humidity', '1hour'))).toEqual([
      '2026-01-15T02:00:00.000Z',
      '2026-01-15T03:00:00.000Z',
      '2026-01-15T04:00:00.000Z',
    ]);
    const days = { fromEpochMs: Date.parse('2026-01-12T00:00:00Z'), toEpochMs: NOW };
    // Midnight in Paris.
    expect(times(await ask('garden', 'humidity', '1day', days))).toEqual([
      '2026-01-12T23:00:00.000Z',
      '2026-01-13T23:00:00.000Z',
      '2026-01-14T23:00:00.000Z',
    ]);
  });

  test('leaves a gap where nothing was heard', async () => {
    const outage = { fromEpochMs: NOW - 11 * HOUR_MS, toEpochMs: NOW - 9.5 * HOUR_MS };
    const { points, isWhole } = await ask('garden', 'temperature', 'raw', outage);
    const distances = points.slice(1).map(([time], index) => time - (points[index]?.[0] ?? 0));
    expect(Math.max(...distances)).toBe(35 * 60_000);
    expect(isWhole).toBe(true);
  });

  test('is empty where there is nothing at all', async () => {
    expect(await ask('bedroom', 'co2', 'raw')).toEqual({ points: [], isWhole: true });
  });

  test('of rain is what fell in each step', async () => {
    const span = { fromEpochMs: NOW - 60 * 24 * HOUR_MS, toEpochMs: NOW };
    const { points } = await ask('rain', 'rain', '1day', span);
    expect(Math.max(...points.map(([, value]) => value))).toBeGreaterThan(0);
    expect(points.every(([, value]) => value === Number(value.toFixed(3)))).toBe(true);
    await ask('rain', 'rain', 'raw');
    expect(asked()).toMatchObject([
      { type: 'sum_rain', scale: '1day' },
      { type: 'rain', scale: 'max' },
    ]);
  });

  test.each([
    ['temperature', 'temperature'],
    ['setpoint', 'sp_temperature'],
  ] as const)('of the %s of heating is its room', async (capability, type) => {
    const { points } = await ask('valve', capability, 'raw');
    expect(points).toHaveLength(6);
    expect(asked()).toMatchObject([
      {
        pathname: '/api/getroommeasure',
        home_id: '65aa00000000000000000001',
        room_id: '1000000002',
        scale: '30min',
        type,
      },
    ]);
  });

  test.each([
    ['plug', 'energy', '1hour', 'sum_energy_buy_from_grid', '00:04:74:aa:bb:20', '00:04:74:00:00:aa:bb:21'],
    ['ecometer', 'energy', '1hour', 'sum_energy_elec', '00:04:74:aa:bb:20', '00:04:74:00:00:aa:bb:30#1'],
    ['thermostat', 'demand_time', 'raw', 'boileron', '70:ee:50:aa:bb:10', '04:00:00:aa:bb:11'],
    ['thermostat', 'demand_time', '1day', 'sum_boiler_on', '70:ee:50:aa:bb:10', '04:00:00:aa:bb:11'],
  ] as const)(
    'of the %s: %s at %s is asked of its gateway as %s',
    async (name, capability, resolution, type, device, module) => {
      const span = { fromEpochMs: NOW - 40 * HOUR_MS, toEpochMs: NOW };
      const { points } = await ask(name, capability, resolution, span);
      expect(Math.max(...points.map(([, value]) => value))).toBeGreaterThan(0);
      expect(asked()).toMatchObject([{ type, device_id: device, module_id: module }]);
    },
  );

  test('says where to go on when it is full', async () => {
    const span = { fromEpochMs: NOW - 5 * 24 * HOUR_MS, toEpochMs: NOW };
    const first = await ask('station', 'co2', 'raw', span);
    expect(first.points).toHaveLength(1024);
    const last = first.points.at(-1)?.[0] ?? 0;
    expect(first.nextEpochMs).toBe(last + 1000);
    const second = await ask('station', 'co2', 'raw', { ...span, fromEpochMs: last + 1000 });
    expect(second.points[0]?.[0]).toBe(last + 300_000);
    expect(second.nextEpochMs).toBeUndefined();
  });

  test('cuts off what lies outside, and puts the rest in order', async () => {
    const stamps = [TO + 1800_000, FROM + 3600_000, FROM, FROM - 1000].map((time) => Math.floor(time / 1000));
    const answer = JSON.stringify(stamps.map((beg_time, index) => ({ beg_time, value: [[index]] })));
    const { points } = await ask('garden', 'temperature', '30min', {}, answer);
    expect(points).toEqual([
      [FROM, 2],
      [FROM + 3600_000, 1],
    ]);
  });

  test('leaves out a direction without wind, and says 0 for 360', async () => {
    const step = [[-1], [360], [90], [361]];
    const answer = JSON.stringify([{ beg_time: FROM / 1000, step_time: 300, value: step }]);
    const { points } = await ask('wind', 'wind_angle', 'raw', {}, answer);
    expect(points.map(([, value]) => value)).toEqual([0, 90]);
  });

  test('loses only what cannot be read, and says so', async () => {
    const answer = JSON.stringify({ [FROM / 1000]: [1], [FROM / 1000 + 300]: 'x', junk: [2] });
    expect(await ask('garden', 'temperature', 'raw', {}, answer)).toEqual({
      points: [[FROM, 1]],
      isWhole: false,
    });
  });

  test.each([
    ['"text"', 'provider_unexpected'],
    [JSON.stringify(Array.from({ length: 1024 }, () => 'x')), 'provider_unexpected'],
  ])('is none where nothing can be read', async (answer, code) => {
    await expect(ask('garden', 'temperature', 'raw', {}, answer)).rejects.toMatchObject({ code });
  });
});
