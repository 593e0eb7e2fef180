import { syncAccount } from './sync-account.ts';
import type { SyncDependencies } from './sync-dependencies.ts';

/** Accounts looked up at once; what does not fit into a run is due again with the next, a minute later. */
const RUN_LIMIT = 200;
/** A run takes no new account with less than this left of its function's time. */
const ACCOUNT_NEEDS_MS = 12_000;
/** Accounts synced at a time. */
const LANES = 8;

/** Syncs the accounts that are due; one that fails does not keep the others from their turn. */
export async function syncAccounts(
  deps: SyncDependencies & { remainingMs: () => number },
): Promise<{ due: number; ran: number; left: number }> {
  const due = await deps.store.syncJobs.due(deps.now(), RUN_LIMIT);
  const waiting = [...due];
  let ran = 0;
  const lane = async () => {
    while (deps.remainingMs() > ACCOUNT_NEEDS_MS) {
      const job = waiting.shift();
      if (!job) return;
      try {
        if ((await syncAccount(deps, job.accountId)) === 'ran') ran++;
      } catch (error) {
        // Its claim runs out, and it comes back; the error is the operator's to see.
        deps.log.error('sync crashed', { accountId: job.accountId, reason: String(error) });
      }
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  return { due: due.length, ran, left: waiting.length };
}
