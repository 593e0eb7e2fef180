/** A device at home: a Netatmo module, or a Legrand, BTicino or Bubendorff one behind its bridge. */
import * as z from 'zod';

export const Json = z.union([z.string(), z.number(), z.boolean(), z.null()]);

export const Module = z.object({
  moduleId: z.string(),
  type: z.string(),
  name: z.string().optional(),
  roomId: z.string().optional(),
  /** The device that talks to the cloud for it. */
  bridge: z.string().optional(),
  setupEpochMs: z.number(),
  applianceType: z.string().optional(),
  /** Fields of its status, by their names on the wire. */
  status: z.record(z.string(), Json),
  /** When it was last heard before it fell silent; absent: it is heard. */
  silentSinceEpochMs: z.number().optional(),
  /** When it was not heard, in the past. */
  outages: z.array(z.object({ fromEpochMs: z.number(), toEpochMs: z.number() })),
  /** Millivolts at a moment; it falls from there. */
  battery: z.object({ mv: z.number(), epochMs: z.number() }).optional(),
  /** A shutter between two positions, percent open. */
  travel: z.object({ from: z.number(), to: z.number(), startedEpochMs: z.number() }).optional(),
  /** What it draws while it is on. */
  watts: z.number().optional(),
  /** What it drew, from each moment on; the oldest also stands for all before. */
  powerLog: z.array(z.object({ epochMs: z.number(), watts: z.number() })),
  /** Measures put there by hand, by their names in lower case, and since when they hold. */
  fixed: z.object({ epochMs: z.number(), values: z.record(z.string(), z.number()) }).optional(),
});
export type Module = z.infer<typeof Module>;

/** «Contact with the cloud within about 4 h» (contract 3.3). */
export const UNREACHABLE_AFTER_MS = 4 * 3_600_000;
/** A quiet house uses a battery in about two years. */
const BATTERY_MV_PER_DAY = 3;
/** From one end to the other. */
export const TRAVEL_MS = 15_000;

/** When it was last heard. */
export function lastHeardEpochMs({ silentSinceEpochMs }: Module, now: number): number {
  return Math.min(silentSinceEpochMs ?? now, now);
}

export function isReachable(module: Module, now: number): boolean {
  return now - lastHeardEpochMs(module, now) < UNREACHABLE_AFTER_MS;
}

/** Whether it was silent at a moment in the past. */
export function wasSilent({ outages, silentSinceEpochMs }: Module, epochMs: number): boolean {
  if (silentSinceEpochMs !== undefined && epochMs > silentSinceEpochMs) return true;
  return outages.some(({ fromEpochMs, toEpochMs }) => epochMs > fromEpochMs && epochMs < toEpochMs);
}

export function batteryMv({ battery }: Module, now: number): number | undefined {
  if (!battery) return undefined;
  const days = Math.max(0, now - battery.epochMs) / 86_400_000;
  return Math.round(Math.max(2000, battery.mv - days * BATTERY_MV_PER_DAY));
}

/** Where a shutter is, percent open. */
export function positionOf({ travel }: Module, now: number): number {
  if (!travel) return 0;
  const whole = (Math.abs(travel.to - travel.from) / 100) * TRAVEL_MS;
  const part = whole === 0 ? 1 : Math.min(1, Math.max(0, now - travel.startedEpochMs) / whole);
  return Math.round(travel.from + (travel.to - travel.from) * part);
}
