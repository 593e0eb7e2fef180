import { syncAccounts } from '../shared/actions/sync-accounts.ts';
import { connectHome } from '../shared/runtime/dependencies.ts';
import { scheduleEntry } from '../shared/runtime/schedule-entry.ts';

export const handler = scheduleEntry(connectHome, syncAccounts);
