import { LatchkeyError } from '../domain/error.ts';
import { BY_HAND_OVERLAP_MS, learnedBy, nextHook } from '../domain/hook.ts';
import { toUtc } from '../domain/time.ts';
import { presentEpoch } from './link-urls.ts';
import { type AccountState, showAccount } from './manage-accounts.ts';
import type { SyncDependencies } from './sync-dependencies.ts';

/**
 * Gives the account a new webhook address. The next run of sync-accounts tells the provider; until an hour after that,
 * or not at all without `overlap`, deliveries to the former address count as well. Where the owner has to tell the
 * provider, they have a week for it.
 * @throws {LatchkeyError} account_unknown; request_invalid – the provider has no webhooks
 */
export async function rollHook(
  deps: SyncDependencies,
  accountId: string,
  overlap: boolean,
): Promise<AccountState> {
  const { store, hookKey, now } = deps;
  const { account } = await showAccount(deps, accountId);
  const { webhook } = deps.providerOf(account.provider);
  if (!webhook) throw new LatchkeyError('request_invalid', `${account.provider} has no webhooks`);
  await store.accounts.change(accountId, (current) => {
    const known = { ...current.hook, epoch: presentEpoch(current, hookKey) };
    const hook = nextHook(known, now(), overlap);
    return { hook: webhook.breadth === 'by_hand' ? learnedBy(hook, now(), BY_HAND_OVERLAP_MS) : hook };
  });
  await store.syncJobs.hasten(accountId, 'subscriptions', toUtc(now()));
  return await showAccount(deps, accountId);
}
