/**
 * Which assets are what we have a word for. An asset means only what its maker calls it (contract 3.5), so a row wants the
 * name, the type and the unit to agree; what no row takes stays what the module calls its own. A meter's counter is none
 * of ours: our `energy` is what was used within a step. Pure.
 */
import type { CommandAction } from '../../domain/command-action.ts';
import type { KnownCapability } from '../../domain/reading.ts';
import type { ValueType } from './values.ts';
import type { Asset } from './wire.ts';

/** Our number is theirs × `factor` + `offset`. */
export interface Scale {
  readonly factor: number;
  readonly offset: number;
}

export interface AssetRow {
  readonly capability: KnownCapability;
  /** Of the name in lower case, of which only letters and digits are left. */
  readonly names: RegExp;
  readonly type: ValueType;
  /** Units in lower case; absent: none has to be given. */
  readonly units?: Readonly<Record<string, Scale>>;
  /** What it can be told, where it is an actuator. */
  readonly action?: CommandAction;
}

const same: Scale = { factor: 1, offset: 0 };
const times = (factor: number): Scale => ({ factor, offset: 0 });

const celsius = {
  '°c': same,
  ºc: same,
  '℃': same,
  c: same,
  degc: same,
  celsius: same,
  '°f': { factor: 5 / 9, offset: -160 / 9 },
  f: { factor: 5 / 9, offset: -160 / 9 },
  fahrenheit: { factor: 5 / 9, offset: -160 / 9 },
};
const percent = { '%': same, percent: same, '%rh': same };
const speed = { 'km/h': same, kmh: same, 'm/s': times(3.6) };

export const assetRows: readonly AssetRow[] = [
  {
    capability: 'temperature',
    names: /^(?:room|indoor|ambient|air)?temp(?:erature)?$/,
    type: 'number',
    units: celsius,
  },
  {
    capability: 'outdoor_temperature',
    names: /^(?:outdoor|outside)temp(?:erature)?$/,
    type: 'number',
    units: celsius,
  },
  {
    capability: 'setpoint',
    names: /^(?:temperature)?setpoint$|^(?:target|desired)temp(?:erature)?$/,
    type: 'number',
    units: celsius,
    action: 'set_setpoint',
  },
  {
    capability: 'humidity',
    names: /^(?:relative|room|indoor|air)?humidity$|^rh$/,
    type: 'number',
    units: percent,
  },
  { capability: 'co2', names: /^co2(?:level)?$/, type: 'number', units: { ppm: same } },
  {
    capability: 'noise',
    names: /^(?:noise|sound)(?:level)?$/,
    type: 'number',
    units: { db: same, 'db(a)': same, dba: same },
  },
  {
    capability: 'pressure',
    names: /^(?:air|atmospheric|barometric)?pressure$/,
    type: 'number',
    units: { hpa: same, mbar: same, pa: times(0.01), kpa: times(10), bar: times(1000) },
  },
  { capability: 'wind_speed', names: /^windspeed$/, type: 'number', units: speed },
  {
    capability: 'wind_angle',
    names: /^wind(?:direction|angle)$/,
    type: 'number',
    units: { '°': same, deg: same, degrees: same },
  },
  {
    capability: 'power',
    names: /^(?:active|current)?power$/,
    type: 'number',
    units: { w: same, watt: same, kw: times(1000) },
  },
  {
    capability: 'switch',
    names: /^(?:switch|on|onoff|relay|light|lamp|plug|socket|outlet)$/,
    type: 'boolean',
    action: 'set_switch',
  },
  {
    capability: 'brightness',
    names: /^(?:brightness|dim(?:mer)?(?:level)?)$/,
    type: 'number',
    units: percent,
    action: 'set_brightness',
  },
  {
    capability: 'position',
    names: /^(?:(?:shutter|blind|curtain|cover)position|position)$/,
    type: 'number',
    units: percent,
    action: 'set_position',
  },
  { capability: 'fan_speed', names: /^fan(?:speed)?$/, type: 'number', action: 'set_fan' },
  {
    capability: 'battery',
    names: /^battery(?:level|percentage|charge)?$/,
    type: 'number',
    units: percent,
  },
  { capability: 'motion', names: /^motion(?:detected)?$/, type: 'boolean' },
  { capability: 'present', names: /^(?:presence|occupancy|occupied|present)$/, type: 'boolean' },
  { capability: 'open', names: /^(?:door|window)?open$/, type: 'boolean' },
  { capability: 'smoke', names: /^smoke(?:detected|alarm)?$/, type: 'boolean' },
  { capability: 'tampered', names: /^tamper(?:ed)?$/, type: 'boolean' },
];

/** The row that takes the asset; `undefined`: none does. */
export function rowOfAsset({ name, profile }: Asset, type: ValueType): AssetRow | undefined {
  const bare = name.toLowerCase().replace(/[^a-z0-9]/g, '');
  return assetRows.find(
    (row) => row.type === type && row.names.test(bare) && scaleOf(row, profile?.unit) !== undefined,
  );
}

/** From the asset's unit to ours; `undefined`: it is not that quantity. */
export function scaleOf({ units }: AssetRow, unit: string | undefined): Scale | undefined {
  if (units === undefined) return unit === undefined ? same : undefined;
  return units[(unit ?? '').toLowerCase().replaceAll(' ', '')];
}
