/** From what is kept to what clients get to see. Pure. */
import type { Reach } from '../domain/access.ts';
import { type AccessToken, shownPrefix } from '../domain/access-token.ts';
import type { Account, Health } from '../domain/account.ts';
import { healthWords } from '../domain/account-health.ts';
import type { Command } from '../domain/command.ts';
import { systemOf } from '../domain/device.ts';
import type { HistoryPoint } from '../domain/history.ts';
import type { AccountHook } from '../domain/hook.ts';
import type { Link } from '../domain/link.ts';
import type { Module } from '../domain/module.ts';
import type { Plant } from '../domain/plant.ts';
import type { WindowLeft } from '../domain/quota.ts';
import type { CapabilityName, Reading } from '../domain/reading.ts';
import type { Replay } from '../domain/replay.ts';
import type { RotationRecord } from '../domain/rotation-record.ts';
import type { SyncJob } from '../domain/sync-job.ts';
import { toUtc, type UtcTime } from '../domain/time.ts';
import { isStatic, type TokenPointer } from '../domain/token-pointer.ts';
import type {
  AccountView,
  CommandView,
  EnteredView,
  HistoryView,
  LinkView,
  LoginView,
  ModuleView,
  PlantView,
  ReadingView,
  RotationView,
  TokenView,
} from './views.ts';

export function presentLink({ linkId, ...link }: Link, now: number): LinkView {
  const { provider, owner, status, accountId, problem, expiresAt } = link;
  return {
    id: linkId,
    provider,
    owner,
    status: isOver(link, now) ? 'failed' : status,
    accountId,
    problem,
    expiresAt,
  };
}

export function presentLogin({ provider, expiresAt }: Link): LoginView {
  return { provider, ways: ['password', 'plant_token', 'module_token'], expiresAt };
}

export function presentEntered(
  entered: { readonly account: Pick<Account, 'accountId'> } | { readonly challenge: string },
): EnteredView {
  return 'challenge' in entered
    ? { status: 'code_required', challenge: entered.challenge }
    : { status: 'linked', accountId: entered.account.accountId };
}

/** Nobody came back in time: there is nothing to write down about it, only to tell. */
function isOver({ status, expiresAt }: Pick<Link, 'status' | 'expiresAt'>, now: number): boolean {
  return status === 'pending' && Date.parse(expiresAt) <= now;
}

/** What a token is to be about, from what a client asked for. */
export function toReach(
  wish: { kind: 'workspace' } | { kind: 'plant'; plant: string } | { kind: 'module'; module: string },
): Reach {
  switch (wish.kind) {
    case 'workspace':
      return { kind: 'workspace' };
    case 'plant':
      return { kind: 'plant', plantId: wish.plant };
    case 'module':
      return { kind: 'module', moduleId: wish.module };
  }
}

export function presentToken(token: AccessToken): TokenView {
  const { tokenId, reach, scopes, label, createdAt, expiresAt, lastUsedAt } = token;
  return {
    id: tokenId,
    kind: reach.kind,
    plant: reach.kind === 'plant' ? reach.plantId : undefined,
    module: reach.kind === 'module' ? reach.moduleId : undefined,
    scopes,
    label,
    prefix: shownPrefix(token),
    createdAt,
    expiresAt,
    lastUsedAt,
  };
}

/** An account, and what is known beside it. */
export interface AccountParts {
  readonly account: Account;
  /** The health to show, which is not the account's own where something is wrong with all accounts. */
  readonly health: Health;
  readonly pointer?: TokenPointer | undefined;
  readonly job?: SyncJob | undefined;
  readonly replay?: Replay | undefined;
  readonly quota: { readonly windows: readonly WindowLeft[]; readonly blockedUntil?: UtcTime | undefined };
  readonly byHand?: AccountView['webhook']['byHand'];
}

export function presentAccount(parts: AccountParts): AccountView {
  const { account, health, pointer, job, replay, quota, byHand } = parts;
  const { accountId, provider, owner, status, scopes, linkedAt, subscriptions, webhookProblem } = account;
  return {
    id: accountId,
    provider,
    owner,
    status,
    health: { ...health, ...healthWords(health, pointer && isStatic(pointer)) },
    scopes,
    linkedBy: account.linkedBy,
    missingScopes: account.askedScopes.filter((scope) => !scopes.includes(scope)),
    linkedAt,
    version: account.version,
    tokens: pointer && {
      generation: pointer.generation,
      accessExpiresAt: pointer.accessExpiresAt,
      refreshExpiresAt: pointer.refreshExpiresAt,
      rotateAt: isStatic(pointer) ? undefined : pointer.dueAt,
      rotatedAt: pointer.rotatedAt,
    },
    webhook: {
      // Their addresses are secrets: whoever knows one can deliver to it.
      subscriptions: subscriptions.map(({ subscriptionId, since }) => ({ subscriptionId, since })),
      lastDeliveryAt: job?.lastDeliveryAt,
      problem: webhookProblem,
      failedAnswers: job?.answers && { count: job.answers.failures, lastAt: job.answers.lastFailureAt },
      address: account.hook && presentHook(account.hook),
      outdated: job?.outdated,
      unproven: job?.unproven,
      gap: account.webhookGap,
      lastRepair: account.webhookRepair,
      byHand,
    },
    quota: {
      windows: quota.windows.map(({ name, seconds, calls, remaining, reserved, resetsAt }) => ({
        name,
        seconds,
        calls,
        remaining,
        reservedForCommands: reserved,
        resetsAt,
      })),
      blockedUntil: quota.blockedUntil,
    },
    replay: replay && presentReplay(replay),
  };
}

export function presentRotation(record: RotationRecord): RotationView {
  const { cause } = record;
  return cause === undefined
    ? record
    : { ...record, explanation: healthWords({ cause, state: 'degraded' }).explanation };
}

function presentHook({ epoch, former }: AccountHook): NonNullable<AccountView['webhook']['address']> {
  return { since: toUtc(epoch * 1000), overlapUntil: former?.until };
}

function presentReplay(replay: Replay): NonNullable<AccountView['replay']> {
  const { replayId, from, to, counts, startedAt, finishedAt } = replay;
  return { id: replayId, from, to, counts, startedAt, finishedAt };
}

export function presentPlant(plant: Plant, modules: readonly Module[]): PlantView {
  const { plantId, accountId, name, timeZone, ambients } = plant;
  return {
    id: plantId,
    accountId,
    name,
    timeZone,
    version: plant.version,
    ambients,
    modules: modules.map(({ moduleId, name, device, ambientId }) => ({
      id: moduleId,
      name,
      device,
      ambientId,
    })),
  };
}

export function presentModule(
  module: Module,
  staleSeconds: number,
  history: ModuleView['history'],
  now: number,
): ModuleView {
  const { moduleId, accountId, plantId, ambientId, device, name, reachable, version } = module;
  const { actions, programs, profiles } = module;
  const readings = Object.entries(module.readings) as [CapabilityName, Reading][];
  return {
    id: moduleId,
    accountId,
    plantId,
    ambientId,
    device,
    system: systemOf(device),
    name,
    reachable,
    actions,
    programs,
    profiles,
    readings: readings.map(([capability, reading]) => presentReading(capability, reading, staleSeconds, now)),
    history,
    version,
  };
}

function presentReading(
  capability: CapabilityName,
  reading: Reading,
  staleSeconds: number,
  now: number,
): ReadingView {
  const { value, unit, observedAt, receivedAt } = reading;
  const ageSeconds = Math.max(0, Math.round((now - Date.parse(receivedAt)) / 1000));
  return { capability, value, unit, observedAt, receivedAt, ageSeconds, stale: ageSeconds > staleSeconds };
}

export function presentHistory(
  { moduleId, capability, resolution }: Pick<HistoryView, 'moduleId' | 'capability' | 'resolution'>,
  { items, unit }: { readonly items: HistoryPoint[]; readonly unit: string | null },
  next: string | undefined,
): HistoryView {
  return { moduleId, capability, resolution, unit, items, next };
}

export function presentCommand({ commandId, ...command }: Command): CommandView {
  const { moduleId, wish, status, acceptedAt, expiresAt, attempts, sentAt, nextAttemptAt } = command;
  const { acknowledgedAt, observedAt, problem } = command;
  return {
    id: commandId,
    moduleId,
    wish,
    status,
    acceptedAt,
    expiresAt,
    attempts,
    sentAt,
    nextAttemptAt,
    acknowledgedAt,
    observedAt,
    problem,
  };
}
