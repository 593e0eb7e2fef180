/** A plant told something as a whole, by what the simulated Netatmo saw of it. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { findWhole } from '../../../shared/actions/find-whole.ts';
import { sendCommand } from '../../../shared/actions/send-command.ts';
import { fullSight, seeing } from '../../../shared/actions/sight.ts';
import type { Access } from '../../../shared/domain/access.ts';
import type { ModuleWish } from '../../../shared/domain/command-action.ts';
import { plantIdFor } from '../../../shared/domain/ids.ts';
import { type Module, ModuleDescription } from '../../../shared/domain/module.ts';
import type { Plant } from '../../../shared/domain/plant.ts';
import {
  ALEX,
  type CommandBench,
  type DeviceName,
  withCommands,
} from '../providers/netatmo/command-bench.ts';
import { type NetatmoBench, NOW, openNetatmo } from '../providers/netatmo/netatmo-bench.ts';
import { anAccount } from '../store/samples.ts';
import { openStoreBench, type StoreBench } from './store-bench.ts';

let cloud: NetatmoBench;
let commands: CommandBench;
let bench: StoreBench;
let plant: Plant;

beforeEach(async () => {
  cloud = await openNetatmo();
  commands = withCommands(cloud);
  bench = await openStoreBench(
    () => NOW,
    () => cloud.provider,
  );
  const { accountId } = cloud.account;
  await bench.store.accounts.create(anAccount({ accountId, provider: 'netatmo' }));
  await bench.store.syncJobs.start(accountId, NOW);
  const names: DeviceName[] = ['home', 'person', 'NLLV'];
  const modules = names.map((name) => commands.target(name).module);
  plant = { ...commands.target('home').plant, moduleIds: modules.map(({ moduleId }) => moduleId) };
  await bench.store.plants.put(plant);
  for (const module of modules) await bench.store.modules.describe(ModuleDescription.parse(module));
});
afterEach(async () => {
  await bench.close();
  await cloud.close();
});

const deps = () => ({
  store: bench.store,
  sessionOf: () => cloud.session,
  providerOf: () => cloud.provider,
  sight: fullSight(bench.store),
  now: () => NOW,
  sleep: async () => {},
  remainingMs: () => 29_000,
});
const sendTo = (moduleId: string, wish: ModuleWish) =>
  sendCommand(deps(), { moduleId, wish, tokenId: 'workspace', patienceSeconds: 0 });
const wholeOf = (plantId = plant.plantId) => findWhole(deps(), plantId);
const awaitedBy = async (moduleId: string): Promise<Module['awaited'] | undefined> =>
  (await bench.store.modules.get({ accountId: cloud.account.accountId, moduleId }))?.awaited;

describe('a plant', () => {
  test('goes away, which its own module is to show', async () => {
    const moduleId = await wholeOf();
    const command = await sendTo(moduleId, { action: 'set_plant_mode', mode: 'away' });
    expect(command).toMatchObject({ moduleId, status: 'succeeded', attempts: 1 });
    expect(await commands.seen()).toEqual(['setthermmode 200']);
    expect((await commands.home()).thermMode).toBe('away');
    expect(await awaitedBy(moduleId)).toEqual({
      [command.commandId]: { expects: { plant_mode: 'away' }, sentAt: command.sentAt },
    });
  });

  test('follows another schedule', async () => {
    const scheduleId = '65bb000000000000000000a2';
    await sendTo(await wholeOf(), { action: 'select_schedule', scheduleId });
    const selected = (await commands.home()).schedules.filter((schedule) => schedule.selected);
    expect(selected.map((schedule) => schedule.scheduleId)).toEqual([scheduleId]);
  });

  test('takes people by their modules, and awaits nothing that it will not show', async () => {
    const moduleId = await wholeOf();
    const persons = [commands.personId(ALEX)];
    const leave = { action: 'set_presence', present: false, persons } as const;
    expect(await sendTo(moduleId, leave)).toMatchObject({ status: 'succeeded' });
    expect((await commands.home()).persons.map(({ outOfSight }) => outOfSight)).toEqual([true, true]);
    expect(await awaitedBy(moduleId)).toEqual({});
  });

  test('is sent nothing that it cannot do', async () => {
    const moduleId = await wholeOf();
    await expect(sendTo(moduleId, { action: 'set_switch', on: true })).rejects.toMatchObject({
      code: 'command_unsupported',
    });
    await expect(
      sendTo(moduleId, { action: 'select_schedule', scheduleId: 'another' }),
    ).rejects.toMatchObject({ code: 'request_invalid' });
    expect(await commands.seen()).toEqual([]);
  });

  test('cannot be told anything as a whole where it has no module of its own', async () => {
    const [, ...others] = plant.moduleIds;
    await bench.store.plants.put({ ...plant, moduleIds: others });
    await expect(wholeOf()).rejects.toMatchObject({ code: 'command_unsupported' });
    await expect(wholeOf(plantIdFor(plant.accountId, 'another'))).rejects.toMatchObject({
      code: 'plant_unknown',
    });
  });

  test('obeys only those who may write to its system', async () => {
    const moduleId = await wholeOf();
    const request = {
      moduleId,
      wish: { action: 'set_plant_mode', mode: 'away' },
      tokenId: 'token',
      patienceSeconds: 0,
    } as const;
    const as = (scopes: Access['scopes']) =>
      seeing(deps(), { tokenId: 'token', reach: { kind: 'plant', plantId: plant.plantId }, scopes });
    await expect(sendCommand(as(['lighting.write']), request)).rejects.toMatchObject({
      code: 'access_forbidden',
    });
    expect(await commands.seen()).toEqual([]);
    expect(await sendCommand(as(['automation.write']), request)).toMatchObject({ status: 'succeeded' });

    const leave = { ...request, wish: { action: 'set_presence', present: false } } as const;
    await expect(sendCommand(as(['automation.write']), leave)).rejects.toMatchObject({
      code: 'access_forbidden',
      details: { scopes: ['security.write', 'person.write'] },
    });
    const both = as(['automation.write', 'security.write']);
    expect(await sendCommand(both, leave)).toMatchObject({ status: 'succeeded' });
  });
});

test('a stop, which no reading will show, is awaited nowhere and told in the feed', async () => {
  const { moduleId } = commands.target('NLLV').module;
  expect(await sendTo(moduleId, { action: 'stop' })).toMatchObject({ status: 'succeeded' });
  expect(await awaitedBy(moduleId)).toEqual({});
  const finished = (await bench.project()).filter(({ type }) => type === 'latchkey.command.finished');
  expect(finished).toHaveLength(1);
});
