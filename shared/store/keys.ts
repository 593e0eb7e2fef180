/** Keys of every item in the one table; nothing else builds a key. Pure, and free of schemas: the intake uses it. */

import { DIGEST_FORMAT, LOG_SHARDS } from '../domain/feed-place.ts';
import type { ProviderName } from '../domain/provider-name.ts';

export interface Key {
  readonly pk: string;
  readonly sk: string;
}

/** Slots for an account's last attempts to rotate; each overwrites the one before it in its slot. */
export const REMEMBERED_ATTEMPTS = 50;
/** Parts of the `due` index for each kind of work, so that no single partition holds every account that waits. */
export const DUE_SHARDS = 4;

const account = (accountId: string) => `ACCOUNT#${accountId}`;

/** All access tokens are in one partition: a workspace has dozens, and processes keep what they have read for seconds. */
const ACCESS_PARTITION = 'ACCESS';

export const keys = {
  account: (accountId: string): Key => ({ pk: account(accountId), sk: 'ACCOUNT' }),
  pointer: (accountId: string): Key => ({ pk: account(accountId), sk: 'TOKEN' }),
  escrow: (accountId: string, fromRefreshHash: string, attempt: number): Key => ({
    pk: account(accountId),
    sk: `ESCROW#${fromRefreshHash}#${attempt}`,
  }),
  rotationRecord: (accountId: string, attempt: number): Key => ({
    pk: account(accountId),
    sk: `ROTATION#${String(attempt % REMEMBERED_ATTEMPTS).padStart(2, '0')}`,
  }),
  providerGate: (provider: string): Key => ({ pk: `PROVIDER#${provider}`, sk: 'GATE' }),
  plant: (accountId: string, plantId: string): Key => ({ pk: account(accountId), sk: `PLANT#${plantId}` }),
  module: (accountId: string, moduleId: string): Key => ({
    pk: account(accountId),
    sk: `MODULE#${moduleId}`,
  }),
  delivery: (accountId: string, deliveryId: string): Key => ({
    pk: account(accountId),
    sk: `DELIVERY#${deliveryId}`,
  }),
  quota: (accountId: string): Key => ({ pk: account(accountId), sk: 'QUOTA' }),
  applicationQuota: (provider: string): Key => ({ pk: `PROVIDER#${provider}`, sk: 'QUOTA' }),
  syncJob: (accountId: string): Key => ({ pk: account(accountId), sk: 'JOB#sync' }),
  replay: (accountId: string): Key => ({ pk: account(accountId), sk: 'REPLAY' }),
  command: (commandId: string): Key => ({ pk: `COMMAND#${commandId}`, sk: 'COMMAND' }),
  idempotency: (tokenId: string, key: string): Key => ({
    pk: `IDEMPOTENCY#${tokenId}#${key}`,
    sk: 'IDEMPOTENCY',
  }),
  accessToken: (tokenId: string): Key => ({ pk: ACCESS_PARTITION, sk: `TOKEN#${tokenId}` }),
  link: (linkId: string): Key => ({ pk: `LINK#${linkId}`, sk: 'LINK' }),
  feedPage: (shard: number, page: number): Key => ({
    pk: `LOG#${shard}`,
    sk: `PAGE#${String(page).padStart(10, '0')}`,
  }),
  feedDigest: (shard: number, level: number, index: number): Key => ({
    pk: `LOG#${shard}`,
    sk: `DIGEST#${DIGEST_FORMAT}#${level}#${String(index).padStart(10, '0')}`,
  }),
  feedHint: (shard: number): Key => ({ pk: `LOG#${shard}`, sk: 'HINT' }),
  reading: (moduleId: string, capability: string, observedAt: string): Key => ({
    pk: `MODULE#${moduleId}`,
    sk: `READING#${capability}#${observedAt}`,
  }),
  historyBlock: (moduleId: string, capability: string, resolution: string, from: string): Key => ({
    pk: `MODULE#${moduleId}`,
    sk: `HISTORY#${capability}#${resolution}#${from}`,
  }),
} as const;

/** Beginnings of sort keys, for queries and for telling the kinds of stream records apart. */
export const prefixes = {
  plant: 'PLANT#',
  module: 'MODULE#',
  delivery: 'DELIVERY#',
  rotationRecord: 'ROTATION#',
  reading: 'READING#',
  feedPage: 'PAGE#',
} as const;

export const accountPartition = account;
export const accessPartition = ACCESS_PARTITION;
export const readingPartition = (moduleId: string) => `MODULE#${moduleId}`;

/**
 * Work that is done when it is due: token sets to rotate, apart for each provider so that none waits for another,
 * accounts to sync, deliveries to read again, and commands to carry on.
 */
export type DueWork = `ROTATE#${ProviderName}` | 'SYNC' | 'REPLAY' | 'COMMAND';

/** Partitions of the sparse index `due`, sorted by `dueAt`. */
export const dueShards = (work: DueWork): string[] =>
  Array.from({ length: DUE_SHARDS }, (_, shard) => `${work}#${shard}`);

export function dueShard(work: DueWork, accountId: string): string {
  return `${work}#${shardOf(accountId, DUE_SHARDS)}`;
}

export function logShard(accountId: string): number {
  return shardOf(accountId, LOG_SHARDS);
}

/** The last character of an account id is already evenly distributed: it is a digit of a hash. */
function shardOf(accountId: string, shards: number): number {
  return accountId.charCodeAt(accountId.length - 1) % shards;
}
