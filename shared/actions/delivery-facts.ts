/** A delivery that was just kept: module state, the account's rhythm, and what it tells of answers that went wrong. */
import type { Account } from '../domain/account.ts';
import { countFailures } from '../domain/answer-tally.ts';
import type { Delivery } from '../domain/delivery.ts';
import { learnSilence } from '../domain/delivery-rhythm.ts';
import type { Fact } from '../domain/event.ts';
import { isOutdated } from '../domain/hook.ts';
import type { SyncJob } from '../domain/sync-job.ts';
import type { ChangeOf } from '../domain/table-change.ts';
import { toUtc } from '../domain/time.ts';
import { resume, suspect } from '../domain/webhook-gap.ts';
import type { ProjectionDependencies } from './projection-dependencies.ts';
import { isUnproven, retoldFacts, takeDelivery, zonesOf } from './take-delivery.ts';

/**
 * Somebody has put up a new module, or took one down whose subscription goes on: the topology is looked at again, but
 * not with every delivery, because the calls of a day are counted.
 */
const NEW_MODULE_PAUSE_MS = 30 * 60_000;

/**
 * A new delivery becomes module state, whose events come with the modules' own changes; what happened beside them is told
 * here, and told again where a replay asks for it.
 */
export async function deliveryFacts(
  deps: ProjectionDependencies,
  { before, after: delivery }: ChangeOf<'delivery'>,
): Promise<Fact[]> {
  if (!delivery) return [];
  if (before) return await factsOfReplay(deps, before, delivery);
  const { store } = deps;
  const { accountId, receivedAt } = delivery;
  const account = await store.accounts.get(accountId);
  // A subscription can outlive its account at the provider by a while.
  if (!account) return [];
  if (isOutdated(account.hook, delivery)) {
    // Marked on the delivery itself: by the time of a replay, hooks may have been rolled once more.
    await ignore(store, delivery, 'outdated');
    return [];
  }
  if (isUnproven(deps, delivery)) {
    await ignore(store, delivery, 'unproven');
    return [];
  }
  await noteArrival(deps, account, delivery);
  const taken = await takeDelivery(deps, delivery, await zonesOf(store, accountId));
  if (taken.kind === 'unreadable') return [unreadable(delivery, taken.reason)];
  if (taken.kind !== 'taken') return [];
  if (taken.lookAgain) await store.syncJobs.hasten(accountId, taken.lookAgain, receivedAt);
  if (taken.unknownModules > 0) {
    const lookAt = toUtc(Date.parse(receivedAt) + NEW_MODULE_PAUSE_MS);
    await store.syncJobs.hasten(accountId, 'topology', lookAt);
  }
  if (taken.untold === 0) return [...taken.facts];
  return [...taken.facts, unreadable(delivery, 'is about a plant that is not known')];
}

async function factsOfReplay(
  deps: ProjectionDependencies,
  before: Delivery,
  delivery: Delivery,
): Promise<Fact[]> {
  const { replayId } = delivery;
  if (replayId === undefined || replayId === before.replayId) return [];
  return [...(await retoldFacts(deps, delivery, replayId))];
}

async function ignore(
  { deliveries, syncJobs }: ProjectionDependencies['store'],
  delivery: Delivery,
  why: 'outdated' | 'unproven',
): Promise<void> {
  if ((await deliveries.mark(delivery, why)) === 'marked')
    await syncJobs.noteIgnored(delivery.accountId, why, delivery.receivedAt);
}

/** It is kept, so that it can be looked into and read again after a fix. */
export function unreadable({ accountId, deliveryId, receivedAt }: Delivery, reason: string): Fact {
  return {
    type: 'latchkey.delivery.unreadable',
    accountId,
    subject: deliveryId,
    time: receivedAt,
    data: { deliveryId, reason },
  };
}

async function noteArrival(
  deps: ProjectionDependencies,
  account: Account,
  delivery: Delivery,
): Promise<void> {
  const { store } = deps;
  const { accountId, receivedAt } = delivery;
  const job = await store.syncJobs.noteDelivery(accountId, receivedAt);
  if (!job) return;
  const silence = learnSilence(job);
  if (silence) await store.syncJobs.noteSilence(accountId, silence);
  if (delivery.missedAnswers !== undefined) await noteFailures(deps, account, job, delivery);
  if (account.webhookGap && account.webhookGap.endsAt === undefined) {
    await store.accounts.change(accountId, (current) => resume(current, receivedAt));
    await store.syncJobs.hasten(accountId, 'state', receivedAt);
  }
}

/**
 * Counts as the provider does. The suspicion is written before the count: a projection that is cut short in between is
 * repeated, and finds the one there and the other not.
 */
async function noteFailures(
  { store, providerOf, onBanNear }: ProjectionDependencies,
  { provider }: Account,
  { answers }: SyncJob,
  { accountId, deliveryId, receivedAt, missedAnswers = 0, missedSince = receivedAt }: Delivery,
): Promise<void> {
  const ban = providerOf(provider).webhook?.ban;
  const told = { deliveryId, failures: missedAnswers, since: missedSince, at: receivedAt };
  const counted = ban && countFailures(answers, told, ban);
  if (!counted) return;
  if (counted.isNear) onBanNear(accountId, counted.tally.failures);
  if (counted.banSeconds !== undefined) {
    const endsAt = toUtc(Date.parse(receivedAt) + counted.banSeconds * 1000);
    const gap = { reason: 'answers_failed', from: missedSince, suspectedAt: receivedAt, endsAt } as const;
    await store.accounts.change(accountId, (current) => suspect(current, gap));
    if (ban.isLiftedByAdding) await store.syncJobs.hasten(accountId, 'subscriptions', receivedAt);
    await store.syncJobs.hasten(accountId, 'state', receivedAt);
  }
  await store.syncJobs.noteAnswers(accountId, counted.tally);
}
