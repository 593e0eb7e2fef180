/** Plant-local wall time, which is what a Smarther thinks in (contract 3.9). Pure: no clock. */
import { Temporal } from 'temporal-polyfill';

export function zonedAt(epochMs: number, timeZone: string): Temporal.ZonedDateTime {
  return Temporal.Instant.fromEpochMilliseconds(Math.floor(epochMs)).toZonedDateTimeISO(timeZone);
}

/** `2026-01-15T18:04:11`: wall time without a suffix. */
export function wallText(epochMs: number, timeZone: string): string {
  return zonedAt(epochMs, timeZone).toPlainDateTime().toString({ smallestUnit: 'second' });
}

/** `2026-01-15T18:04:11+01:00`. */
export function offsetText(epochMs: number, timeZone: string): string {
  return zonedAt(epochMs, timeZone).toString({ smallestUnit: 'second', timeZoneName: 'never' });
}

/** `2026-01-15T17:04:11Z`. */
export function zuluText(epochMs: number): string {
  return Temporal.Instant.fromEpochMilliseconds(Math.floor(epochMs)).toString({ smallestUnit: 'second' });
}

/** @param wall text without a suffix; a time that daylight saving skips is taken as the one after the gap */
export function epochMsOfWall(wall: string, timeZone: string): number {
  return Temporal.PlainDateTime.from(wall).toZonedDateTime(timeZone).epochMilliseconds;
}
