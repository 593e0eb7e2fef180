/**
 * Claire's account with the simulated Netatmo, which calls a webhook address of ours over HTTP: each push is taken in,
 * kept, projected and told as it would be in the cloud.
 */
import { syncAccount } from '../../../../shared/actions/sync-account.ts';
import type { SyncDependencies } from '../../../../shared/actions/sync-dependencies.ts';
import type { Event } from '../../../../shared/domain/event.ts';
import { newHook } from '../../../../shared/domain/hook.ts';
import { moduleIdFor } from '../../../../shared/domain/ids.ts';
import type { Module } from '../../../../shared/domain/module.ts';
import type { SyncTask } from '../../../../shared/domain/sync-job.ts';
import { toUtc } from '../../../../shared/domain/time.ts';
import type { Provider } from '../../../../shared/providers/provider.ts';
import type { Vault } from '../../../../shared/vault/vault.ts';
import { startHookServer } from '../../actions/hook-server.ts';
import { openStoreBench, type StoreBench } from '../../actions/store-bench.ts';
import { anAccount } from '../../store/samples.ts';
import { type NetatmoBench, NOW, openNetatmo } from './netatmo-bench.ts';

export const CLAIRE = 'claire@example.net';
export const MAISON = '65aa00000000000000000001';
export const ALEX = '0a0a0a0a-1111-4222-8333-444455556666';
export const SALON = '1000000001';

/** By a short name for tests. */
const nativeIds = {
  maison: MAISON,
  thermostat: '04:00:00:aa:bb:11',
  /** In the same room, and no heating. */
  station: '70:ee:50:aa:bb:01',
  /** In another room. */
  valve: '09:00:00:aa:bb:12',
  camera: '70:ee:50:aa:bb:41',
  gate: '70:ee:50:aa:bb:40',
  doorbell: '70:ee:50:aa:bb:42',
  door: '70:ee:50:aa:bb:43',
  siren: '70:ee:50:aa:bb:44',
  smoke: '70:ee:50:aa:bb:45',
  monoxide: '70:ee:50:aa:bb:46',
  alex: ALEX,
} as const;

export type ModuleName = keyof typeof nativeIds;

export interface PushBench {
  readonly bench: StoreBench;
  readonly cloud: NetatmoBench;
  readonly accountId: string;
  readonly deps: SyncDependencies;
  /** The clock of everything but Netatmo, epoch milliseconds. */
  readonly clock: { now: number };
  /** Answers given from now on instead of taking deliveries in; `undefined`: none. */
  failWith(status: number | undefined): void;
  /** The bodies that came since the last time. */
  arrived(): string[];
  /** What the simulator's switch answers. */
  control(path: string, body?: unknown): Promise<unknown>;
  /** Has the simulator send something, takes it in, and returns the events that follow. */
  push(order: Record<string, unknown>): Promise<Event[]>;
  /** Waits for what is on its way, projects it, and returns the events that are new. */
  settle(): Promise<Event[]>;
  /** Makes these tasks due, and works as the schedule does. */
  sync(...tasks: SyncTask[]): Promise<void>;
  module(name: ModuleName): Promise<Module>;
  moduleId(name: ModuleName): string;
  close(): Promise<void>;
}

export async function openPushBench(changes: Partial<Provider> = {}): Promise<PushBench> {
  const clock = { now: NOW };
  const cloud = await openNetatmo();
  const { accountId, scopes } = cloud.account;
  const provider: Provider = { ...cloud.provider, ...changes };
  const bench = await openStoreBench(
    () => clock.now,
    () => provider,
  );
  const { store } = bench;
  const hooks = await startHookServer(bench, {
    now: () => clock.now,
    clientSecret: cloud.cloud.credentials.clientSecret,
  });
  const deps: SyncDependencies = {
    store,
    vault: {} as Vault,
    sessionOf: () => cloud.session,
    providerOf: () => provider,
    hookKey: hooks.hookKey,
    publicUrl: hooks.publicUrl,
    stackId: 'stack-1',
    now: () => clock.now,
    log: { info: () => {}, warn: () => {}, error: () => {} },
  };
  const moduleId = (name: ModuleName) => moduleIdFor(accountId, nativeIds[name]);
  await store.accounts.create(
    anAccount({ accountId, provider: 'netatmo', scopes, hook: newHook(NOW - 60_000) }),
  );
  await store.syncJobs.start(accountId, NOW);
  let told = 0;

  const home: PushBench = {
    bench,
    cloud,
    accountId,
    deps,
    clock,
    failWith: hooks.failWith,
    arrived: hooks.arrived,
    async control(path, body) {
      const answer = await fetch(`${cloud.cloud.url}/_sim${path}`, {
        method: body === undefined ? 'GET' : 'POST',
        headers: { 'content-type': 'application/json' },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
      if (!answer.ok) throw new Error(`${path}: ${await answer.text()}`);
      return answer.status === 204 ? undefined : await answer.json();
    },
    async push(order) {
      clock.now += 1_000;
      await home.control('/push', { userId: CLAIRE, homeId: MAISON, ...order });
      return await home.settle();
    },
    async settle() {
      await cloud.cloud.advance(0);
      const feed = await bench.project();
      const events = feed.slice(told);
      told = feed.length;
      return events;
    },
    async sync(...tasks) {
      for (const task of tasks) await store.syncJobs.hasten(accountId, task, toUtc(clock.now));
      await syncAccount(deps, accountId);
    },
    async module(name) {
      const module = await store.modules.get({ accountId, moduleId: moduleId(name) });
      if (!module) throw new Error(`there is no ${name}`);
      return module;
    },
    moduleId,
    async close() {
      hooks.close();
      await cloud.close();
      await bench.close();
    },
  };
  await home.sync();
  await home.settle();
  home.arrived();
  return home;
}
