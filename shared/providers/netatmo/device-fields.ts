/**
 * How each capability is read from what Netatmo's devices, rooms and homes tell: the keys on the wire, and what their
 * values mean (contract 3.1, 3.3, 3.5, 3.6). Weather is told in capitals by stations, in lower case by `homestatus`.
 * What is missing, or cannot be meant, is not told. Pure.
 */
import type { CapabilityName, ReadingValue } from '../../domain/reading.ts';
import { number, word } from '../lenient.ts';
import { flag, instant, Schedules, type Told } from './wire.ts';

/** Millivolts when full and when empty (contract 3.1). */
export interface BatteryScale {
  readonly fullMv: number;
  readonly emptyMv: number;
}

/** @param scale – of the device's battery; without it, millivolts tell nothing */
export type Field = (told: Told, scale?: BatteryScale) => ReadingValue | undefined;

interface Schema<T> {
  parse(value: unknown): T | undefined;
}

/** The first of the keys that holds something readable. */
function told<T>(schema: Schema<T>, ...keys: string[]) {
  return (values: Told): T | undefined => {
    for (const key of keys) {
      const value = schema.parse(values[key]);
      if (value !== undefined) return value;
    }
    return undefined;
  };
}

/** A number between two bounds, both included. */
const within = (least: number, most: number): Schema<number> => ({
  parse(value) {
    const read = number.parse(value);
    return read === undefined || read < least || read > most ? undefined : read;
  },
});
const percent = within(0, 100);
const positive = within(0, Number.POSITIVE_INFINITY);

/** Netatmo says 0 where there is none: while the heating is off, say (contract 4.3). */
const degrees: Schema<number> = {
  parse(value) {
    const read = number.parse(value);
    return read !== undefined && read > 0 ? read : undefined;
  },
};

/** -1 was seen, which is no direction: perhaps there was no wind. */
const angle: Schema<number> = {
  parse(value) {
    const read = within(0, 360).parse(value);
    return read === undefined ? undefined : read % 360;
  },
};

/** 12.322000000000001 was seen. */
const millimetres: Schema<number> = {
  parse(value) {
    const read = positive.parse(value);
    return read === undefined ? undefined : Number(read.toFixed(3));
  },
};

/** Netatmo's words and numbers, each with its meaning; any other tells nothing. */
function meaning<T>(meanings: Readonly<Record<string, T>>): Schema<T> {
  return {
    parse(value) {
      const read = word.parse(typeof value === 'number' ? String(value) : value);
      return read !== undefined && Object.hasOwn(meanings, read) ? meanings[read] : undefined;
    },
  };
}

const modes = meaning({
  schedule: 'automatic',
  home: 'automatic',
  manual: 'manual',
  max: 'boost',
  hg: 'protection',
  away: 'away',
  off: 'off',
});
/** What a radiator on a pilot wire is told by hand. */
const pilotModes = meaning({
  comfort: 'manual',
  comfort_1: 'manual',
  comfort_2: 'manual',
  away: 'away',
  frost_guard: 'protection',
  stand_by: 'off',
});
const plantModes = meaning({ schedule: 'schedule', away: 'away', hg: 'frost_guard' });
const batteryStates = meaning({ max: 100, full: 90, high: 75, medium: 50, low: 25, very_low: 10 });
const onOff = meaning({ on: true, off: false });

/** 0 and `null` say that there is no end. */
const end: Schema<string | null> = {
  parse(value) {
    return value === null || number.parse(value) === 0 ? null : instant.parse(value);
  },
};

/** A home that heats tells `therm_…` of its rooms, one that cools `cooling_…`; where both are told, it says which counts. */
function isCooling(values: Told): boolean {
  const has = (prefix: string) => modes.parse(values[`${prefix}_setpoint_mode`]) !== undefined;
  if (has('cooling') !== has('therm')) return has('cooling');
  return word.parse(values.temperature_control_mode) === 'cooling';
}

function ofSetpoint<T>(schema: Schema<T>, name: string) {
  return (values: Told) =>
    schema.parse(values[`${isCooling(values) ? 'cooling' : 'therm'}_setpoint_${name}`]);
}

const roomMode = ofSetpoint(modes, 'mode');

function readMode(values: Told): string | undefined {
  const mode = roomMode(values);
  const pilot = pilotModes.parse(values.therm_setpoint_fp);
  return mode === 'manual' && pilot !== undefined ? pilot : mode;
}

function readFunction(values: Told): string | undefined {
  if (roomMode(values) === undefined) return undefined;
  return isCooling(values) ? 'cooling' : 'heating';
}

const heats = told(flag, 'boiler_status');
const cools = told(flag, 'cooler_status');

function readDemand(values: Told): boolean | undefined {
  const [heat, cold] = [heats(values), cools(values)];
  return heat === undefined && cold === undefined ? undefined : heat === true || cold === true;
}

const plantMode = told(plantModes, 'therm_mode');

/** Only a mode with an end has the key. */
function readPlantModeUntil(values: Told): string | null | undefined {
  const mode = plantMode(values);
  if (mode === undefined) return undefined;
  return mode === 'schedule' ? null : (end.parse(values.therm_mode_endtime) ?? null);
}

function readProgram({ schedules }: Told): string | undefined {
  return Schedules.parse(schedules).find(({ type, selected }) => type === 'therm' && selected)?.id;
}

const batteryPercent = told(percent, 'battery_percent');
const batteryState = told(batteryStates, 'battery_state');
const batteryMv = told(positive, 'battery_vp', 'battery_level');

function readBattery(values: Told, scale?: BatteryScale): number | undefined {
  const mv = batteryMv(values);
  return batteryPercent(values) ?? batteryState(values) ?? (mv && scale && share(mv, scale));
}

function share(mv: number, { fullMv, emptyMv }: BatteryScale): number {
  return Math.round(Math.min(1, Math.max(0, (mv - emptyMv) / (fullMv - emptyMv))) * 100);
}

const outOfSight = told(flag, 'out_of_sight');

export const fields = {
  temperature: told(number, 'Temperature', 'temperature', 'therm_measured_temperature'),
  outdoor_temperature: told(number, 'outdoor_temperature'),
  humidity: told(percent, 'Humidity', 'humidity'),
  co2: told(positive, 'CO2', 'co2'),
  noise: told(positive, 'Noise', 'noise'),
  air_quality: told(meaning({ 0: 'healthy', 1: 'fine', 2: 'fair', 3: 'poor', 4: 'unhealthy' }), 'health_idx'),
  // Netatmo's documentation has the two the wrong way round.
  pressure: told(positive, 'AbsolutePressure', 'absolutepressure', 'absolute_pressure'),
  pressure_sea_level: told(positive, 'Pressure', 'pressure'),
  rain: told(millimetres, 'Rain', 'rain'),
  rain_hour: told(millimetres, 'sum_rain_1'),
  rain_day: told(millimetres, 'sum_rain_24'),
  wind_speed: told(positive, 'WindStrength', 'windstrength', 'wind_strength'),
  wind_angle: told(angle, 'WindAngle', 'windangle', 'wind_angle'),
  gust_speed: told(positive, 'GustStrength', 'guststrength', 'gust_strength'),
  gust_angle: told(angle, 'GustAngle', 'gustangle', 'gust_angle'),
  setpoint: ofSetpoint(degrees, 'temperature'),
  mode: readMode,
  mode_until: ofSetpoint(end, 'end_time'),
  function: readFunction,
  demand: readDemand,
  heating_power: told(percent, 'heating_power_request'),
  open_window: told(flag, 'open_window'),
  plant_mode: plantMode,
  plant_mode_until: readPlantModeUntil,
  program: readProgram,
  switch: told(flag, 'on'),
  brightness: told(percent, 'brightness'),
  position: told(percent, 'current_position'),
  // -1 and -2 are commands: stop, and the position that somebody prefers.
  target_position: told(percent, 'target_position'),
  fan_speed: told(positive, 'fan_speed'),
  power: told(number, 'power'),
  shed: told(flag, 'offload'),
  monitoring: told(onOff, 'monitoring'),
  floodlight: told(meaning({ on: 'on', off: 'off', auto: 'auto' }), 'floodlight'),
  open: told(meaning({ open: true, closed: false }), 'status'),
  sounding: told(meaning({ sound: true, no_sound: false }), 'status', 'siren_status'),
  memory_card: told(
    meaning({
      1: 'missing',
      2: 'inserted',
      3: 'formatted',
      4: 'working',
      5: 'defective',
      6: 'incompatible_speed',
      7: 'insufficient_space',
    }),
    'sd_status',
  ),
  power_supply: told(meaning({ 1: false, 2: true }), 'alim_status'),
  present: (values) => {
    const away = outOfSight(values);
    return away === undefined ? undefined : !away;
  },
  battery: readBattery,
} as const satisfies Partial<Record<CapabilityName, Field>>;

export type FieldName = keyof typeof fields;
export const fieldNames = Object.keys(fields) as FieldName[];

/** Epoch seconds at which what it tells was so, as far as it tells that itself. */
export const toldAt = told(instant, 'time_utc', 'ts', 'last_seen');

/** `1`: any position; `100`: only open and closed. Both spellings were seen (contract 3.6). */
export const shutterStep = told(
  meaning({ 1: '1', 100: '100' }),
  'target_position:step',
  'target_position_step',
);
