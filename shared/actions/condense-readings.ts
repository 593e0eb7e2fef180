/**
 * Readings that were kept become steps of five minutes, hours and days. Each step is made anew of what it is made of,
 * below first: so a reading may come late, again or at the same time as others, and the steps are right in the end.
 */
import type { StepResolution, TimeSpan } from '../domain/history.ts';
import {
  blockOfStep,
  isCondensed,
  isRemakeable,
  type Step,
  type StepBlockAddress,
  stepAt,
  stepLevels,
  stepOf,
  withSteps,
} from '../domain/history-steps.ts';
import { accountOf } from '../domain/ids.ts';
import type { Module } from '../domain/module.ts';
import type { CapabilityName } from '../domain/reading.ts';
import type { Retention } from '../domain/retention.ts';
import { toUtc } from '../domain/time.ts';
import type { Item } from '../store/item.ts';
import type { Store } from '../store/store.ts';

/** That a reading was kept, or replaced. */
export interface ReadingChange {
  /** Position in the stream; opaque. */
  readonly sequenceNumber: string;
  readonly moduleId: string;
  readonly capability: CapabilityName;
  readonly observedAtEpochMs: number;
}

export interface CondensingDependencies {
  readonly store: Pick<Store, 'modules' | 'plants' | 'readings' | 'historySteps'>;
  readonly retention: Retention;
  readonly now: () => number;
  readonly onFailure: (moduleId: string, error: unknown) => void;
}

/** Modules worked on at a time: what a small function's processor and connections have room for. */
const MODULES_AT_ONCE = 8;
const READINGS_AT_ONCE = 1_000;

/**
 * Condenses what a batch of changes touches, module by module. One that fails keeps no other from its turn; the place of
 * the first change that came to nothing is returned, from which on the stream tells them again.
 */
export async function condenseReadings(
  deps: CondensingDependencies,
  changes: readonly ReadingChange[],
): Promise<{ failedFrom?: string }> {
  const waiting = Map.groupBy(changes, ({ moduleId }) => moduleId).entries();
  const failed = new Set<string>();
  const lane = async () => {
    for (const [moduleId, part] of waiting) {
      try {
        await condenseModule(deps, moduleId, part);
      } catch (error) {
        deps.onFailure(moduleId, error);
        failed.add(moduleId);
      }
    }
  };
  await Promise.all(Array.from({ length: MODULES_AT_ONCE }, lane));
  const first = changes.find(({ moduleId }) => failed.has(moduleId));
  return first ? { failedFrom: first.sequenceNumber } : {};
}

async function condenseModule(
  deps: CondensingDependencies,
  moduleId: string,
  changes: readonly ReadingChange[],
): Promise<void> {
  const { store } = deps;
  const module = await moduleOf(store, moduleId);
  const plant = module && (await store.plants.get(module));
  // Whoever unlinks the account just now takes them away.
  if (!module || !plant) return;
  const byCapability = Map.groupBy(changes, ({ capability }) => capability);
  await Promise.all(
    [...byCapability]
      .filter(([capability]) => isCondensed(capability, module.profiles))
      .map(([capability, part]) => {
        const times = part.map(({ observedAtEpochMs }) => observedAtEpochMs);
        return condenseCapability(deps, { moduleId, capability }, times, plant.timeZone);
      }),
  );
  if (!(await moduleOf(store, moduleId))) await store.readings.deleteOf(moduleId);
}

function moduleOf(store: Pick<Store, 'modules'>, moduleId: string): Promise<Module | undefined> {
  return store.modules.get({ accountId: accountOf(moduleId), moduleId });
}

/** @param times – of the readings that were kept, epoch milliseconds */
async function condenseCapability(
  deps: CondensingDependencies,
  of: Pick<StepBlockAddress, 'moduleId' | 'capability'>,
  times: readonly number[],
  timeZone: string,
): Promise<void> {
  let changed = times;
  for (const resolution of ['5min', '1hour', '1day'] as const) {
    const spans = stepsAt(resolution, changed, timeZone);
    const byBlock = Map.groupBy(spans, ({ fromEpochMs }) => blockOfStep(resolution, fromEpochMs));
    for (const [fromEpochMs, part] of byBlock)
      await condenseBlock(deps, { ...of, resolution, fromEpochMs }, part);
    changed = spans.map(({ fromEpochMs }) => fromEpochMs);
  }
}

/** The steps that these times are in, each once, oldest first. */
function stepsAt(resolution: StepResolution, times: readonly number[], timeZone: string): TimeSpan[] {
  const spans = times.map((time) => stepAt(resolution, time, timeZone));
  return [...new Map(spans.map((span) => [span.fromEpochMs, span])).values()].toSorted(
    (a, b) => a.fromEpochMs - b.fromEpochMs,
  );
}

/**
 * Makes steps of a block anew. The block is read before what it is made of, and put only if nobody has put it since:
 * whoever changes what it is made of after this has read it puts the block after this, or refuses this its put. It is
 * put even where nothing changed, or an older run could put what was so before.
 */
async function condenseBlock(
  { store, retention, now }: CondensingDependencies,
  address: StepBlockAddress,
  spans: readonly TimeSpan[],
): Promise<void> {
  const { madeOf } = stepLevels[address.resolution];
  for (;;) {
    const kept = await store.historySteps.get(address);
    const inputDays = Math.min(kept?.inputDays ?? retention[madeOf], retention[madeOf]);
    const remakeable = spans.filter((span) => isRemakeable(span, inputDays, now()));
    const [first, last] = [remakeable.at(0), remakeable.at(-1)];
    if (!first || !last) return;
    const span = { fromEpochMs: first.fromEpochMs, toEpochMs: last.toEpochMs };
    const parts = await Array.fromAsync(partsOf(store, address, madeOf, span));
    const block = kept ?? { ...address, steps: [], version: 0 };
    const next = withSteps({ ...block, inputDays }, remakeable, parts);
    if (!kept && next.steps.length === 0) return;
    if ((await store.historySteps.put(next)) === 'written') return;
  }
}

async function* partsOf(
  store: Pick<Store, 'readings' | 'historySteps'>,
  { moduleId, capability }: StepBlockAddress,
  madeOf: 'raw' | StepResolution,
  span: TimeSpan,
): AsyncGenerator<Step> {
  if (madeOf !== 'raw') {
    yield* store.historySteps.range({ moduleId, capability, resolution: madeOf, ...span });
    return;
  }
  const [from, to] = [toUtc(span.fromEpochMs), toUtc(span.toEpochMs)];
  let after: Item | undefined;
  do {
    const limit = READINGS_AT_ONCE;
    const page = await store.readings.range({
      moduleId,
      capability,
      from,
      to,
      limit,
      ...(after && { after }),
    });
    for (const { value, observedAt } of page.items)
      if (typeof value === 'number') yield stepOf(Date.parse(observedAt), value);
    after = page.next;
  } while (after);
}
