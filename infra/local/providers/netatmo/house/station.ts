/** What a weather module measures, and what it has told the cloud of it (contract 3.3). Pure: no clock. */
import { typeOf } from './catalog.ts';
import type { Home } from './home.ts';
import { lastHeardEpochMs, type Module, wasSilent } from './module.ts';
import { indoors, type Measures, outdoors, rainMm, seedOf } from './weather.ts';

/** A base station uploads so often. */
export const UPLOAD_MS = 600_000;
const HOUR_MS = 3_600_000;
const indoorTypes = ['NAMain', 'NAModule4', 'NHC'];

export function isWeather({ type }: Module): boolean {
  return typeOf(type).measures !== undefined;
}

/** What it measured at a moment. */
export function measuresAt(home: Home, module: Module, epochMs: number): Measures {
  const seed = seedOf(module.moduleId);
  const measures = indoorTypes.includes(module.type)
    ? indoors(epochMs, home, seed)
    : outdoors(epochMs, home, seed);
  const { fixed } = module;
  return fixed && epochMs >= fixed.epochMs ? { ...measures, ...fixed.values } : measures;
}

/** When its latest upload was: every ten minutes, each module at its own moment, and at once when set by hand. */
export function lastUploadEpochMs(module: Module, now: number): number {
  const offset = Math.floor(seedOf(module.moduleId) * 60) * 1000;
  const heard = lastHeardEpochMs(module, now);
  const regular = Math.floor((heard - offset) / UPLOAD_MS) * UPLOAD_MS + offset;
  const byHand = module.fixed !== undefined && module.fixed.epochMs <= heard ? module.fixed.epochMs : 0;
  return Math.max(regular, byHand);
}

const dashboards: Readonly<Record<string, readonly string[]>> = {
  NAMain: ['Temperature', 'CO2', 'Humidity', 'Noise', 'Pressure', 'AbsolutePressure'],
  NAModule1: ['Temperature', 'Humidity'],
  NAModule2: ['WindStrength', 'WindAngle', 'GustStrength', 'GustAngle'],
  NAModule3: ['Rain'],
  NAModule4: ['Temperature', 'CO2', 'Humidity'],
  NHC: ['Temperature', 'CO2', 'Humidity', 'Noise', 'Pressure', 'AbsolutePressure', 'health_idx'],
};

/** `dashboard_data` as of an upload. */
export function dashboardOf(home: Home, module: Module, uploadEpochMs: number): Record<string, unknown> {
  const measures = measuresAt(home, module, uploadEpochMs);
  const names = dashboards[module.type] ?? [];
  return {
    time_utc: Math.floor(uploadEpochMs / 1000),
    ...Object.fromEntries(names.map((name) => [name, measures[name.toLowerCase()]])),
    ...(names.includes('Temperature') && extremes(home, module, uploadEpochMs)),
    ...(names.includes('Temperature') && { temp_trend: trend(home, module, 'temperature', uploadEpochMs) }),
    ...(names.includes('Pressure') && { pressure_trend: trend(home, module, 'pressure', uploadEpochMs) }),
    ...(names.includes('WindStrength') && strongestWind(home, module, uploadEpochMs)),
    ...(names.includes('Rain') && {
      sum_rain_1: rainSum(home, module, uploadEpochMs, HOUR_MS),
      sum_rain_24: rainSum(home, module, uploadEpochMs, 24 * HOUR_MS),
    }),
  };
}

/** Rain set by hand falls again every five minutes since then. */
export function rainSum(home: Home, module: Module, toEpochMs: number, withinMs: number): number {
  const from = toEpochMs - withinMs;
  const fixedMm = module.fixed?.values.rain;
  if (module.fixed === undefined || fixedMm === undefined) return rainMm(from, toEpochMs, home);
  const since = Math.max(from, module.fixed.epochMs - 300_000);
  if (since >= toEpochMs) return rainMm(from, toEpochMs, home);
  const natural = since > from ? rainMm(from, since, home) : 0;
  return Number((natural + (fixedMm * (toEpochMs - since)) / 300_000).toFixed(3));
}

/** Of the day by the sun so far. */
function momentsOfDay(uploadEpochMs: number, { coordinates }: Home): number[] {
  const shift = (coordinates[0] / 15) * HOUR_MS;
  const midnight = Math.floor((uploadEpochMs + shift) / 86_400_000) * 86_400_000 - shift;
  const moments: number[] = [];
  for (let at = uploadEpochMs; at >= midnight; at -= 3 * UPLOAD_MS) moments.push(at);
  return moments;
}

function extremes(home: Home, module: Module, uploadEpochMs: number): Record<string, number> {
  const seen = momentsOfDay(uploadEpochMs, home)
    .filter((at) => at === uploadEpochMs || !wasSilent(module, at))
    .map((at) => ({ at, value: measuresAt(home, module, at).temperature ?? 0 }));
  const least = seen.reduce((a, b) => (b.value < a.value ? b : a));
  const most = seen.reduce((a, b) => (b.value > a.value ? b : a));
  return {
    min_temp: least.value,
    max_temp: most.value,
    date_min_temp: Math.floor(least.at / 1000),
    date_max_temp: Math.floor(most.at / 1000),
  };
}

function strongestWind(home: Home, module: Module, uploadEpochMs: number): Record<string, number> {
  const seen = momentsOfDay(uploadEpochMs, home).map((at) => ({
    at,
    measures: measuresAt(home, module, at),
  }));
  const most = seen.reduce((a, b) =>
    (b.measures.guststrength ?? 0) > (a.measures.guststrength ?? 0) ? b : a,
  );
  return {
    max_wind_str: most.measures.guststrength ?? 0,
    max_wind_angle: most.measures.gustangle ?? 0,
    date_max_wind_str: Math.floor(most.at / 1000),
  };
}

function trend(home: Home, module: Module, name: string, epochMs: number): 'up' | 'down' | 'stable' {
  const before = measuresAt(home, module, epochMs - 3 * HOUR_MS)[name] ?? 0;
  const after = measuresAt(home, module, epochMs)[name] ?? 0;
  if (Math.abs(after - before) < 0.3) return 'stable';
  return after > before ? 'up' : 'down';
}
