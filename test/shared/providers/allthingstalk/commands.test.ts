/** Commands to the house of the seed: what the cloud was told, and what was seen of it afterwards. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ModuleWish } from '../../../../shared/domain/command-action.ts';
import {
  assetPath,
  BLIND,
  CAMERA,
  DOORBELL,
  HEATING,
  LAMP,
  NODE,
  PLUG,
  STATISTICS,
  set,
} from '../../../infra/local/providers/allthingstalk/allthingstalk-client.ts';
import { type HouseBench, openHouse } from './house-bench.ts';

let house: HouseBench;

beforeAll(async () => {
  house = await openHouse();
});
afterAll(() => house.close());

const value = (capability: `value.${string}`, wished: unknown) =>
  ({ action: 'set_value', capability, value: wished }) as ModuleWish;

/** By asset: what is wished, of which capability it is, how the asset is told it, and after how many seconds it shows. */
const obeyed: readonly {
  readonly asset: readonly [deviceId: string, name: string];
  readonly wish: ModuleWish;
  readonly reading: readonly [capability: string, value: unknown];
  readonly seconds: number;
}[] = [
  {
    asset: [PLUG, 'switch'],
    wish: { action: 'set_switch', on: false },
    reading: ['switch', false],
    seconds: 1,
  },
  { asset: [LAMP, 'on'], wish: { action: 'set_switch', on: true }, reading: ['switch', true], seconds: 2 },
  {
    asset: [LAMP, 'brightness'],
    wish: { action: 'set_brightness', percent: 33 },
    reading: ['brightness', 33],
    seconds: 2,
  },
  {
    asset: [LAMP, 'brightness'],
    wish: { action: 'set_value', capability: 'brightness', value: 0 },
    reading: ['brightness', 0],
    seconds: 2,
  },
  {
    asset: [LAMP, 'colour'],
    wish: value('value.colour', '#a0ff00'),
    reading: ['value.colour', '#a0ff00'],
    seconds: 2,
  },
  {
    asset: [LAMP, 'scene'],
    wish: value('value.scene', 'evening'),
    reading: ['value.scene', 'evening'],
    seconds: 2,
  },
  {
    asset: [HEATING, 'setpoint'],
    wish: { action: 'set_setpoint', temperatureC: 21.5 },
    reading: ['setpoint', 21.5],
    seconds: 5,
  },
  {
    asset: [HEATING, 'mode'],
    wish: value('value.mode', 'manual'),
    reading: ['value.mode', 'manual'],
    seconds: 5,
  },
  {
    asset: [STATISTICS, 'average-temperature'],
    wish: value('value.average-temperature', 19.25),
    reading: ['value.average-temperature', 19.25],
    seconds: 0,
  },
  {
    asset: [STATISTICS, 'note'],
    wish: value('value.note', 'Say "hi"'),
    reading: ['value.note', 'Say "hi"'],
    seconds: 0,
  },
  {
    asset: [STATISTICS, 'tags'],
    wish: value('value.tags', ['a', 'b']),
    reading: ['value.tags', ['a', 'b']],
    seconds: 0,
  },
  {
    asset: [STATISTICS, 'report'],
    wish: value('value.report', { rooms: [{ warm: true }] }),
    reading: ['value.report', { rooms: [{ warm: true }] }],
    seconds: 0,
  },
];

describe('a command', () => {
  test.each(obeyed)('to $asset.1 is acknowledged, and seen once $asset.1 has changed: $wish', async (row) => {
    const [deviceId, assetName] = row.asset;
    const [capability, seen] = row.reading;
    const command = await house.send(deviceId, row.wish);
    expect(command).toMatchObject({ status: 'succeeded', attempts: 1 });
    expect(command.observedAt).toBeUndefined();
    expect((await house.commands()).at(-1)).toEqual({
      deviceId,
      assetName,
      value: seen,
      outcome: 'delivered',
    });

    await poll();
    expect((await house.shown(command)).observedAt !== undefined).toBe(row.seconds === 0);
    await house.advance(row.seconds + 1);
    await poll();
    expect(await house.shown(command)).toMatchObject({
      status: 'succeeded',
      acknowledgedAt: command.acknowledgedAt,
      observedAt: expect.any(String),
    });
    const { readings } = await house.module(deviceId);
    expect(readings).toMatchObject({ [capability]: { value: seen } });
  });

  test('to every asset of the house that takes commands is tried here', async () => {
    const claimed = (await house.bench.store.modules.ofAccount(house.accountId)).flatMap((module) =>
      Object.values(module.profiles).flatMap((profile) =>
        profile?.writable ? [`${module.nativeId}/${profile.name}`] : [],
      ),
    );
    const tried = new Set(obeyed.map(({ asset }) => asset.join('/')));
    const untried = [`${CAMERA}/siren`, `${BLIND}/position`];
    expect(claimed.toSorted()).toEqual([...tried, ...untried].toSorted());
  });

  test('to a siren that does not act is acknowledged, and never seen', async () => {
    const command = await house.send(CAMERA, value('value.siren', true));
    expect(command.status).toBe('succeeded');
    await house.advance(600);
    await poll();
    expect((await house.shown(command)).observedAt).toBeUndefined();
    expect((await house.module(CAMERA)).readings).not.toHaveProperty(['value.siren']);
  });

  test('to a device that is offline is acknowledged by the cloud, and not seen until the device has acted', async () => {
    const lost = await house.send(BLIND, { action: 'set_position', percent: 20 });
    expect((await house.commands()).at(-1)).toMatchObject({ assetName: 'position', outcome: 'lost' });
    await set(house.cloud, { offlineCommands: 'queued' });
    const queued = await house.send(BLIND, { action: 'set_position', percent: 40 });
    await house.advance(60);
    await poll();
    expect([lost, queued].map(({ status }) => status)).toEqual(['succeeded', 'succeeded']);
    expect((await house.shown(queued)).observedAt).toBeUndefined();

    await house.control('/device', { deviceId: BLIND, online: true });
    await house.advance(21);
    await poll();
    expect((await house.shown(queued)).observedAt).toEqual(expect.any(String));
    expect((await house.shown(lost)).observedAt).toBeUndefined();
  });

  test('that a rule shows the effect of is seen by that, without a poll', async () => {
    await house.addRule(PLUG, 'switch');
    const command = await house.send(PLUG, { action: 'set_switch', on: true });
    await house.advance(2);
    await house.settle();
    expect((await house.shown(command)).observedAt).toEqual(expect.any(String));
  });

  test.each([
    ['204', { commandStatus: 204 }],
    ['202', { commandStatus: 202 }],
    ['200', { commandStatus: 200 }],
  ] as const)('is acknowledged by a %s with nothing in it', async (_, settings) => {
    await set(house.cloud, settings);
    expect(await house.send(LAMP, { action: 'set_switch', on: false })).toMatchObject({
      status: 'succeeded',
    });
  });
});

describe('before any call', () => {
  test.each<[string, string, ModuleWish, Record<string, string>]>([
    [
      'below the minimum',
      HEATING,
      { action: 'set_setpoint', temperatureC: 4 },
      { temperatureC: 'must be 5 or more' },
    ],
    [
      'above the maximum',
      HEATING,
      { action: 'set_setpoint', temperatureC: 31 },
      { temperatureC: 'must be 30 or less' },
    ],
    [
      'a set point with an end',
      HEATING,
      { action: 'set_setpoint', temperatureC: 20, until: '2026-01-15T20:00:00Z' },
      { until: 'must be absent: it holds until another is set' },
    ],
    ['a fraction', LAMP, { action: 'set_brightness', percent: 12.5 }, { percent: 'must be a whole number' }],
    [
      'more than there is',
      LAMP,
      { action: 'set_value', capability: 'brightness', value: 101 },
      { value: 'must be 100 or less' },
    ],
    [
      'a text for a number',
      LAMP,
      { action: 'set_value', capability: 'brightness', value: '7' },
      { value: 'must be a number' },
    ],
    ['a number for a text', LAMP, value('value.colour', 7), { value: 'must be a text' }],
    ['nothing', LAMP, value('value.colour', null), { value: 'must be a text' }],
    ['a text for a switch', CAMERA, value('value.siren', 'on'), { value: 'must be true or false' }],
    ['an object for a list', STATISTICS, value('value.tags', { a: 1 }), { value: 'must be a list' }],
    ['a list for an object', STATISTICS, value('value.report', []), { value: 'must be an object' }],
    [
      'what is only read',
      HEATING,
      { action: 'set_value', capability: 'temperature', value: 20 },
      { capability: 'must be what this module can be told: setpoint, value.mode' },
    ],
    [
      'what it does not have',
      HEATING,
      value('value.colour', 'red'),
      { capability: 'must be what this module can be told: setpoint, value.mode' },
    ],
  ])('%s is refused, with the field', async (_, deviceId, wish, fields) => {
    const before = house.sent();
    await expect(house.send(deviceId, wish)).rejects.toMatchObject({
      code: 'request_invalid',
      details: { fields },
    });
    expect(house.sent()).toBe(before);
  });

  test.each<[string, string, ModuleWish]>([
    ['a device that is only read', NODE, value('value.motion', true)],
    ['a setting, which is no actuator', DOORBELL, value('value.chime', 'gong')],
    ['a wish of another kind of device', HEATING, { action: 'set_mode', mode: 'manual' }],
    ['a wish for what the device lacks', PLUG, { action: 'set_brightness', percent: 5 }],
    ['a wish for a plant', HEATING, { action: 'set_plant_mode', mode: 'away' }],
  ])('%s is refused as unsupported', async (_, deviceId, wish) => {
    const before = house.sent();
    await expect(house.send(deviceId, wish)).rejects.toMatchObject({ code: 'command_unsupported' });
    expect(house.sent()).toBe(before);
  });
});

describe('what the cloud refuses', () => {
  test('is a failure: an asset that has become a sensor takes no commands', async () => {
    await house.api('PUT', assetPath(LAMP, 'scene'), { is: 'sensor' });
    const before = (await house.commands()).length;
    const command = await house.send(LAMP, value('value.scene', 'work'));
    expect(command).toMatchObject({ status: 'failed', attempts: 1 });
    expect(await house.commands()).toHaveLength(before);
  });

  test('is a failure: a word that the profile does not list', async () => {
    const command = await house.send(HEATING, value('value.mode', 'party'));
    expect(command).toMatchObject({ status: 'failed', attempts: 1 });
  });
});

describe('a command is not repeated', () => {
  test.each([
    ['a server error', { name: 'refused', status: 500 }],
    ['a page instead of an answer', { name: 'html_error' }],
  ])('after %s', async (_, fault) => {
    await house.control('/faults', { ...fault, on: 'command', times: 1 });
    const command = await house.send(PLUG, { action: 'set_switch', on: true });
    expect(command).toMatchObject({ status: 'failed', attempts: 1 });
  });

  test('when its answer is lost: what the device says tells that it has arrived', async () => {
    await house.control('/faults', { name: 'connection_reset', applied: true, on: 'command', times: 1 });
    const before = (await house.commands()).length;
    const command = await house.send(PLUG, { action: 'set_switch', on: false });
    expect(command).toMatchObject({ status: 'unknown', attempts: 1 });
    await house.advance(2);
    await poll();
    expect(await house.commands()).toHaveLength(before + 1);
    expect((await house.shown(command)).observedAt).toEqual(expect.any(String));
  });
});

describe('an asset that the owner adds', () => {
  test.each<[string, Record<string, unknown>, ModuleWish, unknown]>([
    [
      'a fan',
      { name: 'Fan speed', profile: { type: 'integer', minimum: 0, maximum: 5 } },
      { action: 'set_fan', speed: 3 },
      3,
    ],
    [
      'a set point in °F',
      { name: 'setpoint', profile: { type: 'number', minimum: 41, maximum: 86, unit: '°F' } },
      { action: 'set_setpoint', temperatureC: 21 },
      69.8,
    ],
    [
      'one with an odd name',
      { name: 'ligne "2"/ü', profile: { type: 'text' } },
      value('value.ligne~20~222~22~2f~c3~bc', 'x'),
      'x',
    ],
  ])('is told what it understands: %s', async (_, asset, wish, told) => {
    const made = await house.api('POST', `/device/${LAMP}/assets`, { is: 'actuator', ...asset });
    expect(made.status).toBe(201);
    await house.sync('topology');
    expect(await house.send(LAMP, wish)).toMatchObject({ status: 'succeeded' });
    expect((await house.commands()).at(-1)).toMatchObject({ assetName: asset.name, value: told });
    await house.advance(3);
    await poll();
    const { awaited } = await house.module(LAMP);
    expect(awaited).toEqual({});
  });
});

async function poll(): Promise<void> {
  await house.sync('state');
  await house.settle();
}
