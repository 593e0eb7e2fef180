import type { Account, WebhookSubscription } from '../domain/account.ts';
import { LatchkeyError } from '../domain/error.ts';
import { learnedBy } from '../domain/hook.ts';
import type { Plant } from '../domain/plant.ts';
import { toUtc } from '../domain/time.ts';
import { suspect } from '../domain/webhook-gap.ts';
import type { HeldSubscription, PlantWebhookApi, Session } from '../providers/provider.ts';
import { addAccountHook, explain } from './add-account-hook.ts';
import { hookUrl, hookUrlPrefix, presentEpoch } from './link-urls.ts';
import { missedWhile } from './missed-while.ts';
import type { SyncDependencies } from './sync-dependencies.ts';

/**
 * Has the provider deliver what it can tell of the account to the present address.
 * @throws {LatchkeyError} – when it could not be told, and it may be later
 */
export async function syncSubscriptions(deps: SyncDependencies, accountId: string): Promise<undefined> {
  const { store } = deps;
  const account = await store.accounts.get(accountId);
  const webhook = account && deps.providerOf(account.provider).webhook;
  // What is told by hand is nothing to be looked after.
  if (!webhook || webhook.breadth === 'by_hand') return undefined;
  const plants = await store.plants.ofAccount(accountId);
  // A home that has vanished as a whole is more often a cloud's bad moment; what its webhooks say will tell.
  if (plants.length === 0) return undefined;
  return webhook.breadth === 'account'
    ? await addAccountHook(deps, account, webhook)
    : await subscribePlants(deps, account, webhook, plants);
}

/**
 * Makes the provider's list of our subscriptions what it should be: one a plant, to the present address. Ghosts, which
 * we believe in and the provider has lost, are made again; orphans of ours are removed; those of others are never
 * touched.
 * @throws {LatchkeyError} – when one could not be made; those that could are kept
 */
async function subscribePlants(
  deps: SyncDependencies,
  account: Account,
  webhook: PlantWebhookApi,
  plants: readonly Plant[],
): Promise<undefined> {
  const { store, publicUrl, hookKey } = deps;
  const { accountId } = account;
  const epoch = presentEpoch(account, hookKey);
  const url = hookUrl(publicUrl, hookKey, account.provider, { accountId, epoch });
  const missing = new Set(plants.map(({ nativeId }) => nativeId));

  const session = deps.sessionOf(account, 'subscriptions');
  const listed = await webhook.list(session, hookUrlPrefix(publicUrl, account.provider));
  const held: HeldSubscription[] = [];
  const stale: HeldSubscription[] = [];
  for (const found of listed) {
    if (found.url === url && missing.delete(found.plantNativeId)) held.push(found);
    else if (await isOrphan(deps, account, found)) stale.push(found);
  }
  const gap = await missedWhile(deps, account, { plants, listed });
  const problem = await subscribeAll(webhook, session, { plantNativeIds: [...missing], url }, held);
  for (const { plantNativeId } of held) missing.delete(plantNativeId);
  // The new before the old: in between, what changes is told twice rather than never.
  for (const each of stale) if (!missing.has(each.plantNativeId)) await webhook.unsubscribe(session, each);

  const now = deps.now();
  await store.accounts.change(accountId, (current) => ({
    subscriptions: held.map((each) => withSince(current, each, toUtc(now))),
    webhookProblem: problem && explain(problem),
    ...(gap && suspect(current, gap)),
    ...(current.hook?.epoch === epoch && !problem && { hook: learnedBy(current.hook, now) }),
  }));
  if (gap) await store.syncJobs.hasten(accountId, 'state', gap.suspectedAt);
  if (problem) throw problem;
  return undefined;
}

/**
 * Whether a subscription to an address of ours is of no use: a former address of the account, or one of an account that
 * is not linked any more. The same person may be linked for somebody else as well; those are that account's to keep.
 */
async function isOrphan(
  { store, publicUrl }: SyncDependencies,
  { accountId, provider }: Account,
  { url }: HeldSubscription,
): Promise<boolean> {
  const [of = ''] = url.slice(hookUrlPrefix(publicUrl, provider).length).split('.');
  return of === accountId || (await store.accounts.get(of)) === undefined;
}

/** Adds to `held` what could be subscribed; the first problem, if there was one. */
async function subscribeAll(
  webhook: PlantWebhookApi,
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
    since: held.activatedAt ?? known?.since ?? now,
  };
}
