/** What each kind of change means: the facts for the feed, and the follow-up writes, each of them idempotent. */

import { isDeepStrictEqual } from 'node:util';
import type { Account } from '../domain/account.ts';
import { lastingHealth } from '../domain/account-health.ts';
import { isFinal } from '../domain/command.ts';
import { endedAttempts } from '../domain/ended-attempts.ts';
import type { Fact } from '../domain/event.ts';
import { accountOf } from '../domain/ids.ts';
import { isLate } from '../domain/late-reading.ts';
import { isModuleAlike } from '../domain/module.ts';
import { isPlantAlike } from '../domain/plant.ts';
import { changesBetween, effectSeenAt } from '../domain/projection.ts';
import { isSameReading } from '../domain/reading.ts';
import type { ChangeOf, TableChange } from '../domain/table-change.ts';
import { toUtc, type UtcTime } from '../domain/time.ts';
import { updateStanding } from '../quota/call-standing.ts';
import { split } from '../store/feed.ts';
import { deliveryFacts } from './delivery-facts.ts';
import type { ProjectionDependencies } from './projection-dependencies.ts';

/** An effect that was not seen within a day will not be put down to its command any more. */
const AWAITED_AT_MOST_MS = 86_400_000;

export async function factsOf(deps: ProjectionDependencies, change: TableChange): Promise<Fact[]> {
  switch (change.kind) {
    case 'delivery':
      return await deliveryFacts(deps, change);
    case 'module':
      return await moduleFacts(deps, change);
    case 'reading':
      return await readingFacts(deps, change);
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

async function moduleFacts(
  { store }: ProjectionDependencies,
  { before, after, writtenAtMs, sequenceNumber }: ChangeOf<'module'>,
): Promise<Fact[]> {
  const module = after ?? before;
  // A new one is told by its plant, which names it next.
  if (!module || !before) return [];
  const { accountId, plantId, moduleId, device, version, readings } = module;
  const about = { accountId, subject: moduleId, time: toUtc(writtenAtMs) };
  const ofPlant = { ...about, type: 'latchkey.plant.changed', subject: plantId } as const;
  // Once it is gone, only what is told with it says who may know.
  if (!after) return [{ ...ofPlant, data: { plantId, moduleId, device, moduleRemoved: true } }];
  const data = { plantId, moduleId, device, ...(after.replayId !== undefined && { replay: after.replayId }) };
  const facts: Fact[] = [];

  const changes = changesBetween(before.readings, readings);
  // That it answers from the start is no news of it; but where no reading shows it, clients see it here alone.
  const isFound = before.reachable === null && after.reachable === true;
  if (!isModuleAlike(before, after) || (isFound && changes.length === 0))
    facts.push({ ...ofPlant, data: { plantId, moduleId } });
  if (version === before.version) return facts;

  await Promise.all(
    changes.map(({ capability, value, unit, observedAt, receivedAt }) =>
      store.readings.put(moduleId, capability, { value, unit, observedAt, receivedAt }),
    ),
  );
  // All at once, and what was before, a module with many values says more than an item of the table can hold.
  const parts = split(changes.toSorted((a, b) => (a.capability < b.capability ? -1 : 1)));
  for (const [index, part] of parts.entries()) {
    const cause = index > 0 && { cause: JSON.stringify([sequenceNumber, index]) };
    facts.push({ ...about, ...cause, type: 'latchkey.module.changed', data: { ...data, changes: part } });
  }
  if (after.reachable !== before.reachable && !isFound) {
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

/** A reading that came out of order, once for each word of it that is new: the same one again is no news. */
async function readingFacts(
  { store }: ProjectionDependencies,
  { after, writtenAtMs }: ChangeOf<'reading'>,
): Promise<Fact[]> {
  if (!after || !isLate(after)) return [];
  const { moduleId, capability, replayId, late: _, ...reading } = after;
  const { value, observedAt, receivedAt } = reading;
  const accountId = accountOf(moduleId);
  const [module, kept] = await Promise.all([
    store.modules.get({ accountId, moduleId }),
    store.readings.get(moduleId, capability, observedAt),
  ]);
  if (!module) return [];
  // A delivery that was taken in twice comes late the second time, and its module tells of the first.
  if (kept && !isLate(kept) && isSameReading(kept, after)) return [];
  const { plantId, device } = module;
  const replay = replayId !== undefined && { replay: replayId };
  return [
    {
      type: 'latchkey.module.late_readings',
      accountId,
      subject: moduleId,
      time: toUtc(writtenAtMs),
      // One delivery may have two words for one time.
      cause: JSON.stringify([capability, observedAt, receivedAt, value]),
      data: { plantId, moduleId, device, ...replay, changes: [{ capability, ...reading }] },
    },
  ];
}

function plantFacts({ before, after, writtenAtMs }: ChangeOf<'plant'>): Fact[] {
  const plant = after ?? before;
  if (!plant || (before && after && isPlantAlike(before, after) && before.version === after.version))
    return [];
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

/** A moved generation is a rotation; a changed verdict is a changed account; and every attempt is remembered. */
async function pointerFacts(
  { store }: ProjectionDependencies,
  { before, after, writtenAtMs }: ChangeOf<'pointer'>,
): Promise<Fact[]> {
  if (!after) return [];
  const { accountId, generation, linkEpoch, rotatedAt, accessExpiresAt, refreshHash } = after;
  const { health, refusedGeneration } = after;
  const ended = endedAttempts(before, after);
  // Of an account that was unlinked meanwhile, nothing is kept any more.
  if (ended.length > 0 && (await store.pointers.get(accountId)))
    for (const record of ended) await store.rotationRecords.put(accountId, record);
  const isRefusedAnew = refusedGeneration !== before?.refusedGeneration;
  if (!before || isRefusedAnew || JSON.stringify(health) !== JSON.stringify(before.health))
    await updateStanding(store, accountId);
  const about = { accountId, subject: accountId };
  const facts: Fact[] = [];
  if (after.warnedDays !== undefined && after.warnedDays !== before?.warnedDays) {
    const { warnedDays: days, refreshExpiresAt } = after;
    const data = { days, refreshExpiresAt, ...(health.cause !== undefined && { cause: health.cause }) };
    facts.push({ ...about, type: 'latchkey.account.refresh_expiring', time: toUtc(writtenAtMs), data });
  }
  if (before && generation !== before.generation && linkEpoch === before.linkEpoch) {
    const data = { generation, accessExpiresAt, refreshHash, previousRefreshHash: before.refreshHash };
    facts.push({ ...about, type: 'latchkey.account.rotated', time: rotatedAt, data });
  }
  return facts;
}

function accountFacts({ before, after, writtenAtMs }: ChangeOf<'account'>): Fact[] {
  const account = after ?? before;
  if (!account) return [];
  const { accountId, provider, owner, health } = account;
  const { state, cause, actor } = health;
  const why = cause !== undefined && { cause };
  const about = { accountId, subject: accountId, time: toUtc(writtenAtMs) };
  const fact = (type: Fact['type']): Fact[] => [{ ...about, type, data: { provider, owner, ...why } }];
  if (!after) return fact('latchkey.account.unlinked');
  const gaps = gapFacts(before, after, toUtc(writtenAtMs));
  if (!before || before.linkEpoch !== after.linkEpoch) return [...fact('latchkey.account.linked'), ...gaps];
  if (before.status !== after.status) return [...fact(`latchkey.account.${after.status}`), ...gaps];
  if (isDeepStrictEqual(lastingHealth(before.health), lastingHealth(after.health))) return gaps;
  const data = { provider, owner, state, ...why, ...(actor !== undefined && { actor }) };
  return [{ ...about, type: 'latchkey.account.health_changed', data }, ...gaps];
}

function gapFacts(before: Account | undefined, after: Account, time: UtcTime): Fact[] {
  const { accountId, webhookGap, webhookRepair } = after;
  const about = { accountId, subject: accountId, time };
  const facts: Fact[] = [];
  if (webhookGap && webhookGap.suspectedAt !== before?.webhookGap?.suspectedAt) {
    const { reason, from } = webhookGap;
    facts.push({ ...about, type: 'latchkey.webhook.suspected_ban', data: { reason, from } });
  }
  if (webhookRepair && webhookRepair.to !== before?.webhookRepair?.to)
    facts.push({ ...about, type: 'latchkey.webhook.gap_repaired', data: { ...webhookRepair } });
  return facts;
}

function commandFacts({ before, after, writtenAtMs }: ChangeOf<'command'>): Fact[] {
  if (!after || !isFinal(after) || before?.status === after.status) return [];
  const { accountId, commandId, moduleId, status, wish, attempts, sentAt, acknowledgedAt, problem } = after;
  return [
    {
      type: 'latchkey.command.finished',
      accountId,
      subject: commandId,
      time: toUtc(writtenAtMs),
      data: { commandId, moduleId, status, wish, attempts, sentAt, acknowledgedAt, problem },
    },
  ];
}
