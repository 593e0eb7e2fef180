import type { Delivery } from '../domain/delivery.ts';
import type { ReplayCounts } from '../domain/replay.ts';
import { toUtc } from '../domain/time.ts';
import type { TimeZoneOf } from '../providers/provider.ts';
import type { DueReplay } from '../store/replays.ts';
import { workInLanes } from './lanes.ts';
import type { SyncDependencies } from './sync-dependencies.ts';
import { isUnproven, takeDelivery, zonesOf } from './take-delivery.ts';

/** Replays worked on at a time; what does not fit into a run is due again with the next. */
const LANES = 8;
/** Deliveries of one account read again in one run, a minute: what happens now must not wait behind what was. */
const RATE = 300;
/** Looked at between two saves: so many are done again after a crash, and change nothing then. */
const PAGE = 50;
/** No page is begun with less than this left of the function's time, milliseconds. */
const PAGE_NEEDS_MS = 5_000;
/** Longer than any function that replays runs. */
const CLAIM_MS = 60_000;

type ReplayDependencies = SyncDependencies & { remainingMs: () => number };

/** Goes on with the replays that are due, each up to its rate. */
export async function replayDeliveries(deps: ReplayDependencies): Promise<{ replayed: number }> {
  let replayed = 0;
  await workInLanes(
    deps.store.replays.due(deps.now()),
    {
      lanes: LANES,
      remainingMs: deps.remainingMs,
      itemNeedsMs: PAGE_NEEDS_MS,
      onFailure: ({ accountId }, error) =>
        deps.log.error('replay crashed', { accountId, reason: String(error) }),
    },
    async (due) => {
      replayed += await goOn(deps, due);
    },
  );
  return { replayed };
}

/** @returns how many deliveries of the window were read */
async function goOn(deps: ReplayDependencies, due: DueReplay): Promise<number> {
  const { store, now, remainingMs } = deps;
  const claimed = await store.replays.claim(due, toUtc(now() + CLAIM_MS));
  if (claimed === 'refused') return 0;
  const zones = await zonesOf(store, claimed.accountId);
  const { counts } = claimed;
  const before = counts.deliveries;
  let { after } = claimed;
  while (counts.deliveries - before < RATE && remainingMs() > PAGE_NEEDS_MS) {
    const { items, isLast } = await store.deliveries.page(claimed.accountId, after, PAGE);
    for (const delivery of items) await readAgain(deps, claimed, zones, delivery);
    after = items.at(-1)?.deliveryId ?? after;
    if (after !== undefined && (await store.replays.save(claimed, { after, counts })) === 'refused') break;
    if (isLast) {
      await store.replays.finish(claimed, toUtc(now()));
      return counts.deliveries - before;
    }
  }
  await store.replays.release(claimed, toUtc(now() + 1_000));
  return counts.deliveries - before;
}

async function readAgain(
  deps: SyncDependencies,
  { replayId, from, to, counts }: DueReplay & { counts: ReplayCounts },
  zones: TimeZoneOf,
  delivery: Delivery,
): Promise<void> {
  if (delivery.receivedAt < from || delivery.receivedAt >= to) return;
  counts.deliveries++;
  if (delivery.outdated || isUnproven(deps, delivery)) {
    counts.ignored++;
    return;
  }
  const taken = await takeDelivery(deps, delivery, zones, replayId);
  if (taken.kind === 'taken') counts.readable++;
  else counts[taken.kind]++;
  if (taken.kind !== 'taken') return;
  counts.changes += taken.changes;
  if (taken.facts.length > 0) await deps.store.deliveries.retell(delivery, replayId);
}
