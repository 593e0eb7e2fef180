import * as z from 'zod';
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
  /** Whether somebody is there. */
  present: { type: 'boolean', unit: null },
  battery: { type: 'number', unit: '%' },
} as const satisfies Record<string, { type: 'number' | 'string' | 'boolean'; unit: string | null }>;

export type CapabilityName = keyof typeof capabilities;
export const CapabilityName = z.enum(Object.keys(capabilities) as [CapabilityName, ...CapabilityName[]]);

export const ReadingValue = z.union([z.number(), z.string(), z.boolean(), z.null()]);
export type ReadingValue = z.infer<typeof ReadingValue>;

/** One reported value; `observedAt` is the device's or the provider's time, `receivedAt` is ours. */
export const Reading = z.object({
  value: ReadingValue,
  unit: z.string().nullable(),
  observedAt: UtcTime,
  receivedAt: UtcTime,
});
export type Reading = z.infer<typeof Reading>;

/** A module's latest reading of each capability. */
export const Readings = z.partialRecord(CapabilityName, Reading);
export type Readings = z.infer<typeof Readings>;

/** Readings as a driver reports them, all observed at one time. */
export type ReportedValues = Partial<Record<CapabilityName, ReadingValue>>;
