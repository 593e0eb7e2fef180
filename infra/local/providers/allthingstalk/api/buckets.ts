/** Where buckets of a resolution begin, in UTC; weeks on Mondays. Pure. */
import type { Resolution } from '../settings.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** The first Monday after the epoch. */
const A_MONDAY_MS = 4 * DAY_MS;

/** Every bucket that has a part in the period; undefined when there are more than `most`. */
export function bucketStarts(
  fromEpochMs: number,
  toEpochMs: number,
  resolution: Resolution,
  most: number,
): number[] | undefined {
  const starts: number[] = [];
  let start = startOf(fromEpochMs, resolution);
  while (start <= toEpochMs) {
    if (starts.length === most) return undefined;
    starts.push(start);
    start = startAfter(start, resolution);
  }
  return starts;
}

function startOf(epochMs: number, resolution: Resolution): number {
  const floor = (lengthMs: number, originMs = 0) =>
    originMs + Math.floor((epochMs - originMs) / lengthMs) * lengthMs;
  switch (resolution) {
    case 'minute':
      return floor(MINUTE_MS);
    case 'hour':
      return floor(HOUR_MS);
    case 'day':
      return floor(DAY_MS);
    case 'week':
      return floor(7 * DAY_MS, A_MONDAY_MS);
    case 'month':
      return startOfMonth(epochMs, 0);
  }
}

function startAfter(start: number, resolution: Resolution): number {
  if (resolution === 'month') return startOfMonth(start, 1);
  return start + { minute: MINUTE_MS, hour: HOUR_MS, day: DAY_MS, week: 7 * DAY_MS }[resolution];
}

function startOfMonth(epochMs: number, months: number): number {
  const day = new Date(epochMs);
  return Date.UTC(day.getUTCFullYear(), day.getUTCMonth() + months);
}
