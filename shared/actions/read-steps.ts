import type { HistoryPoint, StepResolution, TimeSpan } from '../domain/history.ts';
import { type Step, stepAt } from '../domain/history-steps.ts';
import type { Module } from '../domain/module.ts';
import type { CapabilityName } from '../domain/reading.ts';
import { keptSince, type Retention } from '../domain/retention.ts';
import { toUtc } from '../domain/time.ts';
import type { Store } from '../store/store.ts';

/** Digits of a mean that are told: adding up leaves traces in the last ones. */
const TOLD_DIGITS = 12;

/**
 * A module's past as it was condensed here, oldest first: steps that begin within the span and are over.
 * @param wanted – how many at most
 */
export async function readSteps(
  { store, retention, now }: StepReading,
  { moduleId, accountId, plantId }: Module,
  { capability, resolution, ...span }: StepWish,
  wanted: number,
): Promise<HistoryPoint[]> {
  const plant = await store.plants.get({ accountId, plantId });
  const fromEpochMs = Math.max(span.fromEpochMs ?? 0, keptSince(retention[resolution], now()));
  // Whoever unlinks the account just now takes its plants away.
  if (!plant || fromEpochMs > span.toEpochMs) return [];
  const isOver = ({ startEpochMs }: Step) =>
    stepAt(resolution, startEpochMs, plant.timeZone).toEpochMs < now();
  const points: HistoryPoint[] = [];
  const wish = { moduleId, capability, resolution, fromEpochMs, toEpochMs: span.toEpochMs };
  for await (const step of store.historySteps.range(wish)) {
    if (!isOver(step)) break;
    points.push(toPoint(step));
    if (points.length === wanted) break;
  }
  return points;
}

interface StepReading {
  readonly store: Pick<Store, 'plants' | 'historySteps'>;
  readonly retention: Retention;
  readonly now: () => number;
}

interface StepWish extends Pick<TimeSpan, 'toEpochMs'> {
  readonly capability: CapabilityName;
  readonly resolution: StepResolution;
  /** Absent: as far back as they are kept. */
  readonly fromEpochMs?: number | undefined;
}

function toPoint({ startEpochMs, min, max, mean, count }: Step): HistoryPoint {
  const told = Number(mean.toPrecision(TOLD_DIGITS));
  return { time: toUtc(startEpochMs), value: Math.min(Math.max(told, min), max), min, max, count };
}
