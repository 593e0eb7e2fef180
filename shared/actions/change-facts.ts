/** What each kind of change means: the facts for the feed, and the follow-up writes, each of them idempotent. */
import { accountStanding } from '../domain/account-health.ts';
import type { Delivery } from '../domain/delivery.ts';
import type { Fact } from '../domain/event.ts';
import { changesBetween, effectSeenAt } from '../domain/projection.ts';
import type { ProviderName } from '../domain/provider-name.ts';
import type { CapabilityName } from '../domain/reading.ts';
import type { ChangeOf, TableChange } from '../domain/table-change.ts';
import { toUtc } from '../domain/time.ts';
import type { Provider } from '../providers/provider.ts';
import type { Store } from '../store/store.ts';
import { recordReadings, recordReport } from './record-report.ts';

export interface ProjectionDependencies {
  readonly store: Store;
  readonly providerOf: (name: ProviderName) => Pick<Provider, 'translate'>;
}

/**
 * Somebody has put up a new module, or took one down whose subscription goes on: the topology is looked at again, but
 * not with every delivery, because the calls of a day are counted.
 */
const NEW_MODULE_PAUSE_MS = 30 * 60_000;
/** An effect that was not seen within a day will not be put down to its command any more. */
const AWAITED_AT_MOST_MS = 86_400_000;

export async function factsOf(deps: ProjectionDependencies, change: TableChange): Promise<Fact[]> {
  switch (change.kind) {
    case 'delivery':
      return await deliveryFacts(deps, change);
    case 'module':
      return await moduleFacts(deps, change);
    case 'plant':
      return plantFacts(change);
    case 'pointer':
      return await pointerFacts(deps, change);
    case 'account':
      return accountFacts(change);
    case 'command':
      return commandFacts(change);
  }
}

/** A new delivery becomes module state; its events come with the modules' own changes. */
async function deliveryFacts(
  deps: ProjectionDependencies,
  { before, after }: ChangeOf<'delivery'>,
): Promise<Fact[]> {
  if (before || !after) return [];
  const { accountId, provider, raw, receivedAt } = after;
  const { store } = deps;
  // A subscription can outlive its account at the provider by a while.
  if (!(await store.accounts.get(accountId))) return [];
  await store.syncJobs.noteDelivery(accountId, receivedAt);
  const plants = await store.plants.ofAccount(accountId);
  const zones = new Map(plants.map(({ nativeId, timeZone }) => [nativeId, timeZone]));
  const translation = deps.providerOf(provider).translate(raw, (nativeId) => zones.get(nativeId));
  if (translation.kind === 'ignored') return [];
  if (translation.kind === 'unreadable') return [unreadable(after, translation.reason)];
  for (const report of translation.reports) {
    const outcome = await recordReport(store, accountId, report, Date.parse(receivedAt));
    if (outcome === 'module_unknown') {
      const lookAt = toUtc(Date.parse(receivedAt) + NEW_MODULE_PAUSE_MS);
      await store.syncJobs.hasten(accountId, 'topology', lookAt);
    }
  }
  return [];
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

async function moduleFacts(
  { store }: ProjectionDependencies,
  { before, after, writtenAtMs }: ChangeOf<'module'>,
): Promise<Fact[]> {
  if (!before || !after) return [];
  const { accountId, plantId, moduleId, device, name, version, readings } = after;
  const about = { accountId, subject: moduleId, time: toUtc(writtenAtMs) };
  const data = { plantId, moduleId, device };
  const facts: Fact[] = [];

  if (name !== before.name || JSON.stringify(after.programs) !== JSON.stringify(before.programs)) {
    facts.push({ ...about, type: 'latchkey.plant.changed', subject: plantId, data: { plantId, moduleId } });
  }
  if (version === before.version) return facts;

  const changes = changesBetween(before.readings, readings);
  const changed = changes.map(({ capability }) => [capability, readings[capability]] as const);
  await recordReadings(store, moduleId, changed.filter(isRead));
  if (changes.length > 0) {
    facts.push({ ...about, type: 'latchkey.module.changed', data: { ...data, changes } });
  }
  if (after.reachable !== before.reachable && !(before.reachable === null && after.reachable)) {
    const type = after.reachable ? 'latchkey.module.reachable' : 'latchkey.module.unreachable';
    facts.push({ ...about, type, data });
  }
  for (const [commandId, effect] of Object.entries(after.awaited)) {
    const seenAt = effectSeenAt(effect, readings);
    if (seenAt !== undefined) await store.commands.observe(commandId, seenAt);
    const isOver = seenAt !== undefined || writtenAtMs - Date.parse(effect.sentAt) > AWAITED_AT_MOST_MS;
    if (isOver) await store.modules.forgetEffect(after, commandId);
  }
  return facts;
}

function isRead<T>(entry: readonly [CapabilityName, T | undefined]): entry is readonly [CapabilityName, T] {
  return entry[1] !== undefined;
}

function plantFacts({ before, after, writtenAtMs }: ChangeOf<'plant'>): Fact[] {
  const plant = after ?? before;
  if (!plant || (before && after && before.version === after.version)) return [];
  const { accountId, plantId, name, timeZone, moduleIds } = plant;
  return [
    {
      type: 'latchkey.plant.changed',
      accountId,
      subject: plantId,
      time: toUtc(writtenAtMs),
      data: { plantId, name, timeZone, moduleIds, removed: after === undefined },
    },
  ];
}

/** A moved generation is a rotation; a changed verdict is a changed account. */
async function pointerFacts(
  { store }: ProjectionDependencies,
  { before, after }: ChangeOf<'pointer'>,
): Promise<Fact[]> {
  if (!after) return [];
  const { accountId, generation, linkEpoch, rotatedAt, accessExpiresAt, refreshHash, health } = after;
  if (!before || JSON.stringify(health) !== JSON.stringify(before.health))
    await updateStanding(store, accountId);
  if (!before || generation === before.generation || linkEpoch !== before.linkEpoch) return [];
  return [
    {
      type: 'latchkey.account.rotated',
      accountId,
      subject: accountId,
      time: rotatedAt,
      data: { generation, accessExpiresAt, refreshHash, previousRefreshHash: before.refreshHash },
    },
  ];
}

/** By the pointer as it is now: the one in the stream may be history already. */
async function updateStanding(store: Store, accountId: string): Promise<void> {
  await store.accounts.change(accountId, async () => {
    const pointer = await store.pointers.get(accountId);
    return pointer ? accountStanding(pointer.health, pointer.retryAt) : {};
  });
}

function accountFacts({ before, after, writtenAtMs }: ChangeOf<'account'>): Fact[] {
  const account = after ?? before;
  if (!account) return [];
  const { accountId, provider, owner, health } = account;
  const fact = (type: Fact['type']): Fact[] => [
    {
      type,
      accountId,
      subject: accountId,
      time: toUtc(writtenAtMs),
      data: { provider, owner, ...(health.cause !== undefined && { cause: health.cause }) },
    },
  ];
  if (!after) return fact('latchkey.account.unlinked');
  if (!before || before.linkEpoch !== after.linkEpoch) return fact('latchkey.account.linked');
  return before.status === after.status ? [] : fact(`latchkey.account.${after.status}`);
}

function commandFacts({ before, after, writtenAtMs }: ChangeOf<'command'>): Fact[] {
  if (!after || after.status === 'sending' || before?.status === after.status) return [];
  const { accountId, commandId, moduleId, status, wish, sentAt, acknowledgedAt, problem } = after;
  return [
    {
      type: 'latchkey.command.finished',
      accountId,
      subject: commandId,
      time: toUtc(writtenAtMs),
      data: { commandId, moduleId, status, wish, sentAt, acknowledgedAt, problem },
    },
  ];
}
