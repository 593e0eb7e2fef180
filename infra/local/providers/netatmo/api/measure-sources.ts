/** What can be asked of a module's past, by the types of `getmeasure` (contract 3.4). Pure. */
import { typeOf } from '../house/catalog.ts';
import type { Home } from '../house/home.ts';
import { type Module, wasSilent } from '../house/module.ts';
import { drawsPower, energyWh } from '../house/power.ts';
import type { Climate } from '../house/room.ts';
import { isWeather, measuresAt, rainSum } from '../house/station.ts';
import type { Interval, Scale } from './series.ts';

/** The value of one interval, or null where there is none. */
export type Source = (interval: Interval) => number | null;

const longScales: readonly Scale[] = ['1day', '1week', '1month'];
const abbreviations: Readonly<Record<string, string>> = {
  temp: 'temperature',
  hum: 'humidity',
  gust: 'guststrength',
};

/** Undefined: the module has no such measure on that scale. */
export function sourceOf(home: Home, module: Module, scale: Scale, type: string): Source | undefined {
  const source =
    weatherSource(home, module, scale, type) ??
    energySource(module, scale, type) ??
    thermostatSource(home, module, scale, type);
  if (!source) return undefined;
  // What was not heard was not kept.
  return (interval) => (wasSilent(module, interval.fromEpochS * 1000) ? null : source(interval));
}

function weatherSource(home: Home, module: Module, scale: Scale, type: string): Source | undefined {
  if (!isWeather(module)) return undefined;
  if (type === 'sum_rain' && scale !== 'max' && module.type === 'NAModule3')
    return ({ fromEpochS, toEpochS }) =>
      rainSum(home, module, toEpochS * 1000, (toEpochS - fromEpochS) * 1000);
  const extreme = /^(date_)?(min|max)_(\w+)$/.exec(type);
  const name = extreme ? (abbreviations[extreme[3] ?? ''] ?? extreme[3] ?? '') : type;
  if (!measured(module).includes(name)) return undefined;
  if (!extreme) return (interval) => meanOf(samples(home, module, name, scale, interval), name);
  const [, date, which] = extreme;
  if (scale === 'max' || (date && !longScales.includes(scale))) return undefined;
  return (interval) => {
    const all = samples(home, module, name, scale, interval);
    const found = all.reduce((a, b) => ((which === 'min' ? b.value < a.value : b.value > a.value) ? b : a));
    return date ? found.epochS : found.value;
  };
}

const ofWind = ['windstrength', 'windangle', 'guststrength', 'gustangle'];

function measured({ type }: Module): string[] {
  return (typeOf(type).measures ?? []).flatMap((name) => (name === 'Wind' ? ofWind : [name.toLowerCase()]));
}

interface Sample {
  readonly epochS: number;
  readonly value: number;
}

/** One where the scale is raw, else six an interval. */
function samples(
  home: Home,
  module: Module,
  name: string,
  scale: Scale,
  { fromEpochS, toEpochS }: Interval,
): [Sample, ...Sample[]] {
  const at = (epochS: number): Sample => ({
    epochS,
    value: measuresAt(home, module, epochS * 1000)[name] ?? 0,
  });
  const step = (toEpochS - fromEpochS) / 6;
  if (scale === 'max') return [at(fromEpochS)];
  return [at(fromEpochS), ...[1, 2, 3, 4, 5].map((part) => at(Math.floor(fromEpochS + part * step)))];
}

const decimals: Readonly<Record<string, number>> = { temperature: 1, pressure: 1, rain: 3 };

function meanOf(all: readonly Sample[], name: string): number {
  const sum = all.reduce((total, { value }) => total + value, 0);
  return Number((sum / all.length).toFixed(decimals[name] ?? 0));
}

/** `$0` is the flat tariff; this home has no other. The ecometer still uses the older names. */
function energySource(module: Module, scale: Scale, type: string): Source | undefined {
  const word = module.type === 'NLE' ? 'sum_energy_elec' : 'sum_energy_buy_from_grid';
  const match = /^(sum_energy_(?:buy_from_grid|elec))(_price)?(\$[012])?$/.exec(type);
  if (!match || match[1] !== word || !drawsPower(module) || scale === 'max') return undefined;
  const [, , price, tariff = '$0'] = match;
  if (tariff !== '$0') return () => 0;
  return ({ fromEpochS, toEpochS }) => {
    const used = energyWh(module, fromEpochS * 1000, toEpochS * 1000);
    return price ? Number((used * 0.000_25).toFixed(5)) : Math.round(used);
  };
}

function thermostatSource(home: Home, module: Module, scale: Scale, type: string): Source | undefined {
  if (!['NATherm1', 'OTM', 'BNS'].includes(module.type)) return undefined;
  const climate = home.rooms.find(({ roomId }) => roomId === module.roomId)?.climate;
  if (!climate) return undefined;
  const words = longScales.includes(scale) ? ['sum_boiler_on', 'sum_boiler_off'] : ['boileron', 'boileroff'];
  if (scale !== 'max' && words.includes(type))
    return (interval) => boilerSeconds(climate, interval, type === words[0]);
  return roomSource(climate, scale, type);
}

function boilerSeconds(climate: Climate, { fromEpochS, toEpochS }: Interval, on: boolean): number | null {
  const within = climate.samples.filter(
    ({ epochMs }) => epochMs > fromEpochS * 1000 && epochMs <= toEpochS * 1000,
  );
  if (within.length === 0) return null;
  const seconds = Math.round(within.reduce((sum, { boilerOnSeconds }) => sum + boilerOnSeconds, 0));
  return on ? seconds : within.length * 1800 - seconds;
}

/** A room's past: `getroommeasure` (contract 3.7), and the thermostat that hangs in it. */
export function roomSource(climate: Climate, scale: Scale, type: string): Source | undefined {
  const within = ({ fromEpochS, toEpochS }: Interval) =>
    climate.samples.filter(({ epochMs }) => epochMs >= fromEpochS * 1000 && epochMs < toEpochS * 1000);
  const mean = (values: readonly number[]) =>
    values.length === 0
      ? null
      : Math.round((values.reduce((sum, value) => sum + value, 0) / values.length) * 10) / 10;
  if (type === 'temperature')
    return (interval) => mean(within(interval).map(({ temperatureC }) => temperatureC));
  if (type === 'sp_temperature' && !longScales.includes(scale) && scale !== 'max')
    return (interval) => mean(within(interval).flatMap(({ setPointC }) => setPointC ?? []));
  const extreme = /^(date_)?(min|max)_temp$/.exec(type);
  if (!extreme || !longScales.includes(scale)) return undefined;
  const [, date, which] = extreme;
  return (interval) => {
    const ordered = within(interval).toSorted((a, b) => a.temperatureC - b.temperatureC);
    const found = ordered.at(which === 'min' ? 0 : -1);
    if (!found) return null;
    return date ? Math.floor(found.epochMs / 1000) : Math.round(found.temperatureC * 10) / 10;
  };
}
