import { LatchkeyError } from '../domain/error.ts';
import { nextHook } from '../domain/hook.ts';
import { toUtc } from '../domain/time.ts';
import { presentEpoch } from './link-urls.ts';
import { type AccountState, showAccount } from './manage-accounts.ts';
import type { SyncDependencies } from './sync-dependencies.ts';

/**
 * Gives the account a new webhook address. The next run of sync-accounts tells the provider; until an hour after that,
 * or not at all without `overlap`, deliveries to the former address count as well.
 * @throws {LatchkeyError} account_unknown; request_invalid – the provider has no webhooks
 */
export async function rollHook(
  deps: SyncDependencies,
  accountId: string,
  overlap: boolean,
): Promise<AccountState> {
  const { store, hookKey, now } = deps;
  const { account } = await showAccount(deps, accountId);
  if (!deps.providerOf(account.provider).webhook)
    throw new LatchkeyError('request_invalid', `${account.provider} has no webhooks`);
  await store.accounts.change(accountId, (current) => {
    const known = { ...current.hook, epoch: presentEpoch(current, hookKey) };
    return { hook: nextHook(known, now(), overlap) };
  });
  await store.syncJobs.hasten(accountId, 'subscriptions', toUtc(now()));
  return await showAccount(deps, accountId);
}
