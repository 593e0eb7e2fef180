/** What is read of AllThingsTalk, as it is kept, told and shown: capabilities that modules call their own included. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type HistoryWish, readHistory } from '../../../../shared/actions/read-history.ts';
import { presentModule } from '../../../../shared/api/present.ts';
import { ModuleView } from '../../../../shared/api/views.ts';
import { moduleIdFor } from '../../../../shared/domain/ids.ts';
import {
  CAMERA,
  DOORBELL,
  HEATING,
  LAMP,
  NODE,
  PLUG,
  STATISTICS,
} from '../../../infra/local/providers/allthingstalk/allthingstalk-client.ts';
import { type HouseBench, NOW, openHouse } from './house-bench.ts';

let house: HouseBench;
beforeAll(async () => {
  house = await openHouse();
});
afterAll(() => house.close());

const PLACE = { latitude: 51.1, longitude: 3.8, accuracy: 4 };
/** What a poll brings of something that a device said; a reading is never older than the one before. */
async function heard(deviceId: string, asset: string, value: unknown) {
  await house.advance(1);
  await house.report(deviceId, asset, value);
  await house.sync('state');
  const events = await house.settle();
  return events
    .filter(({ subject }) => subject === moduleIdFor(house.accountId, deviceId))
    .flatMap(({ data }) => data.changes);
}

const past = (deviceId: string, wish: Omit<HistoryWish, 'moduleId'>, limit = 1_000) =>
  readHistory(house.deps, { moduleId: moduleIdFor(house.accountId, deviceId), ...wish }, { limit });

describe('a module', () => {
  test('is kept with what it calls its own, in its own units', async () => {
    const { readings, profiles } = await house.module(PLUG);
    expect(profiles['value.energy']).toMatchObject({ type: 'number', unit: 'kWh', name: 'energy' });
    expect(readings['value.energy']).toMatchObject({ value: expect.any(Number), unit: 'kWh' });
    expect(readings.power).toMatchObject({ unit: 'W' });
    const { readings: ofStatistics } = await house.module(STATISTICS);
    expect(ofStatistics['value.tags']).toMatchObject({ value: ['home', 'winter'], unit: null });
  });

  test('is shown with its profiles', async () => {
    const view = presentModule(await house.module(CAMERA), 900, [], NOW);
    expect(ModuleView.parse(view)).toEqual(view);
    expect(view.profiles['value.place']).toMatchObject({ type: 'object', writable: false, name: 'place' });
    expect(view.readings.find(({ capability }) => capability === 'value.place')).toMatchObject({
      value: { latitude: 51.05, longitude: 3.72, accuracy: 12 },
    });
  });
});

describe('a change', () => {
  test('is told of an object once, by what it says', async () => {
    const before = { latitude: 51.05, longitude: 3.72, accuracy: 12 };
    const change = { capability: 'value.place', value: PLACE, previous: before, unit: null };
    expect(await heard(CAMERA, 'place', PLACE)).toContainEqual(expect.objectContaining(change));
    const { accuracy, ...turned } = PLACE;
    expect(await heard(CAMERA, 'place', { accuracy, ...turned })).toEqual([]);
    const again = { capability: 'value.place', value: { ...PLACE, accuracy: 9 }, previous: PLACE };
    expect(await heard(CAMERA, 'place', { ...PLACE, accuracy: 9 })).toContainEqual(
      expect.objectContaining(again),
    );
  });

  test('is told of lists, texts and numbers, each by its own name', async () => {
    expect(await heard(STATISTICS, 'tags', ['home'])).toMatchObject([
      { capability: 'value.tags', value: ['home'], previous: ['home', 'winter'] },
    ]);
    expect(await heard(LAMP, 'scene', 'evening')).toMatchObject([
      { capability: 'value.scene', value: 'evening' },
    ]);
    expect(await heard(DOORBELL, '1', 4)).toMatchObject([{ capability: 'value.1', value: 4, previous: 3 }]);
  });

  test('is not told of what cannot be kept, and others are', async () => {
    await house.report(LAMP, 'colour', 'x'.repeat(5_000));
    expect(await heard(LAMP, 'scene', 'work')).toMatchObject([{ capability: 'value.scene', value: 'work' }]);
  });
});

describe('the past', () => {
  test('of what a module calls its own is what was kept here', async () => {
    const { items, unit } = await past(CAMERA, { capability: 'value.place', resolution: 'raw' });
    expect(unit).toBeNull();
    expect(items.map(({ value }) => value)).toContainEqual(PLACE);
  });

  test('of a number reaches back to before the link, in its unit', async () => {
    const from = new Date(NOW - 24 * 3_600_000).toISOString();
    const { items, unit } = await past(PLUG, { capability: 'value.energy', resolution: 'raw', from });
    expect(unit).toBe('kWh');
    expect(items.length).toBeGreaterThan(50);
    const times = items.map(({ time }) => time);
    expect(times).toEqual([...new Set(times)].toSorted());
  });

  test('is told in means as well', async () => {
    const from = new Date(NOW - 12 * 3_600_000).toISOString();
    const { items } = await past(NODE, { capability: 'temperature', resolution: '1hour', from });
    // Steps that are over.
    expect(items.length).toBeGreaterThanOrEqual(11);
    await expect(past(NODE, { capability: 'temperature', resolution: '1month', from })).rejects.toMatchObject(
      {
        code: 'request_invalid',
      },
    );
    await expect(
      past(HEATING, { capability: 'value.mode', resolution: '1hour', from }),
    ).rejects.toMatchObject({
      code: 'request_invalid',
    });
  });
});
