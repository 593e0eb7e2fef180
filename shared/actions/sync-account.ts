/** Everything that is done to keep one account true: topology, state, subscriptions. Used by schedule and by hand. */
import { LatchkeyError } from '../domain/error.ts';
import { type SyncJob, SyncTask } from '../domain/sync-job.ts';
import { toUtc, type UtcTime } from '../domain/time.ts';
import type { SyncDependencies } from './sync-dependencies.ts';
import { syncState } from './sync-state.ts';
import { syncSubscriptions } from './sync-subscriptions.ts';
import { syncTopology } from './sync-topology.ts';

/** A run that crashed is tried again after this. */
const CLAIM_SECONDS = 120;
const BACK_OFF_SECONDS = { first: 30, most: 3600 } as const;

/** What a task found out: that there is more or less to read, or when it is best to come again. */
type Outcome = 'changed' | { againAt: UtcTime } | undefined;

const work: Record<SyncTask, (deps: SyncDependencies, accountId: string) => Promise<Outcome>> = {
  topology: syncTopology,
  state: syncState,
  subscriptions: syncSubscriptions,
};

/**
 * Runs the account's tasks that are due, in order. A task that fails does not fail the caller: it is noted with the
 * job and comes back after a pause.
 */
export async function syncAccount(deps: SyncDependencies, accountId: string): Promise<'ran' | 'nothing_due'> {
  const { store, now } = deps;
  const [account, job] = await Promise.all([store.accounts.get(accountId), store.syncJobs.get(accountId)]);
  if (!account || !job) return 'nothing_due';
  const due = SyncTask.options.filter((task) => job.next[task] <= toUtc(now()));
  if (due.length === 0) return 'nothing_due';
  const claimed = await store.syncJobs.claim(job, due, toUtc(now() + CLAIM_SECONDS * 1000));
  if (claimed === 'refused') return 'nothing_due';

  const { polling } = deps.providerOf(account.provider);
  const every: Record<SyncTask, number> = {
    topology: polling.topologySeconds,
    state: polling.stateSeconds,
    subscriptions: polling.subscriptionsSeconds,
  };
  const next = { ...claimed.next };
  const failures: LatchkeyError[] = [];
  const todo = new Set<SyncTask>(due);
  for (const task of SyncTask.options) {
    if (!todo.has(task)) continue;
    const outcome = await attempt(() => work[task](deps, accountId));
    const failure = outcome instanceof LatchkeyError ? outcome : undefined;
    next[task] = toUtc(now() + (failure ? pauseAfter(failure, job) : every[task]) * 1000);
    if (isTimed(outcome)) next[task] = outcome.againAt;
    // What there is to read and to subscribe to follows from what there is.
    if (outcome === 'changed') for (const each of SyncTask.options) todo.add(each);
    if (!failure) continue;
    failures.push(failure);
    deps.log.warn('sync failed', { accountId, task, code: failure.code, reason: failure.message });
    if (task !== 'topology' || (await store.plants.ofAccount(accountId)).length > 0) continue;
    // A home that was never seen: the rest waits for it, rather than being done with for a day.
    for (const each of todo) next[each] = next.topology;
    break;
  }
  await store.syncJobs.finish(claimed, next, {
    failures: failures.length > 0 ? job.failures + 1 : 0,
    problem: failures[0]?.message ?? null,
  });
  return 'ran';
}

function isTimed(outcome: Outcome | LatchkeyError): outcome is { againAt: UtcTime } {
  return typeof outcome === 'object' && 'againAt' in outcome;
}

async function attempt<T>(task: () => Promise<T>): Promise<T | LatchkeyError> {
  try {
    return await task();
  } catch (error) {
    if (error instanceof LatchkeyError && error.code !== 'store_unavailable') return error;
    throw error;
  }
}

/** Seconds: as the provider asks, else longer with every failure in a row. */
function pauseAfter(failure: LatchkeyError, { failures }: SyncJob): number {
  const backOff = Math.min(BACK_OFF_SECONDS.most, BACK_OFF_SECONDS.first * 2 ** Math.min(failures, 10));
  return Math.max(failure.details.retryAfterSeconds ?? 0, backOff);
}
