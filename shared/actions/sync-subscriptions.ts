import type { Account, WebhookSubscription } from '../domain/account.ts';
import { LatchkeyError } from '../domain/error.ts';
import { toUtc } from '../domain/time.ts';
import type { HeldSubscription, Session, WebhookApi } from '../providers/provider.ts';
import { hookUrl, hookUrlPrefix } from './link-urls.ts';
import type { SyncDependencies } from './sync-dependencies.ts';

/**
 * Makes the provider's list of our subscriptions what it should be: one a plant, to the present address. Ghosts are
 * made again, orphans of ours removed, and those of others never touched.
 * @throws {LatchkeyError} – when one could not be made; those that could are kept
 */
export async function syncSubscriptions(deps: SyncDependencies, accountId: string): Promise<undefined> {
  const account = await deps.store.accounts.get(accountId);
  const webhook = account && deps.providerOf(account.provider).webhook;
  if (!webhook) return undefined;
  const url = hookUrl(deps.publicUrl, deps.hookKey, account.provider, accountId);
  const prefix = hookUrlPrefix(deps.publicUrl, account.provider, accountId);
  const plants = await deps.store.plants.ofAccount(accountId);
  // A home that has vanished as a whole is more often a cloud's bad moment; what its webhooks say will tell.
  if (plants.length === 0) return undefined;
  const wanted = new Set(plants.map(({ nativeId }) => nativeId));

  const session = deps.vault.session(accountId);
  const held: HeldSubscription[] = [];
  for (const found of await webhook.list(session, prefix)) {
    const isWanted = found.url === url && wanted.delete(found.plantNativeId);
    if (isWanted) held.push(found);
    else await webhook.unsubscribe(session, found);
  }
  const problem = await subscribeAll(webhook, session, { plantNativeIds: [...wanted], url }, held);
  await deps.store.accounts.change(accountId, (current) => ({
    subscriptions: held.map((each) => withSince(current, each, toUtc(deps.now()))),
    webhookProblem: problem?.message,
  }));
  if (problem) throw problem;
  return undefined;
}

/** Adds to `held` what could be subscribed; the first problem, if there was one. */
async function subscribeAll(
  webhook: WebhookApi,
  session: Session,
  wanted: { plantNativeIds: readonly string[]; url: string },
  held: HeldSubscription[],
): Promise<LatchkeyError | undefined> {
  let problem: LatchkeyError | undefined;
  for (const nativeId of wanted.plantNativeIds) {
    try {
      held.push(await webhook.subscribe(session, { nativeId }, wanted.url));
    } catch (error) {
      if (!(error instanceof LatchkeyError)) throw error;
      problem ??= error;
    }
  }
  return problem;
}

function withSince({ subscriptions }: Account, held: HeldSubscription, now: string): WebhookSubscription {
  const known = subscriptions.find(({ subscriptionId }) => subscriptionId === held.subscriptionId);
  return {
    subscriptionId: held.subscriptionId,
    plantNativeId: held.plantNativeId,
    url: held.url,
    since: known?.since ?? now,
  };
}
