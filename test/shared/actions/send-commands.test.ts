/** Several modules told at once. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type BatchRequest, sendCommands } from '../../../shared/actions/send-commands.ts';
import { moduleIdFor, plantIdFor } from '../../../shared/domain/ids.ts';
import { type CommandBench, openCommandBench } from './command-bench.ts';

let bench: CommandBench;
beforeEach(async () => {
  bench = await openCommandBench();
});
afterEach(() => bench.close());

const wish = { action: 'set_setpoint', temperatureC: 21 } as const;
const ids = () => bench.modules.map(({ moduleId }) => moduleId);
const send = (changes: Partial<BatchRequest> = {}) =>
  sendCommands(bench.deps, {
    plantId: bench.module.plantId,
    wishes: ids().map((moduleId) => ({ moduleId, wish })),
    tokenId: 'workspace',
    patienceSeconds: 0,
    ...changes,
  });

describe('a batch', () => {
  test('has a result per module, in the order asked, whatever becomes of the others', async () => {
    const [one = '', two = ''] = ids();
    const unknown = moduleIdFor(bench.home.accountId, 'nobody knows it');
    await bench.home.controls.fault({ name: 'busy', on: 'set_status', times: 1 });
    const results = await send({
      wishes: [
        { moduleId: unknown, wish },
        { moduleId: one, wish: { ...wish, temperatureC: 5 } },
        { moduleId: two, wish },
      ],
    });
    expect(results).toMatchObject([
      { moduleId: unknown, problem: { code: 'module_unknown' } },
      { moduleId: one, problem: { code: 'request_invalid' } },
      { moduleId: two, command: { status: 'waiting', attempts: 1 } },
    ]);
    await bench.carryOn(10);
    expect(await bench.seen()).toEqual([486, 200]);
  });

  test('leaves a module of another plant alone', async () => {
    const { store } = bench.home.bench;
    const plant = await store.plants.get(bench.module);
    if (!plant) throw new Error('the home has no plant');
    const { moduleId } = bench.module;
    const plantId = plantIdFor(bench.home.accountId, 'cottage');
    await store.plants.put({ ...plant, plantId });
    await store.modules.describe({ ...bench.module, plantId });
    const results = await send({ wishes: [{ moduleId, wish }] });
    expect(results).toMatchObject([{ moduleId, problem: { code: 'module_unknown' } }]);
    expect(await bench.seen()).toEqual([]);
  });

  test('told again finds its commands as they are now, and sends nothing', async () => {
    await bench.home.controls.fault({ name: 'busy', on: 'set_status', times: 1 });
    const key = { idempotencyKey: 'batch' };
    const before = await send(key);
    await bench.carryOn(10);
    const calls = await bench.seen();
    const later = await send(key);
    const idsOf = (results: typeof before) =>
      results.map((result) => ('command' in result ? result.command.commandId : 'none'));
    expect(new Set(idsOf(before)).size).toBe(bench.modules.length);
    expect(idsOf(later)).toEqual(idsOf(before));
    for (const result of later) expect(result).toMatchObject({ command: { status: 'succeeded' } });
    expect(await bench.seen()).toEqual(calls);
    await expect(send({ ...key, expiresAt: bench.home.at(60) })).rejects.toMatchObject({
      code: 'command_conflict',
    });
  });

  test('five times at once with one key calls each module once', async () => {
    await Promise.all(Array.from({ length: 5 }, () => send({ idempotencyKey: 'at once' })));
    expect(await bench.seen()).toEqual(bench.modules.map(() => 200));
  });

  test('that does not fit into the function’s time is carried on by the schedule', async () => {
    const results = await sendCommands(
      { ...bench.deps, remainingMs: () => 8_000 },
      {
        plantId: bench.module.plantId,
        wishes: ids().map((moduleId) => ({ moduleId, wish })),
        tokenId: 'workspace',
        idempotencyKey: undefined,
        patienceSeconds: 25,
      },
    );
    for (const result of results)
      expect(result).toMatchObject({ command: { status: 'waiting', attempts: 0 } });
    expect(await bench.carryOn(30)).toMatchObject({ due: bench.modules.length });
    expect(await bench.seen()).toEqual(bench.modules.map(() => 200));
  });

  test('for a plant that there is not is refused', async () => {
    const plantId = plantIdFor(bench.home.accountId, 'nobody knows it');
    await expect(send({ plantId })).rejects.toMatchObject({ code: 'plant_unknown' });
  });
});
