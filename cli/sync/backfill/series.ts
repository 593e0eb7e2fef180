/** One capability of one module, and how much of its past is in the copy. Pure: no I/O, no clock. */
import * as z from 'zod';
import { DAY_MS, keptAt, placeOf, SETTLING_MS, type TimeSpan } from '../../../shared/domain/history.ts';
import { toUtc, UtcTime } from '../../../shared/domain/time.ts';
import type { Document, StateDocument } from '../document.ts';
import { cursorAt, gapsIn, type Span, withRead } from './spans.ts';

export interface Series {
  readonly accountId: string;
  /** When the account was linked. */
  readonly linkedAt: string;
  readonly plantId: string;
  readonly moduleId: string;
  readonly device: string;
  readonly capability: string;
  /** Length of the provider's finest steps; 0: it tells each value as it was measured. */
  readonly rawStepSeconds: number;
}

/** What is noted of a series in the target, once what it stands for is there. */
export const SeriesNote = z.looseObject({
  id: z.string(),
  version: z.int(),
  accountId: z.string(),
  moduleId: z.string(),
  capability: z.string(),
  /** When the account was linked for which this is noted. */
  linkedAt: UtcTime,
  /** From when on the past was wanted, the earliest so far. */
  since: UtcTime,
  /** What came up to here is wanted from the provider, as it was known last. */
  until: UtcTime,
  /** When what Latchkey itself kept begins, which the feed tells; absent while there is nothing. */
  border: UtcTime.optional(),
  /** The parts that are in the copy, both ends included. */
  spans: z.array(z.object({ from: UtcTime, through: UtcTime, next: z.string().optional() })),
  /** Readings that were written. */
  readings: z.int(),
  /** When there was nothing missing between `since` and `until`. */
  finishedAt: UtcTime.optional(),
});
export type SeriesNote = z.infer<typeof SeriesNote>;

export function idOf({ moduleId, capability }: Pick<Series, 'moduleId' | 'capability'>): string {
  return `${moduleId}:${capability}`;
}

/** A series that lacks something. */
export interface Task {
  readonly series: Series;
  /** All that is wanted; later values may still change. */
  readonly wanted: TimeSpan;
  readonly borderEpochMs: number | undefined;
  readonly note: SeriesNote | undefined;
  /** What is missing of it, oldest first; at least one. */
  readonly gaps: readonly TimeSpan[];
}

/**
 * What is missing of a series; `undefined`: nothing that is worth a call.
 * @param borderEpochMs – when what Latchkey itself kept begins; `undefined`: there is nothing, and never may be
 */
export function planSeries(
  series: Series,
  note: SeriesNote | undefined,
  borderEpochMs: number | undefined,
  { sinceEpochMs, now }: { readonly sinceEpochMs: number; readonly now: number },
): Task | undefined {
  // What is in the copy must not change any more at the provider.
  const settled = now - SETTLING_MS - series.rawStepSeconds * 1000;
  const last = (borderEpochMs ?? Number.POSITIVE_INFINITY) - 1;
  let wanted = { fromEpochMs: sinceEpochMs, toEpochMs: Math.min(last, settled) };
  let gaps = gapsIn(spansOf(note), wanted);
  const [newest] = gaps.slice(-1);
  // What has settled since is taken a day at a time: a few minutes cost a call as well.
  const isSince = note && newest && newest.fromEpochMs > Date.parse(note.until);
  if (isSince && last > settled && lengthOf([newest]) < DAY_MS) {
    wanted = { ...wanted, toEpochMs: newest.fromEpochMs - 1 };
    gaps = gaps.slice(0, -1);
  }
  return gaps.length > 0 ? { series, wanted, borderEpochMs, note, gaps } : undefined;
}

export function lengthOf(gaps: readonly TimeSpan[]): number {
  return gaps.reduce((sum, { fromEpochMs, toEpochMs }) => sum + toEpochMs - fromEpochMs + 1, 0);
}

/** Calls to the provider that the API makes for one question. */
export const CALLS_PER_QUESTION = 4;

/**
 * The part of the first gap that is asked about at once: as many blocks as the API asks the provider for. So what is empty
 * is told as a whole, rather than with a cursor that does not say how far it has got.
 */
export function questionOf({ series, gaps: [gap] }: Pick<Task, 'series' | 'gaps'>): TimeSpan {
  if (!gap) throw new TypeError('the series lacks nothing');
  const first = placeOf(keptAt('raw', series.rawStepSeconds), gap.fromEpochMs);
  const end = first.fromEpochMs + CALLS_PER_QUESTION * lengthOf([first]);
  return { ...gap, toEpochMs: Math.min(gap.toEpochMs, end - 1) };
}

/** Where the API is to go on with a task; it is asked about a part of the first gap. */
export function cursorOf({ note, gaps }: Task): string | undefined {
  return gaps[0] && cursorAt(spansOf(note), gaps[0].fromEpochMs);
}

/** What the API told of the beginning of a task's first gap. */
export interface ReadPast {
  readonly unit: string | null;
  /** Oldest first. */
  readonly points: readonly { readonly time: string; readonly value: unknown }[];
  /** Up to where the API was asked, epoch milliseconds. */
  readonly askedToEpochMs: number;
  /** Present: it told only a part. */
  readonly next?: string | undefined;
}

/** What is noted of a task before it is begun: that it is wanted, though less of it was finished before. */
export function noteWanted({ series, wanted, borderEpochMs, note }: Task): SeriesNote {
  const since = Math.min(wanted.fromEpochMs, Date.parse(note?.since ?? '') || Number.POSITIVE_INFINITY);
  return {
    id: idOf(series),
    version: (note?.version ?? 0) + 1,
    accountId: series.accountId,
    moduleId: series.moduleId,
    capability: series.capability,
    linkedAt: series.linkedAt,
    since: toUtc(since),
    until: toUtc(wanted.toEpochMs),
    ...(borderEpochMs !== undefined && { border: toUtc(borderEpochMs) }),
    spans: note?.spans ?? [],
    readings: note?.readings ?? 0,
  };
}

/** The task with that done. */
export function withPast(task: Task, { points, askedToEpochMs, next }: ReadPast, now: number) {
  const { wanted, note } = task;
  const fromEpochMs = task.gaps[0]?.fromEpochMs ?? wanted.fromEpochMs;
  const last = points.at(-1);
  const toldTo = last ? Date.parse(last.time) : fromEpochMs - 1;
  const read = next === undefined ? { toEpochMs: askedToEpochMs } : { toEpochMs: toldTo, next };
  const spans = withRead(spansOf(note), { fromEpochMs, ...read });
  const gaps = gapsIn(spans, wanted);
  const noted: SeriesNote = {
    ...noteWanted(task),
    spans: spans.map(toNoted),
    readings: (note?.readings ?? 0) + points.length,
    ...(gaps.length === 0 && { finishedAt: toUtc(now) }),
  };
  return { ...task, note: noted, gaps };
}

/** The readings as they are in the copy, beside those that the feed told. */
export function pastDocuments(series: Series, { unit, points }: ReadPast): Document[] {
  const { accountId, plantId, moduleId, device, capability } = series;
  return points.map(({ time, value }) => ({
    id: `${idOf(series)}:${time}`,
    accountId,
    plantId,
    moduleId,
    device,
    capability,
    value,
    unit,
    observedAt: time,
    origin: 'history',
  }));
}

/**
 * The notes that change when an account is unlinked: what was kept of it went, but up to then the feed told it. Should it
 * be linked again, what is missing is what comes between.
 */
export function notesUnlinked(notes: Iterable<StateDocument>, accountId: string, at: string): SeriesNote[] {
  return [...notes].flatMap((document) => {
    const { border, ...note } = SeriesNote.parse(document);
    if (note.accountId !== accountId || border === undefined) return [];
    const told = { fromEpochMs: Date.parse(border), toEpochMs: Date.parse(at) };
    // Told a second time, after it was linked again.
    if (told.fromEpochMs > told.toEpochMs) return [];
    const spans = withRead(spansOf(note), told).map(toNoted);
    return [{ ...note, version: note.version + 1, spans }];
  });
}

function spansOf(note: Pick<SeriesNote, 'spans'> | undefined): Span[] {
  return (note?.spans ?? []).map(({ from, through, next }) => ({
    fromEpochMs: Date.parse(from),
    toEpochMs: Date.parse(through),
    ...(next !== undefined && { next }),
  }));
}

function toNoted({ fromEpochMs, toEpochMs, next }: Span): SeriesNote['spans'][number] {
  return { from: toUtc(fromEpochMs), through: toUtc(toEpochMs), ...(next !== undefined && { next }) };
}
