import { expect, test } from 'vitest';
import type { Module } from '../../../shared/domain/module.ts';
import { mergeReport } from '../../../shared/domain/projection.ts';
import { aModule, anAccountId, aPlant, NOW } from './samples.ts';
import { times, useStore } from './use-store.ts';

const { store } = useStore();
const effect = { expects: { setpoint: 21 }, sentAt: NOW };
const warm = { temperature: { value: 20.5, unit: 'C', observedAt: NOW, receivedAt: NOW } };

async function described(): Promise<Module> {
  const description = aModule(anAccountId());
  await store().modules.describe(description);
  return await current(description);
}

async function current(module: Pick<Module, 'accountId' | 'moduleId'>): Promise<Module> {
  const found = await store().modules.get(module);
  if (!found) throw new Error('the module is gone');
  return found;
}

test('makes a module without readings', async () => {
  const module = await described();
  expect(module).toEqual({
    ...aModule(module.accountId),
    readings: {},
    reachable: null,
    version: 1,
    awaited: {},
  });
});

test('brings the description up to date and leaves readings and awaited effects alone', async () => {
  const module = await described();
  await store().modules.report({ ...module, readings: warm, reachable: true, version: 2 });
  await store().modules.awaitEffect(module, 'cmd_1', effect);
  const description = { ...aModule(module.accountId), name: 'Bedroom', ambientId: 'ambient-2' };
  await store().modules.describe(description);
  expect(await current(module)).toEqual({
    ...description,
    readings: warm,
    reachable: true,
    version: 2,
    awaited: { cmd_1: effect },
  });
});

test('keeps what a module calls its own, with its profile, whatever its value is', async () => {
  const module = await described();
  const profile = { type: 'object', unit: null, writable: true, title: 'Place', name: 'my place' } as const;
  const description = { ...aModule(module.accountId), profiles: { 'value.my~20place': profile } };
  await store().modules.describe(description);
  const values = {
    'value.my~20place': { latitude: 51, tags: ['a', null, ''] },
    'value.n': 2 ** 53 - 1,
    'value.s': 1e-129,
  };
  const { module: told } = mergeReport(await current(module), { values, observedAt: NOW, receivedAt: NOW });
  if (!told) throw new Error('nothing was told');
  expect(await store().modules.report(told)).toBe('written');
  expect(await current(module)).toEqual(told);
  expect(Object.keys(told.readings)).toEqual(Object.keys(values));
});

test('takes one of many reports that were made from the same state', async () => {
  const module = await described();
  const outcomes = await Promise.all(
    times(10, () => store().modules.report({ ...module, readings: warm, reachable: true, version: 2 })),
  );
  expect(outcomes.filter((outcome) => outcome === 'written')).toHaveLength(1);
});

test('keeps awaited effects apart by command, and a report does not touch them', async () => {
  const module = await described();
  await store().modules.awaitEffect(module, 'cmd_1', effect);
  await store().modules.awaitEffect(module, 'cmd_2', effect);
  await store().modules.report({ ...module, readings: warm, reachable: true, version: 2 });
  await store().modules.forgetEffect(module, 'cmd_1');
  await store().modules.forgetEffect(module, 'cmd_9');
  expect(await current(module)).toMatchObject({ awaited: { cmd_2: effect }, version: 2 });
});

test('does not bring a deleted module back', async () => {
  const module = await described();
  await store().modules.delete(module);
  expect(await store().modules.report({ ...module, version: 2 })).toBe('refused');
  await store().modules.awaitEffect(module, 'cmd_1', effect);
  await store().modules.forgetEffect(module, 'cmd_1');
  expect(await store().modules.get(module)).toBeUndefined();
});

test('lists modules and plants of an account, each apart from the other', async () => {
  const accountId = anAccountId();
  await Promise.all(times(3, (i) => store().modules.describe(aModule(accountId, `module-${i}`))));
  const plants = ['house', 'flat'].map((nativeId) => aPlant(accountId, nativeId));
  await Promise.all(plants.map((plant) => store().plants.put(plant)));
  expect(await store().modules.ofAccount(accountId)).toHaveLength(3);
  const byId = (a: { plantId: string }, b: { plantId: string }) => (a.plantId < b.plantId ? -1 : 1);
  expect(await store().plants.ofAccount(accountId)).toEqual(plants.toSorted(byId));
  for (const plant of plants) await store().plants.delete(plant);
  expect(await store().plants.ofAccount(accountId)).toEqual([]);
  expect(await store().modules.ofAccount(accountId)).toHaveLength(3);
});
