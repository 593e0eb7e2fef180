import * as z from 'zod';
import { UtcTime } from './time.ts';

/** What modules report or can be told, each with the type and the unit of its value (`null`: it has none). */
export const capabilities = {
  temperature: { type: 'number', unit: 'C' },
  humidity: { type: 'number', unit: '%' },
  setpoint: { type: 'number', unit: 'C' },
  /** `automatic`, `manual`, `boost`, `off`, `protection` or `away`. */
  mode: { type: 'string', unit: null },
  /** Until when the mode holds, UTC; `null` while it has no end. */
  mode_until: { type: 'string', unit: null },
  /** `heating` or `cooling`. */
  function: { type: 'string', unit: null },
  /** Id of the programme that `automatic` follows. */
  program: { type: 'string', unit: null },
  /** Whether the thermostat is calling for heat (or cold). */
  demand: { type: 'boolean', unit: null },
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
