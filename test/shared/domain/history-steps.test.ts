import fc from 'fast-check';
import { expect, test } from 'vitest';
import { StepResolution } from '../../../shared/domain/history.ts';
import {
  blockOfStep,
  condense,
  isCondensed,
  isRemakeable,
  type Step,
  type StepBlock,
  stepAt,
  stepOf,
  withSteps,
} from '../../../shared/domain/history-steps.ts';
import { ownCapability } from '../../../shared/domain/own-capability.ts';
import { isKeepable } from '../../../shared/domain/reading.ts';
import { moduleId } from './samples.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const NOON = Date.parse('2026-01-15T12:00:00Z');
const noonHour = { fromEpochMs: NOON, toEpochMs: NOON + HOUR_MS - 1 };
const ZONES = ['Europe/Paris', 'Asia/Kolkata', 'Australia/Lord_Howe', '-03:30'];

/** Anything that a reading can be kept with. */
const value = fc.oneof(
  fc.double({ noNaN: true, min: -60, max: 60 }),
  fc.constantFrom(Number.MAX_SAFE_INTEGER, -Number.MAX_SAFE_INTEGER, 1e-129, -1e-129, 0),
);
/** No reading is -0: the table does not know it. */
const keepable = value.filter(isKeepable).map((one) => one + 0);
/** Readings within an hour, of different moments. */
const readings = fc.uniqueArray(fc.tuple(fc.integer({ min: NOON, max: NOON + HOUR_MS - 1 }), keepable), {
  selector: ([time]) => time,
  minLength: 1,
});
const partsOf = (of: readonly (readonly [number, number])[]) => of.map(([time, told]) => stepOf(time, told));

test('a step has the least, the greatest, the mean and the number of its readings', () => {
  const parts = partsOf([
    [NOON, 20],
    [NOON + 1, 23],
    [NOON + HOUR_MS - 1, 20.5],
    [NOON + HOUR_MS, 99],
    [NOON - 1, -99],
  ]);
  expect(condense(parts, noonHour)).toEqual({
    startEpochMs: NOON,
    min: 20,
    max: 23,
    mean: 63.5 / 3,
    count: 3,
  });
});

test('there is no step of nothing', () => {
  expect(condense(partsOf([[NOON - 1, 20]]), noonHour)).toBeUndefined();
});

test('a step is the same in whatever order its readings are found, and can be kept', () => {
  fc.assert(
    fc.property(readings, fc.infiniteStream(fc.nat()), (told, keys) => {
      const step = condense(partsOf(told), noonHour);
      const shuffled = told.map((one) => [keys.next().value ?? 0, one] as const);
      const other = shuffled.toSorted(([a], [b]) => a - b).map(([, one]) => one);
      expect(condense(partsOf(other), noonHour)).toEqual(step);
      if (!step) throw new Error('there is a step where there are readings');
      const values = told.map(([, one]) => one);
      expect(step).toMatchObject({ min: Math.min(...values), max: Math.max(...values) });
      expect(step.count).toBe(told.length);
      expect(step.mean).toBeGreaterThanOrEqual(step.min);
      expect(step.mean).toBeLessThanOrEqual(step.max);
      expect(isKeepable(step.mean)).toBe(true);
    }),
  );
});

test('an hour of steps of five minutes says what an hour of readings says', () => {
  const warmth = fc.tuple(
    fc.integer({ min: NOON, max: NOON + HOUR_MS - 1 }),
    fc.integer({ min: -400, max: 400 }).map((tenths) => tenths / 10),
  );
  fc.assert(
    fc.property(fc.uniqueArray(warmth, { selector: ([time]) => time, minLength: 1 }), (told) => {
      const parts = partsOf(told);
      const spans = new Map(
        told.map(([time]) => stepAt('5min', time, 'UTC')).map((span) => [span.fromEpochMs, span]),
      );
      const fine = [...spans.values()].flatMap((span) => condense(parts, span) ?? []);
      const [hour, direct] = [condense(fine, noonHour), condense(parts, noonHour)];
      expect(hour).toMatchObject({ min: direct?.min, max: direct?.max, count: direct?.count });
      expect(hour?.mean).toBeCloseTo(direct?.mean ?? Number.NaN, 9);
    }),
  );
});

test.each(StepResolution.options)('a step of %s is in one block, wherever the plant is', (resolution) => {
  const instant = fc.integer({ min: Date.parse('2020-01-01'), max: Date.parse('2035-01-01') });
  fc.assert(
    fc.property(instant, fc.constantFrom(...ZONES), (epochMs, zone) => {
      const { fromEpochMs, toEpochMs } = stepAt(resolution, epochMs, zone);
      expect(fromEpochMs <= epochMs && epochMs <= toEpochMs).toBe(true);
      expect(blockOfStep(resolution, fromEpochMs)).toBeLessThanOrEqual(fromEpochMs);
      expect(blockOfStep(resolution, blockOfStep(resolution, fromEpochMs))).toBe(
        blockOfStep(resolution, fromEpochMs),
      );
    }),
  );
});

test('steps that are made anew replace themselves alone, and go where nothing is in them any more', () => {
  const step = (hour: number, mean: number): Step => stepOf(NOON + hour * HOUR_MS, mean);
  const span = (hour: number) => ({
    fromEpochMs: NOON + hour * HOUR_MS,
    toEpochMs: NOON + (hour + 1) * HOUR_MS - 1,
  });
  const block: StepBlock = {
    moduleId,
    capability: 'temperature',
    resolution: '1hour',
    fromEpochMs: NOON - 12 * HOUR_MS,
    steps: [step(0, 20), step(1, 21), step(3, 23)],
    inputDays: 400,
    version: 4,
  };
  const next = withSteps(block, [span(0), span(2), span(3)], [step(0, 10), step(2, 12), step(1, 11)]);
  expect(next).toEqual({ ...block, steps: [step(0, 10), step(1, 21), step(2, 12)], version: 5 });
});

test('what may have lost some of what it is made of is not made anew', () => {
  const span = { fromEpochMs: NOON, toEpochMs: NOON + HOUR_MS - 1 };
  expect(isRemakeable(span, 7, NOON + 7 * DAY_MS - 300_000)).toBe(true);
  expect(isRemakeable(span, 7, NOON + 7 * DAY_MS - 299_999)).toBe(false);
});

test('there are means of numbers, but not of directions', () => {
  const own = ownCapability('bearing');
  const profile = {
    type: 'number',
    unit: 'deg',
    writable: false,
    title: 'Bearing',
    name: 'bearing',
  } as const;
  expect(isCondensed('temperature', {})).toBe(true);
  expect(isCondensed('fan_speed', {})).toBe(true);
  expect(isCondensed('mode', {})).toBe(false);
  expect(isCondensed('switch', {})).toBe(false);
  expect(isCondensed('wind_angle', {})).toBe(false);
  expect(isCondensed(own, { [own]: profile })).toBe(false);
  expect(isCondensed(own, { [own]: { ...profile, unit: 'ppm' } })).toBe(true);
  expect(isCondensed(own, { [own]: { ...profile, type: 'object', unit: null } })).toBe(false);
  // A module that does not say what its own is may tell numbers.
  expect(isCondensed(own, {})).toBe(true);
});
