/** What Netatmo keeps of a module's past, under which names: the first row that fits counts (contract 3.4, 3.7). Pure. */
import type { Module } from '../../domain/module.ts';
import type { CapabilityName } from '../../domain/reading.ts';

/** The longest step of each of Netatmo's scales, seconds; days and longer ones follow the clocks at home. */
export const scaleSeconds = {
  /** Each measure as it was taken. */
  max: 0,
  '30min': 1_800,
  '1hour': 3_600,
  '3hours': 10_800,
  '1day': 90_000,
  '1week': 608_400,
  '1month': 2_682_000,
} as const;
export type Scale = keyof typeof scaleSeconds;

export interface MeasureRow {
  readonly capability: CapabilityName;
  /** Netatmo's types; absent: whatever has the capability. */
  readonly hardware?: readonly string[];
  /** Whose past it is: `getmeasure` or `getroommeasure`. */
  readonly of: 'module' | 'room';
  /** Netatmo's name at each scale that it has it at, finest first. */
  readonly names: Readonly<Partial<Record<Scale, string>>>;
  /** `undefined`: no value of that kind. */
  readonly read?: (value: number) => number | undefined;
}

const hours = (name: string) => ({ '30min': name, '1hour': name, '3hours': name });
const days = (name: string) => ({ '1day': name, '1week': name, '1month': name });
const steps = (name: string) => ({ ...hours(name), ...days(name) });
const weather = (name: string) => ({ max: name, ...steps(name) });

const thermometers = ['NAMain', 'NAModule1', 'NAModule4', 'NHC'];
const boilers = ['NATherm1', 'OTM', 'BNS'];

/** Netatmo: without wind, there is a direction below zero. */
const angle = (value: number) => (value < 0 || value > 360 ? undefined : value % 360);
/** Netatmo: rain comes with the noise of its additions, such as 12.322000000000001. */
const millimetres = (value: number) => Number(value.toFixed(3));

export const measureRows: readonly MeasureRow[] = [
  { capability: 'temperature', hardware: thermometers, of: 'module', names: weather('temperature') },
  { capability: 'humidity', hardware: thermometers, of: 'module', names: weather('humidity') },
  { capability: 'co2', hardware: ['NAMain', 'NAModule4', 'NHC'], of: 'module', names: weather('co2') },
  { capability: 'noise', hardware: ['NAMain', 'NHC'], of: 'module', names: weather('noise') },
  // The other pressure, at the station itself, has no measure.
  { capability: 'pressure_sea_level', hardware: ['NAMain', 'NHC'], of: 'module', names: weather('pressure') },
  {
    capability: 'rain',
    hardware: ['NAModule3'],
    of: 'module',
    names: { max: 'rain', ...steps('sum_rain') },
    read: millimetres,
  },
  { capability: 'wind_speed', hardware: ['NAModule2'], of: 'module', names: weather('windstrength') },
  {
    capability: 'wind_angle',
    hardware: ['NAModule2'],
    of: 'module',
    names: weather('windangle'),
    read: angle,
  },
  { capability: 'gust_speed', hardware: ['NAModule2'], of: 'module', names: weather('guststrength') },
  {
    capability: 'gust_angle',
    hardware: ['NAModule2'],
    of: 'module',
    names: weather('gustangle'),
    read: angle,
  },
  { capability: 'temperature', of: 'room', names: hours('temperature') },
  { capability: 'setpoint', of: 'room', names: hours('sp_temperature') },
  {
    capability: 'demand_time',
    hardware: boilers,
    of: 'module',
    names: { ...hours('boileron'), ...days('sum_boiler_on') },
  },
  // The ecometer still goes by the older name, and tells no power at all (known problem 23).
  { capability: 'energy', hardware: ['NLE'], of: 'module', names: steps('sum_energy_elec') },
  { capability: 'energy', of: 'module', names: steps('sum_energy_buy_from_grid') },
];

/** Whose past has it, and where it hangs: what discovery noted of the module. */
export function measureRowOf(
  { native, capabilities }: Pick<Module, 'native' | 'capabilities'>,
  capability: CapabilityName,
): MeasureRow | undefined {
  const fits = ({ hardware, of }: MeasureRow) =>
    (hardware?.some((type) => type === native.type) ?? capabilities.includes(capability)) &&
    (of === 'module' || typeof native.room === 'string');
  return measureRows.find((row) => row.capability === capability && fits(row));
}
