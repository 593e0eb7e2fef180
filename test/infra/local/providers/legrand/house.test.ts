import { describe, expect, it } from 'vitest';
import {
  activationText,
  readActivation,
} from '../../../../../infra/local/providers/legrand/house/activation-time.ts';
import { advanceThermostat } from '../../../../../infra/local/providers/legrand/house/advance-thermostat.ts';
import { createThermostat } from '../../../../../infra/local/providers/legrand/house/new-thermostat.ts';
import {
  outdoorC,
  type Room,
  stepRoom,
} from '../../../../../infra/local/providers/legrand/house/thermal-model.ts';
import { setPointC } from '../../../../../infra/local/providers/legrand/house/thermostat.ts';
import { LIVING_ROOM } from './legrand-client.ts';
import { START } from './start-cloud.ts';

const room: Room = { temperatureC: 19, humidityPercent: 50, relayOn: false };
const PARIS = 'Europe/Paris';
const place = { moduleId: LIVING_ROOM, name: 'Living room', timeZone: PARIS, temperatureC: 19.4 };

describe('thermal model', () => {
  it('cools a house towards the outside, and keeps it above by what lives in it', () => {
    const idle = { function: 'HEATING', setPointC: undefined } as const;
    expect(stepRoom(room, idle, 5, 3600).temperatureC).toBeCloseTo(18.64, 2);
    expect(stepRoom(room, idle, 5, 30 * 86_400).temperatureC).toBeCloseTo(8, 3);
  });

  it('does not care how the time is cut', () => {
    const demand = { function: 'HEATING', setPointC: 30 } as const;
    let cut = room;
    for (let minute = 0; minute < 60; minute += 1) cut = stepRoom(cut, demand, 5, 60);
    expect(cut.temperatureC).toBeCloseTo(stepRoom(room, demand, 5, 3600).temperatureC, 6);
  });

  it.each([
    ['HEATING', 19.3, false, true],
    ['HEATING', 19.2, false, false],
    ['HEATING', 19.2, true, true],
    ['HEATING', 18.7, true, false],
    ['COOLING', 18.7, false, true],
    ['COOLING', 19.1, true, true],
    ['COOLING', 19.3, true, false],
  ] as const)(
    'in %s with set point %d and relay %s puts the relay to %s',
    (purpose, setPoint, before, after) => {
      const next = stepRoom({ ...room, relayOn: before }, { function: purpose, setPointC: setPoint }, 10, 0);
      expect(next).toEqual({ ...room, relayOn: after });
    },
  );

  it('is dampest where it is coldest', () => {
    const humidityAt = (demand: number) =>
      stepRoom(room, { function: 'HEATING', setPointC: demand }, 0, 86_400).humidityPercent;
    expect(humidityAt(30)).toBeLessThan(humidityAt(5));
  });

  it('has winters, and warm afternoons', () => {
    expect(outdoorC(20, 3)).toBeLessThan(outdoorC(20, 15));
    expect(outdoorC(20, 15)).toBeLessThan(outdoorC(200, 3));
    expect(outdoorC(20, 3)).toBeCloseTo(-2, 1);
  });
});

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
