import type { Polled, Report } from '../providers/provider.ts';
import { recordReport } from './record-report.ts';
import type { SyncDependencies } from './sync-dependencies.ts';

/** Asks the account's cloud for the present readings of all modules, or of one plant's; what was asked, and was told. */
export async function pollState(
  { store, sessionOf, providerOf, now }: SyncDependencies,
  accountId: string,
  plantId?: string,
): Promise<Omit<Polled, 'accounts'> | undefined> {
  const account = await store.accounts.get(accountId);
  if (!account) return undefined;
  const plants = await store.plants.ofAccount(accountId);
  const modules = await store.modules.ofAccount(accountId);
  const asked = plants
    .filter((plant) => plantId === undefined || plant.plantId === plantId)
    .map((plant) => ({ plant, modules: modules.filter((module) => module.plantId === plant.plantId) }));
  const reports: Report[] = [];
  const session = sessionOf(account, 'state');
  for await (const report of providerOf(account.provider).state(session, asked)) {
    await recordReport(store, accountId, report, now());
    reports.push(report);
  }
  return { plants: asked, reports };
}
