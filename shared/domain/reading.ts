import * as z from 'zod';
import { OwnCapability } from './own-capability.ts';
import { jsonBytes } from './text.ts';
import { UtcTime } from './time.ts';

/** What modules report or can be told, each with the type and the unit of its value (`null`: it has none). */
export const capabilities = {
  temperature: { type: 'number', unit: 'C' },
  /** Where a heating system has a sensor of its own out of doors. */
  outdoor_temperature: { type: 'number', unit: 'C' },
  humidity: { type: 'number', unit: '%' },
  co2: { type: 'number', unit: 'ppm' },
  noise: { type: 'number', unit: 'dB' },
  /** `healthy`, `fine`, `fair`, `poor` or `unhealthy`. */
  air_quality: { type: 'string', unit: null },
  /** Of the air at the station itself. */
  pressure: { type: 'number', unit: 'hPa' },
  /** The same, reduced to sea level, as weather reports have it. */
  pressure_sea_level: { type: 'number', unit: 'hPa' },
  /** Since the last report. */
  rain: { type: 'number', unit: 'mm' },
  /** Of the last hour. */
  rain_hour: { type: 'number', unit: 'mm' },
  /** Of the last 24 hours. */
  rain_day: { type: 'number', unit: 'mm' },
  wind_speed: { type: 'number', unit: 'km/h' },
  /** Where the wind comes from: 0 north, 90 east. */
  wind_angle: { type: 'number', unit: 'deg' },
  gust_speed: { type: 'number', unit: 'km/h' },
  gust_angle: { type: 'number', unit: 'deg' },
  setpoint: { type: 'number', unit: 'C' },
  /** `automatic`, `manual`, `boost`, `off`, `protection` or `away`. */
  mode: { type: 'string', unit: null },
  /** Until when the mode holds, UTC; `null` while it has no end. */
  mode_until: { type: 'string', unit: null },
  /** `heating` or `cooling`. */
  function: { type: 'string', unit: null },
  /** Id of the programme that `automatic` follows. */
  program: { type: 'string', unit: null },
  /** Whether it is calling for heat (or cold). */
  demand: { type: 'boolean', unit: null },
  /** For how long it called for heat within a step of the history. */
  demand_time: { type: 'number', unit: 's' },
  /** How much heat it is calling for. */
  heating_power: { type: 'number', unit: '%' },
  /** Whether heating pauses because a window seems to be open. */
  open_window: { type: 'boolean', unit: null },
  /** `schedule`, `away` or `frost_guard`: of the plant as a whole. */
  plant_mode: { type: 'string', unit: null },
  /** Until when that holds, UTC; `null` while it has no end. */
  plant_mode_until: { type: 'string', unit: null },
  switch: { type: 'boolean', unit: null },
  brightness: { type: 'number', unit: '%' },
  /** 0 closed, 100 open. */
  position: { type: 'number', unit: '%' },
  /** Where it is moving to. */
  target_position: { type: 'number', unit: '%' },
  fan_speed: { type: 'number', unit: null },
  power: { type: 'number', unit: 'W' },
  /** What was used within a step of the history. */
  energy: { type: 'number', unit: 'Wh' },
  /** Whether it is switched off to keep the plant below its contracted power. */
  shed: { type: 'boolean', unit: null },
  /** Whether a camera watches, and a siren may sound. */
  monitoring: { type: 'boolean', unit: null },
  /** `on`, `off` or `auto`. */
  floodlight: { type: 'string', unit: null },
  /** Whether a door or window stands open. */
  open: { type: 'boolean', unit: null },
  /** Whether a siren sounds. */
  sounding: { type: 'boolean', unit: null },
  smoke: { type: 'boolean', unit: null },
  /** `none`, `pre_alarm` or `alarm`. */
  carbon_monoxide: { type: 'string', unit: null },
  tampered: { type: 'boolean', unit: null },
  /** `working` or what is the matter with the memory card, in the provider's words. */
  memory_card: { type: 'string', unit: null },
  /** Whether the power supply is as it should be. */
  power_supply: { type: 'boolean', unit: null },
  /** Whether something moves there just now. */
  motion: { type: 'boolean', unit: null },
  /** Whether somebody is there. */
  present: { type: 'boolean', unit: null },
  battery: { type: 'number', unit: '%' },
} as const satisfies Record<string, { type: 'number' | 'string' | 'boolean'; unit: string | null }>;

export type KnownCapability = keyof typeof capabilities;
export const KnownCapability = z.enum(Object.keys(capabilities) as [KnownCapability, ...KnownCapability[]]);

/** One that we have a word for, or one that a module calls its own. */
export const CapabilityName = z.union([KnownCapability, OwnCapability]);
export type CapabilityName = z.infer<typeof CapabilityName>;

/** How a module describes a capability that it can have in many forms. */
export const CapabilityProfile = z.object({
  type: z.enum(['number', 'string', 'boolean', 'object', 'array']),
  /** Of the readings, as the module has it; `null`: there is none. */
  unit: z.string().nullable(),
  minimum: z.number().optional(),
  maximum: z.number().optional(),
  /** Whether it can be told a value. */
  writable: z.boolean(),
  /** For people. */
  title: z.string(),
  /** What the module calls it. */
  name: z.string(),
});
export type CapabilityProfile = z.infer<typeof CapabilityProfile>;

/** Of a module's own capabilities all have one, of those that we have a word for some. */
export const CapabilityProfiles = z.partialRecord(CapabilityName, CapabilityProfile);
export type CapabilityProfiles = z.infer<typeof CapabilityProfiles>;

/**
 * What the readings of a module's capability are: as we have it where we have a word for it, else as the module has it.
 * `undefined`: its own, and it does not say.
 */
export function declarationOf(
  capability: CapabilityName,
  profiles: CapabilityProfiles,
): Pick<CapabilityProfile, 'type' | 'unit'> | undefined {
  const known = KnownCapability.safeParse(capability).data;
  return known ? capabilities[known] : profiles[capability];
}

export function unitOf(capability: CapabilityName, profiles: CapabilityProfiles): string | null {
  return declarationOf(capability, profiles)?.unit ?? null;
}

/** A number, a text, yes or no, or nothing; of a module's own capabilities any JSON. */
export const ReadingValue = z.union([
  z.number(),
  z.string(),
  z.boolean(),
  z.null(),
  z.array(z.unknown()),
  z.record(z.string(), z.unknown()),
]);
export type ReadingValue = z.infer<typeof ReadingValue>;

/** Bytes of JSON that a value may take. */
export const LONGEST_VALUE = 2_048;
export const DEEPEST_VALUE = 8;
/** The table keeps no larger numbers, and no smaller ones but zero. */
const LARGEST_NUMBER = Number.MAX_SAFE_INTEGER;
const SMALLEST_NUMBER = 1e-129;

/** Whether a value can be kept: a module with all its readings is one item of the table. */
export function isKeepable(value: ReadingValue): boolean {
  return isWithin(value, DEEPEST_VALUE) && jsonBytes(value) <= LONGEST_VALUE;
}

function isWithin(value: unknown, depth: number): boolean {
  if (typeof value === 'number')
    return value === 0 || (Math.abs(value) >= SMALLEST_NUMBER && Math.abs(value) <= LARGEST_NUMBER);
  if (typeof value !== 'object' || value === null) return true;
  // Nor does it keep members without a name, nor do databases of copies where there is a zero in it.
  return (
    depth > 0 &&
    Object.entries(value).every(
      ([key, inner]) => key !== '' && !key.includes('\0') && isWithin(inner, depth - 1),
    )
  );
}

/** Whether two values say the same, in whatever order their members are kept. */
export function isSameValue(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const [those, others] = [Object.entries(a), new Map<string, unknown>(Object.entries(b))];
  return (
    those.length === others.size &&
    those.every(([key, value]) => others.has(key) && isSameValue(value, others.get(key)))
  );
}

/** One reported value; `observedAt` is the device's or the provider's time, `receivedAt` is ours. */
export const Reading = z.object({
  value: ReadingValue,
  unit: z.string().nullable(),
  observedAt: UtcTime,
  receivedAt: UtcTime,
});
export type Reading = z.infer<typeof Reading>;

/** Whether two readings say the same, whenever they did. */
export function isSameReading(a: Reading | undefined, b: Reading): boolean {
  return a !== undefined && a.unit === b.unit && isSameValue(a.value, b.value);
}

/** A module's latest reading of each capability. */
export const Readings = z.partialRecord(CapabilityName, Reading);
export type Readings = z.infer<typeof Readings>;

/** Readings as a driver reports them, all observed at one time. */
export type ReportedValues = Partial<Record<CapabilityName, ReadingValue>>;
