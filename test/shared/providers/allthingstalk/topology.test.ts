import { describe, expect, test } from 'vitest';
import {
  ATTIC,
  BLIND,
  CABIN,
  CAMERA,
  DOORBELL,
  GARDEN,
  HEATING,
  HOUSE,
  LAMP,
  NODE,
  PLUG,
  STATISTICS,
  set,
} from '../../../infra/local/providers/allthingstalk/allthingstalk-client.ts';
import { sim } from '../../../infra/local/providers/sim.ts';
import { linkAt, moduleOf, openBench, type Way } from './reading-bench.ts';

describe('what an account opens', () => {
  test('is every ground of a user, those that others share included', async () => {
    const bench = await openBench('casey');
    const plants = await bench.discover();
    expect(plants.map(({ nativeId, name }) => [nativeId, name])).toEqual([
      [HOUSE, 'Home'],
      [CABIN, 'Cabin'],
    ]);
    expect(plants.map(({ timeZone }) => timeZone)).toEqual(['Europe/Brussels', 'Europe/Brussels']);
    expect(plants[1]?.modules.map(({ nativeId }) => nativeId)).toEqual([GARDEN]);
  });

  test('is the one ground of its token, by the name that its devices tell', async () => {
    const bench = await openBench('ground');
    const plants = await bench.discover();
    expect(plants.map(({ nativeId, name }) => [nativeId, name])).toEqual([[HOUSE, 'Home']]);
    expect(bench.asked().filter((path) => path.startsWith('/me'))).toEqual([]);
  });

  test('is the one device of its token, which is a plant by itself', async () => {
    const bench = await openBench('device');
    const [plant, ...others] = await bench.discover();
    expect(others).toEqual([]);
    expect(plant).toMatchObject({ nativeId: NODE, name: 'Home', modules: [{ nativeId: NODE }] });
    expect(bench.asked()).toEqual([`/device/${NODE}`]);
  });

  test('is read from its assets where the device itself is not told', async () => {
    const bench = await openBench('device');
    const whole = await bench.discover();
    bench.cloud.faults.set({ name: 'refused', on: 'device', parameters: { status: 403 } });
    const [plant] = await bench.discover();
    expect(plant?.modules[0]?.capabilities).toEqual(whole[0]?.modules[0]?.capabilities);
    expect(plant).toMatchObject({ nativeId: NODE });
  });
});

const expected = {
  [NODE]: ['indoor_sensor', ['temperature', 'humidity', 'value.air-quality', 'battery', 'motion'], []],
  [PLUG]: ['plug', ['switch', 'power', 'value.energy'], ['set_switch']],
  [LAMP]: [
    'light',
    ['switch', 'brightness', 'value.colour', 'value.scene'],
    ['set_switch', 'set_brightness'],
  ],
  [HEATING]: ['thermostat', ['temperature', 'setpoint', 'value.mode'], ['set_setpoint']],
  [CAMERA]: ['custom', ['value.snapshot', 'value.location', 'value.place', 'motion', 'value.siren'], []],
  [BLIND]: ['shutter', ['position'], ['set_position']],
  [STATISTICS]: ['custom', ['value.average-temperature', 'value.note', 'value.tags', 'value.report'], []],
  [DOORBELL]: ['custom', ['value.pressed', 'value.1', 'value.chime'], []],
} as const;

describe('a device', () => {
  test('is what its assets are', async () => {
    const bench = await openBench();
    const [plant] = await bench.discover();
    const found = plant?.modules.filter(({ device }) => device !== 'gateway') ?? [];
    expect(
      Object.fromEntries(
        found.map(({ nativeId, device, capabilities, actions }) => [
          nativeId,
          [device, capabilities, actions.filter((action) => action !== ('set_value' as string))],
        ]),
      ),
    ).toEqual(expected);
  });

  test('has a profile for each of its assets, and the ids of them', async () => {
    const plants = await (await openBench()).plants();
    const heating = moduleOf(plants, HEATING);
    expect(heating.profiles).toEqual({
      temperature: {
        type: 'number',
        unit: 'C',
        writable: false,
        title: 'Measured',
        name: 'room_temperature',
      },
      setpoint: {
        type: 'number',
        unit: 'C',
        minimum: 5,
        maximum: 30,
        writable: true,
        title: 'Set point',
        name: 'setpoint',
      },
      'value.mode': { type: 'string', unit: null, writable: true, title: 'Mode', name: 'mode' },
    });
    expect(heating.native['asset:setpoint']).toEqual([
      expect.stringMatching(/^[A-Za-z0-9]{24}$/),
      'setpoint',
      '°C',
      'number',
    ]);
    expect(moduleOf(plants, STATISTICS).profiles['value.tags']).toMatchObject({
      type: 'array',
      writable: true,
    });
    expect(moduleOf(plants, DOORBELL).profiles['value.chime']).toMatchObject({ writable: false });
    expect(moduleOf(plants, CAMERA).profiles['value.place']).toMatchObject({ type: 'object' });
    expect(moduleOf(plants, PLUG).profiles['value.energy']).toMatchObject({ unit: 'kWh' });
  });

  test('without assets is kept', async () => {
    const bench = await openBench();
    await sim(bench.cloud, 'POST', '/devices', { groundId: HOUSE, name: 'bare', title: 'Bare' });
    const [plant] = await bench.discover();
    expect(plant?.modules.find(({ name }) => name === 'Bare')).toMatchObject({
      device: 'custom',
      capabilities: [],
    });
  });

  test('stands behind its gateway, which is a module of its own', async () => {
    const plants = await (await openBench('casey')).plants();
    expect(moduleOf(plants, ATTIC)).toMatchObject({ device: 'gateway', name: 'Attic gateway' });
    expect(moduleOf(plants, BLIND).native.gateway).toBe(ATTIC);
  });

  test('comes with its gateway also where that is not told', async () => {
    const bench = await openBench('casey');
    bench.cloud.faults.set({ name: 'refused', on: 'gateway', parameters: { status: 404 } });
    expect(moduleOf(await bench.plants(), ATTIC).name).toBe('Gateway');
    const withToken = await linkAt(bench.cloud, 'ground');
    expect(moduleOf(await withToken.plants(), ATTIC).name).toBe('Gateway');
    expect(withToken.asked().filter((path) => path.startsWith('/gateway'))).toEqual([]);
  });
});

test('reads as many pages of devices as there are', async () => {
  const bench = await openBench();
  const [whole] = await bench.discover();
  await set(bench.cloud, { devicesPerPage: 3 });
  expect(await bench.discover()).toEqual([whole]);
  bench.cloud.faults.set({ name: 'page_ignored', on: 'ground_devices' });
  expect((await bench.discover())[0]?.modules.length).toBeGreaterThan(0);
});

test('hides no ground because of another that is closed', async () => {
  const bench = await openBench('casey');
  bench.cloud.faults.set({ name: 'refused', on: 'ground_devices', times: 1, parameters: { status: 403 } });
  expect((await bench.discover()).map(({ nativeId }) => nativeId)).toEqual([CABIN]);
});

test.each<[Way, string]>([
  ['casey', 'my_grounds'],
  ['casey', 'ground_devices'],
  ['ground', 'ground_devices'],
  ['device', 'device'],
])('takes nothing for gone because of a failure (%s, %s)', async (way, on) => {
  const bench = await openBench(way);
  bench.cloud.faults.set({ name: 'html_error', on: on as 'device' });
  await expect(bench.discover()).rejects.toMatchObject({ code: 'provider_unavailable' });
});
