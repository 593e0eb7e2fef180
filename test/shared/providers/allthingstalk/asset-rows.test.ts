import { describe, expect, test } from 'vitest';
import { assetRows } from '../../../../shared/providers/allthingstalk/asset-rows.ts';
import { allthingstalkDevices } from '../../../../shared/providers/allthingstalk/devices.ts';
import { assetOf, toModule } from '../../../../shared/providers/allthingstalk/translate.ts';
import type { Asset } from '../../../../shared/providers/allthingstalk/wire.ts';
import { module } from '../../domain/samples.ts';

const DEVICE_ID = 'Kx7RmQ2vTd9LpWc4ZsJh8YbN';

function asset(name: string, profile?: Asset['profile'], is = 'sensor'): Asset {
  return { id: `Asset${name.length}AbCdEfGhIjKlMnOp`, name, is, ...(profile && { profile }) };
}
const found = (...assets: Asset[]) => toModule({ id: DEVICE_ID, title: 'It', assets });

describe('an asset', () => {
  test.each([
    ['temperature', 'number', '°C', 'temperature'],
    ['Temperature', 'number', 'Celsius', 'temperature'],
    ['room_temperature', 'number', '°F', 'temperature'],
    ['Outside Temperature', 'number', 'C', 'outdoor_temperature'],
    ['relative-humidity', 'integer', '% RH', 'humidity'],
    ['CO2', 'integer', 'ppm', 'co2'],
    ['pressure', 'number', 'mbar', 'pressure'],
    ['battery_level', 'integer', '%', 'battery'],
    ['set-point', 'number', '°C', 'setpoint'],
    ['on', 'boolean', undefined, 'switch'],
    ['motion', 'boolean', undefined, 'motion'],
    ['power', 'number', 'kW', 'power'],
  ])('called %s, %s in %s, is our %s', (name, type, unit, capability) => {
    expect(found(asset(name, { type, unit })).capabilities).toEqual([capability]);
  });

  test.each([
    ['temperature', 'number', undefined, 'a temperature without a unit may be in any'],
    ['temperature', 'number', 'K', 'a unit that we do not know'],
    ['temperature', 'string', '°C', 'a text'],
    ['average-temperature', 'number', '°C', 'a value that is made of others'],
    ['energy', 'number', 'kWh', 'a counter, where ours is what was used within a step'],
    ['brightness', 'integer', undefined, 'a brightness of any range'],
    ['battery', 'number', 'V', 'a voltage'],
    ['switch', 'string', undefined, 'a switch of words'],
    ['on', 'boolean', 'V', 'a switch with a unit'],
    ['humidity', undefined, '%', 'without a type it is a text'],
  ])('called %s, %s in %s, stays what the module calls its own: %s', (name, type, unit, _) => {
    expect(found(asset(name, { type, unit })).capabilities).toEqual([`value.${name}`]);
  });

  test('without a profile is a text', () => {
    const { profiles } = found(asset('note'));
    expect(profiles).toMatchObject({ 'value.note': { type: 'string', unit: null } });
  });

  test('shares no word of ours with another: the one that is called so has it', () => {
    const boolean = { type: 'boolean' };
    const two = [asset('light', boolean), asset('switch', boolean)];
    for (const assets of [two, two.toReversed()]) {
      const { profiles } = found(...assets);
      expect(profiles).toMatchObject({ switch: { name: 'switch' }, 'value.light': { name: 'light' } });
    }
  });

  test('is written as it is read, in whatever unit it has', () => {
    const described = found(
      asset('setpoint', { type: 'number', unit: '°F', minimum: 41, maximum: 86 }, 'actuator'),
      asset('level', { type: 'number', unit: 'mm' }, 'actuator'),
    );
    const known = {
      ...module,
      ...described,
      profiles: described.profiles ?? {},
      native: described.native ?? {},
    };
    const setpoint = assetOf(known, 'setpoint');
    expect(known.profiles.setpoint).toMatchObject({ unit: 'C', minimum: 5, maximum: 30, writable: true });
    expect(setpoint?.toOurs('68')).toBe(20);
    expect(setpoint?.toTheirs(20)).toBe(68);
    expect(assetOf(known, 'value.level')?.toOurs(3.25)).toBe(3.25);
    expect(assetOf(known, 'value.level')?.toTheirs(3.25)).toBe(3.25);
    expect(assetOf(known, 'value.nothing')).toBeUndefined();
  });
});

test('no two rows take the same name', () => {
  const names = ['temperature', 'setpoint', 'humidity', 'power', 'switch', 'position', 'open', 'motion'];
  for (const name of names) expect(assetRows.filter((row) => row.names.test(name))).toHaveLength(1);
});

test('the table of supported devices has each kind once, with what it needs', () => {
  const kinds = allthingstalkDevices.map(({ device }) => device);
  expect(new Set(kinds).size).toBe(kinds.length);
  expect(allthingstalkDevices.find(({ device }) => device === 'plug')).toMatchObject({
    capabilities: ['power', 'switch'],
    actions: expect.arrayContaining(['set_switch']),
  });
});
