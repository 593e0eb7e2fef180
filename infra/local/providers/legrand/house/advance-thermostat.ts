import { outdoorC, stepAir } from '../../simulation/indoor-air.ts';
import { zonedAt } from '../../simulation/wall-clock.ts';
import { announcementOf, isWorthAnnouncing } from './announcement.ts';
import { activationEndEpochMs, demandOf, fallBackToAutomatic, type Thermostat } from './thermostat.ts';

/** How often the relay decides. */
export const STEP_MS = 60_000;
/** Of a longer gap (a leap of the clock, a night switched off) only the end is computed, and nothing is told of the rest. */
export const LONGEST_GAP_MS = 24 * 3_600_000;

export type Announce = (thermostat: Thermostat, epochMs: number) => void;

/** Brings a thermostat to `toEpochMs`, calling `announce` at every change worth a webhook. Never goes back in time. */
export function advanceThermostat(
  thermostat: Thermostat,
  timeZone: string,
  toEpochMs: number,
  announce: Announce,
): void {
  thermostat.computedEpochMs = Math.max(thermostat.computedEpochMs, toEpochMs - LONGEST_GAP_MS);
  let endEpochMs = activationEndEpochMs(thermostat, timeZone) ?? Number.POSITIVE_INFINITY;
  while (thermostat.computedEpochMs < toEpochMs) {
    const from = thermostat.computedEpochMs;
    const to = Math.min(from + STEP_MS, toEpochMs, endEpochMs > from ? endEpochMs : toEpochMs);
    step(thermostat, timeZone, from, to);
    if (to >= endEpochMs) {
      fallBackToAutomatic(thermostat);
      endEpochMs = Number.POSITIVE_INFINITY;
    }
    announceChange(thermostat, timeZone, to, announce);
  }
}

function step(thermostat: Thermostat, timeZone: string, fromEpochMs: number, toEpochMs: number): void {
  const local = zonedAt(fromEpochMs, timeZone);
  const outsideC = outdoorC(local.dayOfYear, local.hour + local.minute / 60);
  const demand = demandOf(thermostat, fromEpochMs, timeZone);
  thermostat.room = stepAir(thermostat.room, demand, outsideC, (toEpochMs - fromEpochMs) / 1000);
  thermostat.computedEpochMs = toEpochMs;
}

/** Tells of the thermostat as it is now if it differs from what was told last. */
export function announceChange(
  thermostat: Thermostat,
  timeZone: string,
  epochMs: number,
  announce: Announce,
): void {
  const announcement = announcementOf(thermostat, epochMs, timeZone);
  if (!isWorthAnnouncing(thermostat.announced, announcement)) return;
  thermostat.announced = announcement;
  announce(thermostat, epochMs);
}
