import { recordReport } from './record-report.ts';
import type { SyncDependencies } from './sync-dependencies.ts';

/** Asks the account's cloud for the present readings of all modules, or of one plant's. */
export async function pollState(
  { store, vault, providerOf, now }: SyncDependencies,
  accountId: string,
  plantId?: string,
): Promise<undefined> {
  const account = await store.accounts.get(accountId);
  if (!account) return undefined;
  const provider = providerOf(account.provider);
  const session = vault.session(accountId);
  const plants = await store.plants.ofAccount(accountId);
  const modules = await store.modules.ofAccount(accountId);
  for (const plant of plants.filter((each) => plantId === undefined || each.plantId === plantId)) {
    const own = modules.filter((module) => module.plantId === plant.plantId);
    for (const report of await provider.state(session, plant, own)) {
      await recordReport(store, accountId, report, now());
    }
  }
  return undefined;
}
