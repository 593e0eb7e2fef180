/**
 * Casey's house at the simulated AllThingsTalk, linked by the token of its ground: commands go there over HTTP, and what
 * its rules call is taken in, kept, projected and told as it would be in the cloud.
 */
import * as z from 'zod';
import { createAllthingstalkCloud } from '../../../../infra/local/providers/allthingstalk/cloud.ts';
import type { CommandDependencies } from '../../../../shared/actions/command-dependencies.ts';
import { showAccount, type WebhookByHand } from '../../../../shared/actions/manage-accounts.ts';
import { sendCommand } from '../../../../shared/actions/send-command.ts';
import { fullSight, type Seeing } from '../../../../shared/actions/sight.ts';
import { syncAccount } from '../../../../shared/actions/sync-account.ts';
import type { SyncDependencies } from '../../../../shared/actions/sync-dependencies.ts';
import type { Command } from '../../../../shared/domain/command.ts';
import type { ModuleWish } from '../../../../shared/domain/command-action.ts';
import type { Event } from '../../../../shared/domain/event.ts';
import { newHook } from '../../../../shared/domain/hook.ts';
import { accountIdFor, moduleIdFor } from '../../../../shared/domain/ids.ts';
import type { Module } from '../../../../shared/domain/module.ts';
import type { SyncTask } from '../../../../shared/domain/sync-job.ts';
import { toUtc } from '../../../../shared/domain/time.ts';
import { allthingstalk } from '../../../../shared/providers/allthingstalk/driver.ts';
import type { Vault } from '../../../../shared/vault/vault.ts';
import {
  assetIdOf,
  type CallApi,
  groundApi,
  HOUSE,
  HOUSE_TOKEN,
} from '../../../infra/local/providers/allthingstalk/allthingstalk-client.ts';
import { sim } from '../../../infra/local/providers/sim.ts';
import { startHookServer } from '../../actions/hook-server.ts';
import { openStoreBench, type StoreBench } from '../../actions/store-bench.ts';
import { anAccount } from '../../store/samples.ts';
import { createSession } from '../cloud-session.ts';

/** A winter afternoon; all clocks stand still until a test moves them. */
export const NOW = Date.parse('2026-01-15T17:00:00Z');

export interface HouseBench {
  readonly bench: StoreBench;
  readonly cloud: { readonly url: string };
  /** The cloud's API, as a device of the house uses it. */
  readonly api: CallApi;
  readonly accountId: string;
  readonly deps: SyncDependencies & CommandDependencies & Seeing;
  /** Calls of ours that the cloud got so far. */
  sent(): number;
  control(path: string, body?: unknown): Promise<unknown>;
  byHand(): Promise<WebhookByHand>;
  /** A rule that calls the account's address with the body to paste, unless told otherwise; its id. */
  addRule(deviceId: string, asset: string, changes?: Readonly<Record<string, unknown>>): Promise<string>;
  removeRule(ruleId: string): Promise<void>;
  /** Has a rule call now, with a body that is sent as it is or its own; the events that follow. */
  fire(ruleId: string, body?: string): Promise<Event[]>;
  /** A device says what is; the events that follow. */
  report(deviceId: string, asset: string, value: unknown): Promise<Event[]>;
  /** Text of the clock, so many seconds on. */
  at(seconds?: number): string;
  /** Moves all clocks. */
  advance(seconds: number): Promise<void>;
  /** Waits for what is on its way, projects it, and returns the events that are new. */
  settle(): Promise<Event[]>;
  /** Makes these tasks due, and works as the schedule does. */
  sync(...tasks: SyncTask[]): Promise<void>;
  module(deviceId: string): Promise<Module>;
  send(deviceId: string, wish: ModuleWish): Promise<Command>;
  shown(command: Command): Promise<Command>;
  /** What the cloud was told, without the times. */
  commands(): Promise<unknown[]>;
  close(): Promise<void>;
}

const Rule = z.object({ ruleId: z.string() });
const Sent = z.array(z.looseObject({ at: z.string() }));

export async function openHouse(): Promise<HouseBench> {
  const clock = { now: NOW };
  const cloud = await createAllthingstalkCloud({ now: () => NOW });
  const { url, credentials } = cloud;
  const provider = allthingstalk({ url, credentials, defaultTimeZone: 'Europe/Brussels' });
  const bench = await openStoreBench(
    () => clock.now,
    () => provider,
  );
  const { store } = bench;
  const hooks = await startHookServer(bench, { now: () => clock.now });
  const accountId = accountIdFor('allthingstalk', 'owner-1', HOUSE);
  const session = createSession(accountId, HOUSE_TOKEN);
  const deps: HouseBench['deps'] = {
    store,
    vault: {} as Vault,
    sessionOf: () => session,
    providerOf: () => provider,
    hookKey: hooks.hookKey,
    publicUrl: hooks.publicUrl,
    stackId: 'stack-1',
    now: () => clock.now,
    sleep: async (ms) => {
      clock.now += ms;
    },
    remainingMs: () => 29_000,
    sight: fullSight(store),
    log: { info: () => {}, warn: () => {}, error: () => {} },
  };
  await store.accounts.create(
    anAccount({
      accountId,
      provider: 'allthingstalk',
      scopes: [],
      linkedBy: { way: 'plant_token', nativeId: HOUSE },
      hook: newHook(NOW - 60_000),
    }),
  );
  await store.syncJobs.start(accountId, NOW);
  let told = 0;

  const house: HouseBench = {
    bench,
    cloud,
    api: groundApi(cloud),
    accountId,
    deps,
    sent: session.sent,
    async control(path, body) {
      const answer = await sim(cloud, body === undefined ? 'GET' : 'POST', path, body);
      const text = await answer.text();
      if (!answer.ok) throw new Error(`${path}: ${text}`);
      return text === '' ? undefined : JSON.parse(text);
    },
    async byHand() {
      const { byHand } = await showAccount(deps, accountId);
      if (!byHand) throw new Error('the account has nothing for a rule');
      return byHand;
    },
    async addRule(deviceId, asset, changes) {
      const { url: address, bodyTemplate } = await house.byHand();
      const assetId = await assetIdOf(house.api, deviceId, asset);
      const rule = { assetId, url: address, body: bodyTemplate, ...changes };
      return Rule.parse(await house.control('/rules', rule)).ruleId;
    },
    async removeRule(ruleId) {
      await sim(cloud, 'DELETE', `/rules/${ruleId}`);
    },
    async fire(ruleId, body) {
      await house.control(`/rules/${ruleId}/fire`, { ...(body !== undefined && { body }) });
      return await house.settle();
    },
    async report(deviceId, asset, value) {
      await house.control('/report', { deviceId, asset, value });
      return await house.settle();
    },
    at: (seconds = 0) => toUtc(clock.now + seconds * 1000),
    async advance(seconds) {
      clock.now += seconds * 1000;
      await cloud.advance(seconds);
    },
    async settle() {
      await cloud.advance(0);
      const feed = await bench.project();
      const events = feed.slice(told);
      told = feed.length;
      return events;
    },
    async sync(...tasks) {
      for (const task of tasks) await store.syncJobs.hasten(accountId, task, toUtc(clock.now));
      await syncAccount(deps, accountId);
    },
    async module(deviceId) {
      const module = await store.modules.get({ accountId, moduleId: moduleIdFor(accountId, deviceId) });
      if (!module) throw new Error(`there is no ${deviceId}`);
      return module;
    },
    send: (deviceId, wish) =>
      sendCommand(deps, {
        moduleId: moduleIdFor(accountId, deviceId),
        wish,
        tokenId: 'workspace',
        patienceSeconds: 25,
      }),
    async shown({ commandId }) {
      const command = await store.commands.get(commandId);
      if (!command) throw new Error(`there is no ${commandId}`);
      return command;
    },
    commands: async () => Sent.parse(await house.control('/commands')).map(({ at: _, ...sent }) => sent),
    async close() {
      hooks.close();
      await cloud.close();
      await bench.close();
    },
  };
  await house.sync();
  await house.settle();
  return house;
}
