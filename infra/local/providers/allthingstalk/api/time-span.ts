import { type Report, visibleReports } from '../house/asset.ts';
import type { Settings } from '../settings.ts';
import { readTime } from '../wire-time.ts';
import type { World } from '../world.ts';
import type { ApiCall } from './gate.ts';
import type { ReachedAsset } from './reach.ts';

export interface TimeSpan {
  readonly fromEpochMs: number | undefined;
  readonly toEpochMs: number;
}

/** Both ends may be left out; undefined when one is no time, as one with a `+` that was not encoded. */
export function readSpan({ clock }: World, { query }: ApiCall): TimeSpan | undefined {
  const [from, to] = [query.get('from'), query.get('to')];
  const fromEpochMs = from === null ? undefined : readTime(from);
  const toEpochMs = to === null ? clock.now() : readTime(to);
  if (toEpochMs === undefined || (from !== null && fromEpochMs === undefined)) return undefined;
  return { fromEpochMs, toEpochMs };
}

/** In the order of their own times; a device without storage has none. */
export function reportsWithin(
  { state, clock }: World,
  { device, asset }: ReachedAsset,
  { fromEpochMs = Number.NEGATIVE_INFINITY, toEpochMs }: TimeSpan,
  lagSeconds: number = state.settings.readDelaySeconds,
): Report[] {
  if (!device.activityEnabled) return [];
  const isWithin = ({ atEpochMs }: Report) =>
    atEpochMs >= fromEpochMs && isBefore(atEpochMs, toEpochMs, state.settings);
  return visibleReports(asset, clock.now() - lagSeconds * 1000)
    .filter(isWithin)
    .toSorted((one, other) => one.atEpochMs - other.atEpochMs);
}

function isBefore(atEpochMs: number, toEpochMs: number, { historyTo }: Settings): boolean {
  return historyTo === 'inclusive' ? atEpochMs <= toEpochMs : atEpochMs < toEpochMs;
}

/** A zero-based page; what is no number is the first (contract 1: strange parameters are ignored). */
export function pageOf<T>(items: readonly T[], page: number, size: number): T[] {
  return items.slice(page * size, (page + 1) * size);
}

export function readPage({ query }: ApiCall): number {
  const page = Number(query.get('page') ?? 0);
  return Number.isInteger(page) && page > 0 ? page : 0;
}
