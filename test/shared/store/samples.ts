/** Valid items, each with a new id; a test names only what it is about. */
import { randomUUID } from 'node:crypto';
import type { Account } from '../../../shared/domain/account.ts';
import type { Command } from '../../../shared/domain/command.ts';
import { type Event, toEvent } from '../../../shared/domain/event.ts';
import {
  accountIdFor,
  moduleIdFor,
  newCommandId,
  newLinkId,
  plantIdFor,
} from '../../../shared/domain/ids.ts';
import type { Link } from '../../../shared/domain/link.ts';
import type { ModuleDescription } from '../../../shared/domain/module.ts';
import type { Plant } from '../../../shared/domain/plant.ts';
import type { TokenPointer } from '../../../shared/domain/token-pointer.ts';

export const NOW = '2026-01-05T08:00:00.000Z';
export const NOW_MS = Date.parse(NOW);

export const anAccountId = () => accountIdFor('legrand', randomUUID(), 'subject');

export function anAccount(changes: Partial<Account> = {}): Account {
  return {
    accountId: anAccountId(),
    provider: 'legrand',
    owner: 'owner-1',
    subject: 'subject',
    status: 'linked',
    health: { state: 'good', since: NOW },
    scopes: ['comfort.read'],
    askedScopes: ['comfort.read'],
    subscriptions: [],
    linkedAt: NOW,
    linkEpoch: 1,
    version: 1,
    ...changes,
  };
}

export function aPointer(changes: Partial<TokenPointer> = {}): TokenPointer {
  return {
    accountId: anAccountId(),
    provider: 'legrand',
    stackId: 'stack-1',
    generation: 1,
    linkEpoch: 1,
    versionId: 'version-1',
    refreshHash: 'hash-1',
    accessExpiresAt: '2026-01-05T09:00:00.000Z',
    refreshExpiresAt: '2026-04-05T08:00:00.000Z',
    rotatedAt: NOW,
    usedGeneration: 1,
    attempt: 0,
    dueAt: NOW,
    health: { state: 'good', since: NOW, strikes: 0 },
    ...changes,
  };
}

export function aModule(accountId: string, nativeId = 'thermostat'): ModuleDescription {
  return {
    moduleId: moduleIdFor(accountId, nativeId),
    accountId,
    plantId: plantIdFor(accountId, 'house'),
    nativeId,
    device: 'thermostat',
    name: 'Living room',
    ambientId: null,
    capabilities: ['temperature', 'setpoint'],
    actions: ['set_setpoint'],
    profiles: {},
    withheld: [],
    native: {},
    programs: [],
  };
}

export function aPlant(accountId: string, nativeId = 'house'): Plant {
  return {
    plantId: plantIdFor(accountId, nativeId),
    accountId,
    nativeId,
    name: 'House',
    timeZone: 'Europe/Paris',
    ambients: [],
    moduleIds: [],
    version: 1,
    discoveredAt: NOW,
  };
}

export function aCommand(accountId = anAccountId()): Command {
  return {
    commandId: newCommandId(accountId),
    accountId,
    moduleId: moduleIdFor(accountId, 'thermostat'),
    wish: { action: 'set_setpoint', temperatureC: 20.5 },
    status: 'sending',
    acceptedAt: NOW,
    attempts: 1,
  };
}

export function aLink(): Link {
  return {
    linkId: newLinkId(),
    provider: 'legrand',
    owner: 'owner-1',
    scopes: ['comfort.read'],
    status: 'pending',
    createdAt: NOW,
    expiresAt: '2026-01-05T08:10:00.000Z',
  };
}

export function anEvent(subject: string, padding = ''): Event {
  const accountId = accountIdFor('legrand', 'owner-1', 'subject');
  const type = 'latchkey.module.changed';
  return toEvent({ type, accountId, subject, time: NOW, data: { padding } }, subject);
}
