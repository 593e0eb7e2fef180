/** What rules of the owner's call, from the value in the cloud to the readings and the feed. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Event } from '../../../../shared/domain/event.ts';
import {
  CAMERA,
  DOORBELL,
  HEATING,
  LAMP,
  NODE,
  PLUG,
  STATISTICS,
} from '../../../infra/local/providers/allthingstalk/allthingstalk-client.ts';
import { type HouseBench, openHouse } from './house-bench.ts';

let house: HouseBench;

beforeAll(async () => {
  house = await openHouse();
});
afterAll(() => house.close());

const place = { latitude: 51.1, longitude: 3.75, accuracy: 8 };

/** By asset: what the device says, and the capability of which that is a reading. */
const said: readonly (readonly [deviceId: string, asset: string, value: unknown, capability: string])[] = [
  [NODE, 'temperature', 22.75, 'temperature'],
  [NODE, 'humidity', 0, 'humidity'],
  [NODE, 'air-quality', 'Bad', 'value.air-quality'],
  [NODE, 'Battery Level', 12, 'battery'],
  [NODE, 'motion', true, 'motion'],
  [NODE, 'motion', false, 'motion'],
  [PLUG, 'switch', false, 'switch'],
  [PLUG, 'energy', 1234.5, 'value.energy'],
  [LAMP, 'colour', '#00ff00', 'value.colour'],
  [HEATING, 'setpoint', 17.5, 'setpoint'],
  [CAMERA, 'location', { latitude: 50.5, longitude: -3 }, 'value.location'],
  [CAMERA, 'place', place, 'value.place'],
  [CAMERA, 'siren', true, 'value.siren'],
  [STATISTICS, 'tags', ['"quoted"', 'b'], 'value.tags'],
  [STATISTICS, 'report', { text: 'a "b"', list: [{ n: 1 }] }, 'value.report'],
  [DOORBELL, '1', 4, 'value.1'],
];

/** Texts that spoil the JSON into which they are pasted, or would say something else in it. */
const spoiling = [
  'He said "hello"',
  'C:\\new\\table',
  'two\nlines',
  '","value":"other"}',
  '"}',
  'x","device":"Thermostat","asset":"setpoint","value":"30',
  'null',
  '',
  '{"a":1}',
  'ünï 🔔',
];

const changes = (events: readonly Event[]) =>
  events.filter(({ type }) => type === 'latchkey.module.changed').map(({ data }) => data);
const unreadable = (events: readonly Event[]) =>
  events.filter(({ type }) => type === 'latchkey.delivery.unreadable').map(({ data }) => data.reason);

describe('a rule', () => {
  test.each(said)('of %s tells %s as %j', async (deviceId, asset, value, capability) => {
    await house.advance(1);
    const ruleId = await house.addRule(deviceId, asset);
    const events = await house.report(deviceId, asset, value);
    const { readings, moduleId } = await house.module(deviceId);
    expect(readings).toMatchObject({
      [capability]: { value, observedAt: house.at(), receivedAt: house.at() },
    });
    expect(changes(events)).toEqual([
      expect.objectContaining({
        moduleId,
        changes: expect.arrayContaining([expect.objectContaining({ capability, value })]),
      }),
    ]);
    await house.removeRule(ruleId);
  });

  test.each(spoiling)('tells a text as it is: %j', async (text) => {
    await house.advance(1);
    const ruleId = await house.addRule(STATISTICS, 'note');
    expect(unreadable(await house.report(STATISTICS, 'note', text))).toEqual([]);
    expect((await house.module(STATISTICS)).readings['value.note']?.value).toBe(text);
    await house.removeRule(ruleId);
  });

  test('that says the same again, or the former value, is heard each time', async () => {
    const ruleId = await house.addRule(NODE, 'temperature');
    const heard: unknown[] = [];
    for (const value of [19, 20, 19, 19]) {
      await house.advance(1);
      await house.report(NODE, 'temperature', value);
      heard.push((await house.module(NODE)).readings.temperature);
    }
    expect(heard).toMatchObject([19, 20, 19, 19].map((value) => ({ value })));
    expect(new Set(heard.map((reading) => JSON.stringify(reading))).size).toBe(4);
    await house.removeRule(ruleId);
  });

  test('that calls several times for one value changes once', async () => {
    const ruleId = await house.addRule(LAMP, 'scene');
    await house.control('/faults', { name: 'hook_repeated', count: 3, times: 1 });
    expect(changes(await house.report(LAMP, 'scene', 'evening'))).toHaveLength(1);
    await house.removeRule(ruleId);
  });
});

describe('a body', () => {
  let ruleId: string;

  beforeAll(async () => {
    ruleId = await house.addRule(HEATING, 'mode');
  });

  const words = (changed: Record<string, unknown>) =>
    JSON.stringify({
      source: 'allthingstalk-rule',
      device: 'Thermostat',
      asset: 'setpoint',
      value: '18',
      ...changed,
    });

  test.each<[string, string, string, unknown]>([
    ['with the id of the device', words({ device: HEATING, value: '11' }), 'setpoint', 11],
    ['with the title of the asset', words({ asset: 'Set point', value: '12' }), 'setpoint', 12],
    ['with a number that is not quoted', words({ value: 13 }), 'setpoint', 13],
    [
      'with blanks and lines',
      '\n{ "source" : "allthingstalk-rule",\n "device": "Thermostat" ,"asset":\t"setpoint", "value" : "14" }\n',
      'setpoint',
      14,
    ],
    [
      'in another order, with more in it',
      '{"value":"15","asset":"setpoint","at":"now","device":"Thermostat","source":"allthingstalk-rule"}',
      'setpoint',
      15,
    ],
    [
      'with what a device in C# calls true',
      words({ device: 'Kettle plug', asset: 'switch', value: 'True' }),
      'switch',
      true,
    ],
    ['with nothing reported yet', words({ asset: 'setpoint', value: 'null' }), 'setpoint', null],
  ])('%s is read', async (_, body, capability, value) => {
    await house.advance(1);
    expect(unreadable(await house.fire(ruleId, body))).toEqual([]);
    const device = body.includes('Kettle') ? PLUG : HEATING;
    expect((await house.module(device)).readings).toMatchObject({
      [capability]: { value, observedAt: house.at() },
    });
  });

  test.each<[string, string, string]>([
    ['empty', '', 'is not what the rule was to send'],
    ['of a scanner', 'hello', 'is not what the rule was to send'],
    ['of somebody else’s rule', '{"temperature":"21"}', 'is not what the rule was to send'],
    ['without a value', words({ value: undefined }), 'is not what the rule was to send'],
    ['without a device', words({ device: '' }), 'is not what the rule was to send'],
    [
      'cut short',
      '{"source":"allthingstalk-rule","device":"Thermostat","ass',
      'is not what the rule was to send',
    ],
    ['pasted without bindings', words({ value: '{{value}}' }), 'has a place that the rule does not bind'],
    [
      'about an asset that the device lacks',
      words({ asset: 'colour' }),
      'names an asset that the device is not known to have, or has twice',
    ],
    ['that is no number', words({ value: 'warm' }), 'has a value that the asset’s profile does not allow'],
    ['with no value at all', words({ value: '' }), 'has a value that the asset’s profile does not allow'],
    [
      'that is no JSON where an object should be',
      words({ device: 'Statistics', asset: 'report', value: '{a' }),
      'has a value that the asset’s profile does not allow',
    ],
  ])('%s changes nothing, and says so', async (_, body, reason) => {
    const before = await house.bench.store.modules.ofAccount(house.accountId);
    expect(unreadable(await house.fire(ruleId, body))).toEqual([reason]);
    expect(await house.bench.store.modules.ofAccount(house.accountId)).toEqual(before);
  });

  test('about a device that is not known has devices looked for, half an hour later', async () => {
    const events = await house.fire(ruleId, words({ device: 'New node' }));
    expect(events).toEqual([]);
    const job = await house.bench.store.syncJobs.get(house.accountId);
    expect(job?.next.topology).toBe(house.at(1_800));
  });

  test('about one of two devices of the same title is not guessed at; their ids tell them apart', async () => {
    await house.control('/device', { deviceId: DOORBELL, title: 'Thermostat' });
    await house.sync('topology');
    expect(unreadable(await house.fire(ruleId, words({})))).toEqual([
      'names a device by a title that several have',
    ]);
    await house.advance(1);
    await house.fire(ruleId, words({ device: HEATING, value: '16' }));
    expect((await house.module(HEATING)).readings.setpoint?.value).toBe(16);
  });
});
