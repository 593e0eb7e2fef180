import { describe, expect, it } from 'vitest';
import {
  activationText,
  readActivation,
} from '../../../../../infra/local/providers/legrand/house/activation-time.ts';
import { advanceThermostat } from '../../../../../infra/local/providers/legrand/house/advance-thermostat.ts';
import { createThermostat } from '../../../../../infra/local/providers/legrand/house/new-thermostat.ts';
import { setPointC } from '../../../../../infra/local/providers/legrand/house/thermostat.ts';
import { LIVING_ROOM } from './legrand-client.ts';
import { START } from './start-cloud.ts';

const PARIS = 'Europe/Paris';
const place = { moduleId: LIVING_ROOM, name: 'Living room', timeZone: PARIS, temperatureC: 19.4 };

describe('a thermostat left alone', () => {
  it('keeps its room about the programme, by day and by night', () => {
    const thermostat = createThermostat(place, START);
    const told: number[] = [];
    advanceThermostat(thermostat, PARIS, START + 4 * 3_600_000, (_, epochMs) => told.push(epochMs));
    expect(thermostat.room.temperatureC).toBeGreaterThan(19.5);
    expect(thermostat.room.temperatureC).toBeLessThan(20.5);
    expect(setPointC(thermostat, START, PARIS)).toBe(20);
    expect(setPointC(thermostat, Date.parse('2026-01-15T22:00:00Z'), PARIS)).toBe(17);
    expect(told).toEqual(told.toSorted((a, b) => a - b));
    expect(told.length).toBeGreaterThan(2);
    expect(told.length).toBeLessThan(20);
  });

  it('returns to its programme at the very end of a timed mode', () => {
    const thermostat = createThermostat(place, START);
    Object.assign(thermostat, { mode: 'MANUAL', activation: { endWall: '2026-01-15T18:20:30' } });
    const modes: [string, number][] = [];
    advanceThermostat(thermostat, PARIS, START + 3_600_000, ({ mode }, at) =>
      modes.push([mode, (at - START) / 1000]),
    );
    expect(modes.find(([mode]) => mode === 'AUTOMATIC')).toEqual(['AUTOMATIC', 20 * 60 + 30]);
    expect(thermostat.activation).toBeUndefined();
  });
});

describe('activation time', () => {
  it.each([
    ['2026-01-15T22:30:00', { endWall: '2026-01-15T22:30:00' }],
    ['2026-1-5T22:30', { endWall: '2026-01-05T22:30:00' }],
    ['2026-01-15T22:30:00Z', { endWall: '2026-01-15T22:30:00' }],
    ['2026-01-15T21:30:00.000+00:00', { endWall: '2026-01-15T22:30:00' }],
    [
      '2026-01-15T18:00:00/2026-01-15T18:30:00',
      { startWall: '2026-01-15T18:00:00', endWall: '2026-01-15T18:30:00' },
    ],
    ['2026-01-15', undefined],
    ['2026-13-01T00:00:00', undefined],
    ['2026-01-15T18:00:00/', undefined],
    ['2026-01-15T18:00:00/2026-01-15T18:30:00/2026-01-15T19:00:00', undefined],
  ])('reads %s', (text, expected) => {
    expect(readActivation(text, PARIS)).toEqual(expected);
  });

  it('is written as wall time, with a meaningless Z, or with the offset of the season', () => {
    const summer = { startWall: '2026-07-15T18:00:00', endWall: '2026-07-15T18:30:00' };
    expect(activationText(summer, PARIS, 'plain')).toBe('2026-07-15T18:00:00/2026-07-15T18:30:00');
    expect(activationText({ endWall: summer.endWall }, PARIS, 'zulu')).toBe('2026-07-15T18:30:00Z');
    expect(activationText({ endWall: summer.endWall }, PARIS, 'offset')).toBe('2026-07-15T18:30:00+02:00');
  });
});
