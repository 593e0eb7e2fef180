import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ModuleWish } from '../../../../shared/domain/command-action.ts';
import type { ReportedValues } from '../../../../shared/domain/reading.ts';
import {
  ALEX,
  CASA,
  type CommandBench,
  type DeviceName,
  devices,
  LOFT,
  MAISON,
  NOBODY_NAMED,
  withCommands,
} from './command-bench.ts';
import { type NetatmoBench, NOW, openNetatmo } from './netatmo-bench.ts';

const UNTIL = '2026-01-15T21:30:00.500Z';
const UNTIL_SECONDS = Date.parse('2026-01-15T21:30:00Z') / 1000;
const UNTIL_READ = '2026-01-15T21:30:00.000Z';

let bench: NetatmoBench;
let commands: CommandBench;

beforeEach(async () => {
  bench = await openNetatmo();
  commands = withCommands(bench);
});
afterEach(() => bench.close());

const expectsOf = (name: DeviceName, wish: ModuleWish, readings?: ReportedValues) =>
  commands.prepare(name, wish, readings && { readings }).expects;

describe('a wish for a room with a plain thermostat or valve', () => {
  it.each(['NATherm1', 'NRV'] as const)('sets the set point by setroomthermpoint: %s', async (name) => {
    const wish = { action: 'set_setpoint', temperatureC: 21.5, until: UNTIL } as const;
    const { room } = devices[name].native;
    expect(await commands.send(name, wish)).toEqual([
      {
        method: 'setroomthermpoint',
        body: {
          home_id: MAISON,
          room_id: room,
          mode: 'manual',
          temp: '21.5',
          endtime: String(UNTIL_SECONDS),
        },
      },
    ]);
    expect(await commands.climate(name)).toMatchObject({
      mode: 'manual',
      manualC: 21.5,
      endEpochMs: UNTIL_SECONDS * 1000,
    });
    expect(await commands.seen()).toEqual(['setroomthermpoint 200']);
    expect(expectsOf(name, wish)).toEqual({ mode: 'manual', setpoint: 21.5, mode_until: UNTIL_READ });
  });

  it('leaves the end to the default duration of the home', async () => {
    const wish = { action: 'set_setpoint', temperatureC: 19 } as const;
    await commands.send('NATherm1', wish);
    expect(await commands.climate('NATherm1')).toMatchObject({ endEpochMs: NOW + 180 * 60_000 });
    expect(expectsOf('NATherm1', wish)).toEqual({ mode: 'manual', setpoint: 19 });
  });

  it('boosts for some minutes, and says when it ends', async () => {
    const wish = { action: 'set_mode', mode: 'boost', minutes: 45 } as const;
    await commands.send('NRV', wish);
    expect(await commands.climate('NRV')).toMatchObject({ mode: 'max', endEpochMs: NOW + 45 * 60_000 });
    expect(expectsOf('NRV', wish)).toEqual({ mode: 'boost', mode_until: '2026-01-15T17:50:42.000Z' });
  });

  it('guards against frost, holds what it aims at, and follows the schedule again', async () => {
    await commands.send('NRV', { action: 'set_mode', mode: 'protection' });
    expect(await commands.climate('NRV')).toMatchObject({ mode: 'hg' });
    const manual = { action: 'set_mode', mode: 'manual' } as const;
    await commands.send('NRV', manual, { readings: { setpoint: 16.5, mode: 'automatic' } });
    expect(await commands.climate('NRV')).toMatchObject({ mode: 'manual', manualC: 16.5 });
    const automatic = { action: 'set_mode', mode: 'automatic' } as const;
    expect(await commands.send('NRV', automatic)).toEqual([
      { method: 'setroomthermpoint', body: { home_id: MAISON, room_id: '1000000002', mode: 'home' } },
    ]);
    expect(await commands.climate('NRV')).toMatchObject({ mode: 'home' });
    expect(expectsOf('NRV', automatic)).toEqual({ mode: 'automatic' });
  });
});

describe('a wish for a room of another thermostat', () => {
  it.each([
    ['OTM', LOFT],
    ['NAC', LOFT],
    ['BNS', CASA],
  ] as const)('sets the set point by setstate: %s', async (name, homeId) => {
    const wish = { action: 'set_setpoint', temperatureC: 22, until: UNTIL } as const;
    const room = {
      id: devices[name].native.room,
      therm_setpoint_mode: 'manual',
      therm_setpoint_temperature: 22,
      therm_setpoint_end_time: UNTIL_SECONDS,
    };
    expect(await commands.send(name, wish)).toEqual([
      { method: 'setstate', body: { home: { id: homeId, rooms: [room] } } },
    ]);
    expect(await commands.climate(name)).toMatchObject({ mode: 'manual', manualC: 22 });
    expect(expectsOf(name, wish)).toEqual({ mode: 'manual', setpoint: 22, mode_until: UNTIL_READ });
  });

  it.each([
    ['boost', 'max'],
    ['off', 'off'],
    ['protection', 'hg'],
    ['away', 'away'],
  ] as const)('knows the mode %s', async (mode, wire) => {
    await commands.send('BNS', { action: 'set_mode', mode });
    expect(await commands.climate('BNS')).toMatchObject({ mode: wire });
    expect(expectsOf('BNS', { action: 'set_mode', mode, until: UNTIL })).toEqual({
      mode,
      mode_until: UNTIL_READ,
    });
    await commands.send('BNS', { action: 'set_mode', mode: 'automatic' });
    expect(await commands.climate('BNS')).toMatchObject({ mode: 'home' });
  });

  it('cools where it cools', async () => {
    await commands.control('home', { homeId: CASA, temperatureControlMode: 'cooling' });
    const cooling = { readings: { function: 'cooling' } };
    const wish = { action: 'set_setpoint', temperatureC: 25, until: UNTIL } as const;
    const [call] = await commands.send('BNS', wish, cooling);
    expect(call?.body).toEqual({
      home: {
        id: CASA,
        rooms: [
          {
            id: '3000000001',
            cooling_setpoint_mode: 'manual',
            cooling_setpoint_temperature: 25,
            cooling_setpoint_end_time: UNTIL_SECONDS,
          },
        ],
      },
    });
    expect(await commands.climate('BNS')).toMatchObject({ mode: 'manual', manualC: 25 });
    await commands.send('BNS', { action: 'set_mode', mode: 'off' }, cooling);
    expect(await commands.climate('BNS')).toMatchObject({ mode: 'off' });
  });

  it.each([
    ['manual', 'comfort'],
    ['away', 'away'],
    ['protection', 'frost_guard'],
    ['off', 'stand_by'],
  ] as const)('gives a radiator on a pilot wire an order for %s', async (mode, order) => {
    const wish = { action: 'set_mode', mode, until: UNTIL } as const;
    const [call] = await commands.send('NLC', wish);
    const room = {
      id: '1000000003',
      therm_setpoint_mode: 'manual',
      therm_setpoint_fp: order,
      therm_setpoint_end_time: UNTIL_SECONDS,
    };
    expect(call?.body).toEqual({ home: { id: MAISON, rooms: [room] } });
    expect(await commands.climate('NLC')).toMatchObject({ mode: 'manual', pilotWire: order });
    expect(expectsOf('NLC', wish)).toEqual({ mode, mode_until: UNTIL_READ });
    await commands.send('NLC', { action: 'set_mode', mode: 'automatic' });
    expect(await commands.climate('NLC')).toMatchObject({ mode: 'home' });
  });
});

describe('a wish for a device', () => {
  it.each([
    ['NLP', false],
    ['NLPM', true],
    ['NLL', true],
    ['NLM', true],
    ['NLPT', true],
    ['NLPO', true],
    ['NLIS#1', true],
    ['NLFN', false],
    ['NLC', false],
    ['BNIL', true],
    ['BNLD', true],
    ['BNCS', false],
    ['BNSL', true],
  ] as const)('switches %s through its gateway', async (name, on) => {
    const { plant, module } = commands.target(name);
    const { bridge } = devices[name].native;
    expect(await commands.send(name, { action: 'set_switch', on })).toEqual([
      {
        method: 'setstate',
        body: { home: { id: plant.nativeId, modules: [{ id: module.nativeId, bridge, on }] } },
      },
    ]);
    expect((await commands.status(name))?.status).toMatchObject({ on });
    expect(expectsOf(name, { action: 'set_switch', on })).toEqual({ switch: on });
  });

  it.each(['NLFN', 'BNLD'] as const)('dims %s', async (name) => {
    const wish = { action: 'set_brightness', percent: 35 } as const;
    await commands.send(name, wish);
    expect((await commands.status(name))?.status).toMatchObject({ brightness: 35, on: true });
    expect(expectsOf(name, wish)).toEqual({ brightness: 35 });
  });

  it.each([
    ['NLV', 0],
    ['NLLV', 40],
    ['NBR', 0],
    ['NBO', 0],
    ['NBS', 0],
    ['BNAB', 0],
    ['BNMS', 65],
  ] as const)('moves %s', async (name, percent) => {
    const wish = { action: 'set_position', percent } as const;
    await commands.send(name, wish);
    expect((await commands.status(name))?.travel).toEqual({ from: 100, to: percent });
    expect(expectsOf(name, wish)).toEqual({ position: percent });
  });

  it('leaves it to the cloud what a shutter can that has told no step', async () => {
    const native = { type: 'NLLV', bridge: devices.NLLV.native.bridge };
    await commands.send('NLLV', { action: 'set_position', percent: 40 }, { native });
    expect((await commands.status('NLLV'))?.travel?.to).toBe(40);
  });

  it('stops a shutter where it is', async () => {
    await commands.send('NLLV', { action: 'set_position', percent: 0 });
    await bench.cloud.advance(6);
    await commands.send('NLLV', { action: 'stop' });
    expect((await commands.status('NLLV'))?.travel).toEqual({ from: 60, to: 60 });
    expect(expectsOf('NLLV', { action: 'stop' })).toEqual({});
  });

  it('sets the speed of a fan', async () => {
    await commands.send('NLLF', { action: 'set_fan', speed: 2 });
    expect((await commands.status('NLLF'))?.status).toMatchObject({ fan_speed: 2 });
    expect(expectsOf('NLLF', { action: 'set_fan', speed: 2 })).toEqual({ fan_speed: 2 });
  });

  it.each(['NACamera', 'NOC', 'NIS'] as const)('stops the watching of %s', async (name) => {
    const wish = { action: 'set_monitoring', on: false } as const;
    const [call] = await commands.send(name, wish);
    expect((await commands.status(name))?.status).toMatchObject({ monitoring: 'off' });
    expect(expectsOf(name, wish)).toEqual({ monitoring: false });
    const { nativeId } = devices[name];
    const bridge = name === 'NIS' ? { bridge: devices.NIS.native.bridge } : {};
    const modules = [{ id: nativeId, ...bridge, monitoring: 'off' }];
    expect(call?.body).toEqual({ home: { id: MAISON, modules } });
  });

  it.each(['on', 'off'] as const)('sets a floodlight: %s', async (mode) => {
    const wish = { action: 'set_floodlight', mode } as const;
    await commands.send('NOC', wish);
    expect((await commands.status('NOC'))?.status).toMatchObject({ floodlight: mode });
    expect(expectsOf('NOC', wish)).toEqual({ floodlight: mode });
  });
});

describe('a wish for a plant as a whole', () => {
  it('goes away until a time, and comes back to the schedule', async () => {
    const away = { action: 'set_plant_mode', mode: 'away', until: UNTIL } as const;
    expect(await commands.send('home', away)).toEqual([
      {
        method: 'setthermmode',
        body: { home_id: MAISON, mode: 'away', endtime: String(UNTIL_SECONDS) },
      },
    ]);
    expect(await commands.home()).toMatchObject({
      thermMode: 'away',
      thermModeEndEpochMs: UNTIL_SECONDS * 1000,
    });
    expect(expectsOf('home', away)).toEqual({ plant_mode: 'away' });
    await commands.send('home', { action: 'set_plant_mode', mode: 'schedule' });
    expect(await commands.home()).toMatchObject({ thermMode: 'schedule' });
  });

  it('guards against frost until further notice', async () => {
    const wish = { action: 'set_plant_mode', mode: 'frost_guard' } as const;
    await commands.send('home', wish);
    const { thermMode, thermModeEndEpochMs } = await commands.home();
    expect([thermMode, thermModeEndEpochMs]).toEqual(['hg', undefined]);
    expect(expectsOf('home', wish)).toEqual({ plant_mode: 'frost_guard' });
  });

  it('selects a schedule', async () => {
    const wish = { action: 'select_schedule', scheduleId: '65bb000000000000000000a2' } as const;
    await commands.send('home', wish);
    const { schedules } = await commands.home();
    expect(schedules.map(({ selected }) => selected)).toEqual([false, true]);
    expect(expectsOf('home', wish)).toEqual({ program: '65bb000000000000000000a2' });
  });

  const whoIsOut = async () =>
    (await commands.home()).persons.filter(({ outOfSight }) => outOfSight).map(({ personId }) => personId);

  it('empties the house, and brings everybody back', async () => {
    const leave = { action: 'set_presence', present: false } as const;
    expect(await commands.send('home', leave)).toEqual([
      { method: 'setpersonsaway', body: { home_id: MAISON } },
    ]);
    expect(await whoIsOut()).toEqual([ALEX, NOBODY_NAMED]);
    await commands.send('home', { action: 'set_presence', present: true });
    expect(await whoIsOut()).toEqual([]);
    expect(expectsOf('home', leave)).toEqual({});
  });

  it('moves the people named, one call each for leaving and one for all who come', async () => {
    const persons = [commands.personId(NOBODY_NAMED), commands.personId(ALEX)];
    expect(await commands.send('home', { action: 'set_presence', present: true, persons })).toEqual([
      { method: 'setpersonshome', body: { home_id: MAISON, 'person_ids[]': `${NOBODY_NAMED} ${ALEX}` } },
    ]);
    expect(await whoIsOut()).toEqual([]);
    const calls = await commands.send('home', { action: 'set_presence', present: false, persons });
    expect(calls.map(({ body }) => body)).toEqual([
      { home_id: MAISON, person_id: NOBODY_NAMED },
      { home_id: MAISON, person_id: ALEX },
    ]);
    expect(await whoIsOut()).toEqual([ALEX, NOBODY_NAMED]);
  });

  it('moves one person by their own module', async () => {
    const leave = { action: 'set_presence', present: false } as const;
    await commands.send('person', leave);
    expect(await whoIsOut()).toEqual([ALEX, NOBODY_NAMED]);
    await commands.send('person', { action: 'set_presence', present: true });
    expect(await whoIsOut()).toEqual([NOBODY_NAMED]);
    expect(expectsOf('person', leave)).toEqual({ present: false });
  });
});

describe('what the cloud answers', () => {
  it.each([
    ['NLP', { action: 'set_switch', on: true }, 'setstate 406'],
    ['NACamera', { action: 'set_monitoring', on: true }, 'setstate 200'],
  ] as const)('is success where %s is so already', async (name, wish, answer) => {
    const before = await commands.home();
    await commands.send(name, wish);
    expect(await commands.seen()).toEqual([answer]);
    expect(await commands.home()).toEqual(before);
  });

  const off = { action: 'set_switch', on: false } as const;

  it.each([
    [5, 'provider_rejected'],
    [6, 'module_unreachable'],
    [14, 'module_busy'],
    [19, 'module_unreachable'],
    [27, 'module_unreachable'],
  ] as const)(
    'is a failure of its own where the module is refused within a success: %i',
    async (partial, code) => {
      bench.cloud.faults.set({ name: 'command_refused', on: 'setstate', parameters: { code: partial } });
      await expect(commands.send('NLP', off)).rejects.toMatchObject({
        code,
        details: { provider: { status: 200, code: String(partial) } },
      });
    },
  );

  it.each(['body', 'top'] as const)('is a failure where the gateway is named, in %s', async (place) => {
    const { bridge: id } = devices.NLP.native;
    bench.cloud.faults.set({ name: 'ok_with_errors', on: 'setstate', parameters: { id, place } });
    await expect(commands.send('NLP', off)).rejects.toMatchObject({ code: 'module_unreachable' });
  });

  it('is success where the error is about another module', async () => {
    bench.cloud.faults.set({ name: 'ok_with_errors', on: 'setstate', parameters: { code: 6 } });
    await commands.send('NLP', off);
  });

  it('is the module’s own fault when it is not heard', async () => {
    await commands.control('module', { moduleId: devices.NLP.nativeId, reachable: false });
    await expect(commands.send('NLP', off)).rejects.toMatchObject({ code: 'module_unreachable' });
  });

  it('says which call of several failed, and makes none after it', async () => {
    const persons = [commands.personId(ALEX), commands.personId(NOBODY_NAMED)];
    bench.cloud.faults.set({ name: 'api_error', on: 'setpersonsaway', parameters: { code: 41 } });
    const wish = { action: 'set_presence', present: false, persons } as const;
    await expect(commands.send('home', wish)).rejects.toMatchObject({ code: 'module_unreachable' });
    expect(await commands.seen()).toHaveLength(1);
  });

  it.each([
    ['html_error', { status: 200 }, 'provider_unavailable'],
    ['html_error', { status: 503 }, 'provider_unavailable'],
    ['usage_limit', {}, 'provider_throttled'],
    ['concurrency_limit', {}, 'provider_throttled'],
    [
      'api_error',
      { code: 13, message: 'Application does not have the good scope rights' },
      'provider_rejected',
    ],
  ] as const)('fails for %s %o', async (name, parameters, code) => {
    bench.cloud.faults.set({ name, on: 'setstate', parameters });
    await expect(commands.send('NLP', off)).rejects.toMatchObject({ code });
    expect((await commands.status('NLP'))?.status).toMatchObject({ on: true });
  });

  it('is a server error where a home has got a newer thermostat since, and may be repeated', async () => {
    const native = { ...devices.OTM.native, setpointBy: 'setroomthermpoint' };
    const wish = { action: 'set_setpoint', temperatureC: 20 } as const;
    await expect(commands.send('OTM', wish, { native })).rejects.toMatchObject({
      code: 'provider_unavailable',
      details: { repeat: { effect: 'possible' } },
    });
  });

  it('may be asked for again: every wish leaves the module as once', () => {
    expect(commands.prepare('NLLV', { action: 'stop' }).isIdempotent).toBe(true);
    expect(commands.prepare('NLP', off).isIdempotent).toBe(true);
  });
});
