import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { sim } from '../sim.ts';
import { BRUNO, type CallApi, CLAIRE, DORA, GARDEN, linkedApi, STATION } from './netatmo-client.ts';
import { START, startCloud } from './start-cloud.ts';

const Device = z.looseObject({
  _id: z.string(),
  reachable: z.boolean(),
  dashboard_data: z.record(z.string(), z.unknown()).optional(),
});
const Station = Device.extend({ modules: z.array(Device).optional() });
const Body = z.object({ body: z.object({ devices: z.array(Station) }) });

async function stations(api: CallApi, query = {}) {
  return Body.parse((await api('getstationsdata', query)).json).body.devices;
}
const ownStation = async (api: CallApi) => (await stations(api)).find(({ _id }) => _id === STATION);
const gardenOf = async (api: CallApi) => (await ownStation(api))?.modules?.find(({ _id }) => _id === GARDEN);

describe('getstationsdata', () => {
  it('has a station with a module of every kind, one silent, one without a name', async () => {
    const cloud = await startCloud();
    const api = await linkedApi(cloud);
    const station = await ownStation(api);
    expect(station).toMatchObject({
      type: 'NAMain',
      station_name: 'Maison (Salon)',
      data_type: ['Temperature', 'CO2', 'Humidity', 'Noise', 'Pressure'],
      place: { altitude: 35, timezone: 'Europe/Paris', location: [3.06, 50.63] },
    });
    expect(station?.modules).toMatchObject([
      {
        type: 'NAModule1',
        module_name: 'Jardin',
        battery_vp: 5480,
        dashboard_data: { Humidity: expect.any(Number) },
      },
      {
        type: 'NAModule2',
        dashboard_data: { WindStrength: expect.any(Number), GustAngle: expect.any(Number) },
      },
      { type: 'NAModule3', dashboard_data: { Rain: expect.any(Number), sum_rain_24: expect.any(Number) } },
      { type: 'NAModule4', reachable: false },
    ]);
    expect(station?.modules?.[1]).not.toHaveProperty('module_name');
    expect(station?.modules?.[3]).not.toHaveProperty('dashboard_data');
  });

  it('shows a station they were invited to, and on request one they only look at', async () => {
    const cloud = await startCloud();
    const api = await linkedApi(cloud);
    expect((await stations(api)).map(({ home_name }) => home_name)).toEqual(['Maison', 'Wohnung']);
    const favourite = (await stations(api, { get_favorites: 'true' }))[2];
    expect(favourite).toMatchObject({ read_only: true, favorite: true, data_type: ['Pressure'] });
    expect(Object.keys(favourite?.dashboard_data ?? {})).toEqual([
      'time_utc',
      'Pressure',
      'AbsolutePressure',
      'pressure_trend',
    ]);
    expect(favourite?.modules?.[0]).not.toHaveProperty('battery_percent');
    const shared = (await stations(api))[1];
    const status = await api('homestatus', { home_id: String(shared?.home_id) });
    expect([status.status, status.json]).toEqual([400, { error: { code: 21, message: 'Invalid home_id' } }]);
  });

  it('has new measures every ten minutes, and no sooner', async () => {
    const cloud = await startCloud();
    const api = await linkedApi(cloud);
    const times = new Set<unknown>();
    for (let minute = 0; minute < 60; minute += 2) {
      times.add((await ownStation(api))?.dashboard_data?.time_utc);
      await cloud.advance(120);
    }
    const sorted = [...times].map(Number).sort((a, b) => a - b);
    expect(sorted.slice(1).map((time, index) => time - (sorted[index] ?? 0))).toEqual([
      600, 600, 600, 600, 600, 600,
    ]);
    expect((sorted[0] ?? 0) * 1000).toBeGreaterThan(START - 600_000);
  });

  it('takes the dashboard away from what has been silent for four hours', async () => {
    const cloud = await startCloud();
    await sim(cloud, 'POST', '/settings', { accessLifeSeconds: 86_400 });
    const api = await linkedApi(cloud);
    await sim(cloud, 'POST', '/module', { moduleId: GARDEN, silent: true });
    const last = (await gardenOf(api))?.dashboard_data?.time_utc;
    await cloud.advance(4 * 3600 - 1);
    expect(await gardenOf(api)).toMatchObject({ reachable: true, dashboard_data: { time_utc: last } });
    await cloud.advance(1);
    expect((await gardenOf(api))?.reachable).toBe(false);
    expect(await gardenOf(api)).not.toHaveProperty('dashboard_data');
    await sim(cloud, 'POST', '/module', { moduleId: GARDEN, silent: false });
    expect(await gardenOf(api)).toMatchObject({ reachable: true, dashboard_data: {} });
  });

  it('shows what is set by hand at once, sums of rain included', async () => {
    const cloud = await startCloud();
    const api = await linkedApi(cloud);
    const rain = '05:00:00:aa:bb:04';
    await sim(cloud, 'POST', '/module', { moduleId: GARDEN, measures: { Temperature: -7.5 } });
    await sim(cloud, 'POST', '/module', { moduleId: rain, measures: { Rain: 0.5 } });
    expect(await gardenOf(api)).toMatchObject({
      dashboard_data: { Temperature: -7.5, min_temp: -7.5, time_utc: START / 1000 },
    });
    await cloud.advance(7200);
    const gauge = (await ownStation(api))?.modules?.find(({ _id }) => _id === rain);
    expect(gauge).toMatchObject({ dashboard_data: { Rain: 0.5 } });
    // Six millimetres in the last full hour by the gauge's own clock.
    expect(gauge?.dashboard_data?.sum_rain_1).toBeCloseTo(6, 5);
  });

  it('lets batteries fall', async () => {
    const cloud = await startCloud();
    const before = Number((await gardenOf(await linkedApi(cloud)))?.battery_vp);
    await cloud.advance(30 * 86_400);
    expect((await gardenOf(await linkedApi(cloud)))?.battery_vp).toBe(before - 90);
  });

  it('finds no device that is not a station, and none for who has none', async () => {
    const cloud = await startCloud();
    const answer = await (await linkedApi(cloud))('getstationsdata', { device_id: '70:ee:50:aa:bb:10' });
    expect([answer.status, answer.json]).toEqual([404, { error: { code: 9, message: 'Device not found' } }]);
    expect(await stations(await linkedApi(cloud, DORA))).toEqual([]);
    expect(await stations(await linkedApi(cloud, BRUNO), { device_id: '70:ee:50:bb:00:01' })).toHaveLength(1);
  });

  it('leaves things out by switch, and lags behind', async () => {
    const cloud = await startCloud();
    const api = await linkedApi(cloud);
    cloud.faults.set({ name: 'modules_missing', on: 'getstationsdata', times: 1 });
    expect(await ownStation(api)).not.toHaveProperty('modules');
    cloud.faults.set({ name: 'names_missing', times: 1 });
    expect(await ownStation(api)).not.toHaveProperty('station_name');
    cloud.faults.set({ name: 'old_measures', times: 1 });
    expect((await ownStation(api))?.dashboard_data?.time_utc).toBeLessThan(START / 1000 - 3 * 3600);
    cloud.faults.set({ name: 'ids_with_blanks', times: 1 });
    expect((await stations(api))[0]?._id).toBe(` ${STATION} `);
    cloud.faults.set({ name: 'without_times', on: 'getstationsdata', times: 1 });
    expect((await api('getstationsdata')).json).not.toHaveProperty('time_server');
  });
});

describe('gethomecoachsdata', () => {
  it('has the health index and no modules', async () => {
    const cloud = await startCloud();
    const answer = await (await linkedApi(cloud, CLAIRE, 'read_homecoach'))('gethomecoachsdata');
    const [coach, ...others] = Body.parse(answer.json).body.devices;
    expect(others).toEqual([]);
    expect(coach).toMatchObject({ type: 'NHC', dashboard_data: { health_idx: expect.any(Number) } });
    expect(coach).not.toHaveProperty('modules');
  });
});

describe('getpublicdata', () => {
  it('lists the stations of a rectangle, whoever asks', async () => {
    const cloud = await startCloud();
    const api = await linkedApi(cloud, DORA);
    const corners = { lat_ne: '51', lon_ne: '4', lat_sw: '50', lon_sw: '3' };
    expect((await api('getpublicdata', corners)).json).toMatchObject({
      body: [
        {
          _id: STATION,
          modules: [GARDEN, '06:00:00:aa:bb:03', '05:00:00:aa:bb:04'],
          module_types: { [GARDEN]: 'NAModule1' },
          measures: {
            [GARDEN]: { type: ['temperature', 'humidity'] },
            '05:00:00:aa:bb:04': { rain_live: expect.any(Number) },
            '06:00:00:aa:bb:03': { wind_strength: expect.any(Number) },
          },
        },
      ],
    });
    expect((await api('getpublicdata', { ...corners, lat_ne: '49' })).json).toMatchObject({
      error: { code: 21 },
    });
    expect((await api('getpublicdata', { lat_ne: '49' })).json).toMatchObject({ error: { code: 10 } });
  });
});
