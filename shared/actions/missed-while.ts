import type { Account } from '../domain/account.ts';
import type { Plant } from '../domain/plant.ts';
import { toUtc, type UtcTime } from '../domain/time.ts';
import type { WebhookGap } from '../domain/webhook-gap.ts';
import type { HeldSubscription } from '../providers/provider.ts';
import type { SyncDependencies } from './sync-dependencies.ts';

/**
 * The gap that the provider's own list shows: a subscription that it has lost, or had to switch on again. What changed
 * while there was none was told to nobody.
 */
export async function missedWhile(
  { store, now, providerOf }: SyncDependencies,
  { accountId, provider, subscriptions }: Account,
  { plants, listed }: { plants: readonly Plant[]; listed: readonly HeldSubscription[] },
): Promise<WebhookGap | undefined> {
  const job = await store.syncJobs.get(accountId);
  const suspectedAt = toUtc(now());
  const lastDeliveryAt = job?.lastDeliveryAt ?? '';
  // A plant that is gone took its subscription along.
  for (const known of subscriptions.filter((each) => isOfPlant(plants, each.plantNativeId))) {
    const found = listed.find(({ subscriptionId }) => subscriptionId === known.subscriptionId);
    if (!found) {
      const from = later(known.since, lastDeliveryAt);
      return { reason: 'subscription_lost', from, suspectedAt, endsAt: suspectedAt };
    }
    if (found.activatedAt === undefined || found.activatedAt <= known.since) continue;
    // With deliveries after it, all that is known is that it was on at the last look.
    const lastLook = toUtc(now() - providerOf(provider).polling.subscriptionsSeconds * 1000);
    const silentSince = lastDeliveryAt < found.activatedAt ? lastDeliveryAt : lastLook;
    const from = later(known.since, silentSince);
    return { reason: 'reactivated', from, suspectedAt, endsAt: suspectedAt };
  }
  return undefined;
}

function isOfPlant(plants: readonly Plant[], plantNativeId: string | undefined): boolean {
  return plants.some(({ nativeId }) => nativeId === plantNativeId);
}

function later(a: UtcTime, b: UtcTime): UtcTime {
  return a > b ? a : b;
}
