import type { ProviderName } from '../domain/provider-name.ts';
import { toUtc } from '../domain/time.ts';
import type { SyncDependencies } from './sync-dependencies.ts';

const COUNT_LASTS_MS = 10 * 60_000;

/**
 * How many accounts are linked at a cloud, as of ten minutes ago at most. The count is kept with the application's
 * quota, whose windows depend on it; whichever poll finds it old counts again.
 */
export async function countLinked(
  { store, now }: Pick<SyncDependencies, 'store' | 'now'>,
  provider: ProviderName,
): Promise<number> {
  const holder = { application: provider };
  const linked = (await store.quotas.get(holder))?.linked;
  if (linked && now() - Date.parse(linked.countedAt) < COUNT_LASTS_MS) return linked.accounts;
  const accounts = await store.pointers.countLinked(provider);
  await store.quotas.note(holder, () => ({ linked: { accounts, countedAt: toUtc(now()) } }));
  return accounts;
}
