/**
 * Wall-clock times: what a clock on the wall of a plant shows. Pure: no I/O, no clock.
 *
 * Where clocks go forward, a time that is skipped means the later instant (02:30 is read as 03:30 summer time);
 * where they go back, a time that comes twice means the earlier one.
 * @see RFC 5545 §3.3.5, which rules the same; Temporal calls it `compatible`
 */
import { Temporal } from 'temporal-polyfill';
import { toUtc, type UtcTime } from './time.ts';

/** Groups: year, month, day, hours and minutes, seconds, zone. One-digit months and days are read as well. */
const CLOCK_TEXT =
  /^(\d{4})-(\d{1,2})-(\d{1,2})T(\d{2}:\d{2})(?::(\d{2}(?:\.\d{1,9})?))?(Z|[+-]\d{2}:?\d{2})?$/i;

const HOUR_MS = 3_600_000;

/** `YYYY-MM-DDThh:mm:ss` as a clock in that zone shows it. */
export function toWallClock(epochMs: number, timeZone: string): string {
  return zoned(epochMs, timeZone).toPlainDateTime().toString({ smallestUnit: 'second' });
}

/** Offset of a zone at an instant, as `+01:00`. */
export function offsetAt(epochMs: number, timeZone: string): string {
  return zoned(epochMs, timeZone).offset;
}

/** An hour or a day of a place, epoch milliseconds, both ends included. */
interface ClockSpan {
  readonly fromEpochMs: number;
  readonly toEpochMs: number;
}

/** The hour that a clock there shows: 60 minutes, but where clocks go forward or back by less than an hour. */
export function hourAt(epochMs: number, timeZone: string): ClockSpan {
  const at = zoned(epochMs, timeZone);
  const fromEpochMs = Math.trunc(epochMs) - ((at.minute * 60 + at.second) * 1000 + at.millisecond);
  const toEpochMs = fromEpochMs + HOUR_MS - 1;
  const hasOffset = (otherMs: number) => zoned(otherMs, timeZone).offset === at.offset;
  return {
    fromEpochMs: hasOffset(fromEpochMs) ? fromEpochMs : (lastShift(epochMs, timeZone) ?? fromEpochMs),
    toEpochMs: hasOffset(toEpochMs) ? toEpochMs : (nextShift(epochMs, timeZone) ?? toEpochMs + 1) - 1,
  };
}

/** The day there, from midnight to midnight: 24 hours, but where clocks go forward or back. */
export function dayAt(epochMs: number, timeZone: string): ClockSpan {
  const begin = zoned(epochMs, timeZone).startOfDay();
  const end = begin.add({ days: 1 }).startOfDay();
  return { fromEpochMs: begin.epochMilliseconds, toEpochMs: end.epochMilliseconds - 1 };
}

/** When clocks there went forward or back last, at this very instant included. */
function lastShift(epochMs: number, timeZone: string): number | undefined {
  return zoned(epochMs + 1, timeZone).getTimeZoneTransition('previous')?.epochMilliseconds;
}

function nextShift(epochMs: number, timeZone: string): number | undefined {
  return zoned(epochMs, timeZone).getTimeZoneTransition('next')?.epochMilliseconds;
}

/** The offset that a text states itself; absent where it states none, `Z` included: that names no place's clock. */
export function statedOffset(text: string): string | undefined {
  const zone = CLOCK_TEXT.exec(text.trim())?.[6];
  if (zone === undefined || /^z$/i.test(zone)) return undefined;
  return `${zone.slice(0, 3)}:${zone.slice(-2)}`;
}

/**
 * Reads a time with or without an offset; without one it is a wall-clock time of `timeZone`.
 * @returns absent – when it is no time, or has no offset and no zone is given, or is a year in UTC that is not of four
 * digits, as a clock that was never set can say
 */
export function readClock(text: string, timeZone?: string): UtcTime | undefined {
  const [matched, year, month = '', day = '', minutes, seconds = '00', zone] =
    CLOCK_TEXT.exec(text.trim()) ?? [];
  if (matched === undefined) return undefined;
  const wall = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}T${minutes}:${seconds}`;
  try {
    if (zone !== undefined) return ofFourDigits(Temporal.Instant.from(wall + zone.toUpperCase()));
    if (timeZone === undefined) return undefined;
    return ofFourDigits(Temporal.PlainDateTime.from(wall).toZonedDateTime(timeZone));
  } catch (error) {
    // Temporal's word for a day or an hour that does not exist.
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

function ofFourDigits({ epochMilliseconds }: { readonly epochMilliseconds: number }): UtcTime | undefined {
  const utc = toUtc(epochMilliseconds);
  return /^\d{4}-/.test(utc) ? utc : undefined;
}

function zoned(epochMs: number, timeZone: string): Temporal.ZonedDateTime {
  return Temporal.Instant.fromEpochMilliseconds(Math.trunc(epochMs)).toZonedDateTimeISO(timeZone);
}
