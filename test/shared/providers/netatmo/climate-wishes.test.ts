import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CASA, type CommandBench, devices, LOFT, MAISON, withCommands } from './command-bench.ts';
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
    expect(commands.expectsOf(name, wish)).toEqual({
      mode: 'manual',
      setpoint: 21.5,
      mode_until: UNTIL_READ,
    });
  });

  it('leaves the end to the default duration of the home', async () => {
    const wish = { action: 'set_setpoint', temperatureC: 19 } as const;
    await commands.send('NATherm1', wish);
    expect(await commands.climate('NATherm1')).toMatchObject({ endEpochMs: NOW + 180 * 60_000 });
    expect(commands.expectsOf('NATherm1', wish)).toEqual({ mode: 'manual', setpoint: 19 });
  });

  it('boosts for some minutes, and says when it ends', async () => {
    const wish = { action: 'set_mode', mode: 'boost', minutes: 45 } as const;
    await commands.send('NRV', wish);
    expect(await commands.climate('NRV')).toMatchObject({ mode: 'max', endEpochMs: NOW + 45 * 60_000 });
    expect(commands.expectsOf('NRV', wish)).toEqual({
      mode: 'boost',
      mode_until: '2026-01-15T17:50:42.000Z',
    });
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
    expect(commands.expectsOf('NRV', automatic)).toEqual({ mode: 'automatic' });
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
    expect(commands.expectsOf(name, wish)).toEqual({ mode: 'manual', setpoint: 22, mode_until: UNTIL_READ });
  });

  it.each([
    ['boost', 'max'],
    ['off', 'off'],
    ['protection', 'hg'],
    ['away', 'away'],
  ] as const)('knows the mode %s', async (mode, wire) => {
    await commands.send('BNS', { action: 'set_mode', mode });
    expect(await commands.climate('BNS')).toMatchObject({ mode: wire });
    expect(commands.expectsOf('BNS', { action: 'set_mode', mode, until: UNTIL })).toEqual({
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
    expect(commands.expectsOf('NLC', wish)).toEqual({ mode, mode_until: UNTIL_READ });
    await commands.send('NLC', { action: 'set_mode', mode: 'automatic' });
    expect(await commands.climate('NLC')).toMatchObject({ mode: 'home' });
  });
});
