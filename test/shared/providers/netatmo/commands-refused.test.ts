/** Wishes that Netatmo's hardware cannot fulfil are refused before any call. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ModuleWish } from '../../../../shared/domain/command-action.ts';
import { LatchkeyError } from '../../../../shared/domain/error.ts';
import { ALEX, type CommandBench, type DeviceName, devices, withCommands } from './command-bench.ts';
import { type NetatmoBench, openNetatmo } from './netatmo-bench.ts';

const LATER = '2026-01-15T21:30:00Z';
const EARLIER = '2026-01-15T17:05:42Z';

let bench: NetatmoBench;
let commands: CommandBench;

beforeAll(async () => {
  bench = await openNetatmo();
  commands = withCommands(bench);
});
afterAll(async () => {
  expect(await commands.seen()).toEqual([]);
  await bench.close();
});

function refusal(...wished: Parameters<CommandBench['prepare']>): LatchkeyError {
  try {
    commands.prepare(...wished);
  } catch (error) {
    if (error instanceof LatchkeyError) return error;
    throw error;
  }
  throw new Error('the wish was not refused');
}

const fieldsOf = (...wished: Parameters<CommandBench['prepare']>) => {
  const { code, details } = refusal(...wished);
  expect(code).toBe('request_invalid');
  return details.fields;
};

describe('a value that the hardware does not take', () => {
  it.each(['NATherm1', 'NRV', 'OTM', 'BNS'] as const)('is a temperature off the scale of %s', (name) => {
    for (const temperatureC of [3, 6.9, 30.1, 40, 20.55])
      expect(fieldsOf(name, { action: 'set_setpoint', temperatureC })).toEqual({
        temperatureC: 'must be between 7 and 30 in steps of 0.1',
      });
    for (const temperatureC of [7, 19.3, 30])
      expect(commands.prepare(name, { action: 'set_setpoint', temperatureC }).expects.setpoint).toBe(
        temperatureC,
      );
  });

  it.each<[DeviceName, ModuleWish]>([
    ['NATherm1', { action: 'set_setpoint', temperatureC: 20, until: EARLIER }],
    ['BNS', { action: 'set_mode', mode: 'off', until: EARLIER }],
    ['NLC', { action: 'set_mode', mode: 'away', until: EARLIER }],
    ['home', { action: 'set_plant_mode', mode: 'away', until: EARLIER }],
  ])('is an end that has passed: %s %o', (name, wish) => {
    expect(fieldsOf(name, wish)).toEqual({ until: 'must be in the future' });
  });

  it.each<[field: string, DeviceName, ModuleWish]>([
    ['until', 'BNS', { action: 'set_mode', mode: 'automatic', until: LATER }],
    ['until', 'home', { action: 'set_plant_mode', mode: 'schedule', until: LATER }],
    ['minutes', 'BNS', { action: 'set_mode', mode: 'off', minutes: 30 }],
    ['minutes', 'NRV', { action: 'set_mode', mode: 'manual', minutes: 30 }],
    ['minutes', 'NRV', { action: 'set_mode', mode: 'boost', minutes: 30, until: LATER }],
    ['program', 'NRV', { action: 'set_mode', mode: 'automatic', program: '65bb000000000000000000a1' }],
    ['persons', 'person', { action: 'set_presence', present: true, persons: ['mod_x'] }],
  ])('is a field without meaning: %s for %s', (field, name, wish) => {
    expect(Object.keys(fieldsOf(name, wish) ?? {})).toEqual([field]);
  });

  it.each([1, 50, 99, 99.5])('is a position of %d %% for what only opens and closes', (percent) => {
    for (const name of ['NLV', 'NBR', 'BNAB'] as const)
      expect(fieldsOf(name, { action: 'set_position', percent })).toHaveProperty('percent');
  });

  it('is a part of a percent', () => {
    for (const action of ['set_position', 'set_brightness'] as const)
      expect(fieldsOf(action === 'set_position' ? 'NLLV' : 'NLFN', { action, percent: 12.5 })).toEqual({
        percent: 'must be a whole number',
      });
  });

  it.each([0, 3, 100])('is the speed %d of a fan', (speed) => {
    expect(fieldsOf('NLLF', { action: 'set_fan', speed })).toEqual({ speed: 'must be 1 or 2' });
  });

  it('is a schedule of another plant', () => {
    const wish = { action: 'select_schedule', scheduleId: '65bb000000000000000000b1' } as const;
    expect(fieldsOf('home', wish)?.scheduleId).toMatch(/it has 65bb0+a1, 65bb0+a2$/);
    expect(fieldsOf('home', wish, { programs: [] })?.scheduleId).toMatch(/it has none$/);
  });

  it('is somebody who is no person of the plant', () => {
    const { moduleId: camera } = commands.target('NACamera').module;
    const persons = [commands.personId(ALEX), camera];
    const wish = { action: 'set_presence', present: true, persons } as const;
    expect(fieldsOf('home', wish)).toEqual({ persons: `${camera} is no person of this plant` });
    expect(fieldsOf('home', { ...wish, present: false })).toHaveProperty('persons');
  });

  it.each([
    ['nobody knows', {}],
    ['is that of a boost', { setpoint: 30, mode: 'boost' }],
    ['is that of being off', { setpoint: 0, mode: 'off' }],
  ])('is to hold a set point that %s', (_, readings) => {
    expect(fieldsOf('BNS', { action: 'set_mode', mode: 'manual' }, { readings })?.mode).toMatch(
      /set_setpoint/,
    );
  });
});

describe('what the hardware cannot do', () => {
  const unsupported = (...wished: Parameters<CommandBench['prepare']>) => {
    const { code, details } = refusal(...wished);
    expect(code).toBe('command_unsupported');
    expect(details.remedy).toEqual(expect.any(String));
    return details;
  };

  it('is an action that the module does not have, with those that it has', () => {
    expect(unsupported('NSD', { action: 'set_switch', on: true }).remedy).toBe('It takes no commands');
    expect(unsupported('NLP', { action: 'set_position', percent: 50 }).remedy).toBe('It takes set_switch');
    expect(unsupported('NLP', { action: 'set_plant_mode', mode: 'away' }).remedy).toBe('It takes set_switch');
  });

  it('is what the owner has not consented to, and then it is theirs to change', () => {
    const withheld = [{ scope: 'write_magellan', capabilities: [], actions: ['set_switch' as const] }];
    expect(unsupported('NLP', { action: 'set_switch', on: true }, { actions: [], withheld })).toEqual({
      remedy: 'Start a new link that asks for write_magellan as well',
      actor: 'owner',
    });
  });

  it.each(['off', 'away'] as const)('is the mode %s where setroomthermpoint is the way', (mode) => {
    expect(unsupported('NRV', { action: 'set_mode', mode }).remedy).toMatch(/set_plant_mode/);
  });

  it.each(['boost', 'protection'] as const)('is the mode %s while it cools', (mode) => {
    unsupported('BNS', { action: 'set_mode', mode }, { readings: { function: 'cooling' } });
  });

  it('is a temperature or a boost on a pilot wire', () => {
    expect(unsupported('NLC', { action: 'set_setpoint', temperatureC: 20 }).remedy).toBe(
      'It takes set_mode, set_switch',
    );
    expect(unsupported('NLC', { action: 'set_mode', mode: 'boost' }).remedy).toMatch(/manual/);
  });

  it('is heating without a room', () => {
    const { room: _, ...native } = devices.BNS.native;
    unsupported('BNS', { action: 'set_setpoint', temperatureC: 20 }, { native });
  });

  it('is to bring everybody home where nobody is known', () => {
    unsupported('home', { action: 'set_presence', present: true }, { native: { type: 'home' } });
  });
});

it('takes what discovery noted as it comes', () => {
  const native = { setpointBy: ['x'], room: '2000000001', step: ['100'], persons: 'x', bridge: ['y'] };
  const wish = { action: 'set_setpoint', temperatureC: 20 } as const;
  expect(commands.prepare('OTM', wish, { native }).expects).toEqual({ mode: 'manual', setpoint: 20 });
});
