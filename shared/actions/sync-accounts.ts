import { workInLanes } from './lanes.ts';
import { syncAccount } from './sync-account.ts';
import type { SyncDependencies } from './sync-dependencies.ts';

/** A run takes no new account with less than this left of its function's time. */
const ACCOUNT_NEEDS_MS = 12_000;
/** Accounts worked on at a time. */
const LANES = 8;

/** Syncs the accounts that are due; what does not fit into a run is due again with the next, a minute later. */
export async function syncAccounts(
  deps: SyncDependencies & { remainingMs: () => number },
): Promise<{ due: number; ran: number }> {
  const counts = { due: 0, ran: 0 };
  await workInLanes(
    deps.store.syncJobs.due(deps.now()),
    {
      lanes: LANES,
      remainingMs: deps.remainingMs,
      itemNeedsMs: ACCOUNT_NEEDS_MS,
      // Its claim runs out, and it comes back; the error is the operator's to see.
      onFailure: ({ accountId }, error) =>
        deps.log.error('sync crashed', { accountId, reason: String(error) }),
    },
    async ({ accountId }) => {
      counts.due++;
      if ((await syncAccount({ ...deps, isSchedule: true }, accountId)) === 'ran') counts.ran++;
    },
  );
  return counts;
}
