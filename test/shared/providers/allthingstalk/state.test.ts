import { describe, expect, test } from 'vitest';
import { allthingstalk } from '../../../../shared/providers/allthingstalk/driver.ts';
import {
  BLIND,
  CABIN,
  CAMERA,
  DOORBELL,
  GARDEN,
  LAMP,
  NODE,
  PLUG,
  STATISTICS,
  set,
} from '../../../infra/local/providers/allthingstalk/allthingstalk-client.ts';
import { sim } from '../../../infra/local/providers/sim.ts';
import { toldOf } from '../linked-home.ts';
import { NOW, openBench, type ReadingBench } from './reading-bench.ts';

const at = (seconds: number) => new Date(NOW + seconds * 1000).toISOString();

async function say(bench: ReadingBench, deviceId: string, asset: string, value: unknown, told?: string) {
  const answer = await sim(bench.cloud, 'POST', '/report', {
    deviceId,
    asset,
    value,
    ...(told !== undefined && { at: told }),
  });
  if (answer.status !== 200) throw new Error(await answer.text());
}

describe('a poll', () => {
  test('asks once for each device, and for the ground', async () => {
    const bench = await openBench();
    const plants = await bench.plants();
    const devices = plants.flatMap(({ modules }) => modules).filter(({ device }) => device !== 'gateway');
    bench.asked();
    await bench.poll(plants);
    const asked = bench.asked();
    expect(asked.filter((path) => path.endsWith('/state'))).toEqual(
      devices.map(({ nativeId }) => `/device/${nativeId}/state`),
    );
    expect(asked.filter((path) => path.startsWith('/ground')).length).toBeLessThanOrEqual(2);
    expect(asked.length).toBeLessThanOrEqual(devices.length + 2);
  });

  test('tells what each asset said, in our words, units and types', async () => {
    const bench = await openBench();
    const reports = await bench.poll();
    expect(toldOf(reports, LAMP).values).toEqual({
      switch: false,
      brightness: 60,
      'value.colour': '#ffd8a8',
      'value.scene': 'work',
    });
    expect(toldOf(reports, CAMERA).values).toMatchObject({
      'value.location': { latitude: 51.0543, longitude: 3.7174 },
      motion: false,
    });
    expect(toldOf(reports, STATISTICS).values).toMatchObject({ 'value.tags': ['home', 'winter'] });
    expect(toldOf(reports, DOORBELL).values).toMatchObject({ 'value.1': 3, 'value.pressed': false });
    expect(toldOf(reports, PLUG).values).toMatchObject({ switch: true, power: expect.any(Number) });
  });

  test('tells nothing of what an asset never said', async () => {
    const bench = await openBench();
    const plants = await bench.plants();
    for (const neverReported of ['null', 'null_members', 'missing'] as const) {
      await set(bench.cloud, { neverReported });
      expect(toldOf(await bench.poll(plants), NODE).values).not.toHaveProperty('motion');
    }
  });

  test('tells when each asset said it, as the device has it', async () => {
    const bench = await openBench();
    await say(bench, LAMP, 'brightness', 55, at(-30));
    await say(bench, LAMP, 'on', true, at(-20));
    const told = (await bench.poll()).filter(({ moduleNativeId }) => moduleNativeId === LAMP);
    expect(told).toContainEqual(expect.objectContaining({ observedAt: at(-30), values: { brightness: 55 } }));
    expect(told).toContainEqual(expect.objectContaining({ observedAt: at(-20), values: { switch: true } }));
  });

  test('takes no time that is still to come for the time of a reading', async () => {
    const bench = await openBench();
    await say(bench, LAMP, 'brightness', 55, at(86_400));
    const told = (await bench.poll()).find(({ values }) => values.brightness === 55);
    expect(told).toBeDefined();
    expect(told).not.toHaveProperty('observedAt');
  });

  test('reads numbers that come as texts', async () => {
    const bench = await openBench();
    const plain = toldOf(await bench.poll(), PLUG).values;
    bench.cloud.faults.set({ name: 'values_as_text', on: 'device_state' });
    expect(toldOf(await bench.poll(), PLUG).values).toEqual(plain);
  });

  test('leaves out a value that is not what the profile says, and only that', async () => {
    const bench = await openBench();
    await say(bench, LAMP, 'brightness', 'very');
    await say(bench, LAMP, 'on', { deep: true });
    expect(Object.keys(toldOf(await bench.poll(), LAMP).values)).toEqual(['value.colour', 'value.scene']);
  });

  test('does not believe the state inside of other documents', async () => {
    const bench = await openBench();
    await set(bench.cloud, { embeddedLagSeconds: 86_400 });
    await say(bench, LAMP, 'brightness', 11);
    expect(toldOf(await bench.poll(), LAMP).values.brightness).toBe(11);
  });

  test('works with the token of a device alone', async () => {
    const bench = await openBench('device');
    const reports = await bench.poll();
    expect(toldOf(reports, NODE)).toMatchObject({
      values: { temperature: expect.any(Number), battery: 87 },
      reachable: true,
    });
  });

  test('reads what others share', async () => {
    const bench = await openBench('casey');
    expect(toldOf(await bench.poll(), GARDEN).values).toMatchObject({
      temperature: expect.any(Number),
      'value.pm10': expect.any(Number),
    });
    expect(bench.asked()).toContain(`/ground/${CABIN}/devices?includeAssets=false`);
  });

  test('converts what is measured in another unit, and its bounds', async () => {
    const bench = await openBench();
    const asset = {
      name: 'temp',
      is: 'sensor',
      title: 'Shed',
      profile: { type: 'number', unit: '°F', minimum: -4, maximum: 212 },
    };
    await bench.session.send({
      method: 'POST',
      url: `${bench.cloud.url}/device/${BLIND}/assets`,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(asset),
    });
    await say(bench, BLIND, 'temp', 68);
    const plants = await bench.plants();
    expect(toldOf(await bench.poll(plants), BLIND).values.temperature).toBe(20);
    const profile = plants[0]?.modules.find(({ nativeId }) => nativeId === BLIND)?.profiles.temperature;
    expect(profile).toMatchObject({ unit: 'C', minimum: -20, maximum: 100 });
  });
});

describe('whether a device can be reached', () => {
  test.each([
    ['was active within the hour', 1_800, true],
    ['was silent for some hours', 7_200, undefined],
    ['was silent for more than a week', 8 * 86_400, false],
  ])('is told of one that %s', async (_, seconds, reachable) => {
    const bench = await openBench();
    for (const deviceId of [BLIND, LAMP])
      await sim(bench.cloud, 'POST', '/device', { deviceId, online: false });
    const plants = await bench.plants();
    // What is offline says nothing; the seed's devices were active a quarter of an hour ago.
    await bench.cloud.advance(seconds - 900);
    expect(toldOf(await bench.poll(plants), BLIND).reachable).toBe(reachable);
  });

  test('is not told where nobody knows of its activity', async () => {
    const bench = await openBench();
    const plants = await bench.plants();
    bench.cloud.faults.set({ name: 'html_error', on: 'ground_devices' });
    const told = toldOf(await bench.poll(plants), LAMP);
    expect(told.reachable).toBeUndefined();
    expect(told.values.brightness).toBe(60);
  });
});

describe('a device that cannot be read', () => {
  test.each([
    ['refused', { status: 500 }],
    ['refused', { status: 403 }],
    ['text_error', {}],
    ['null_answer', undefined],
  ] as const)('does not hide the others (%s %j)', async (name, parameters) => {
    const bench = await openBench();
    const plants = await bench.plants();
    bench.cloud.faults.set({ name, on: 'device_state', times: 1, ...(parameters && { parameters }) });
    const reports = await bench.poll(plants);
    expect(Object.keys(toldOf(reports, NODE).values)).toEqual([]);
    expect(toldOf(reports, LAMP).values.brightness).toBe(60);
  });

  test('and is gone at the cloud is out of reach', async () => {
    const bench = await openBench();
    const plants = await bench.plants();
    bench.cloud.faults.set({ name: 'refused', on: 'device_state', times: 1, parameters: { status: 404 } });
    expect(toldOf(await bench.poll(plants), NODE).reachable).toBe(false);
  });

  test('fails the poll when it is every one of them', async () => {
    const bench = await openBench();
    const plants = await bench.plants();
    bench.cloud.faults.set({ name: 'html_error', on: 'device_state' });
    await expect(bench.poll(plants)).rejects.toMatchObject({ code: 'provider_unavailable' });
  });

  test('ends the poll when it is the token that is refused', async () => {
    const bench = await openBench();
    const plants = await bench.plants();
    bench.cloud.faults.set({ name: 'unauthorized', on: 'device_state' });
    bench.asked();
    await expect(bench.poll(plants)).rejects.toMatchObject({ code: 'account_unlinked' });
    expect(bench.asked().filter((path) => path.endsWith('/state'))).toHaveLength(1);
  });
});

test('polls less often the more devices there are, so that it stays within the calls of an hour', async () => {
  const bench = await openBench();
  const [known] = await bench.plants();
  const [module] = known?.modules.filter(({ device }) => device !== 'gateway') ?? [];
  if (!known || !module) throw new Error('no plant');
  const secondsFor = (devices: number) => {
    const plants = [{ ...known, modules: Array.from({ length: devices }, () => module) }];
    const next = bench.provider.nextStateAt?.({ plants, reports: [], accounts: 1 }, NOW) ?? '';
    return (Date.parse(next) - NOW) / 1000;
  };
  expect(secondsFor(8)).toBe(300);
  const [hour] = bench.provider.limits.account;
  if (!hour) throw new Error('no limit');
  for (const devices of [100, 1_000]) {
    const callsAnHour = ((devices + 2) * 3_600) / secondsFor(devices);
    expect(callsAnHour).toBeLessThanOrEqual((hour.calls - hour.reserve) * 0.75 + 1e-6);
  }
  const { url, credentials } = bench.cloud;
  const frugal = allthingstalk({ url, credentials, defaultTimeZone: 'Europe/Brussels', callsPerHour: 100 });
  expect(frugal.limits.account).toMatchObject([{ calls: 100, reserve: 20 }]);
  const plants = [{ ...known, modules: Array.from({ length: 10 }, () => module) }];
  const next = frugal.nextStateAt?.({ plants, reports: [], accounts: 1 }, NOW) ?? '';
  expect((Date.parse(next) - NOW) / 1000).toBe(720);
});
