import type { Account } from '../domain/account.ts';
import { strangeFrom } from '../domain/delivery-rhythm.ts';
import type { ProviderName } from '../domain/provider-name.ts';
import { toUtc, type UtcTime } from '../domain/time.ts';
import { repair, suspect } from '../domain/webhook-gap.ts';
import type { Polled, WebhookApi } from '../providers/provider.ts';
import { countLinked } from './count-linked.ts';
import { pollState } from './poll-state.ts';
import type { SyncDependencies } from './sync-dependencies.ts';

/**
 * Polls the account's readings, and with that makes up for webhooks that are missing: those of an account that is
 * silent for longer than it ever is, and those of a gap that somebody else has found.
 * @returns when to poll again: as the provider finds it worthwhile, and no later than a gap is known to end
 */
export async function syncState(
  deps: SyncDependencies,
  accountId: string,
): Promise<{ againAt: UtcTime } | undefined> {
  const { store, now } = deps;
  await suspectSilence(deps, accountId);
  const polledAt = toUtc(now());
  const polled = await pollState(deps, accountId);
  await store.accounts.change(accountId, (account) => repair(account, polledAt));
  const account = await store.accounts.get(accountId);
  if (!polled || !account) return undefined;
  const nextAt = await nextStateAt(deps, account.provider, polled);
  const endsAt = account.webhookGap?.endsAt;
  return { againAt: endsAt !== undefined && endsAt < nextAt ? endsAt : nextAt };
}

async function nextStateAt(
  deps: SyncDependencies,
  name: ProviderName,
  polled: Omit<Polled, 'accounts'>,
): Promise<UtcTime> {
  const provider = deps.providerOf(name);
  if (!provider.nextStateAt) return toUtc(deps.now() + provider.polling.stateSeconds * 1000);
  return provider.nextStateAt({ ...polled, accounts: await countLinked(deps, name) }, deps.now());
}

async function suspectSilence(
  { store, now, providerOf }: SyncDependencies,
  accountId: string,
): Promise<void> {
  const [account, job] = await Promise.all([store.accounts.get(accountId), store.syncJobs.get(accountId)]);
  // An account that nobody is subscribed for, or that does not work, is silent for reasons that are known.
  if (!account || !job || account.status !== 'linked') return;
  const { webhook } = providerOf(account.provider);
  if (!webhook || !mayDeliver(account, webhook)) return;
  const suspectedAt = toUtc(now());
  const { lastDeliveryAt: from } = job;
  const strangeAt = strangeFrom(job);
  if (from === undefined || strangeAt === undefined || strangeAt > suspectedAt) return;
  // Without an end, so that it is one suspicion for one silence: it stays open until something comes.
  await store.accounts.change(accountId, (current) =>
    suspect(current, { reason: 'silence', from, suspectedAt }),
  );
  // Once for a silence: if it was no ban, being told the address again changes nothing.
  if (webhook.ban?.isLiftedByAdding && !account.webhookGap)
    await store.syncJobs.hasten(accountId, 'subscriptions', suspectedAt);
}

/** What was set up by hand shows in nothing but its deliveries. */
function mayDeliver({ subscriptions }: Account, { breadth }: WebhookApi): boolean {
  return breadth === 'by_hand' || subscriptions.length > 0;
}
