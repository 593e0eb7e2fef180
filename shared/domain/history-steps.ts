/**
 * The past condensed: of every five minutes, hour and day the least, the greatest and the mean of the readings kept.
 * A step is always made anew of all that is in it, never added to, so that it does not matter in which order, how late
 * or how often readings come. Pure: no I/O, no clock.
 */
import { DAY_MS, type StepResolution, type TimeSpan } from './history.ts';
import { type CapabilityName, type CapabilityProfiles, declarationOf, isKeepable } from './reading.ts';
import { dayAt, hourAt } from './wall-clock.ts';

const FIVE_MINUTES_MS = 300_000;
/** Readings may be deleted a little before a clock of ours says so. */
const CLOCK_ALLOWANCE_MS = 300_000;

export interface Step {
  /** Where it begins. */
  readonly startEpochMs: number;
  readonly min: number;
  readonly max: number;
  /** Of the readings, each counting the same however long it held. */
  readonly mean: number;
  /** Readings in it; one at least. */
  readonly count: number;
}

/** Steps that are kept as one item, however few there are. */
export interface StepBlock {
  readonly moduleId: string;
  readonly capability: CapabilityName;
  readonly resolution: StepResolution;
  readonly fromEpochMs: number;
  /** Oldest first. */
  readonly steps: readonly Step[];
  /** The least that what they are made of has been kept for since the block was begun, days. */
  readonly inputDays: number;
  /** +1 with every put; 0 where nobody has put it yet. */
  readonly version: number;
}
export type StepBlockAddress = Pick<StepBlock, 'moduleId' | 'capability' | 'resolution' | 'fromEpochMs'>;

/**
 * What each resolution is made of, and how much of it is one item. Blocks lie on a grid in UTC, wherever the plant is:
 * a question finds them without its zone, and they stay where they are when that changes. So long, an item is below the
 * 1 KB that DynamoDB counts as one write.
 */
export const stepLevels = {
  '5min': { madeOf: 'raw', blockMs: 3_600_000 },
  '1hour': { madeOf: '5min', blockMs: DAY_MS },
  '1day': { madeOf: '1hour', blockMs: 16 * DAY_MS },
} as const satisfies Record<StepResolution, { madeOf: 'raw' | StepResolution; blockMs: number }>;

/** Whether there is a mean of it: there is none of what is no number, and the mean of north-west and north-east is south. */
export function isCondensed(capability: CapabilityName, profiles: CapabilityProfiles): boolean {
  const declared = declarationOf(capability, profiles);
  return declared === undefined || (declared.type === 'number' && declared.unit !== 'deg');
}

/** The step that a time is in. Hours and days begin where the clocks of the plant have them begin. */
export function stepAt(resolution: StepResolution, epochMs: number, timeZone: string): TimeSpan {
  if (resolution === '1hour') return hourAt(epochMs, timeZone);
  if (resolution === '1day') return dayAt(epochMs, timeZone);
  const fromEpochMs = Math.floor(epochMs / FIVE_MINUTES_MS) * FIVE_MINUTES_MS;
  return { fromEpochMs, toEpochMs: fromEpochMs + FIVE_MINUTES_MS - 1 };
}

/** Where the block begins in which a step is kept, epoch milliseconds. */
export function blockOfStep(resolution: StepResolution, startEpochMs: number): number {
  const { blockMs } = stepLevels[resolution];
  return Math.floor(startEpochMs / blockMs) * blockMs;
}

/** A reading, as the least that a step can be made of. */
export function stepOf(startEpochMs: number, value: number): Step {
  return { startEpochMs, min: value, max: value, mean: value, count: 1 };
}

/** The step that these make; `undefined`: none of them begins in it. */
export function condense(parts: readonly Step[], { fromEpochMs, toEpochMs }: TimeSpan): Step | undefined {
  // In their order, so that the last digit of a sum does not depend on how they were found.
  const own = parts
    .filter(({ startEpochMs }) => startEpochMs >= fromEpochMs && startEpochMs <= toEpochMs)
    .toSorted((a, b) => a.startEpochMs - b.startEpochMs);
  const [first] = own;
  if (!first) return undefined;
  const [min, max, count, sum] = own.reduce(
    ([least, greatest, counted, summed], part) => [
      Math.min(least, part.min),
      Math.max(greatest, part.max),
      counted + part.count,
      summed + part.mean * part.count,
    ],
    [first.min, first.max, 0, 0],
  );
  return { startEpochMs: fromEpochMs, min, max, mean: within(min, sum / count, max), count };
}

/** Whether all that a step is made of is there: where some may be gone, what was made of it is to stay as it is. */
export function isRemakeable({ fromEpochMs }: TimeSpan, inputDays: number, now: number): boolean {
  return fromEpochMs >= now - inputDays * DAY_MS + CLOCK_ALLOWANCE_MS;
}

/** The block with these steps made anew of all that is in them. */
export function withSteps(block: StepBlock, spans: readonly TimeSpan[], parts: readonly Step[]): StepBlock {
  const remade = new Set(spans.map(({ fromEpochMs }) => fromEpochMs));
  const steps = [
    ...block.steps.filter(({ startEpochMs }) => !remade.has(startEpochMs)),
    ...spans.flatMap((span) => condense(parts, span) ?? []),
  ].toSorted((a, b) => a.startEpochMs - b.startEpochMs);
  return { ...block, steps, version: block.version + 1 };
}

/** Adding up leaves traces in the last digits, which must not lead out of what was measured, nor below what can be kept. */
function within(min: number, mean: number, max: number): number {
  const kept = isKeepable(mean) ? mean : 0;
  return Math.min(Math.max(kept, min), max);
}
