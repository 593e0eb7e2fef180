import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { recordReport } from '../../../shared/actions/record-report.ts';
import { createSight } from '../../../shared/actions/sight.ts';
import { type Access, operatorAccess } from '../../../shared/domain/access.ts';
import type { Change, Event } from '../../../shared/domain/event.ts';
import { GrantHealth } from '../../../shared/domain/grant-health.ts';
import { ModuleDescription } from '../../../shared/domain/module.ts';
import type { ReportedValues } from '../../../shared/domain/reading.ts';
import type { TokenPointer } from '../../../shared/domain/token-pointer.ts';
import { createCallStanding } from '../../../shared/quota/call-standing.ts';
import {
  account,
  accountId,
  at,
  command,
  commandId,
  module,
  moduleId,
  plant,
  plantId,
  pointer,
  T0,
} from '../domain/samples.ts';
import { openStoreBench, projectRecords, providerOf, type StoreBench } from './store-bench.ts';

let bench: StoreBench;
let nowMs: number;

beforeEach(async () => {
  nowMs = Date.parse(T0);
  bench = await openStoreBench(() => nowMs);
});
afterEach(() => bench.close());

/** Types and data of the events since the last time. */
let told = 0;
beforeEach(() => {
  told = 0;
});
async function news(): Promise<{ type: string; subject: string; data: Record<string, unknown> }[]> {
  const events = (await bench.project()).slice(told);
  told += events.length;
  return events.map(({ type, subject, data }) => ({ type: type.replace('latchkey.', ''), subject, data }));
}
const types = async () => (await news()).map(({ type }) => type);

const report = (values: ReportedValues, seconds: number, reachable?: boolean) =>
  recordReport(
    bench.store,
    accountId,
    {
      plantNativeId: 'plant-native',
      moduleNativeId: 'module-native',
      observedAt: at(seconds),
      values,
      ...(reachable !== undefined && { reachable }),
    },
    Date.parse(at(seconds)),
  );

test('more changes at once than an item can hold are several events, each told once', async () => {
  const { store } = bench;
  await store.accounts.create(account);
  const names = Array.from({ length: 150 }, (_, index) => `value.asset_${index}` as const);
  await store.modules.describe({ ...ModuleDescription.parse(module), capabilities: names });
  const allOf = (letter: string) => Object.fromEntries(names.map((name) => [name, letter.repeat(1_900)]));
  await report(allOf('a'), 10);
  await report(allOf('b'), 20);
  const events = (await bench.project()).filter(({ type }) => type === 'latchkey.module.changed');
  expect(new Set(events.map(({ id }) => id)).size).toBe(events.length);
  for (const event of events) expect(Buffer.byteLength(JSON.stringify(event))).toBeLessThan(70_000);
  const changes = events.flatMap(({ data }) => data.changes as Change[]);
  expect(changes).toHaveLength(300);
  const seconds = changes.filter(({ observedAt }) => observedAt === at(20));
  expect(Object.fromEntries(seconds.map(({ capability, value }) => [capability, value]))).toEqual(allOf('b'));
  expect(seconds.every(({ previous }) => previous === 'a'.repeat(1_900))).toBe(true);
  // The stream tells all of it again.
  await projectRecords(await bench.records(), { store, providerOf });
  const again = await bench.feed();
  expect(new Set(again.filter(({ type }) => type === 'latchkey.module.changed').map(({ id }) => id))).toEqual(
    new Set(events.map(({ id }) => id)),
  );
});

test('an account is linked, linked again and unlinked, each told once', async () => {
  const { store } = bench;
  await store.accounts.create(account);
  expect(await news()).toEqual([
    {
      type: 'account.linked',
      subject: accountId,
      data: { accountId, provider: 'legrand', owner: 'owner-1' },
    },
  ]);
  await store.accounts.replace({ ...account, webhookProblem: 'nothing that the feed tells' });
  expect(await types()).toEqual([]);
  await store.accounts.replace({ ...account, version: 2, linkEpoch: 2 });
  expect(await types()).toEqual(['account.linked']);
  await store.accounts.forget(accountId);
  expect(await types()).toEqual(['account.unlinked']);
});

const rotated = { outcome: 'rotated', endedAtMs: Date.parse(at(61)) } as const;

test('what happens in the second life of an account are events of their own', async () => {
  const { store } = bench;
  const live = async () => {
    await store.accounts.create(account);
    await store.pointers.create(pointer);
    await store.modules.describe(module);
    await store.plants.put(plant);
    await store.pointers.commit(pointer, { ...pointer, refreshHash: 'hash-2' }, rotated);
    await report({ temperature: 20 }, 10);
    await store.accounts.forget(accountId);
    return await bench.project();
  };
  const first = await live();
  const both = await live();
  expect(both).toHaveLength(2 * first.length);
  expect(new Set(both.map(({ id }) => id)).size).toBe(both.length);
});

test('a rotation is told with its times, and changes nothing else', async () => {
  const { store } = bench;
  await store.accounts.create(account);
  await store.pointers.create(pointer);
  expect(await types()).toEqual(['account.linked']);
  const next = { ...pointer, refreshHash: 'hash-2', rotatedAt: at(60), accessExpiresAt: at(3660) };
  await store.pointers.commit(pointer, next, rotated);
  expect(await news()).toEqual([
    {
      type: 'account.rotated',
      subject: accountId,
      data: {
        accountId,
        generation: 2,
        accessExpiresAt: at(3660),
        refreshHash: 'hash-2',
        previousRefreshHash: 'hash-1',
      },
    },
  ]);
});

test('a rotation does not hide that the provider refuses every call until its owner acts', async () => {
  const { store } = bench;
  const delayed = { state: 'delayed', cause: 'provider_failing', since: T0, strikes: 1 } as const;
  const shown = async () => {
    const { status, health } = (await store.accounts.get(accountId)) ?? {};
    return { status, cause: health?.cause };
  };
  await store.accounts.create(account);
  await store.pointers.create({ ...pointer, health: delayed });
  await news();
  const standing = createCallStanding(store, () => nowMs);
  await standing.refused(accountId, 'provider_terms');
  expect(await types()).toEqual(['account.owner_action_required']);

  await store.pointers.commit(pointer, { ...pointer, refreshHash: 'hash-2' }, rotated);
  expect(await types()).toEqual(['account.rotated']);
  expect(await shown()).toEqual({ status: 'owner_action_required', cause: 'provider_terms' });

  await standing.accepted(accountId);
  expect(await types()).toEqual(['account.linked']);
  expect(await shown()).toEqual({ status: 'linked', cause: undefined });
});

test('a dead grant makes the account ask for its owner, and a new link ends that', async () => {
  const { store } = bench;
  await store.accounts.create(account);
  await news();
  const dead = { state: 'dead', cause: 'rotation_outcome_lost', since: at(60), strikes: 3 } as const;
  await store.pointers.create({ ...pointer, health: dead });
  expect(await news()).toEqual([
    {
      type: 'account.reauth_required',
      subject: accountId,
      data: { accountId, provider: 'legrand', owner: 'owner-1', cause: 'rotation_outcome_lost' },
    },
  ]);
  expect(await store.accounts.get(accountId)).toMatchObject({
    status: 'reauth_required',
    health: { state: 'failed', actor: 'owner', cause: 'rotation_outcome_lost', since: at(60) },
  });

  await store.pointers.relink(pointer, { ...pointer, refreshHash: 'hash-2', rotatedAt: at(90) }, 'stack-1');
  expect(await types()).toEqual(['account.linked']);
  expect(await store.accounts.get(accountId)).toMatchObject({
    status: 'linked',
    health: { state: 'good', since: at(90) },
  });
});

describe('the health of an account', () => {
  const grant = (state: GrantHealth['state'], cause?: GrantHealth['cause'], since = T0, strikes = 0) => ({
    health: { state, since, strikes, ...(cause !== undefined && { cause }) },
    dueAt: at(60),
    outcome: 'nothing_spent' as const,
  });
  const about = { accountId, provider: 'legrand', owner: 'owner-1' };

  beforeEach(async () => {
    await bench.store.accounts.create(account);
    await bench.store.pointers.create(pointer);
    await news();
  });

  test('is told once on the way down and once on the way up, however often and with whatever it is tried', async () => {
    const lease = { owner: 'w', now: Date.parse(T0), until: at(45), plannedVersionId: 'v' };
    let held = (await bench.store.pointers.acquire(pointer, lease)) as TokenPointer;
    const seen: Awaited<ReturnType<typeof news>> = [];
    const causes = [
      'provider_failing',
      'provider_failing',
      'rotation_outcome_unknown',
      'provider_unreachable',
    ];
    for (const [strikes, cause] of [...causes, ...causes, ...causes].entries()) {
      const failed = grant('delayed', GrantHealth.shape.cause.parse(cause), at(1), strikes + 1);
      await bench.store.pointers.release(held, { ...failed, retryAt: at(60 + strikes) });
      seen.push(...(await news()));
      const again = { ...lease, now: lease.now + strikes * 1000 };
      held = (await bench.store.pointers.acquire({ ...held, leaseUntil: undefined }, again)) as TokenPointer;
    }
    const { nextActionAt } = (await bench.store.accounts.get(accountId))?.health ?? {};
    expect(nextActionAt).toBe(at(71));
    await bench.store.pointers.commit(
      held,
      { ...pointer, refreshHash: 'hash-2', rotatedAt: at(90) },
      rotated,
    );
    seen.push(...(await news()));
    expect(seen.filter(({ type }) => type !== 'account.rotated')).toEqual([
      {
        type: 'account.health_changed',
        subject: accountId,
        data: { ...about, state: 'degraded', cause: 'provider_failing', actor: 'provider' },
      },
      { type: 'account.health_changed', subject: accountId, data: { ...about, state: 'good' } },
    ]);
  });

  test('is told when a provider refuses the new access token, and again with the next one', async () => {
    await bench.store.pointers.markRefused(pointer);
    await bench.store.pointers.markRefused(pointer);
    expect(await news()).toEqual([
      {
        type: 'account.health_changed',
        subject: accountId,
        data: { ...about, state: 'degraded', cause: 'access_refused', actor: 'owner' },
      },
    ]);
    await bench.store.pointers.commit(pointer, { ...pointer, refreshHash: 'hash-2' }, rotated);
    expect(await types()).toEqual(['account.rotated', 'account.health_changed']);
  });

  test('is told when the provider refuses every call because of the application, and when it takes them again', async () => {
    const standing = createCallStanding(bench.store, () => nowMs);
    await standing.refused(accountId, 'application_refused');
    await standing.refused(accountId, 'application_refused');
    expect(await news()).toMatchObject([
      { type: 'account.health_changed', data: { cause: 'application_refused', actor: 'operator' } },
    ]);
    await standing.accepted(accountId);
    expect(await news()).toMatchObject([{ type: 'account.health_changed', data: { state: 'good' } }]);
  });

  test('is told with the status where that changes as well, and not beside it', async () => {
    await bench.store.pointers.judge(pointer, grant('dead', 'token_deleted').health);
    expect(await types()).toEqual(['account.reauth_required']);
    await bench.store.pointers.judge(pointer, grant('dead', 'grant_invalid').health);
    expect(await news()).toMatchObject([
      { type: 'account.health_changed', data: { state: 'failed', cause: 'grant_invalid', actor: 'owner' } },
    ]);
  });
});

test('a plant is told when it comes, when something visible of it changes, and when it goes', async () => {
  const { store } = bench;
  await store.plants.put(plant);
  expect(await news()).toMatchObject([
    {
      type: 'plant.changed',
      subject: plantId,
      data: { name: 'Maison', moduleIds: [moduleId], removed: false },
    },
  ]);
  await store.plants.put({ ...plant, discoveredAt: at(60) });
  expect(await types()).toEqual([]);
  await store.plants.put({ ...plant, name: 'Chalet', version: 2 });
  expect(await news()).toMatchObject([{ data: { name: 'Chalet' } }]);
  await store.plants.delete(plant);
  expect(await news()).toMatchObject([{ type: 'plant.changed', data: { removed: true } }]);
});

test('a module is told to be out of reach and back, but not that it answers from the start', async () => {
  await bench.store.modules.describe(module);
  await report({ temperature: 20 }, 10);
  expect(await types()).toEqual(['module.changed']);
  await report({}, 20, false);
  expect(await types()).toEqual(['module.unreachable']);
  await report({}, 30, false);
  expect(await types()).toEqual([]);
  await report({ temperature: 20 }, 40);
  expect(await types()).toEqual(['module.reachable']);
});

test('a module that answers, and has nothing else to say, is a change of its plant', async () => {
  await bench.store.modules.describe(module);
  await report({}, 10, true);
  expect(await news()).toEqual([
    { type: 'plant.changed', subject: plantId, data: { accountId, plantId, moduleId } },
  ]);
  await report({}, 20, true);
  expect(await types()).toEqual([]);
});

const profile = { type: 'number', unit: 'C', writable: false, title: 'Air', name: 'air' } as const;

test.each([
  ['a name', { name: 'Salon' }],
  ['a programme', { programs: [{ programId: '1', name: 'Summer' }] }],
  ['an ambient', { ambientId: 'kitchen' }],
  ['no ambient', { ambientId: null }],
  ['a kind', { device: 'plug' }],
  ['an action', { actions: ['set_setpoint'] }],
  ['a profile', { profiles: { temperature: profile } }],
] as const)('a module that gets %s is a change of its plant, told once', async (_, changed) => {
  const next = ModuleDescription.parse({ ...module, ...changed });
  await bench.store.modules.describe(module);
  await bench.store.modules.describe(next);
  expect(await news()).toEqual([
    { type: 'plant.changed', subject: plantId, data: { accountId, plantId, moduleId } },
  ]);
  await bench.store.modules.describe(next);
  await bench.store.modules.describe({ ...next, native: { bridge: 'b' }, withheld: [], capabilities: [] });
  expect(await types()).toEqual([]);
});

test('a module that is gone is a change of its plant, told to who saw it', async () => {
  await bench.store.modules.describe(module);
  await bench.project();
  await bench.store.modules.delete(module);
  const [event] = await bench.project();
  expect(event).toMatchObject({
    type: 'latchkey.plant.changed',
    subject: plantId,
    data: { plantId, moduleId, device: 'thermostat', moduleRemoved: true },
  });
  const isSeen = (scopes: Access['scopes']) =>
    createSight(bench.store, { ...operatorAccess, reach: { kind: 'plant', plantId }, scopes }).event(
      event as Event,
    );
  expect([await isSeen(['comfort.read']), await isSeen(['energy.read'])]).toEqual([true, false]);
});

test('a plant is told by what it is, whatever its version', async () => {
  const { store } = bench;
  await store.plants.put(plant);
  await news();
  await store.plants.put({ ...plant, ambients: [{ ambientId: 'salon', name: 'Living room' }] });
  await store.plants.put({ ...plant, ambients: [], timeZone: 'Europe/Rome' });
  await store.plants.put({ ...plant, ambients: [], timeZone: 'Europe/Rome', discoveredAt: at(60) });
  expect(await types()).toEqual(['plant.changed', 'plant.changed']);
});

test('a command is told when it is finished, once, and when its effect is seen it says so itself', async () => {
  const { store } = bench;
  await store.modules.describe(module);
  const waiting = { ...command, status: 'waiting', attempts: 0, acknowledgedAt: undefined } as const;
  await store.commands.create(waiting);
  const sending = await store.commands.claim(waiting, T0);
  if (sending === 'refused') throw new Error('nobody else has claimed it');
  await store.modules.awaitEffect(module, commandId, { expects: { setpoint: 21 }, sentAt: T0 });
  expect(await types()).toEqual([]);
  await store.commands.finish(sending, { status: 'succeeded', acknowledgedAt: at(1) });
  expect(await news()).toMatchObject([
    {
      type: 'command.finished',
      subject: commandId,
      data: { moduleId, status: 'succeeded', attempts: 1, acknowledgedAt: at(1) },
    },
  ]);

  await report({ setpoint: 19 }, 5);
  await bench.project();
  expect((await store.commands.get(commandId))?.observedAt).toBeUndefined();
  await report({ setpoint: 21 }, 10);
  await report({ setpoint: 21 }, 20);
  expect(await types()).toEqual(['module.changed', 'module.changed']);
  expect((await store.commands.get(commandId))?.observedAt).toBe(at(10));
  expect((await store.modules.get({ accountId, moduleId }))?.awaited).toEqual({});
});

test('an effect that nobody saw for a day is not waited for any more', async () => {
  const { store } = bench;
  await store.modules.describe(module);
  await store.modules.awaitEffect(module, commandId, { expects: { setpoint: 21 }, sentAt: T0 });
  nowMs += 86_400_000 + 1_000;
  await report({ setpoint: 19 }, 86_401);
  await bench.project();
  expect((await store.modules.get({ accountId, moduleId }))?.awaited).toEqual({});
});

test('every attempt to rotate is remembered, the last fifty of them', async () => {
  const { store } = bench;
  await store.accounts.create(account);
  await store.pointers.create({
    ...pointer,
    lastAttempt: { attempt: 0, at: at(0), toRefreshHash: 'hash-1', outcome: 'linked' },
  });
  let held: TokenPointer = pointer;
  for (let attempt = 1; attempt <= 60; attempt++) {
    const lease = { owner: 'w', now: Date.parse(at(attempt)), until: at(attempt), plannedVersionId: 'v' };
    held = (await store.pointers.acquire(held, lease)) as TokenPointer;
    const next = { ...held, refreshHash: `hash-${attempt + 1}`, rotatedAt: at(attempt) };
    const how = { outcome: 'rotated', endedAtMs: Date.parse(at(attempt)) + 120 } as const;
    held = (await store.pointers.commit(held, next, how)) as TokenPointer;
  }
  await news();
  const records = await store.rotationRecords.of(accountId);
  expect(records.map(({ attempt }) => attempt)).toEqual(Array.from({ length: 50 }, (_, i) => 60 - i));
  expect(records[0]).toEqual({
    attempt: 60,
    at: at(60),
    fromRefreshHash: 'hash-60',
    toRefreshHash: 'hash-61',
    outcome: 'rotated',
    durationMs: 120,
  });
});

test('a failed attempt is remembered with its cause', async () => {
  const { store } = bench;
  await store.accounts.create(account);
  await store.pointers.create(pointer);
  const lease = { owner: 'w', now: Date.parse(at(5)), until: at(45), plannedVersionId: 'v' };
  const held = (await store.pointers.acquire(pointer, lease)) as TokenPointer;
  const health = { state: 'delayed', cause: 'provider_failing', since: at(6), strikes: 1 } as const;
  const outcome = 'nothing_spent';
  await store.pointers.release(held, { health, dueAt: at(60), outcome, endedAtMs: Date.parse(at(6)) });
  await news();
  expect(await store.rotationRecords.of(accountId)).toEqual([
    {
      attempt: 1,
      at: at(5),
      fromRefreshHash: 'hash-1',
      outcome: 'failed',
      cause: 'provider_failing',
      durationMs: 1_000,
    },
  ]);
});

test('a warning that a refresh token expires unused is told once', async () => {
  const { store } = bench;
  await store.accounts.create(account);
  await store.pointers.create(pointer);
  await news();
  for (const days of [21, 21, 7, 21, 7, 1]) await store.pointers.warn(pointer, days);
  const told = await news();
  expect(told.map(({ type }) => type)).toEqual(Array(3).fill('account.refresh_expiring'));
  expect(told.map(({ data }) => data)).toEqual(
    [21, 7, 1].map((days) => ({ accountId, days, refreshExpiresAt: pointer.refreshExpiresAt })),
  );
  await store.pointers.commit(pointer, { ...pointer, refreshHash: 'hash-2' }, rotated);
  expect(await store.pointers.get(accountId)).not.toHaveProperty('warnedDays');
});
