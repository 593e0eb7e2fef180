/** Everything that is done to keep one account true: topology, state, subscriptions. Used by schedule and by hand. */
import { LatchkeyError } from '../domain/error.ts';
import { type SyncJob, SyncTask } from '../domain/sync-job.ts';
import { toUtc } from '../domain/time.ts';
import { pollState } from './poll-state.ts';
import type { SyncDependencies } from './sync-dependencies.ts';
import { syncSubscriptions } from './sync-subscriptions.ts';
import { syncTopology } from './sync-topology.ts';

/** A run that crashed is tried again after this. */
const CLAIM_SECONDS = 120;
const BACK_OFF_SECONDS = { first: 30, most: 3600 } as const;

const work: Record<SyncTask, (deps: SyncDependencies, accountId: string) => Promise<void>> = {
  topology: syncTopology,
  state: pollState,
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
  for (const task of due) {
    const failure = await attempt(() => work[task](deps, accountId));
    if (failure) failures.push(failure);
    const pause = failure ? pauseAfter(failure, job) : every[task];
    next[task] = toUtc(now() + pause * 1000);
    if (failure)
      deps.log.warn('sync failed', { accountId, task, code: failure.code, reason: failure.message });
  }
  await store.syncJobs.finish(claimed, next, {
    failures: failures.length > 0 ? job.failures + 1 : 0,
    problem: failures[0]?.message ?? null,
  });
  return 'ran';
}

async function attempt(task: () => Promise<void>): Promise<LatchkeyError | undefined> {
  try {
    await task();
    return undefined;
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
