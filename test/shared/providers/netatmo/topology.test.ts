import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { scopes } from '../../../../shared/providers/netatmo/scopes.ts';
import { type NetatmoBench, openNetatmo } from './netatmo-bench.ts';
import {
  ALEX,
  CASA,
  control,
  discover,
  HARBOUR,
  LOFT,
  MAISON,
  moduleOf,
  PALAZZO,
  plantOf,
  SALON,
  TERRAIN,
  WOHNUNG,
  wired,
} from './netatmo-homes.ts';

let bench: NetatmoBench;
beforeEach(async () => {
  bench = await openNetatmo();
});
afterEach(() => bench.close());

const without = (...left: string[]) => scopes.filter((scope) => !left.includes(scope));

async function discoverWith(granted: readonly string[]) {
  const narrow = await openNetatmo({ scopes: granted });
  try {
    return { plants: await discover(narrow), sent: narrow.session.sent() };
  } finally {
    await narrow.close();
  }
}

describe('plants', () => {
  test("are the account's homes, with their zones, and those of others whose stations it sees", async () => {
    const plants = await discover(bench);
    expect(plants.map(({ nativeId, name, timeZone }) => [nativeId, name, timeZone])).toEqual([
      [MAISON, 'Maison', 'Europe/Paris'],
      [LOFT, 'Loft', 'Europe/Paris'],
      [CASA, 'Casa', 'Europe/Rome'],
      [PALAZZO, 'Palazzo', 'Europe/Rome'],
      [TERRAIN, 'Terrain', 'Europe/Paris'],
      [WOHNUNG, 'Wohnung', 'Europe/Berlin'],
      [HARBOUR, 'Harbour', 'Europe/Paris'],
    ]);
  });

  test('have rooms as ambients', async () => {
    const plants = await discover(bench);
    expect(plantOf(plants, MAISON).ambients).toEqual([
      { ambientId: '1000000001', name: 'Salon' },
      { ambientId: '1000000002', name: 'Chambre' },
      { ambientId: '1000000003', name: 'Bureau' },
    ]);
  });

  test('may be empty', async () => {
    expect(plantOf(await discover(bench), TERRAIN)).toMatchObject({ ambients: [], modules: [] });
  });

  test('are none where there are none', async () => {
    const dora = await openNetatmo({ person: 'dora' });
    expect(await discover(dora)).toEqual([]);
    await dora.close();
  });

  test('are those of the stations alone where no home is told', async () => {
    bench.cloud.faults.set({ name: 'no_homes' });
    const plants = await discover(bench);
    expect(plants.map(({ nativeId }) => nativeId)).toEqual([MAISON, WOHNUNG, HARBOUR]);
    // The ids are those that they have with their homes.
    expect(plantOf(plants, MAISON).modules.map(({ nativeId }) => nativeId)).toContain('70:ee:50:aa:bb:06');
  });

  test('keep every module once', async () => {
    const ids = (await discover(bench)).flatMap(({ modules }) => modules.map(({ nativeId }) => nativeId));
    expect(new Set(ids).size).toBe(ids.length);
  });

  test("are not forgotten when the answer lacks the list, nor when a station's answer fails", async () => {
    bench.cloud.faults.set({ name: 'ok_without_body', on: 'homesdata' });
    await expect(discover(bench)).rejects.toMatchObject({ code: 'provider_unexpected' });
    bench.cloud.faults.clear();
    bench.cloud.faults.set({ name: 'html_error', on: 'getstationsdata' });
    await expect(discover(bench)).rejects.toMatchObject({ code: 'provider_unavailable' });
  });
});

describe('a plant as a whole', () => {
  test('is a module with the schedules for heating as its programs', async () => {
    expect(moduleOf(await discover(bench), MAISON)).toEqual({
      nativeId: MAISON,
      device: 'plant',
      name: 'Maison',
      ambientId: null,
      capabilities: ['plant_mode', 'plant_mode_until', 'program'],
      actions: ['set_plant_mode', 'select_schedule', 'set_presence'],
      programs: [
        { programId: '65bb000000000000000000a1', name: 'Semaine' },
        { programId: '65bb000000000000000000a2', name: 'Vacances' },
      ],
      withheld: [],
      native: { type: 'home', persons: [ALEX] },
    });
  });

  test('can only be told who is there where cameras know somebody, and is none where nothing can be told', async () => {
    const plants = await discover(bench);
    expect(moduleOf(plants, LOFT).actions).toEqual(['set_plant_mode', 'select_schedule']);
    expect(plantOf(plants, PALAZZO).modules.map(({ device }) => device)).not.toContain('plant');
  });

  test('knows the persons whom somebody has named', async () => {
    const plants = await discover(bench);
    expect(plantOf(plants, MAISON).modules.filter(({ device }) => device === 'person')).toEqual([
      {
        nativeId: ALEX,
        device: 'person',
        name: 'Alex',
        ambientId: null,
        capabilities: ['present'],
        actions: ['set_presence'],
        programs: [],
        withheld: [],
        native: { type: 'person' },
      },
    ]);
  });
});

describe('weather stations and home coaches', () => {
  test('stand in the home they belong to, with their modules', async () => {
    const house = plantOf(await discover(bench), MAISON);
    expect(house.modules.filter(({ native }) => native?.station !== undefined)).toMatchObject([
      { nativeId: '70:ee:50:aa:bb:01', device: 'weather_station', name: 'Salon', ambientId: SALON },
      { nativeId: '02:00:00:aa:bb:02', device: 'outdoor_sensor', name: 'Jardin', ambientId: null },
      { nativeId: '06:00:00:aa:bb:03', device: 'wind_gauge', name: 'Wind gauge' },
      { nativeId: '05:00:00:aa:bb:04', device: 'rain_gauge', name: 'Pluie' },
      { nativeId: '03:00:00:aa:bb:05', device: 'indoor_sensor', name: 'Chambre' },
      { nativeId: '70:ee:50:aa:bb:06', device: 'air_monitor', name: 'Chambre bébé' },
    ]);
    expect(moduleOf([house], '02:00:00:aa:bb:02').native).toEqual({
      type: 'NAModule1',
      bridge: '70:ee:50:aa:bb:01',
      station: '70:ee:50:aa:bb:01',
    });
  });

  test('of somebody who shares them are read in full, in a plant of their own', async () => {
    expect(plantOf(await discover(bench), WOHNUNG).modules).toMatchObject([
      { nativeId: '70:ee:50:bb:00:01', name: 'Küche', capabilities: expect.arrayContaining(['temperature']) },
      { nativeId: '02:00:00:bb:00:02', name: 'Balkon', native: { station: '70:ee:50:bb:00:01' } },
    ]);
  });

  test('that are only looked at have what strangers are shown', async () => {
    expect(plantOf(await discover(bench), HARBOUR).modules).toMatchObject([
      { name: 'Harbour (Office)', capabilities: ['pressure', 'pressure_sea_level'] },
      { name: 'Outdoor sensor', capabilities: ['temperature', 'humidity'] },
    ]);
  });

  test.each([{}, { empty: true }])('are read without modules (%j)', async (parameters) => {
    bench.cloud.faults.set({ name: 'modules_missing', on: 'getstationsdata', parameters });
    expect(plantOf(await discover(bench), WOHNUNG).modules).toMatchObject([{ device: 'weather_station' }]);
  });

  test('are the same with blanks around their ids', async () => {
    const before = await discover(bench);
    bench.cloud.faults.set({ name: 'ids_with_blanks' });
    expect(await discover(bench)).toEqual(before);
  });
});

describe('modules', () => {
  test.each([{}, { empty: true }])('may be missing altogether (%j)', async (parameters) => {
    bench.cloud.faults.set({ name: 'modules_missing', on: 'homesdata', parameters });
    const devices = plantOf(await discover(bench), MAISON).modules.map(({ device }) => device);
    expect(devices).toEqual(expect.arrayContaining(['plant', 'weather_station', 'person']));
    expect(devices).not.toContain('plug');
  });

  test('without a name are called by what they are and where', async () => {
    bench.cloud.faults.set({ name: 'names_missing' });
    const plants = await discover(bench);
    const names = [
      wired('21'),
      wired('31'),
      wired('31#2'),
      wired('39'),
      '70:ee:50:aa:bb:01',
      '06:00:00:aa:bb:03',
    ];
    expect(names.map((id) => moduleOf(plants, id).name)).toEqual([
      'Plug (Room)',
      'Double switch',
      'Light switch 2 (Room)',
      'NLX9 (Room)',
      'Weather station (Room)',
      'Wind gauge',
    ]);
    expect(plants.map(({ name }) => name)).toEqual([
      ...Array(5).fill('Home'),
      ...['Weather station', 'Weather station'],
    ]);
    expect(moduleOf(plants, MAISON).programs.map(({ name }) => name)).toEqual(['Schedule', 'Schedule']);
  });

  test('without a name are called by their room where that has one', async () => {
    await control(bench.cloud, '/modules', {
      homeId: MAISON,
      moduleId: wired('77'),
      type: 'NLPT',
      roomId: SALON,
    });
    expect(moduleOf(await discover(bench), wired('77')).name).toBe('Latching relay (Salon)');
  });

  test('know their gateway, their room, and how finely a shutter moves', async () => {
    const plants = await discover(bench);
    expect(moduleOf(plants, wired('22')).native).toEqual({
      type: 'NLV',
      room: SALON,
      bridge: '00:04:74:aa:bb:20',
      step: '100',
    });
    expect(moduleOf(plants, wired('25')).native).toMatchObject({ type: 'NLLV', step: '1' });
    bench.cloud.faults.set({ name: 'step_key_with_underscore' });
    expect(await discover(bench)).toEqual(plants);
  });

  test('that are channels of one device differ from it', async () => {
    const plants = await discover(bench);
    expect(moduleOf(plants, wired('31'))).toMatchObject({ device: 'remote', capabilities: [], actions: [] });
    expect(moduleOf(plants, wired('31#1'))).toMatchObject({ device: 'light', actions: ['set_switch'] });
    expect(moduleOf(plants, wired('30'))).toMatchObject({ device: 'meter', capabilities: [] });
    expect(moduleOf(plants, wired('30#8'))).toMatchObject({ device: 'meter', capabilities: ['energy'] });
  });

  test('of a type that nobody knows are kept, with what they report', async () => {
    await control(bench.cloud, '/module', { moduleId: wired('39'), status: { brightness: 30, glow: 'red' } });
    expect(moduleOf(await discover(bench), wired('39'))).toMatchObject({
      device: 'unknown',
      name: 'Nouveau module',
      capabilities: ['switch', 'brightness'],
      actions: [],
      native: { type: 'NLX9' },
    });
  });

  test('that heat are told by the one call that their home takes', async () => {
    await control(bench.cloud, '/modules', {
      homeId: LOFT,
      moduleId: '09:00:00:aa:cc:13',
      type: 'NRV',
      bridge: '70:ee:50:aa:cc:10',
    });
    const plants = await discover(bench);
    const told = (id: string) => moduleOf(plants, id).native?.setpointBy;
    expect(told('04:00:00:aa:bb:11')).toBe('setroomthermpoint');
    expect(told('09:00:00:aa:bb:12')).toBe('setroomthermpoint');
    // A valve like that one, in a home with an OpenTherm thermostat.
    expect(told('09:00:00:aa:cc:13')).toBe('setstate');
    expect(told('04:00:00:aa:cc:11')).toBe('setstate');
    expect(told('00:03:50:aa:bb:30')).toBe('setstate');
    expect(told(wired('2c'))).toBe('setstate');
    expect(told(wired('21'))).toBeUndefined();
  });

  test('are told from a radiator by what hangs on the outlet', async () => {
    await control(bench.cloud, '/modules', { homeId: MAISON, moduleId: wired('78'), type: 'NLC' });
    const plants = await discover(bench);
    expect(moduleOf(plants, wired('2c'))).toMatchObject({
      device: 'heater',
      actions: ['set_mode', 'set_switch'],
    });
    expect(moduleOf(plants, wired('78'))).toMatchObject({ device: 'relay', actions: ['set_switch'] });
  });
});

describe('a home without a status', () => {
  test.each([
    { name: 'home_missing' },
    { name: 'api_error', on: 'homestatus', parameters: { code: 21, message: 'Invalid home_id' } },
    { name: 'html_error', on: 'homestatus' },
  ] as const)('loses what only its status tells, and nothing else ($name)', async (fault) => {
    const before = await discover(bench);
    bench.cloud.faults.set(fault);
    const plants = await discover(bench);
    expect(moduleOf(plants, wired('22')).native).not.toHaveProperty('step');
    const { step: _, ...native } = moduleOf(before, wired('22')).native ?? {};
    expect(moduleOf(plants, wired('22'))).toEqual({ ...moduleOf(before, wired('22')), native });
    const ids = plants.flatMap(({ modules }) => modules.map(({ nativeId }) => nativeId));
    expect(ids).toEqual(before.flatMap(({ modules }) => modules.map(({ nativeId }) => nativeId)));
  });

  test('stops everything where the whole account is refused', async () => {
    bench.cloud.faults.set({ name: 'usage_limit', on: 'homestatus' });
    await expect(discover(bench)).rejects.toMatchObject({ code: 'provider_throttled' });
  });
});

describe('a scope that the owner did not consent to', () => {
  test('takes away the actions that need it, and says which', async () => {
    const { plants } = await discoverWith(without('write_magellan', 'write_thermostat', 'write_camera'));
    expect(moduleOf(plants, wired('23'))).toMatchObject({
      capabilities: ['switch', 'brightness', 'power', 'energy'],
      actions: [],
      withheld: [{ scope: 'write_magellan', capabilities: [], actions: ['set_switch', 'set_brightness'] }],
    });
    expect(moduleOf(plants, MAISON)).toMatchObject({
      actions: [],
      withheld: [
        { scope: 'write_thermostat', capabilities: [], actions: ['set_plant_mode', 'select_schedule'] },
        { scope: 'write_camera', capabilities: [], actions: ['set_presence'] },
      ],
    });
    expect(moduleOf(plants, '70:ee:50:aa:bb:40').actions).toEqual(['set_monitoring', 'set_floodlight']);
  });

  test('hides the devices that it is about, and no others', async () => {
    const { plants, sent } = await discoverWith(without('read_station', 'read_homecoach'));
    const devices = plantOf(plants, MAISON).modules.map(({ device }) => device);
    expect(devices).not.toContain('weather_station');
    expect(devices).toContain('plug');
    expect(plants.map(({ nativeId }) => nativeId)).not.toContain(HARBOUR);
    // Neither of the two calls that would be refused.
    expect(sent).toBe(3);
  });

  test('is no failure when only Netatmo knows of it', async () => {
    bench.cloud.faults.set({
      name: 'api_error',
      on: 'gethomecoachsdata',
      parameters: { code: 13, message: 'Application does not have the good scope rights', status: 403 },
    });
    const plants = await discover(bench);
    expect(moduleOf(plants, '70:ee:50:aa:bb:01').device).toBe('weather_station');
  });
});
