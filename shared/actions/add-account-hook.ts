import type { Account } from '../domain/account.ts';
import { LatchkeyError } from '../domain/error.ts';
import { learnedBy } from '../domain/hook.ts';
import { toUtc } from '../domain/time.ts';
import { lift } from '../domain/webhook-gap.ts';
import type { AccountWebhookApi } from '../providers/provider.ts';
import { hookUrl, presentEpoch } from './link-urls.ts';
import type { SyncDependencies } from './sync-dependencies.ts';

/** Names the one subscription of an account where the provider has no ids of them. */
const WHOLE_ACCOUNT = 'account';

/**
 * Tells the provider the account's present address, whether or not it knows it: nothing tells which it has, and adding it
 * again ends a ban that nothing tells of either.
 * @throws {LatchkeyError} – when that may succeed later; a refusal for good is noted with the account, and left to the
 * next look
 */
export async function addAccountHook(
  deps: SyncDependencies,
  account: Account,
  webhook: AccountWebhookApi,
): Promise<undefined> {
  const { store, publicUrl, hookKey } = deps;
  const { accountId, provider } = account;
  const epoch = presentEpoch(account, hookKey);
  const url = hookUrl(publicUrl, hookKey, provider, { accountId, epoch });
  const problem = await refusalOf(() => webhook.add(deps.sessionOf(account, 'subscriptions'), url));
  if (problem) {
    await store.accounts.change(accountId, () => ({ webhookProblem: explain(problem) }));
    if (problem.code === 'provider_rejected') return undefined;
    throw problem;
  }
  const now = toUtc(deps.now());
  await store.accounts.change(accountId, (current) => ({
    subscriptions: [{ subscriptionId: WHOLE_ACCOUNT, url, since: sinceOf(current, url) ?? now }],
    webhookProblem: undefined,
    ...(webhook.ban?.isLiftedByAdding && lift(current, now)),
    ...(current.hook?.epoch === epoch && { hook: learnedBy(current.hook, deps.now()) }),
  }));
  // What was not told until now is polled at once.
  if (account.webhookGap) await store.syncJobs.hasten(accountId, 'state', now);
  return undefined;
}

/** What went wrong, and what can be done about it. */
export function explain({ message, details: { remedy } }: LatchkeyError): string {
  return remedy === undefined ? message : `${message}. ${remedy}`;
}

async function refusalOf(call: () => Promise<void>): Promise<LatchkeyError | undefined> {
  try {
    await call();
    return undefined;
  } catch (error) {
    if (error instanceof LatchkeyError) return error;
    throw error;
  }
}

function sinceOf({ subscriptions }: Account, url: string): string | undefined {
  return subscriptions.find((each) => each.url === url)?.since;
}
