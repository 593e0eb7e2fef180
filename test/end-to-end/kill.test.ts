/** `npm start`, killed without warning in the middle of its work: nothing that was acknowledged may be lost. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Event } from '../../shared/domain/event.ts';
import { eventsOf, type Home, type HomeModule, isChange, linkHome, observed, readingOf } from './home.ts';
import { hookOf, notification, post } from './notification.ts';
import { freePorts } from './ports.ts';
import { type Running, run } from './run.ts';
import { until } from './until.ts';

const ROOMS = ['Hall', 'Bath', 'Attic', 'Cellar', 'Study', 'Kitchen', 'Garage', 'Loft'];

let folder: string;
let port: number;
let latchkey: Running;
/** What happened and was acknowledged: by Legrand, or by Latchkey itself. */
let happened: { moduleId: string; capability: string; value: unknown }[];
/** The feed as it was read last. */
let told: readonly Event[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'latchkey-kill-'));
  port = await freePorts();
  happened = [];
  told = [];
  latchkey = await run(folder, port);
});
afterEach(async () => {
  await latchkey.kill();
  await rm(folder, { recursive: true });
});

/** Kills the whole, simulator included, starts it again, and lets Legrand's retries come at once. */
async function killAndRestart(home: Home): Promise<void> {
  await latchkey.kill();
  latchkey = await run(folder, port);
  await expectAllDelivered();
  await expectSameFeed(home);
}

/** Until Legrand has nothing left to tell; its clock does the waiting. */
async function expectAllDelivered(): Promise<void> {
  const lookLater = async () => {
    await latchkey.legrand.advance(10);
    return await latchkey.legrand.state();
  };
  await until(lookLater, ({ undelivered }) => undelivered.length === 0);
}

/** Expects all that was told before, in the same order, and takes note of what came since. */
async function expectSameFeed({ accountId }: Home): Promise<void> {
  const now = await eventsOf(latchkey, accountId);
  expect(now.slice(0, told.length)).toEqual(told);
  told = now;
}

async function touch({ moduleId, nativeId }: HomeModule, temperatureC: number): Promise<void> {
  await latchkey.legrand.touch({ moduleId: nativeId, temperatureC });
  happened.push({ moduleId, capability: 'temperature', value: temperatureC });
}

/** Begins something that calls Legrand, and resolves when Legrand has had the call; its answer comes too late. */
async function beginSlowly(operation: 'set_status' | 'token', begin: () => Promise<unknown>) {
  const calls = async () =>
    (await latchkey.legrand.requests()).filter((request) => request.operation === operation).length;
  const before = await calls();
  await latchkey.legrand.fault({ name: 'slow_answer', on: operation, times: 1, delaySeconds: 20 });
  const outcome = begin().catch((error: unknown) => error);
  await until(calls, (now) => now > before);
  return { outcome };
}

async function setSetpoint({ moduleId }: HomeModule, temperatureC: number, key: string): Promise<void> {
  const command = await latchkey.client.command(moduleId, { action: 'set_setpoint', temperatureC }, key);
  expect(command.status, JSON.stringify(command.problem)).toBe('succeeded');
  happened.push({ moduleId, capability: 'setpoint', value: temperatureC });
}

async function expectAllTold({ accountId }: Home): Promise<void> {
  const isTold = (events: readonly Event[]) =>
    happened.every(({ moduleId, capability, value }) => events.some(isChange(moduleId, capability, value)));
  await until(() => eventsOf(latchkey, accountId), isTold);
  for (const { moduleId, capability, value } of happened) {
    const path = `/v1/modules/${moduleId}/history?capability=${capability}&limit=1000`;
    const { items } = (await (await latchkey.client.call('GET', path)).json()) as { items: unknown[] };
    expect(items).toContainEqual(expect.objectContaining({ value }));
  }
}

test('killed in the middle of webhooks, commands and a rotation, it goes on as if nothing had been', async () => {
  const home = await linkHome(latchkey, [{ name: 'House', modules: ROOMS }]);
  // Legrand's times are whole seconds: what two webhooks of one second said of one module cannot be told apart.
  const [calm, wished, ...burst] = home.modules;
  const [first, second, third] = burst;
  if (!calm || !wished || !first || !second || !third) throw new Error('some thermostats were not found');
  const account = await latchkey.client.account(home.accountId);
  await setSetpoint(first, 18.5, 'before');
  await touch(calm, 25);
  await expectAllTold(home);
  await expectSameFeed(home);

  // In the middle of a command and a burst: Legrand has done it all, and its answer and webhooks are on their way.
  const wish = { action: 'set_setpoint', temperatureC: 17.5 };
  const send = () => latchkey.client.command(wished.moduleId, wish, 'in flight');
  const sending = await beginSlowly('set_status', send);
  happened.push({ moduleId: wished.moduleId, capability: 'setpoint', value: 17.5 });
  await Promise.all(burst.map((module, at) => touch(module, 26 + at / 10)));
  await killAndRestart(home);
  expect(await sending.outcome).toBeInstanceOf(Error);
  expect((await observed(latchkey, await send())).status).toBe('sending');
  expect((await latchkey.legrand.requests()).map(({ operation }) => operation)).not.toContain('set_status');
  await setSetpoint(first, 19.5, 'after the burst');

  // Right after the answer to a webhook, which nobody will send again.
  const answer = await post(await hookOf(latchkey, home), [
    notification(home, { temperatureC: 27.7, atMs: Date.now() + 60_000, moduleNativeId: third.nativeId }),
  ]);
  expect(answer.status).toBe(200);
  happened.push({ moduleId: third.moduleId, capability: 'temperature', value: 27.7 });
  await killAndRestart(home);
  await touch(second, 28);

  // In the middle of an exchange: the refresh token is spent, and the answer is not there yet.
  const rotating = await beginSlowly('token', () => latchkey.client.rotate(home.accountId));
  await killAndRestart(home);
  expect(await rotating.outcome).toBeInstanceOf(Error);

  const { status, health, tokens, webhook } = await latchkey.client.account(home.accountId);
  expect([status, health.state, tokens?.generation]).toEqual(['linked', 'good', account.tokens?.generation]);
  expect(webhook.subscriptions).toEqual(account.webhook.subscriptions);
  await touch(third, 29);
  const last = await latchkey.client.command(first.moduleId, { action: 'set_setpoint', temperatureC: 20.5 });
  happened.push({ moduleId: first.moduleId, capability: 'setpoint', value: 20.5 });
  await observed(latchkey, last);
  expect(readingOf(await latchkey.client.module(first.moduleId, 0), 'setpoint')).toBe(20.5);

  await expectAllDelivered();
  await expectAllTold(home);
  await expectSameFeed(home);
  expect(await latchkey.stop()).toBe(0);
}, 180_000);
