import { expect, test } from 'vitest';
import type { Module } from '../../../shared/domain/module.ts';
import { changesBetween, effectSeenAt, mergeReport } from '../../../shared/domain/projection.ts';
import type { Reading, ReportedValues } from '../../../shared/domain/reading.ts';
import { at, module } from './samples.ts';

const celsius = (value: number, observed: number, received = observed): Reading => ({
  value,
  unit: 'C',
  observedAt: at(observed),
  receivedAt: at(received),
});
const report = (values: ReportedValues, observed: number, received = observed, reachable?: boolean) => ({
  values,
  observedAt: at(observed),
  receivedAt: at(received),
  reachable,
});
/** At 20 °C since second 10, told at second 12. */
const warm: Module = {
  ...module,
  readings: { temperature: celsius(20, 10, 12) },
  reachable: true,
  version: 7,
};

test('takes the first report in, with units', () => {
  const merged = mergeReport(module, report({ temperature: 19.5, mode: 'automatic' }, 10, 11));
  expect(merged.module).toEqual({
    ...module,
    readings: {
      temperature: { value: 19.5, unit: 'C', observedAt: at(10), receivedAt: at(11) },
      mode: { value: 'automatic', unit: null, observedAt: at(10), receivedAt: at(11) },
    },
    reachable: true,
    version: 2,
  });
  expect(merged.late).toEqual([]);
});

test('replaces a reading by a newer one, and leaves the others', () => {
  const both = mergeReport(warm, report({ setpoint: 21 }, 20));
  expect(both.module?.readings).toEqual({ temperature: celsius(20, 10, 12), setpoint: celsius(21, 20) });
  expect(mergeReport(warm, report({ temperature: 21 }, 20)).module?.readings.temperature).toEqual(
    celsius(21, 20),
  );
});

test('never replaces a newer reading by an older one, which is history', () => {
  const merged = mergeReport(warm, report({ temperature: 18 }, 9, 30));
  expect(merged).toEqual({ module: undefined, late: [['temperature', celsius(18, 9, 30)]] });
});

test('takes what is new of a report that is partly late', () => {
  const merged = mergeReport(warm, report({ temperature: 18, setpoint: 17 }, 9, 30));
  expect(merged.module?.readings).toEqual({ temperature: celsius(20, 10, 12), setpoint: celsius(17, 9, 30) });
  expect(merged.late.map(([capability]) => capability)).toEqual(['temperature']);
});

test('lets the later arrival win at the same time of observation', () => {
  expect(mergeReport(warm, report({ temperature: 22 }, 10, 13)).module?.readings.temperature?.value).toBe(22);
});

test('takes what is said again beside news of the same second for heard again', () => {
  const merged = mergeReport(warm, report({ temperature: 20, setpoint: 21 }, 10, 13)).module;
  expect(merged?.readings).toEqual({ temperature: celsius(20, 10, 13), setpoint: celsius(21, 10, 13) });
});

test('leaves state and history alone when a report comes again after another of the same second', () => {
  expect(mergeReport(warm, report({ temperature: 19 }, 10, 11))).toEqual({ module: undefined, late: [] });
});

test('has nothing to say about the same reading twice', () => {
  expect(mergeReport(warm, report({ temperature: 20 }, 10, 12))).toEqual({ module: undefined, late: [] });
});

test('notes that the same value was observed anew', () => {
  const merged = mergeReport(warm, report({ temperature: 20 }, 60)).module;
  expect(merged).toMatchObject({ version: 8, readings: { temperature: { observedAt: at(60) } } });
});

test('takes a module that reports for reachable', () => {
  const offline = { ...warm, reachable: false };
  expect(mergeReport(offline, report({ temperature: 20 }, 60)).module?.reachable).toBe(true);
});

test('notes that a module cannot be reached, once', () => {
  const gone = mergeReport(warm, report({}, 60, 60, false)).module;
  expect(gone).toEqual({ ...warm, reachable: false, version: 8 });
  expect(mergeReport({ ...warm, reachable: false }, report({}, 70, 70, false)).module).toBeUndefined();
});

test.each([
  ['late', report({ temperature: 18 }, 5, 90, true)],
  ['the same', report({ temperature: 20 }, 10, 12, true)],
])('believes no report that is %s about whether a module can be reached now', (_, old) => {
  expect(mergeReport({ ...warm, reachable: false }, old).module).toBeUndefined();
});

test('gives changes with their previous value, and none where only times moved', () => {
  const before = { temperature: celsius(20, 10), setpoint: celsius(21, 10) };
  const after = {
    temperature: celsius(20.5, 20),
    setpoint: celsius(21, 20),
    humidity: { ...celsius(48, 20), unit: '%' },
  };
  expect(changesBetween(before, after)).toEqual([
    {
      capability: 'temperature',
      value: 20.5,
      previous: 20,
      unit: 'C',
      observedAt: at(20),
      receivedAt: at(20),
    },
    { capability: 'humidity', value: 48, unit: '%', observedAt: at(20), receivedAt: at(20) },
  ]);
});

test('tells a previous null from none', () => {
  const end = (value: string | null) => ({ mode_until: { ...celsius(0, 10), unit: null, value } });
  expect(changesBetween(end(null), end('2026-01-15T20:00:00Z'))).toMatchObject([{ previous: null }]);
});

test('sees an effect when all that it expects was received after it was sent', () => {
  const effect = { expects: { setpoint: 21, mode: 'manual' }, sentAt: at(20) };
  const mode = (value: string, received: number): Reading => ({
    ...celsius(0, 5, received),
    unit: null,
    value,
  });
  expect(effectSeenAt(effect, { setpoint: celsius(21, 21, 22), mode: mode('manual', 25) })).toBe(at(25));
  expect(effectSeenAt(effect, { setpoint: celsius(21, 21, 22) })).toBeUndefined();
  expect(
    effectSeenAt(effect, { setpoint: celsius(21, 21, 22), mode: mode('automatic', 25) }),
  ).toBeUndefined();
  expect(effectSeenAt(effect, { setpoint: celsius(21, 9, 10), mode: mode('manual', 25) })).toBeUndefined();
});

const place = { latitude: 51, longitude: 3.7 };
const own: Module = {
  ...module,
  profiles: {
    'value.place': { type: 'object', unit: null, writable: false, title: 'Place', name: 'place' },
    'value.pm10': { type: 'number', unit: 'µg/m³', writable: false, title: 'PM10', name: 'pm10' },
  },
};

test('gives readings of what a module calls its own the unit of its profile', () => {
  const merged = mergeReport(own, report({ 'value.pm10': 12, 'value.place': place, temperature: 20 }, 10));
  expect(merged.module?.readings).toMatchObject({
    'value.pm10': { value: 12, unit: 'µg/m³' },
    'value.place': { value: place, unit: null },
    temperature: { value: 20, unit: 'C' },
  });
});

test('compares values by what they say, not by which object they are', () => {
  const known = mergeReport(own, report({ 'value.place': place }, 10)).module ?? own;
  const turned = { longitude: 3.7, latitude: 51 };
  expect(mergeReport(known, report({ 'value.place': turned }, 10, 11))).toEqual({
    module: undefined,
    late: [],
  });
  const later = mergeReport(known, report({ 'value.place': turned }, 20)).module ?? own;
  expect(changesBetween(known.readings, later.readings)).toEqual([]);
  const moved = mergeReport(known, report({ 'value.place': { ...place, latitude: 52 } }, 20)).module ?? own;
  expect(changesBetween(known.readings, moved.readings)).toMatchObject([{ previous: place }]);
  const effect = { expects: { 'value.place': turned }, sentAt: at(15) };
  expect(effectSeenAt(effect, later.readings)).toBe(at(20));
  expect(effectSeenAt(effect, moved.readings)).toBeUndefined();
});

test.each([
  ['too long', 'x'.repeat(2_047)],
  ['too long in bytes', 'é'.repeat(1_024)],
  ['too deep', [[[[[[[[[['deep']]]]]]]]]]],
  ['too large a number', { far: 1e200 }],
  ['too small a number', [5e-324]],
  ['with a member without a name', { '': 1 }],
  ['with a zero in the name of a member', { 'a\0b': 1 }],
])('leaves out a value that cannot be kept, being %s, and takes the others', (_, value) => {
  const merged = mergeReport(own, report({ 'value.place': value, 'value.pm10': 3 }, 10));
  expect(Object.keys(merged.module?.readings ?? {})).toEqual(['value.pm10']);
});
