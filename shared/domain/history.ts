/** A module's past as its cloud tells it: how finely, and the blocks in which it is kept here. Pure: no I/O, no clock. */
import * as z from 'zod';
import { CapabilityName, isKeepable, ReadingValue } from './reading.ts';
import { UtcTime } from './time.ts';

export const DAY_MS = 86_400_000;

/**
 * How many days of each resolution are asked for and kept as one. Measured every five minutes, half a block fits the
 * 1,024 points that a cloud tells at once; of the others, a block does.
 */
const blockDays = {
  /** As it was reported or measured, or as finely as the cloud has it. */
  raw: 2,
  '30min': 16,
  '1hour': 32,
  '3hours': 96,
  '1day': 512,
  '1week': 3_584,
  '1month': 3_584,
} as const;

/** What a cloud may be asked for. */
export type FetchedResolution = keyof typeof blockDays;
export const FetchedResolution = z.enum(
  Object.keys(blockDays) as [FetchedResolution, ...FetchedResolution[]],
);

const HALF_HOUR_SECONDS = 1_800;

/**
 * At which resolution a question is asked and its answer kept. Where the finest that a cloud has are half hours, they are
 * the same at `raw` and at `30min`, and in blocks of the latter they come with an eighth of the calls.
 * @param stepSeconds – length of the longest step at the resolution
 */
export function keptAt(resolution: FetchedResolution, stepSeconds: number): FetchedResolution {
  return resolution === 'raw' && stepSeconds === HALF_HOUR_SECONDS ? '30min' : resolution;
}

/** The longest spans that a cloud is asked about at once, days: so that an empty past does not cost a quota. */
export function longestSpanDays(resolution: FetchedResolution): number {
  return resolution === 'raw' || resolution === '30min' ? 400 : 4_000;
}

/** What readings are condensed to here: the first from the readings themselves, the others each from the one before. */
export const StepResolution = z.enum(['5min', '1hour', '1day']);
export type StepResolution = z.infer<typeof StepResolution>;

/** Finest first. */
export const Resolution = z.enum(['raw', '5min', '30min', '1hour', '3hours', '1day', '1week', '1month']);
export type Resolution = z.infer<typeof Resolution>;

export const HistoryPoint = z.object({
  time: UtcTime,
  value: ReadingValue,
  /** Of a step that was condensed here; its value is the mean. */
  min: z.number().optional(),
  max: z.number().optional(),
  /** How many readings it was condensed of. */
  count: z.int().optional(),
});
export type HistoryPoint = z.infer<typeof HistoryPoint>;

/** When, in epoch milliseconds, and what; of a step it is the beginning. */
export const Measured = z.tuple([z.int(), z.number()]);
export type Measured = z.infer<typeof Measured>;

/** Epoch milliseconds, both included. */
export interface TimeSpan {
  readonly fromEpochMs: number;
  readonly toEpochMs: number;
}

/** Points that a block holds at most: of the largest an item of DynamoDB, 400 KB, holds some 12,000. */
export const MOST_POINTS = 8_000;

/** What was fetched of one block; times are epoch milliseconds. */
export const HistoryBlock = z.object({
  moduleId: z.string(),
  capability: CapabilityName,
  resolution: FetchedResolution,
  fromEpochMs: z.int(),
  /** With its place in the grid, or earlier, where the next one begins: there was too much for one. */
  toEpochMs: z.int(),
  /** Oldest first. */
  points: z.array(Measured),
  /** Up to here it was read, and what was read will not change; before the block, where nothing is so yet. */
  finalToEpochMs: z.int(),
  /** Up to here it was read. */
  readToEpochMs: z.int(),
  readAtEpochMs: z.int(),
});
export type HistoryBlock = z.infer<typeof HistoryBlock>;
export type BlockAddress = Pick<HistoryBlock, 'moduleId' | 'capability' | 'resolution' | 'fromEpochMs'>;

/** What a page of a cloud's answer adds to a block. */
export interface BlockPage {
  /** Where the page begins, and the block ended for whoever asked for it, epoch milliseconds. */
  readonly fromEpochMs: number;
  readonly points: readonly Measured[];
  /** The page is silent about what comes after. */
  readonly readToEpochMs: number;
  /** Whether all of it could be read. */
  readonly isWhole: boolean;
}

/** Measures travel late: a station uploads every ten minutes, but counts as silent only after four hours. */
export const SETTLING_MS = 4 * 3_600_000;
/** What may still change is asked again after this time: more often than stations upload would gain nothing. */
const FRESH_MS = 600_000;

/** The place in the grid of blocks that a time lies in; blocks lie on a grid so that every question meets the same ones. */
export function placeOf(resolution: FetchedResolution, atEpochMs: number): TimeSpan {
  const lengthMs = blockDays[resolution] * DAY_MS;
  const fromEpochMs = Math.floor(atEpochMs / lengthMs) * lengthMs;
  return { fromEpochMs, toEpochMs: fromEpochMs + lengthMs - 1 };
}

/** The places that a span touches, in order. */
export function* blocksOf(
  resolution: FetchedResolution,
  { fromEpochMs, toEpochMs }: TimeSpan,
): Generator<TimeSpan> {
  for (let at = fromEpochMs; at <= toEpochMs; ) {
    const place = placeOf(resolution, at);
    yield place;
    at = place.toEpochMs + 1;
  }
}

export function emptyBlock(address: BlockAddress, toEpochMs: number): HistoryBlock {
  const readToEpochMs = address.fromEpochMs - 1;
  return {
    ...address,
    toEpochMs,
    points: [],
    finalToEpochMs: readToEpochMs,
    readToEpochMs,
    readAtEpochMs: 0,
  };
}

/** A block of a fast sensor as several that follow one another, so that each can be kept; else the block itself. */
export function splitBlock(block: HistoryBlock): [HistoryBlock, ...HistoryBlock[]] {
  const { points, finalToEpochMs, readToEpochMs } = block;
  const [border] = points[MOST_POINTS] ?? [];
  if (border === undefined) return [block];
  const first = {
    ...block,
    points: points.slice(0, MOST_POINTS),
    toEpochMs: border - 1,
    finalToEpochMs: Math.min(finalToEpochMs, border - 1),
    readToEpochMs: Math.min(readToEpochMs, border - 1),
  };
  const rest = {
    ...block,
    points: points.slice(MOST_POINTS),
    fromEpochMs: border,
    finalToEpochMs: Math.max(finalToEpochMs, border - 1),
  };
  return [first, ...splitBlock(rest)];
}

/** Up to where the block can be relied on, epoch milliseconds: for good, or while it is fresh. */
export function knownTo({ finalToEpochMs, readToEpochMs, readAtEpochMs }: HistoryBlock, now: number): number {
  return now - readAtEpochMs < FRESH_MS ? Math.max(finalToEpochMs, readToEpochMs) : finalToEpochMs;
}

/**
 * The block with a page more.
 * @param stepSeconds – length of the longest step; what comes within an unfinished one would be half a value
 */
export function withPage(
  block: HistoryBlock,
  page: BlockPage,
  stepSeconds: number,
  now: number,
): HistoryBlock {
  const { fromEpochMs, readToEpochMs } = page;
  const stepMs = stepSeconds * 1000;
  const settledTo = Math.min(readToEpochMs, now - SETTLING_MS - stepMs);
  // A page that could not be read as a whole is answered, and asked again later.
  const isContinued = page.isWhole && block.finalToEpochMs === fromEpochMs - 1;
  const added = page.points
    .filter(([atEpochMs]) => atEpochMs >= fromEpochMs && atEpochMs + stepMs <= now)
    .filter(([, value]) => isKeepable(value));
  return {
    ...block,
    points: [...block.points.filter(([atEpochMs]) => atEpochMs < fromEpochMs), ...added],
    finalToEpochMs: isContinued ? Math.max(block.finalToEpochMs, settledTo) : block.finalToEpochMs,
    readToEpochMs,
    readAtEpochMs: now,
  };
}
