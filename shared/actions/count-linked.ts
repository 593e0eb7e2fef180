import type { ProviderName } from '../domain/provider-name.ts';
import { toUtc } from '../domain/time.ts';
import type { SyncDependencies } from './sync-dependencies.ts';

const COUNT_LASTS_MS = 10 * 60_000;

/**
 * How many accounts are linked at a cloud, as of ten minutes ago at most. The count is kept with the application's
 * quota, whose windows depend on it; a schedule that finds it old counts again, and others make do with it: who has just
 * linked may not look through everybody's accounts.
 */
export async function countLinked(
  { store, now, isSchedule }: Pick<SyncDependencies, 'store' | 'now' | 'isSchedule'>,
  provider: ProviderName,
): Promise<number> {
  const holder = { application: provider };
  const linked = (await store.quotas.get(holder))?.linked;
  if (linked && now() - Date.parse(linked.countedAt) < COUNT_LASTS_MS) return linked.accounts;
  if (!isSchedule) return linked?.accounts ?? 1;
  const accounts = await store.pointers.countLinked(provider);
  await store.quotas.note(holder, () => ({ linked: { accounts, countedAt: toUtc(now()) } }));
  return accounts;
}
