import { describe, expect, it } from 'vitest';
import { sim } from '../sim.ts';
import {
  BUREAU,
  CAMERA,
  CASA,
  type CallApi,
  CHAMBRE,
  CLAIRE,
  GATEWAY,
  LOFT,
  legrand,
  linkedApi,
  MAISON,
  moduleStatus,
  PLUG,
  roomStatus,
  SALON,
  setModules,
} from './netatmo-client.ts';
import { START, startCloud } from './start-cloud.ts';

const OK = { status: 'ok', time_server: START / 1000, time_exec: 0.0213 };
const refusal = (code: number, message?: string) => ({
  error: { code, message: message ?? expect.any(String) },
});

describe('setroomthermpoint', () => {
  const set = (api: CallApi, query: Record<string, string>) =>
    api('setroomthermpoint', { home_id: MAISON, room_id: SALON, ...query });

  it('holds a temperature for as long as the home usually does, and then follows the home again', async () => {
    const cloud = await startCloud();
    await sim(cloud, 'POST', '/settings', { accessLifeSeconds: 86_400 });
    const api = await linkedApi(cloud);
    expect((await set(api, { mode: 'manual', temp: '22.5' })).json).toEqual(OK);
    expect(await roomStatus(api, SALON)).toMatchObject({
      therm_setpoint_mode: 'manual',
      therm_setpoint_temperature: 22.5,
      therm_setpoint_end_time: START / 1000 + 180 * 60,
    });
    await cloud.advance(180 * 60);
    expect(await roomStatus(api, SALON)).toMatchObject({
      therm_setpoint_mode: 'schedule',
      therm_setpoint_start_time: START / 1000 + 180 * 60,
    });
  });

  it('knows max, frost guard and an end of its own', async () => {
    const cloud = await startCloud();
    const api = await linkedApi(cloud);
    await set(api, { mode: 'max', endtime: String(START / 1000 + 600) });
    expect(await roomStatus(api, SALON)).toMatchObject({
      therm_setpoint_temperature: 30,
      therm_setpoint_end_time: START / 1000 + 600,
    });
    await set(api, { mode: 'hg' });
    expect(await roomStatus(api, SALON)).toMatchObject({ therm_setpoint_temperature: 7 });
    await set(api, { mode: 'home' });
    expect(await roomStatus(api, SALON)).toMatchObject({ therm_setpoint_mode: 'schedule' });
  });

  it.each([
    [{ mode: '' }, 400, 10, 'mode is missing'],
    [{ mode: 'warm' }, 400, 21, 'mode not authorized'],
    [{ mode: 'manual' }, 400, 10, 'Missing temp'],
    [{ mode: 'max', room_id: '' }, 400, 10, 'Missing room_id'],
    [{ mode: 'max', room_id: '1' }, 400, 21, 'Invalid room_id'],
    [
      { mode: 'max', home_id: LOFT, room_id: '2000000001' },
      500,
      11,
      'device.setThermPoint is not a function',
    ],
    [
      { mode: 'max', home_id: CASA, room_id: '3000000001' },
      500,
      11,
      'device.setThermPoint is not a function',
    ],
  ])('refuses %o', async (query, status, code, message) => {
    const cloud = await startCloud();
    const answer = await set(await linkedApi(cloud), query);
    expect([answer.status, answer.json]).toEqual([status, refusal(code, message)]);
  });
});

describe('setthermmode and switchhomeschedule', () => {
  it('send everybody away until an end, and back', async () => {
    const cloud = await startCloud();
    const api = await linkedApi(cloud);
    await api('setroomthermpoint', { home_id: MAISON, room_id: SALON, mode: 'max' });
    await api('setthermmode', { home_id: MAISON, mode: 'away', endtime: String(START / 1000 + 3600) });
    expect(await roomStatus(api, SALON)).toMatchObject({
      therm_setpoint_mode: 'away',
      therm_setpoint_temperature: 14,
    });
    expect((await api('homesdata', { home_id: MAISON })).json).toMatchObject({
      body: { homes: [{ therm_mode: 'away' }] },
    });
    await cloud.advance(3600);
    expect(await roomStatus(api, SALON)).toMatchObject({ therm_setpoint_mode: 'schedule' });
  });

  it('choose another schedule, whose temperatures hold at once', async () => {
    const cloud = await startCloud();
    const api = await linkedApi(cloud);
    const [, holidays = ''] = await scheduleIds(api);
    expect((await api('switchhomeschedule', { home_id: MAISON, schedule_id: holidays })).json).toEqual(OK);
    expect(await roomStatus(api, SALON)).toMatchObject({ therm_setpoint_temperature: 17 });
    // 22:30 in Paris.
    await cloud.advance(4.5 * 3600);
    const later = await linkedApi(cloud);
    expect(await roomStatus(later, SALON)).toMatchObject({ therm_setpoint_temperature: 15 });
  });

  it('refuse what is no mode and no schedule', async () => {
    const cloud = await startCloud();
    const api = await linkedApi(cloud);
    const mode = (query: Record<string, string>) => api('setthermmode', { home_id: MAISON, ...query });
    expect((await mode({})).json).toEqual(refusal(10, 'mode is missing'));
    expect((await mode({ mode: 'manual' })).json).toEqual(refusal(21, 'mode not authorized'));
    expect((await mode({ mode: 'schedule', schedule_id: 'x' })).json).toEqual(
      refusal(21, 'schedule x is not therm schedule'),
    );
    expect((await api('switchhomeschedule', { home_id: MAISON })).json).toEqual(refusal(10));
    expect((await api('switchhomeschedule', { home_id: MAISON, schedule_id: 'x' })).json).toEqual(
      refusal(21),
    );
  });
});

async function scheduleIds(api: CallApi): Promise<string[]> {
  const { text } = await api('homesdata', { home_id: MAISON });
  return [...text.matchAll(/"id":"(65bb[0-9a-f]{20})"/g)].map(([, id]) => id ?? '');
}

describe('schedules', () => {
  const plan = {
    hg_temp: 7,
    away_temp: 15,
    timetable: [{ zone_id: 0, m_offset: 0 }],
    zones: [{ id: 0, type: 0, name: 'Always', rooms: [{ id: SALON, therm_setpoint_temperature: 23 }] }],
  };

  it('are edited, with ids in the query or in JSON, and zones in both spellings', async () => {
    const cloud = await startCloud();
    const api = await linkedApi(cloud);
    await api('synchomeschedule', { home_id: MAISON }, plan);
    expect(await roomStatus(api, SALON)).toMatchObject({ therm_setpoint_temperature: 23 });
    const zones = [{ id: 0, rooms_temp: [{ room_id: SALON, temp: 21.5 }] }];
    await api('synchomeschedule', {}, { home_id: MAISON, ...plan, zones });
    expect(await roomStatus(api, SALON)).toMatchObject({ therm_setpoint_temperature: 21.5 });
    expect((await api('synchomeschedule', { home_id: MAISON }, { zones })).json).toEqual(refusal(10));
    expect((await api('synchomeschedule', { home_id: MAISON, schedule_id: 'x' }, plan)).json).toEqual(
      refusal(21),
    );
  });

  it('go on at the end of the week as at its beginning', async () => {
    const cloud = await startCloud();
    const api = await linkedApi(cloud);
    const room = (therm_setpoint_temperature: number) => [{ id: SALON, therm_setpoint_temperature }];
    const zones = [
      { id: 0, rooms: room(23) },
      { id: 1, rooms: room(12) },
    ];
    // It is Thursday, 18:00: minute 5,400 of the week, before the first entry.
    const timetable = [
      { zone_id: 0, m_offset: 5401 },
      { zone_id: 1, m_offset: 9000 },
    ];
    await api('synchomeschedule', { home_id: MAISON }, { ...plan, zones, timetable });
    expect(await roomStatus(api, SALON)).toMatchObject({ therm_setpoint_temperature: 12 });
    await cloud.advance(60);
    expect(await roomStatus(api, SALON)).toMatchObject({ therm_setpoint_temperature: 23 });
  });

  it('are made, renamed and removed', async () => {
    const cloud = await startCloud();
    const api = await linkedApi(cloud);
    const made = await api('createnewhomeschedule', { home_id: MAISON, name: 'New' }, plan);
    expect(made.json).toEqual({ ...OK, schedule_id: expect.stringMatching(/^[0-9a-f]{24}$/) });
    const { schedule_id } = made.json as { schedule_id: string };
    const ids = { home_id: MAISON, schedule_id };
    await api('renamehomeschedule', { ...ids, name: 'Newer' });
    expect((await api('homesdata', { home_id: MAISON })).text).toContain('"Newer"');
    expect((await api('deletehomeschedule', ids)).json).toEqual(OK);
    expect((await api('deletehomeschedule', ids)).json).toEqual(refusal(21));
    cloud.faults.set({ name: 'schedule_id_in_body' });
    const other = await api('createnewhomeschedule', { home_id: MAISON }, plan);
    expect(other.json).toMatchObject({ body: { schedule_id: expect.any(String) } });
  });
});

describe('setstate', () => {
  it('switches, dims and ventilates', async () => {
    const cloud = await startCloud();
    const api = await linkedApi(cloud);
    const answer = await setModules(api, [
      { id: PLUG, on: false },
      { id: legrand('23'), brightness: 80 },
      { id: legrand('2b'), fan_speed: 2 },
      { id: legrand('31#2'), on: true },
    ]);
    expect([answer.status, answer.json]).toEqual([200, { status: 'ok', time_server: START / 1000 }]);
    expect(await moduleStatus(api, PLUG)).toMatchObject({ on: false, power: 0 });
    expect(await moduleStatus(api, legrand('23'))).toMatchObject({ brightness: 80, power: 9 });
    expect(await moduleStatus(api, legrand('2b'))).toMatchObject({ fan_speed: 2, power: 50 });
    expect(await moduleStatus(api, legrand('31#2'))).toMatchObject({ on: true });
    expect(await moduleStatus(api, legrand('31#1'))).toMatchObject({ on: false });
  });

  it('puts a dimmer on that is turned up', async () => {
    const cloud = await startCloud();
    const api = await linkedApi(cloud);
    await setModules(api, [{ id: legrand('23'), on: false }]);
    expect(await moduleStatus(api, legrand('23'))).toMatchObject({ on: false, brightness: 55, power: 0 });
    await setModules(api, [{ id: legrand('23'), brightness: 30 }]);
    expect(await moduleStatus(api, legrand('23'))).toMatchObject({ on: true, brightness: 30 });
  });

  it('shows the target of a shutter at once, and moves it in some 15 seconds', async () => {
    const cloud = await startCloud();
    const api = await linkedApi(cloud);
    const [kitchen, living] = [legrand('25'), legrand('22')];
    await setModules(api, [
      { id: kitchen, target_position: 20 },
      { id: living, target_position: 0 },
    ]);
    expect(await moduleStatus(api, kitchen)).toMatchObject({ current_position: 100, target_position: 20 });
    await cloud.advance(6);
    expect(await moduleStatus(api, kitchen)).toMatchObject({ current_position: 60, target_position: 20 });
    // One that knows only two ends is still where it was.
    expect(await moduleStatus(api, living)).toMatchObject({ current_position: 100, target_position: 0 });
    await setModules(api, [{ id: kitchen, target_position: -1 }]);
    await cloud.advance(9);
    expect(await moduleStatus(api, kitchen)).toMatchObject({ current_position: 60, target_position: 60 });
    expect(await moduleStatus(api, living)).toMatchObject({ current_position: 0, target_position: 0 });
    await setModules(api, [{ id: kitchen, target_position: -2 }]);
    await cloud.advance(15);
    expect(await moduleStatus(api, kitchen)).toMatchObject({ current_position: 50 });
  });

  it('heats rooms of the newer kinds, and radiators on a pilot wire', async () => {
    const cloud = await startCloud();
    const api = await linkedApi(cloud);
    const rooms = (id: string, homeId: string, fields: Record<string, unknown>) =>
      api('setstate', {}, { home: { id: homeId, rooms: [{ id, ...fields }] } });
    await rooms('3000000001', CASA, { therm_setpoint_mode: 'manual', therm_setpoint_temperature: 22 });
    expect(await roomStatus(api, '3000000001', CASA)).toMatchObject({
      therm_setpoint_mode: 'manual',
      therm_setpoint_temperature: 22,
      therm_setpoint_end_time: START / 1000 + 180 * 60,
    });
    await rooms('2000000001', LOFT, { therm_setpoint_mode: 'off' });
    expect(await roomStatus(api, '2000000001', LOFT)).toMatchObject({
      therm_setpoint_mode: 'off',
      therm_setpoint_temperature: 0,
    });
    await rooms(BUREAU, MAISON, { therm_setpoint_mode: 'manual', therm_setpoint_fp: 'frost_guard' });
    expect(await roomStatus(api, BUREAU)).toMatchObject({ therm_setpoint_fp: 'frost_guard' });
    const strange = await rooms(BUREAU, MAISON, { colour: 'red' });
    expect(strange.json).toEqual(refusal(21, `cannot set property colour for room ${BUREAU}`));
    const classic = await rooms(SALON, MAISON, {
      therm_setpoint_mode: 'manual',
      therm_setpoint_temperature: 22,
    });
    expect([classic.status, classic.json]).toEqual([406, refusal(7, 'Nothing to update')]);
  });

  it('answers 406 when nothing would change', async () => {
    const cloud = await startCloud();
    const api = await linkedApi(cloud);
    const same = await setModules(api, [{ id: PLUG, on: true }]);
    expect([same.status, same.json]).toEqual([406, refusal(7, 'Nothing to update')]);
    const valve = await api(
      'setstate',
      {},
      {
        home: { id: MAISON, modules: [{ id: '09:00:00:aa:bb:12', bridge: '70:ee:50:aa:bb:10', on: true }] },
      },
    );
    expect([valve.status, valve.json]).toEqual([406, refusal(7)]);
    // One change is enough for all.
    expect(
      (
        await setModules(api, [
          { id: PLUG, on: true },
          { id: legrand('24'), on: true },
        ])
      ).status,
    ).toBe(200);
  });

  it.each([
    [{ id: PLUG, power: 3 }, `cannot set property power for module ${PLUG}`],
    [{ id: legrand('31'), on: true }, `cannot set property on for module ${legrand('31')}`],
    [{ id: legrand('26'), on: true }, `cannot set property on for module ${legrand('26')}`],
    [{ id: legrand('39'), on: true }, `cannot set property on for module ${legrand('39')}`],
    [{ id: '00:00:00:00:00:00', on: true }, 'Invalid device_id, 00:00:00:00:00:00'],
    [{ id: PLUG, bridge: '70:ee:50:aa:bb:10', on: false }, `Invalid bridge for module ${PLUG}`],
    [{ id: PLUG, bridge: undefined, on: false }, `Invalid bridge for module ${PLUG}`],
  ])('refuses %o whole', async (module, message) => {
    const cloud = await startCloud();
    const api = await linkedApi(cloud);
    const answer = await setModules(api, [{ id: legrand('24'), on: true }, module]);
    expect([answer.status, answer.json]).toEqual([400, refusal(21, message)]);
    expect(await moduleStatus(api, legrand('24'))).toMatchObject({ on: false });
  });

  it('refuses without a home, for one of others, and without the scope of the device', async () => {
    const cloud = await startCloud();
    const api = await linkedApi(cloud);
    expect((await api('setstate', {}, {})).json).toEqual(refusal(10, 'Missing home'));
    const foreign = await setModules(api, [{ id: PLUG, on: false }], '65aa00000000000000000005');
    expect(foreign.json).toEqual(refusal(21, 'Invalid home_id'));
    const poor = await linkedApi(cloud, CLAIRE, 'read_magellan write_camera');
    expect((await setModules(poor, [{ id: PLUG, on: false }])).json).toEqual(refusal(13));
  });

  it('fails in part in body.errors: unreachable, invalid, nothing to modify', async () => {
    const cloud = await startCloud();
    const api = await linkedApi(cloud);
    await sim(cloud, 'POST', '/module', { moduleId: PLUG, reachable: false });
    const errorsOf = async (modules: Record<string, unknown>[]) => {
      const { status, json } = await setModules(api, modules);
      expect([status, json]).toMatchObject([200, { status: 'ok', body: { home: { id: MAISON } } }]);
      return (json as { body: { errors: unknown } }).body.errors;
    };
    expect(
      await errorsOf([
        { id: PLUG, on: false },
        { id: legrand('24'), on: true },
      ]),
    ).toEqual([{ code: 19, id: PLUG }]);
    expect(await moduleStatus(api, legrand('24'))).toMatchObject({ on: true });
    expect(await errorsOf([{ id: legrand('22'), target_position: 40 }])).toEqual([
      { code: 5, id: legrand('22') },
    ]);
    expect(await errorsOf([{ id: legrand('24'), on: 'true' }])).toEqual([{ code: 5, id: legrand('24') }]);
    expect(await errorsOf([{ id: CAMERA, bridge: undefined, monitoring: 'on' }])).toEqual([
      { code: 23, id: CAMERA, command: 'monitoring', message: 'Already on' },
    ]);
    await sim(cloud, 'POST', '/module', { moduleId: GATEWAY, reachable: false });
    expect(await errorsOf([{ id: legrand('24'), on: false }])).toEqual([{ code: 6, id: legrand('24') }]);
  });

  it('loses, delays or refuses commands by switch', async () => {
    const cloud = await startCloud();
    const api = await linkedApi(cloud);
    cloud.faults.set({ name: 'command_lost', times: 1, on: 'setstate' });
    expect((await setModules(api, [{ id: PLUG, on: false }])).status).toBe(200);
    expect(await moduleStatus(api, PLUG)).toMatchObject({ on: true });
    cloud.faults.set({ name: 'slow_apply', times: 1, parameters: { seconds: 30 } });
    await setModules(api, [{ id: PLUG, on: false }]);
    await cloud.advance(29);
    expect(await moduleStatus(api, PLUG)).toMatchObject({ on: true });
    await cloud.advance(1);
    expect(await moduleStatus(api, PLUG)).toMatchObject({ on: false });
    cloud.faults.set({ name: 'command_refused', times: 1, parameters: { code: 14 } });
    const refused = await setModules(api, [{ id: PLUG, on: true }]);
    expect(refused.json).toMatchObject({ body: { errors: [{ code: 14, id: PLUG }] } });
    expect(await moduleStatus(api, PLUG)).toMatchObject({ on: false });
  });

  it('plays the scenarios that getscenarios lists', async () => {
    const cloud = await startCloud();
    const api = await linkedApi(cloud);
    expect((await api('getscenarios', { home_id: MAISON })).json).toMatchObject({
      body: { home: { scenarios: [{ id: 'home' }, { id: 'away' }, {}, {}] } },
    });
    await setModules(api, [{ id: GATEWAY, bridge: undefined, scenario: 'away' }]);
    expect(await moduleStatus(api, legrand('23'))).toMatchObject({ on: false });
    expect(await moduleStatus(api, PLUG)).toMatchObject({ on: true });
  });
});

describe('rooms', () => {
  it('warm to the set point and keep it, and cool when nothing heats them', async () => {
    const cloud = await startCloud();
    await sim(cloud, 'POST', '/settings', { accessLifeSeconds: 864_000 });
    const api = await linkedApi(cloud);
    const measured = async () => Number((await roomStatus(api, CHAMBRE))?.therm_measured_temperature);
    expect(await measured()).toBe(18.2);
    await cloud.advance(4 * 3600);
    const warm = await measured();
    expect(warm).toBeGreaterThan(19.5);
    expect(warm).toBeLessThan(20.6);
    await api('setthermmode', { home_id: MAISON, mode: 'hg' });
    await cloud.advance(12 * 3600);
    expect(await measured()).toBeLessThan(warm - 2);
    expect(await roomStatus(api, CHAMBRE)).toMatchObject({ heating_power_request: 0 });
  });
});
