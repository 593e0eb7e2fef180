import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { defaultRetention, type Retention } from '../domain/retention.ts';
import { type AccessTokenStore, createAccessTokenStore } from './access-tokens.ts';
import { type AccountStore, createAccountStore } from './accounts.ts';
import { type CommandStore, createCommandStore } from './commands.ts';
import { createDeliveryStore, type DeliveryStore } from './deliveries.ts';
import { createEscrowStore, type EscrowStore } from './escrows.ts';
import { createFeedStore, type FeedStore } from './feed.ts';
import { createHistoryBlockStore, type HistoryBlockStore } from './history-blocks.ts';
import { createHistoryStepStore, type HistoryStepStore } from './history-steps.ts';
import { createTable } from './item.ts';
import { createLinkStore, type LinkStore } from './links.ts';
import { createModuleStore, type ModuleStore } from './modules.ts';
import { createPlantStore, type PlantStore } from './plants.ts';
import { createProviderGateStore, type ProviderGateStore } from './provider-gates.ts';
import { createQuotaStore, type QuotaStore } from './quotas.ts';
import { createReadingStore, type ReadingStore } from './readings.ts';
import { createReplayStore, type ReplayStore } from './replays.ts';
import { createRotationRecordStore, type RotationRecordStore } from './rotation-records.ts';
import { createSyncJobStore, type SyncJobStore } from './sync-jobs.ts';
import { createTokenPointerStore, type TokenPointerStore } from './token-pointers.ts';

/** Everything kept in the one table, by kind of item. */
export interface Store {
  readonly accessTokens: AccessTokenStore;
  readonly accounts: AccountStore;
  readonly pointers: TokenPointerStore;
  readonly escrows: EscrowStore;
  readonly gates: ProviderGateStore;
  readonly rotationRecords: RotationRecordStore;
  readonly quotas: QuotaStore;
  readonly plants: PlantStore;
  readonly modules: ModuleStore;
  readonly readings: ReadingStore;
  readonly historyBlocks: HistoryBlockStore;
  readonly historySteps: HistoryStepStore;
  readonly links: LinkStore;
  readonly commands: CommandStore;
  readonly feed: FeedStore;
  readonly syncJobs: SyncJobStore;
  readonly deliveries: DeliveryStore;
  readonly replays: ReplayStore;
}

/** @param retention – only who keeps a module's past has to know it */
export function createStore(
  client: DynamoDBClient,
  tableName: string,
  retention: Retention = defaultRetention,
): Store {
  const table = createTable(client, tableName);
  return {
    accessTokens: createAccessTokenStore(table),
    accounts: createAccountStore(table),
    pointers: createTokenPointerStore(table),
    escrows: createEscrowStore(table),
    gates: createProviderGateStore(table),
    rotationRecords: createRotationRecordStore(table),
    quotas: createQuotaStore(table),
    plants: createPlantStore(table),
    modules: createModuleStore(table),
    readings: createReadingStore(table, retention),
    historyBlocks: createHistoryBlockStore(table, retention),
    historySteps: createHistoryStepStore(table, retention),
    links: createLinkStore(table),
    commands: createCommandStore(table),
    feed: createFeedStore(table),
    syncJobs: createSyncJobStore(table),
    deliveries: createDeliveryStore(table),
    replays: createReplayStore(table),
  };
}
