import { describe, expect, it } from 'vitest';
import { placeOf, toReport } from '../../../../shared/providers/legrand/translate.ts';
import { MODULE, notified, PLANT, thermostat } from './samples.ts';

const PARIS = 'Europe/Paris';
const place = { plantNativeId: PLANT, moduleNativeId: MODULE };
const report = (deviation?: Record<string, unknown>) => toReport(thermostat(deviation), place, PARIS);
const valuesOf = (deviation: Record<string, unknown>) => report(deviation).values;

describe('a Legrand thermostat', () => {
  it('becomes one report, its end of manual mode in UTC', () => {
    expect(report()).toEqual({
      ...place,
      observedAt: '2026-01-15T17:04:11.000Z',
      reachable: true,
      values: {
        temperature: 19.4,
        humidity: 48.2,
        setpoint: 20.5,
        mode: 'manual',
        mode_until: '2026-01-15T21:30:00.000Z',
        function: 'heating',
        program: '1',
        demand: true,
      },
    });
  });

  it('says the same in a webhook, and `online` is not believed', () => {
    expect(report(notified)).toEqual(report());
  });

  it.each([
    ['number', 20.5],
    ['text', '20.50000'],
  ])('is read with its numbers as %s', (_, value) => {
    expect(
      valuesOf({ setPoint: { value, unit: 'C' }, thermometer: { measures: [{ value, unit: 'C' }] } }),
    ).toMatchObject({ setpoint: 20.5, temperature: 20.5 });
  });

  it.each(['1e300', '1e-300', -1e16, 'Infinity', 'warm', ''])(
    'has no reading of %j, which no thermostat can mean',
    (value) => {
      const measure = { value, unit: 'C' };
      const values = valuesOf({ setPoint: measure, thermometer: { measures: [measure] } });
      expect([values.setpoint, values.temperature]).toEqual([undefined, undefined]);
    },
  );

  it.each([
    ['68.9', 20.5],
    ['68.5', 20.3],
    ['14', -10],
  ])('has its %s °F turned into %d °C', (value, celsius) => {
    const measure = { value, unit: 'F' };
    expect(valuesOf({ setPoint: measure, thermometer: { measures: [measure] } })).toMatchObject({
      setpoint: celsius,
      temperature: celsius,
    });
  });

  it('counts a value without a unit in the unit it displays', () => {
    expect(valuesOf({ temperatureFormat: 'F', setPoint: { value: '68', unit: '' } }).setpoint).toBe(20);
    expect(valuesOf({ temperatureFormat: 'C', setPoint: { value: '20', unit: '' } }).setpoint).toBe(20);
  });

  it('takes the newest of several measures, whatever their offsets', () => {
    const measures = [
      { timeStamp: '2026-01-15T18:04:00+01:00', value: '19.4', unit: 'C' },
      { timeStamp: '2026-01-15T17:05:00Z', value: '19.9', unit: 'C' },
      { timeStamp: '2026-01-15T16:59:00+00:00', value: '18.0', unit: 'C' },
    ];
    expect(valuesOf({ thermometer: { measures } }).temperature).toBe(19.9);
  });

  it('is dated by its newest measure where it has no time, and not at all without any', () => {
    const measures = [{ timeStamp: '2026-01-15T18:02:00+01:00', value: '19.4', unit: 'C' }];
    expect(report({ time: undefined, thermometer: { measures } }).observedAt).toBe(
      '2026-01-15T17:02:00.000Z',
    );
    expect(report({ time: 'later', thermometer: null, hygrometer: null })).not.toHaveProperty('observedAt');
  });

  it.each([
    ['2026-01-15T22:30:00', '2026-01-15T21:30:00.000Z'],
    ['2026-01-15T22:30:00Z', '2026-01-15T22:30:00.000Z'],
    ['2026-01-15T22:30:00+01:00', '2026-01-15T21:30:00.000Z'],
    ['2026-01-15T22:00:00/2026-01-15T22:30:00', '2026-01-15T21:30:00.000Z'],
    ['2026-7-1T22:30:00', '2026-07-01T20:30:00.000Z'],
  ])('holds its mode until %s', (activationTime, until) => {
    expect(valuesOf({ activationTime }).mode_until).toBe(until);
  });

  it('has no end of its mode where it names none, and an unknown one where it cannot be read', () => {
    expect(valuesOf({ activationTime: undefined }).mode_until).toBeNull();
    expect(valuesOf({ activationTime: '' }).mode_until).toBeNull();
    expect(valuesOf({ activationTime: 'tomorrow' })).not.toHaveProperty('mode_until');
  });

  it.each([
    ['setPoint', 'setpoint', { value: 'warm', unit: 'C' }],
    ['setPoint', 'setpoint', { value: '', unit: 'C' }],
    ['setPoint', 'setpoint', null],
    ['mode', 'mode', 'HOLIDAY'],
    ['function', 'function', 7],
    ['loadState', 'demand', 'MAYBE'],
    ['programs', 'program', null],
    ['thermometer', 'temperature', { measures: 'none' }],
    ['thermometer', 'temperature', { measures: [] }],
    ['hygrometer', 'humidity', 'broken'],
  ])('leaves out only what cannot be read: %s', (field, capability, value) => {
    const { values } = report({ [field]: value });
    expect(values).not.toHaveProperty(capability);
    expect(Object.keys(values).length).toBeGreaterThanOrEqual(6);
  });

  it('is where its sender says, without the prefix that envelopes have', () => {
    expect(placeOf(thermostat())).toEqual(place);
    expect(placeOf(thermostat({ sender: { plant: { id: PLANT } } }))).toBeUndefined();
  });
});
