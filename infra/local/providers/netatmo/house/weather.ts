/**
 * The weather, outside and in, at any moment: a function of time and place, so that the past can be asked for as
 * well as the present. Pure: no clock, no randomness.
 */
import { outdoorC } from '../../simulation/indoor-air.ts';

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
/** It rains, or does not, for so long at a time. */
const SPELL_MS = 3 * HOUR_MS;
const RAINY_SHARE = 0.25;

export interface Place {
  /** Longitude, then latitude, degrees. */
  readonly coordinates: readonly [number, number];
  readonly altitude: number;
}

/** Measures by their names in lower case, in the units of the contract (3.1). */
export type Measures = Readonly<Record<string, number>>;

/** @param seed makes one module different from the next */
export function outdoors(epochMs: number, place: Place, seed: number): Measures {
  const { dayOfYear, hour } = solarTime(epochMs, place);
  const temperature = outdoorC(dayOfYear, hour) + wave(epochMs, 31, seed, 2);
  const pressure = 1013 + wave(epochMs, 79, 0, 14);
  const wind = Math.max(0, 11 + wave(epochMs, 17, seed, 9) + wave(epochMs, 1.7, seed, 4));
  const angle = Math.round(200 + wave(epochMs, 53, seed, 110)) % 360;
  return {
    temperature: round(temperature, 1),
    humidity: Math.round(clamp(82 - 1.4 * (temperature - 6) + wave(epochMs, 23, seed, 8), 20, 100)),
    pressure: round(pressure, 1),
    // At the altitude of the station; about 8 m a hectopascal.
    absolutepressure: round(pressure - place.altitude / 8.3, 1),
    windstrength: Math.round(wind),
    windangle: angle,
    guststrength: Math.round(wind * 1.9 + 3),
    gustangle: (angle + 12) % 360,
    rain: rainMm(epochMs - 300_000, epochMs, place),
  };
}

export function indoors(epochMs: number, place: Place, seed: number): Measures {
  const { hour } = solarTime(epochMs, place);
  const awake = clamp(Math.sin(((hour - 7) / 24) * 2 * Math.PI) + 0.4, 0, 1);
  const temperature = 19.3 + 1.4 * awake + wave(epochMs, 37, seed, 0.5);
  const co2 = Math.round(480 + 420 * awake + wave(epochMs, 5, seed, 110));
  const humidity = Math.round(clamp(47 + wave(epochMs, 19, seed, 7), 20, 90));
  const noise = Math.round(34 + 9 * awake + wave(epochMs, 2.3, seed, 3));
  return {
    temperature: round(temperature, 1),
    co2,
    humidity,
    noise,
    pressure: outdoors(epochMs, place, seed).pressure ?? 1013,
    absolutepressure: outdoors(epochMs, place, seed).absolutepressure ?? 1013,
    health_idx: co2 > 1600 ? 3 : co2 > 1100 ? 2 : humidity < 40 || humidity > 60 ? 1 : 0,
  };
}

/** What falls between two moments, millimetres; two calls that share a border add up. */
export function rainMm(fromEpochMs: number, toEpochMs: number, place: Place): number {
  let sum = 0;
  for (let from = fromEpochMs; from < toEpochMs; ) {
    const spell = Math.floor(from / SPELL_MS);
    const to = Math.min(toEpochMs, (spell + 1) * SPELL_MS);
    sum += (millimetresPerHour(spell, place) * (to - from)) / HOUR_MS;
    from = to;
  }
  return round(sum, 3);
}

function millimetresPerHour(spell: number, { coordinates }: Place): number {
  const chance = scatter(spell * 7919 + Math.round(coordinates[0] * 100));
  return chance < RAINY_SHARE ? 0.4 + 9 * (RAINY_SHARE - chance) : 0;
}

/** Local time by the sun: what the weather goes by. */
function solarTime(epochMs: number, { coordinates }: Place): { dayOfYear: number; hour: number } {
  const local = epochMs + (coordinates[0] / 15) * HOUR_MS;
  const yearStart = Date.UTC(new Date(local).getUTCFullYear(), 0, 1);
  return { dayOfYear: (local - yearStart) / DAY_MS, hour: (local % DAY_MS) / HOUR_MS };
}

/** Comes and goes with a period in hours. */
function wave(epochMs: number, periodHours: number, seed: number, amplitude: number): number {
  return amplitude * Math.sin((epochMs / (periodHours * HOUR_MS)) * 2 * Math.PI + seed);
}

/** A number below 1 that looks like chance and is always the same. */
function scatter(value: number): number {
  const mixed = Math.imul(value ^ (value >>> 15), 0x2c1b3c6d);
  return ((mixed ^ (mixed >>> 12)) >>> 0) / 2 ** 32;
}

/** A number up to 2π that follows from an id. */
export function seedOf(moduleId: string): number {
  const sum = [...moduleId].reduce((mixed, sign) => Math.imul(mixed, 31) + sign.charCodeAt(0), 7);
  return scatter(sum) * 2 * Math.PI;
}

function round(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}

function clamp(value: number, least: number, most: number): number {
  return Math.min(most, Math.max(least, value));
}
