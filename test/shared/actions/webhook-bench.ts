/** A linked account with the simulated Legrand, a real store, and a clock that a test moves. */
import { createLegrandControls, type LegrandControls } from '../../../infra/local/demo/legrand/controls.ts';
import { syncAccount } from '../../../shared/actions/sync-account.ts';
import type { SyncDependencies } from '../../../shared/actions/sync-dependencies.ts';
import type { Account } from '../../../shared/domain/account.ts';
import { newHook } from '../../../shared/domain/hook.ts';
import type { SyncTask } from '../../../shared/domain/sync-job.ts';
import { toUtc } from '../../../shared/domain/time.ts';
import type { Provider } from '../../../shared/providers/provider.ts';
import { type KeptDelivery, keepDelivery } from '../../../shared/store/keep-delivery.ts';
import type { Vault } from '../../../shared/vault/vault.ts';
import { pointer } from '../domain/samples.ts';
import { type LegrandBench, NOW, openLegrand } from '../providers/legrand/legrand-bench.ts';
import { anAccount } from '../store/samples.ts';
import { openStoreBench, type StoreBench } from './store-bench.ts';

export interface WebhookBench {
  readonly bench: StoreBench;
  readonly cloud: LegrandBench;
  readonly controls: LegrandControls;
  readonly deps: SyncDependencies & { remainingMs: () => number };
  readonly accountId: string;
  /** The clock of everything but Legrand, epoch milliseconds. */
  readonly clock: { now: number };
  /** Text of the clock, so many seconds on. */
  at(seconds?: number): string;
  /** What stands in for parts of the driver from now on. */
  pretend(changes: Partial<Provider>): void;
  account(): Promise<Account>;
  /** Makes these tasks due, and works as the schedule does. */
  sync(...tasks: SyncTask[]): Promise<void>;
  deliver(changes?: Partial<KeptDelivery>): Promise<void>;
  /** Types and data of the webhook events since the last time. */
  news(): Promise<[string, Record<string, unknown>][]>;
  close(): Promise<void>;
}

export const PUBLIC_URL = 'http://127.0.0.1:9';

export async function openWebhookBench(): Promise<WebhookBench> {
  const clock = { now: NOW };
  const cloud = await openLegrand();
  const { accountId } = cloud.account;
  let provider: Provider = cloud.provider;
  const bench = await openStoreBench(
    () => clock.now,
    () => provider,
  );
  const deps = {
    store: bench.store,
    vault: {} as Vault,
    sessionOf: () => cloud.session,
    providerOf: () => provider,
    hookKey: { key: Buffer.alloc(32, 7), epoch: 1 },
    publicUrl: PUBLIC_URL,
    stackId: 'stack-1',
    now: () => clock.now,
    remainingMs: () => 29_000,
    log: { info: () => {}, warn: () => {}, error: () => {} },
  };
  await bench.store.accounts.create(anAccount({ accountId, hook: newHook(NOW - 60_000) }));
  await bench.store.pointers.create({ ...pointer, accountId });
  await bench.store.syncJobs.start(accountId, NOW);
  await syncAccount(deps, accountId);
  let [told, deliveries] = [(await bench.project()).length, 0];

  return {
    bench,
    cloud,
    controls: createLegrandControls(cloud.cloud.url),
    deps,
    accountId,
    clock,
    at: (seconds = 0) => toUtc(clock.now + seconds * 1000),
    pretend(changes) {
      provider = { ...cloud.provider, ...changes };
    },
    async account() {
      const account = await bench.store.accounts.get(accountId);
      if (!account) throw new Error('the account is gone');
      return account;
    },
    async sync(...tasks) {
      for (const task of tasks) await bench.store.syncJobs.hasten(accountId, task, toUtc(clock.now));
      await syncAccount(deps, accountId);
    },
    async deliver(changes = {}) {
      const { hook } = (await bench.store.accounts.get(accountId)) ?? {};
      const delivery = {
        accountId,
        deliveryId: `delivery-${++deliveries}`,
        provider: 'legrand',
        raw: '{"chronothermostats":[]}',
        receivedAtMs: clock.now,
        hookEpoch: hook?.epoch ?? 0,
        ...changes,
      };
      await keepDelivery(bench.client, bench.tableName, delivery, AbortSignal.timeout(5_000));
      await bench.project();
    },
    async news() {
      const events = (await bench.project()).slice(told);
      told += events.length;
      return events
        .filter(({ type }) => type.startsWith('latchkey.webhook.'))
        .map(({ type, data: { accountId: _, ...data } }) => [type.replace('latchkey.webhook.', ''), data]);
    },
    async close() {
      await cloud.close();
      await bench.close();
    },
  };
}
