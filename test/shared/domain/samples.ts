/** One of each kind of record, valid and complete, for tests to break or change. */
import type { Account } from '../../../shared/domain/account.ts';
import type { Command } from '../../../shared/domain/command.ts';
import { accountIdFor, moduleIdFor, plantIdFor } from '../../../shared/domain/ids.ts';
import type { Link } from '../../../shared/domain/link.ts';
import type { Module } from '../../../shared/domain/module.ts';
import type { Plant } from '../../../shared/domain/plant.ts';
import type { TokenPointer } from '../../../shared/domain/token-pointer.ts';

export const T0 = '2026-01-15T17:00:00.000Z';
/** Seconds after T0, as UTC text. */
export const at = (seconds: number) => new Date(Date.parse(T0) + seconds * 1000).toISOString();

export const accountId = accountIdFor('legrand', 'owner-1', 'subject-1');
export const plantId = plantIdFor(accountId, 'plant-native');
export const moduleId = moduleIdFor(accountId, 'module-native');
export const commandId = `cmd_${accountId.slice(4)}_0123456789abcdef`;

export const account: Account = {
  accountId,
  provider: 'legrand',
  owner: 'owner-1',
  subject: 'subject-1',
  status: 'linked',
  health: { state: 'good', since: T0 },
  scopes: ['comfort.read', 'comfort.write'],
  askedScopes: ['comfort.read', 'comfort.write'],
  subscriptions: [],
  linkedAt: T0,
  linkEpoch: 1,
  version: 1,
};

export const plant: Plant = {
  plantId,
  accountId,
  nativeId: 'plant-native',
  name: 'Maison',
  timeZone: 'Europe/Paris',
  ambients: [{ ambientId: 'salon', name: 'Salon' }],
  moduleIds: [moduleId],
  version: 1,
  discoveredAt: T0,
};

export const module: Module = {
  moduleId,
  accountId,
  plantId,
  nativeId: 'module-native',
  device: 'thermostat',
  name: 'Thermostat',
  ambientId: 'salon',
  capabilities: ['temperature', 'setpoint', 'mode'],
  actions: ['set_setpoint', 'set_mode'],
  profiles: {},
  withheld: [],
  native: {},
  programs: [{ programId: '1', name: 'Winter' }],
  readings: {},
  reachable: null,
  version: 1,
  awaited: {},
};

export const pointer: TokenPointer = {
  accountId,
  provider: 'legrand',
  stackId: 'stack-1',
  generation: 1,
  linkEpoch: 1,
  versionId: 'version-1',
  refreshHash: 'hash-1',
  accessExpiresAt: at(3600),
  refreshExpiresAt: at(90 * 86_400),
  rotatedAt: T0,
  usedGeneration: 1,
  attempt: 0,
  dueAt: at(2500),
  health: { state: 'good', since: T0, strikes: 0 },
};

export const command: Command = {
  commandId,
  accountId,
  moduleId,
  wish: { action: 'set_setpoint', temperatureC: 21 },
  status: 'succeeded',
  acceptedAt: T0,
  attempts: 1,
  sentAt: T0,
  acknowledgedAt: at(1),
};

export const link: Link = {
  linkId: 'lnk_00000000000000000000000000',
  provider: 'legrand',
  owner: 'owner-1',
  scopes: ['comfort.read', 'comfort.write'],
  status: 'pending',
  createdAt: T0,
  expiresAt: at(600),
};
