/**
 * `rate(…)` and the part of `cron(…)` that needs no calendar lore: numbers, `*`, `?`, lists, ranges and steps. UTC. Pure.
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-scheduled-rule-pattern.html
 */
import { LatchkeyError } from '../../../shared/domain/error.ts';

const MINUTE_MS = 60_000;
const unitMs: Readonly<Record<string, number>> = {
  minute: MINUTE_MS,
  hour: 60 * MINUTE_MS,
  day: 24 * 60 * MINUTE_MS,
};
/** A pattern that fits no minute of four years (February 30th) never will. */
const HORIZON_MS = 4 * 366 * 24 * 60 * MINUTE_MS;

/** The next time after a given one, in epoch milliseconds. */
export type NextRun = (afterEpochMs: number) => number;

/**
 * @param startEpochMs a rate counts from here
 * @throws {LatchkeyError} config_invalid – when the expression is not understood
 */
export function parseScheduleExpression(expression: string, startEpochMs: number): NextRun {
  const rate = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(expression);
  if (rate) {
    const periodMs = Number(rate[1]) * (unitMs[rate[2] ?? ''] ?? MINUTE_MS);
    return (after) => startEpochMs + (Math.floor((after - startEpochMs) / periodMs) + 1) * periodMs;
  }
  const cron = /^cron\(([^)]+)\)$/.exec(expression)?.[1]?.split(/\s+/);
  if (cron?.length !== 6) throw notUnderstood(expression);
  const fits = cron.map((field) => parseField(field, expression));
  return (after) => {
    const first = (Math.floor(after / MINUTE_MS) + 1) * MINUTE_MS;
    for (let at = first; at < first + HORIZON_MS; at += MINUTE_MS) {
      const parts = partsOf(new Date(at));
      if (fits.every((isFitting, index) => isFitting(parts[index] ?? 0))) return at;
    }
    return Number.POSITIVE_INFINITY;
  };
}

/** Minute, hour, day of month, month, day of week (1 is Sunday), year: the order of the fields. */
function partsOf(date: Date): number[] {
  return [
    date.getUTCMinutes(),
    date.getUTCHours(),
    date.getUTCDate(),
    date.getUTCMonth() + 1,
    date.getUTCDay() + 1,
    date.getUTCFullYear(),
  ];
}

function parseField(field: string, expression: string): (value: number) => boolean {
  if (field === '*' || field === '?') return () => true;
  const alternatives = field.split(',').map((part) => {
    const match = /^(?:(\d+)(?:-(\d+))?|\*)(?:\/(\d+))?$/.exec(part);
    if (!match) throw notUnderstood(expression);
    const [, from, to, step] = match;
    const first = Number(from ?? 0);
    const isOpen = from === undefined || (to === undefined && step !== undefined);
    const last = isOpen ? Number.POSITIVE_INFINITY : Number(to ?? first);
    return (value: number) => value >= first && value <= last && (value - first) % Number(step ?? 1) === 0;
  });
  return (value) => alternatives.some((isFitting) => isFitting(value));
}

function notUnderstood(expression: string): LatchkeyError {
  return new LatchkeyError('config_invalid', `schedule ${expression} is not understood by the local cloud`);
}
