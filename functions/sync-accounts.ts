import { replayDeliveries } from '../shared/actions/replay-deliveries.ts';
import { syncAccounts } from '../shared/actions/sync-accounts.ts';
import { connectHome } from '../shared/runtime/dependencies.ts';
import { scheduleEntry } from '../shared/runtime/schedule-entry.ts';

/** What happens now comes first; a replay has what is left of the run. */
export const handler = scheduleEntry(connectHome, async (deps) => ({
  ...(await syncAccounts(deps)),
  ...(await replayDeliveries(deps)),
}));
