import { stepAir } from '../../simulation/indoor-air.ts';
import { announcementOf } from './announcement.ts';
import { demandOf, type Programme, type Silent, type Thermostat } from './thermostat.ts';

const programs: Programme[] = [
  { number: 0, name: '', dayC: 18, nightC: 16 },
  { number: 1, name: 'At home', dayC: 20, nightC: 17 },
  { number: 2, name: 'Away', dayC: 16, nightC: 15 },
  { number: 3, name: 'Working week', dayC: 19.5, nightC: 16.5 },
  { number: 4, name: 'Weekend', dayC: 21, nightC: 17.5 },
  { number: 5, name: 'Guests', dayC: 21.5, nightC: 19 },
  { number: 6, name: 'Evenings only', dayC: 18.5, nightC: 17 },
  { number: 7, name: 'Home office', dayC: 20.5, nightC: 16 },
  { number: 8, name: 'Baby', dayC: 21, nightC: 20 },
  { number: 9, name: 'Holiday', dayC: 14, nightC: 14 },
  { number: 10, name: 'Spring', dayC: 19, nightC: 17 },
  { number: 11, name: 'Constant', dayC: 19, nightC: 19 },
];

export interface Place {
  readonly moduleId: string;
  readonly name: string;
  readonly timeZone: string;
  readonly temperatureC: number;
}

/** A thermostat in its programme, its relay as the temperature wants it, with nothing to tell yet. */
export function createThermostat(
  { moduleId, name, timeZone, temperatureC }: Place,
  epochMs: number,
): Thermostat {
  const thermostat: Silent = {
    moduleId,
    name,
    function: 'HEATING',
    mode: 'AUTOMATIC',
    manualC: 20,
    programNumber: 1,
    programs,
    room: { temperatureC, humidityPercent: 48.2, relayOn: false },
    computedEpochMs: epochMs,
    reachable: true,
  };
  thermostat.room = stepAir(thermostat.room, demandOf(thermostat, epochMs, timeZone), 0, 0);
  return { ...thermostat, announced: announcementOf(thermostat, epochMs, timeZone) };
}
