import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { knownTypes } from '../../../../../infra/local/providers/netatmo/house/catalog.ts';
import { sim } from '../sim.ts';
import {
  allScopes,
  CAMERA,
  CASA,
  type CallApi,
  CHAMBRE,
  CLAIRE,
  DORA,
  GATEWAY,
  LOFT,
  legrand,
  linkedApi,
  MAISON,
  moduleStatus,
  PLUG,
  RELAY,
  roomStatus,
  SALON,
  STATION,
  setModules,
  statusOf,
  TERRAIN,
} from './netatmo-client.ts';
import { START, startCloud } from './start-cloud.ts';

const Module = z.looseObject({ id: z.string(), type: z.string(), bridge: z.string().optional() });
const Homes = z.object({
  body: z.object({
    homes: z.array(z.looseObject({ id: z.string(), modules: z.array(Module).optional() })),
    user: z.looseObject({ id: z.string() }),
  }),
});

async function homes(api: CallApi, query = {}) {
  return Homes.parse((await api('homesdata', query)).json).body.homes;
}
const typesOf = (list: Awaited<ReturnType<typeof homes>>) =>
  new Set(list.flatMap(({ modules = [] }) => modules.map(({ type }) => type)));

describe('homesdata', () => {
  it('holds every family of devices, among them a type that nobody knows', async () => {
    const cloud = await startCloud();
    const types = typesOf(await homes(await linkedApi(cloud)));
    const wanted = [
      ...['NAMain', 'NAModule1', 'NAModule2', 'NAModule3', 'NAModule4', 'NHC'],
      ...['NAPlug', 'NATherm1', 'NRV', 'OTH', 'OTM', 'BNS', 'NLG', 'NLP', 'NLL', 'NLM', 'NLIS', 'NLPT'],
      ...['NLPO', 'NLC', 'NLFN', 'NLV', 'NLLV', 'NLPC', 'NLE', 'NLLF', 'NLT', 'NBG', 'NBR', 'NBO', 'NBS'],
      ...['NACamera', 'NOC', 'NDB', 'NACamDoorTag', 'NIS', 'NSD', 'NCO', 'BNMH', 'BNCX', 'BFII', 'NLX9'],
    ];
    expect(wanted.filter((type) => !types.has(type))).toEqual([]);
    expect(knownTypes).not.toContain('NLX9');
  });

  it('describes a home as the vendor does: rooms, bridges, schedules, persons', async () => {
    const cloud = await startCloud();
    const [home] = await homes(await linkedApi(cloud), { home_id: MAISON });
    expect(home).toMatchObject({
      id: MAISON,
      coordinates: [3.06, 50.63],
      timezone: 'Europe/Paris',
      therm_mode: 'schedule',
      therm_setpoint_default_duration: 180,
      rooms: [
        { id: SALON, type: 'livingroom', module_ids: expect.arrayContaining([STATION, PLUG]) },
        { id: CHAMBRE },
        {},
      ],
      schedules: [
        { type: 'therm', selected: true, timetable: expect.any(Array), zones: [{ id: 0 }, { id: 1 }] },
        { selected: false },
      ],
      persons: [{ pseudo: 'Alex' }, { url: expect.any(String) }],
    });
    const find = (id: string) => home?.modules?.find((module) => module.id === id);
    expect(find(RELAY)).toMatchObject({ modules_bridged: ['04:00:00:aa:bb:11', '09:00:00:aa:bb:12'] });
    expect(find(PLUG)).toMatchObject({ bridge: GATEWAY, room_id: SALON, appliance_type: 'multimedia' });
    expect(find(legrand('31'))).not.toHaveProperty('name');
    expect(find(legrand('31#2'))).toMatchObject({ type: 'NLIS', name: 'Interrupteur 2' });
  });

  it('shows only what the granted scopes show', async () => {
    const cloud = await startCloud();
    const seen = async (scope: string) => [
      ...typesOf(await homes(await linkedApi(cloud, CLAIRE, scope), { home_id: MAISON })),
    ];
    expect((await seen('read_thermostat')).sort()).toEqual(['NAPlug', 'NATherm1', 'NRV']);
    expect((await seen('read_presence')).sort()).toEqual(['NOC']);
    expect(await seen('read_bubendorff')).toEqual(['NBG', 'NBR', 'NBO', 'NBS']);
    const without = allScopes.replace('read_magellan ', '');
    expect((await seen(without)).filter((type) => type.startsWith('NL'))).toEqual([]);
    // A place is left of a home of which nothing may be seen.
    const [bare] = await homes(await linkedApi(cloud, CLAIRE, 'read_june'), { home_id: MAISON });
    expect(Object.keys(bare ?? {})).toEqual(['id', 'name', 'altitude', 'coordinates', 'country', 'timezone']);
  });

  it('filters by the type of gateway, and knows no home of others', async () => {
    const cloud = await startCloud();
    const api = await linkedApi(cloud);
    expect([...typesOf(await homes(api, { gateway_types: 'NBG' }))]).toEqual(['NBG', 'NBR', 'NBO', 'NBS']);
    const foreign = await api('homesdata', { home_id: '65aa00000000000000000005' });
    expect(foreign.json).toEqual({ error: { code: 21, message: 'Invalid home_id' } });
    expect(await homes(await linkedApi(cloud, DORA))).toEqual([]);
  });

  it('leaves things out by switch', async () => {
    const cloud = await startCloud();
    const api = await linkedApi(cloud);
    cloud.faults.set({ name: 'no_homes', times: 1 });
    expect(await homes(api)).toEqual([]);
    cloud.faults.set({ name: 'modules_missing', on: 'homesdata', times: 1, parameters: { empty: true } });
    expect((await homes(api))[0]?.modules).toEqual([]);
    cloud.faults.set({ name: 'zone_rooms_by_room_id', times: 1 });
    expect((await api('homesdata')).json).toMatchObject({
      body: {
        homes: [
          { schedules: [{ zones: [{ rooms: [{ room_id: SALON }, {}, {}] }, {}] }, {}] },
          {},
          {},
          {},
          {},
        ],
      },
    });
    cloud.faults.set({ name: 'names_missing', times: 1 });
    expect((await api('homesdata')).text).not.toContain('"name"');
  });
});

describe('homestatus', () => {
  it('tells of every module in its own words', async () => {
    const cloud = await startCloud();
    const { home, errors } = await statusOf(await linkedApi(cloud));
    const status = (id: string) => home.modules.find((module) => module.id === id);
    expect(errors).toBeUndefined();
    expect(status(STATION)).toMatchObject({ temperature: expect.any(Number), ts: expect.any(Number) });
    expect(status(RELAY)).not.toHaveProperty('reachable');
    expect(status('04:00:00:aa:bb:11')).toMatchObject({
      boiler_status: true,
      battery_level: 3800,
      battery_state: 'high',
    });
    expect(status(PLUG)).toMatchObject({
      on: true,
      power: 42,
      offload: false,
      bridge: GATEWAY,
      reachable: true,
    });
    expect(status(legrand('22'))).toMatchObject({
      current_position: 100,
      target_position: 100,
      'target_position:step': 100,
    });
    expect(status(legrand('25'))).toMatchObject({ 'target_position:step': 1 });
    expect(status(legrand('23'))).toMatchObject({ on: true, brightness: 55, power: 6 });
    expect(status(legrand('26'))).toMatchObject({ power: 260 });
    expect(status(legrand('26'))).not.toHaveProperty('on');
    expect(status(legrand('2a'))).toMatchObject({ contactor_mode: 'standard', on: false });
    expect(status(legrand('2b'))).toMatchObject({ fan_speed: 1 });
    expect(status(legrand('30#3'))).not.toHaveProperty('power');
    expect(status(legrand('31'))).not.toHaveProperty('on');
    expect(status(legrand('31#1'))).toMatchObject({ on: false });
    expect(status(legrand('31#1'))).not.toHaveProperty('reachable');
    expect(status(legrand('39'))).toMatchObject({ type: 'NLX9', reachable: true });
    expect(status(CAMERA)).toMatchObject({ monitoring: 'on', sd_status: 4, alim_status: 2 });
    expect(status('70:ee:50:aa:bb:43')).toMatchObject({ status: 'closed' });
    expect(home.persons).toMatchObject([{ out_of_sight: false }, { out_of_sight: true }]);
    expect(status('03:00:00:aa:bb:05')).toEqual({
      id: '03:00:00:aa:bb:05',
      type: 'NAModule4',
      reachable: false,
      bridge: STATION,
    });
  });

  it('speaks of rooms as what heats them does', async () => {
    const cloud = await startCloud();
    const api = await linkedApi(cloud);
    expect(await roomStatus(api, SALON)).toMatchObject({
      therm_setpoint_mode: 'schedule',
      therm_setpoint_temperature: 20,
      therm_setpoint_end_time: 0,
      heating_power_request: 100,
    });
    expect(await roomStatus(api, '1000000003')).toMatchObject({ therm_setpoint_fp: 'comfort' });
    expect(await roomStatus(api, '2000000001', LOFT)).toMatchObject({ therm_setpoint_mode: 'home' });
    const smarther = await roomStatus(api, '3000000001', CASA);
    expect(smarther).toMatchObject({
      humidity: 48,
      therm_setpoint_mode: 'home',
      therm_setpoint_end_time: null,
    });
    await sim(cloud, 'POST', '/home', { homeId: CASA, temperatureControlMode: 'cooling' });
    expect(await roomStatus(api, '3000000001', CASA)).toHaveProperty('cooling_setpoint_temperature');
  });

  it('has no body where nothing has a status', async () => {
    const cloud = await startCloud();
    const api = await linkedApi(cloud);
    const bare = { status: 'ok', time_server: START / 1000 };
    expect((await api('homestatus', { home_id: TERRAIN })).json).toEqual(bare);
    const blind = await linkedApi(cloud, CLAIRE, 'read_june');
    expect((await blind('homestatus', { home_id: MAISON })).json).toEqual(bare);
    cloud.faults.set({ name: 'home_missing', times: 1 });
    expect((await api('homestatus', { home_id: MAISON })).json).toEqual(bare);
    expect((await api('homestatus')).json).toEqual({ error: { code: 10, message: 'Missing home_id' } });
  });

  it('hides what is behind a dead gateway, and says of which in body.errors', async () => {
    const cloud = await startCloud();
    const api = await linkedApi(cloud);
    await sim(cloud, 'POST', '/module', { moduleId: GATEWAY, reachable: false });
    const { home, errors } = await statusOf(api);
    expect(errors).toEqual([{ code: 6, id: GATEWAY }]);
    expect(home.modules.filter((module) => module.id === GATEWAY || module.bridge === GATEWAY)).toEqual([]);
    expect(home.modules.length).toBeGreaterThan(10);
    await sim(cloud, 'POST', '/module', { moduleId: GATEWAY, reachable: true });
    expect((await statusOf(api)).errors).toBeUndefined();
  });

  it('shows channels as heard or not with the device they are part of', async () => {
    const cloud = await startCloud();
    const api = await linkedApi(cloud);
    await sim(cloud, 'POST', '/module', { moduleId: legrand('31'), reachable: false });
    expect(await moduleStatus(api, legrand('31'))).toMatchObject({ reachable: false });
    const channel = legrand('31#1');
    expect(await moduleStatus(api, channel)).toEqual({ id: channel, type: 'NLIS', bridge: GATEWAY });
    const refused = await setModules(api, [{ id: channel, on: true }]);
    expect(refused.json).toMatchObject({ body: { errors: [{ code: 19, id: channel }] } });
  });

  it('leaves of a room with a dead valve nothing but that', async () => {
    const cloud = await startCloud();
    const api = await linkedApi(cloud);
    await sim(cloud, 'POST', '/module', { moduleId: '09:00:00:aa:bb:12', reachable: false });
    expect(await roomStatus(api, CHAMBRE)).toEqual({ id: CHAMBRE, reachable: false });
    expect(await roomStatus(api, SALON)).toMatchObject({ reachable: true });
  });

  it('filters by type, and spells the step of shutters otherwise by switch', async () => {
    const cloud = await startCloud();
    const api = await linkedApi(cloud);
    const only = await api('homestatus', {
      home_id: MAISON,
      'device_types[0]': 'NLV',
      'device_types[1]': 'NLLV',
    });
    expect(only.json).toMatchObject({ body: { home: { modules: [{ type: 'NLV' }, { type: 'NLLV' }] } } });
    cloud.faults.set({ name: 'step_key_with_underscore', times: 1 });
    expect(await moduleStatus(api, legrand('22'))).toMatchObject({ target_position_step: 100 });
  });
});

describe('a generated home', () => {
  it('has as many modules as are wanted, and an account as many homes', async () => {
    const cloud = await startCloud();
    const made = await sim(cloud, 'POST', '/homes', { userId: DORA, modules: 139 });
    const [homeId] = z.object({ homeIds: z.tuple([z.string()]) }).parse(await made.json()).homeIds;
    const api = await linkedApi(cloud, DORA);
    expect((await homes(api))[0]?.modules).toHaveLength(139);
    expect((await statusOf(api, homeId)).home.modules).toHaveLength(139);
    await sim(cloud, 'POST', '/users', { email: 'many@example.net', name: 'Many', homes: 30, modules: 5 });
    const many = await homes(await linkedApi(cloud, 'many@example.net'));
    expect(many.map(({ modules }) => modules?.length)).toEqual(Array.from({ length: 30 }, () => 5));
    expect(new Set(many.flatMap(({ modules = [] }) => modules.map(({ id }) => id))).size).toBe(150);
  });
});
