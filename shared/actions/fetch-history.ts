import { LatchkeyError } from '../domain/error.ts';
import {
  emptyBlock,
  type FetchedResolution,
  type HistoryBlock,
  knownTo,
  type Measured,
  placeOf,
  splitBlock,
  type TimeSpan,
  withPage,
} from '../domain/history.ts';
import type { CapabilityName } from '../domain/reading.ts';
import type { CommandTarget, HistoryApi, Session } from '../providers/provider.ts';
import type { Store } from '../store/store.ts';

/** What the past of one capability is asked of its cloud with. */
export interface HistorySource {
  readonly history: HistoryApi;
  readonly session: Session;
  readonly target: CommandTarget;
  readonly capability: CapabilityName;
  readonly resolution: FetchedResolution;
  /** Of the longest step at that resolution. */
  readonly stepSeconds: number;
}

export interface FetchedHistory {
  /** Oldest first; up to a block more than were wanted. */
  readonly points: readonly Measured[];
  /** The past is known up to here, epoch milliseconds; short of the span's end where the question got no further. */
  readonly knownToEpochMs: number;
}

/** What one question may cost; two full blocks hold more than the 1,000 points that a page has at most. */
export const MOST_CALLS = 4;
/** No further call is begun after this time, so that a slow cloud does not cost the answer, milliseconds. */
const PATIENCE_MS = 10_000;

/**
 * The past of a span, as it is kept here; what is missing is asked of the cloud, block by block, and kept.
 * @throws {LatchkeyError} – what the cloud, or the budget of its calls, refused before anything could be told
 */
export async function fetchHistory(
  deps: { readonly store: Pick<Store, 'historyBlocks'>; readonly now: () => number },
  source: HistorySource,
  span: TimeSpan,
  wanted: number,
): Promise<FetchedHistory> {
  const points: Measured[] = [];
  const budget = { calls: MOST_CALLS, until: deps.now() + PATIENCE_MS };
  for (let at = span.fromEpochMs; at <= span.toEpochMs; ) {
    let block = await blockAt(deps, source, at);
    let refusal: unknown;
    const end = () => Math.min(block.toEpochMs, span.toEpochMs);
    while (knownTo(block, deps.now()) < end() && refusal === undefined && mayAsk()) {
      try {
        block = await readOn(deps, source, block);
      } catch (error) {
        refusal = error;
      }
    }
    const known = Math.min(end(), knownTo(block, deps.now()));
    points.push(...within(block, { fromEpochMs: span.fromEpochMs, toEpochMs: known }));
    if (refusal !== undefined && (points.length === 0 || !(refusal instanceof LatchkeyError))) throw refusal;
    if (known < end()) return { points, knownToEpochMs: Math.max(known, span.fromEpochMs - 1) };
    if (points.length >= wanted) return { points, knownToEpochMs: end() };
    at = block.toEpochMs + 1;
  }
  return { points, knownToEpochMs: span.toEpochMs };

  function mayAsk(): boolean {
    return budget.calls-- > 0 && deps.now() < budget.until;
  }
}

/** The block that a time lies in, as far as it is kept. */
async function blockAt(
  { store }: { readonly store: Pick<Store, 'historyBlocks'> },
  { capability, resolution, target }: HistorySource,
  atEpochMs: number,
): Promise<HistoryBlock> {
  const { moduleId } = target.module;
  const { fromEpochMs, toEpochMs } = placeOf(resolution, atEpochMs);
  const first = { moduleId, capability, resolution, fromEpochMs };
  const kept = await store.historyBlocks.lastBefore(first, atEpochMs);
  if (!kept) return emptyBlock(first, toEpochMs);
  return kept.toEpochMs >= atEpochMs
    ? kept
    : emptyBlock({ ...first, fromEpochMs: kept.toEpochMs + 1 }, toEpochMs);
}

/** One page more of a block, kept before it is told: the same question finds the same answer. */
async function readOn(
  { store, now }: { readonly store: Pick<Store, 'historyBlocks'>; readonly now: () => number },
  { history, session, target, capability, resolution, stepSeconds }: HistorySource,
  block: HistoryBlock,
): Promise<HistoryBlock> {
  const { toEpochMs } = block;
  const span = { fromEpochMs: knownTo(block, now()) + 1, toEpochMs };
  const page = await history.page(session, target, { capability, resolution, ...span });
  const readToEpochMs = page.nextEpochMs === undefined ? toEpochMs : page.nextEpochMs - 1;
  const read = { ...page, fromEpochMs: span.fromEpochMs, readToEpochMs };
  const [next, ...more] = splitBlock(withPage(block, read, stepSeconds, now()));
  // Whoever finds the first, which is shorter now, finds the others.
  for (const each of [...more.toReversed(), next]) await store.historyBlocks.put(each);
  return next;
}

function within({ points }: HistoryBlock, { fromEpochMs, toEpochMs }: TimeSpan): Measured[] {
  return points.filter(([atEpochMs]) => atEpochMs >= fromEpochMs && atEpochMs <= toEpochMs);
}
