/** Measures over time, in the two layouts of `getmeasure` and `getroommeasure` (contract 3.4). Pure. */
import { Temporal } from 'temporal-polyfill';

/** One moment with a slot for each type that was asked for. */
export interface Point {
  readonly epochS: number;
  readonly values: readonly (number | null)[];
}

export const MOST_POINTS = 1024;

const stepSeconds = {
  max: 300,
  '30min': 1800,
  '1hour': 3600,
  '3hours': 10_800,
  '1day': 86_400,
  '1week': 604_800,
  '1month': 2_629_800,
} as const;
export type Scale = keyof typeof stepSeconds;

export function isScale(text: string): text is Scale {
  return text in stepSeconds;
}

/** An interval of a scale: days and longer ones begin at midnight at home. */
export interface Interval {
  readonly fromEpochS: number;
  readonly toEpochS: number;
}

/** Intervals in order, from the first that begins at `fromEpochS` or later. */
export function* intervals(scale: Scale, fromEpochS: number, timeZone: string): Generator<Interval> {
  const step = stepSeconds[scale];
  if (step <= 10_800) {
    for (let from = Math.ceil(fromEpochS / step) * step; ; from += step)
      yield { fromEpochS: from, toEpochS: from + step };
  }
  let day = startOf(scale, fromEpochS, timeZone);
  const length = scale === '1day' ? { days: 1 } : scale === '1week' ? { weeks: 1 } : { months: 1 };
  while (true) {
    const next = day.add(length);
    const [from, to] = [day.epochMilliseconds / 1000, next.epochMilliseconds / 1000];
    if (from >= fromEpochS) yield { fromEpochS: from, toEpochS: to };
    day = next;
  }
}

function startOf(scale: Scale, epochS: number, timeZone: string): Temporal.ZonedDateTime {
  const day = Temporal.Instant.fromEpochMilliseconds(epochS * 1000)
    .toZonedDateTimeISO(timeZone)
    .startOfDay();
  if (scale === '1week') return day.subtract({ days: day.dayOfWeek - 1 });
  return scale === '1month' ? day.with({ day: 1 }) : day;
}

/** By default a point stands in the middle of its interval; raw ones are where they were measured. */
export function stampOf(scale: Scale, { fromEpochS, toEpochS }: Interval, realTime: boolean): number {
  return scale === 'max' || realTime ? fromEpochS : Math.floor((fromEpochS + toEpochS) / 2);
}

/** No point at all is an empty list in both layouts. */
export function layOut(points: readonly Point[], scale: Scale, optimize: boolean): unknown {
  if (points.length === 0) return [];
  if (!optimize) return Object.fromEntries(points.map(({ epochS, values }) => [epochS, values]));
  const series: { beg_time: number; step_time?: number; value: (readonly (number | null)[])[] }[] = [];
  let last = Number.NEGATIVE_INFINITY;
  for (const { epochS, values } of points) {
    const current = series.at(-1);
    const distance = epochS - last;
    // Months, and days on which clocks change, are a gap for whoever counts in seconds.
    if (current && distance === (current.step_time ?? stepSeconds[scale])) {
      current.step_time = distance;
      current.value.push(values);
    } else series.push({ beg_time: epochS, value: [values] });
    last = epochS;
  }
  return series;
}
