import { workInLanes } from './lanes.ts';
import { syncAccount } from './sync-account.ts';
import type { SyncDependencies } from './sync-dependencies.ts';

/** Accounts looked up at once; what does not fit into a run is due again with the next, a minute later. */
const RUN_LIMIT = 200;
/** A run takes no new account with less than this left of its function's time. */
const ACCOUNT_NEEDS_MS = 12_000;

/** Syncs the accounts that are due. */
export async function syncAccounts(
  deps: SyncDependencies & { remainingMs: () => number },
): Promise<{ due: number; ran: number; left: number }> {
  const due = await deps.store.syncJobs.due(deps.now(), RUN_LIMIT);
  let ran = 0;
  const left = await workInLanes(
    due,
    {
      remainingMs: deps.remainingMs,
      itemNeedsMs: ACCOUNT_NEEDS_MS,
      // Its claim runs out, and it comes back; the error is the operator's to see.
      onFailure: ({ accountId }, error) =>
        deps.log.error('sync crashed', { accountId, reason: String(error) }),
    },
    async ({ accountId }) => {
      if ((await syncAccount(deps, accountId)) === 'ran') ran++;
    },
  );
  return { due: due.length, ran, left };
}
