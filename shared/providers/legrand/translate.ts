/** What a thermostat says, translated into readings. Pure: no I/O, no clock. */
import type { CapabilityName, ReadingValue, ReportedValues } from '../../domain/reading.ts';
import type { UtcTime } from '../../domain/time.ts';
import { readClock } from '../../domain/wall-clock.ts';
import type { Report } from '../provider.ts';
import type { Measure, Thermostat } from './wire.ts';

/** Everything a chronothermostat reports; the topology names some of it in words of its own. */
export const THERMOSTAT_CAPABILITIES: readonly CapabilityName[] = [
  'temperature',
  'humidity',
  'setpoint',
  'mode',
  'mode_until',
  'function',
  'program',
  'demand',
];

/** Which module of which plant, by the provider's ids. */
export type Place = Required<Pick<Report, 'plantNativeId' | 'moduleNativeId'>>;

/**
 * A module that says something is reachable. Legrand's own `online` is not asked: it was seen `false` in live data
 * (observed 2021).
 */
export function toReport(thermostat: Thermostat, place: Place, timeZone: string): Report {
  const observedAt = observationTime(thermostat, timeZone);
  return {
    plantNativeId: place.plantNativeId,
    moduleNativeId: place.moduleNativeId,
    ...(observedAt !== undefined && { observedAt }),
    values: readValues(thermostat, timeZone),
    reachable: true,
  };
}

/** Where the sender says it is; its plant id, unlike the envelope's, has no prefix. */
export function placeOf({ sender }: Thermostat): Place | undefined {
  return sender && { plantNativeId: sender.plant.id, moduleNativeId: sender.plant.module.id };
}

function readValues(thermostat: Thermostat, timeZone: string): ReportedValues {
  const { setPoint, programs, loadState, temperatureFormat } = thermostat;
  const program = programs[0]?.number;
  return present({
    temperature: celsius(latest(thermostat.thermometer?.measures, timeZone), temperatureFormat),
    humidity: latest(thermostat.hygrometer?.measures, timeZone)?.value,
    setpoint: celsius(setPoint, temperatureFormat),
    mode: thermostat.mode,
    mode_until: modeUntil(thermostat, timeZone),
    function: thermostat.function,
    program: program === undefined ? undefined : String(program),
    demand: loadState === undefined ? undefined : loadState === 'active',
  });
}

function present(values: Partial<Record<CapabilityName, ReadingValue | undefined>>): ReportedValues {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}

/** No activation time means that the mode has no end; one that cannot be read means that we do not know. */
function modeUntil({ mode, activationTime }: Thermostat, timeZone: string): UtcTime | null | undefined {
  if (activationTime === undefined) return mode === undefined ? undefined : null;
  return readClock(activationTime.split('/').at(-1) ?? '', timeZone);
}

function observationTime(thermostat: Thermostat, timeZone: string): UtcTime | undefined {
  const { time, thermometer, hygrometer } = thermostat;
  return (
    clockOf(time, timeZone) ??
    clockOf(latest(thermometer?.measures, timeZone)?.timeStamp, timeZone) ??
    clockOf(latest(hygrometer?.measures, timeZone)?.timeStamp, timeZone)
  );
}

/** The newest measure; those without a readable time come first. */
function latest(measures: readonly Measure[] | undefined, timeZone: string): Measure | undefined {
  const at = ({ timeStamp }: Measure) => clockOf(timeStamp, timeZone) ?? '';
  return measures?.toSorted((one, other) => (at(one) < at(other) ? -1 : at(one) > at(other) ? 1 : 0)).at(-1);
}

function clockOf(text: string | undefined, timeZone: string): UtcTime | undefined {
  return text === undefined ? undefined : readClock(text, timeZone);
}

/** Degrees Celsius; Fahrenheit is rounded to the tenth that the device itself counts in. */
function celsius(measure: Measure | undefined, displayed: string | undefined): number | undefined {
  if (measure?.value === undefined) return undefined;
  const isFahrenheit = /f/i.test(measure.unit ?? displayed ?? '');
  return isFahrenheit ? Math.round((measure.value - 32) / 0.18) / 10 : measure.value;
}
