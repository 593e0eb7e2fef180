import { describe, expect, it } from 'vitest';
import { LatchkeyError } from '../../../../shared/domain/error.ts';
import type { Module } from '../../../../shared/domain/module.ts';
import { type ThermostatWish, toSetStatus } from '../../../../shared/providers/legrand/set-status.ts';
import { moduleWith } from './samples.ts';

const NOW = Date.parse('2026-01-15T17:05:42.500Z');
const PARIS = { timeZone: 'Europe/Paris' };

function translate(wish: ThermostatWish, module: Module = moduleWith(), plant = PARIS, now = NOW) {
  return toSetStatus(wish, { plant, module }, now);
}

function refusal(wish: ThermostatWish, module?: Module, now?: number): LatchkeyError {
  try {
    translate(wish, module, PARIS, now);
  } catch (error) {
    if (error instanceof LatchkeyError) return error;
    throw error;
  }
  throw new Error('the wish was not refused');
}

describe('a wish for a Legrand thermostat', () => {
  it('sets the setpoint as text, until further notice', () => {
    expect(translate({ action: 'set_setpoint', temperatureC: 20.5 })).toEqual({
      body: { function: 'heating', mode: 'manual', setPoint: { value: '20.5', unit: 'C' } },
      expects: { mode: 'manual', setpoint: 20.5 },
    });
  });

  it.each([
    ['Europe/Paris', '2026-01-15T22:30:00'],
    ['+01:00', '2026-01-15T22:30:00'],
    ['America/New_York', '2026-01-15T16:30:00'],
  ])('names the end on the wall clock of %s, without a suffix', (timeZone, activationTime) => {
    const until = '2026-01-15T21:30:00Z';
    expect(
      translate({ action: 'set_setpoint', temperatureC: 21, until }, moduleWith(), { timeZone }),
    ).toEqual({
      body: { function: 'heating', mode: 'manual', setPoint: { value: '21.0', unit: 'C' }, activationTime },
      expects: { mode: 'manual', setpoint: 21, mode_until: '2026-01-15T21:30:00.000Z' },
    });
  });

  it('keeps the present function', () => {
    const cooling = moduleWith({ function: 'cooling' });
    expect(translate({ action: 'set_setpoint', temperatureC: 26 }, cooling).body.function).toBe('cooling');
  });

  it.each([7, 7.1, 19.3, 29.9, 40])('takes %d °C', (temperatureC) => {
    expect(translate({ action: 'set_setpoint', temperatureC }).body.setPoint?.value).toBe(
      temperatureC.toFixed(1),
    );
  });

  it.each([3, 6.9, 40.1, 20.55, 20.05])('refuses %d °C', (temperatureC) => {
    expect(refusal({ action: 'set_setpoint', temperatureC })).toMatchObject({
      code: 'request_invalid',
      details: { fields: { temperatureC: 'must be between 7 and 40 in steps of 0.1' } },
    });
  });

  it.each([
    ['2026-01-15T21:40:00Z', /quarter/],
    ['2026-01-15T21:30:30Z', /quarter/],
    ['2026-01-15T21:30:00.001Z', /quarter/],
    ['2026-01-15T17:00:00Z', /future/],
    ['2026-01-24T17:15:00Z', /at most 9 days/],
  ])('refuses an end at %s rather than rounding it', (until, reason) => {
    const error = refusal({ action: 'set_setpoint', temperatureC: 20, until });
    expect(error.code).toBe('request_invalid');
    expect(error.details.fields?.until).toMatch(reason);
  });

  it('takes an end nine days ahead', () => {
    const wish: ThermostatWish = { action: 'set_setpoint', temperatureC: 20, until: '2026-01-24T17:00:00Z' };
    expect(translate(wish).body.activationTime).toBe('2026-01-24T18:00:00');
  });

  it('refuses an end that the wall clock shows twice, and takes the first time it does', () => {
    const evening = Date.parse('2026-10-24T20:00:00Z');
    const at = (until: string): ThermostatWish => ({ action: 'set_setpoint', temperatureC: 20, until });
    expect(refusal(at('2026-10-25T01:30:00Z'), undefined, evening).details.fields?.until).toMatch(/twice/);
    expect(translate(at('2026-10-25T00:30:00Z'), undefined, PARIS, evening).body.activationTime).toBe(
      '2026-10-25T02:30:00',
    );
  });

  it.each([30, 60, 90])('boosts for %d minutes, from the last whole minute', (minutes) => {
    const end = { 30: '18:35', 60: '19:05', 90: '19:35' }[minutes];
    expect(translate({ action: 'set_mode', mode: 'boost', minutes })).toEqual({
      body: {
        function: 'heating',
        mode: 'boost',
        activationTime: `2026-01-15T18:05:00/2026-01-15T${end}:00`,
      },
      expects: { mode: 'boost' },
    });
  });

  it.each([undefined, 1, 45, 120])('refuses to boost for %s minutes', (minutes) => {
    const wish: ThermostatWish = { action: 'set_mode', mode: 'boost', ...(minutes && { minutes }) };
    expect(refusal(wish)).toMatchObject({
      code: 'request_invalid',
      details: { fields: { minutes: 'must be 30, 60 or 90' } },
    });
  });

  it.each([
    ['the one wished', '2', moduleWith({ program: '1' }), 2],
    ['the one it followed last', undefined, moduleWith({ program: '1' }), 1],
    ['its first real one', undefined, moduleWith(), 1],
    ['any that exists at all where it named none', '7', moduleWith({}, []), 7],
  ])('follows a program: %s', (_, program, module, number) => {
    expect(translate({ action: 'set_mode', mode: 'automatic', ...(program && { program }) }, module)).toEqual(
      {
        body: { function: 'heating', mode: 'automatic', programs: [{ number }] },
        expects: { mode: 'automatic', program: String(number) },
      },
    );
  });

  it.each([
    ['is not its own', '9', moduleWith()],
    ['is no number', 'night', moduleWith({}, [])],
    ['is beyond the last', '12', moduleWith({}, [])],
    ['nobody knows', undefined, moduleWith({}, [])],
  ])('refuses a program that %s', (_, program, module) => {
    const error = refusal({ action: 'set_mode', mode: 'automatic', ...(program && { program }) }, module);
    expect(error.code).toBe('request_invalid');
    expect(error.details.fields).toHaveProperty('program');
  });

  it('holds the present setpoint in manual mode', () => {
    const wish: ThermostatWish = { action: 'set_mode', mode: 'manual' };
    expect(translate(wish, moduleWith({ mode: 'automatic', setpoint: 18.5 }))).toEqual({
      body: { function: 'heating', mode: 'manual', setPoint: { value: '18.5', unit: 'C' } },
      expects: { mode: 'manual', setpoint: 18.5 },
    });
  });

  it.each([
    ['it is unknown', moduleWith()],
    ['it is that of a boost', moduleWith({ mode: 'boost', setpoint: 40 })],
    ['it is below the scale', moduleWith({ mode: 'protection', setpoint: 5 })],
  ])('does not hold a setpoint when %s', (_, module) => {
    expect(refusal({ action: 'set_mode', mode: 'manual' }, module).message).toMatch(/set_setpoint/);
  });

  it('switches off, for ever or until an end', () => {
    expect(translate({ action: 'set_mode', mode: 'off' })).toEqual({
      body: { function: 'heating', mode: 'off' },
      expects: { mode: 'off' },
    });
    expect(translate({ action: 'set_mode', mode: 'off', until: '2026-01-16T06:00:00Z' })).toEqual({
      body: {
        function: 'heating',
        mode: 'off',
        activationTime: '2026-01-15T18:05:00/2026-01-16T07:00:00',
      },
      expects: { mode: 'off', mode_until: '2026-01-16T06:00:00.000Z' },
    });
  });

  it('protects against frost', () => {
    expect(translate({ action: 'set_mode', mode: 'protection' })).toEqual({
      body: { function: 'heating', mode: 'protection' },
      expects: { mode: 'protection' },
    });
  });

  it('knows no mode away', () => {
    expect(refusal({ action: 'set_mode', mode: 'away' }).code).toBe('command_unsupported');
  });

  it.each<ThermostatWish>([
    { action: 'set_mode', mode: 'automatic', minutes: 30 },
    { action: 'set_mode', mode: 'boost', minutes: 30, until: '2026-01-15T18:00:00Z' },
    { action: 'set_mode', mode: 'protection', until: '2026-01-15T18:00:00Z' },
    { action: 'set_mode', mode: 'off', program: '1' },
  ])('refuses what has no meaning with its mode: %o', (wish) => {
    expect(refusal(wish)).toMatchObject({
      code: 'request_invalid',
      message: expect.stringMatching(/no meaning/),
    });
  });
});
