import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { LatchkeyError } from '../../../shared/domain/error.ts';
import { moduleIdFor } from '../../../shared/domain/ids.ts';
import type { Provider } from '../../../shared/providers/provider.ts';
import { keepDelivery } from '../../../shared/store/keep-delivery.ts';
import { account, accountId, at, module, moduleId, plant, plantId, pointer, T0 } from '../domain/samples.ts';
import { openStoreBench, projectRecords, providerOf, type StoreBench } from './store-bench.ts';

let bench: StoreBench;
/** The clock of the table's stream. */
let nowMs = Date.parse(T0);

beforeEach(async () => {
  nowMs = Date.parse(T0);
  bench = await openStoreBench(() => nowMs);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await bench.close();
});

/** A linked account with one plant and one thermostat, and nothing of that left to project. */
async function linkAccount(): Promise<void> {
  const { store } = bench;
  await store.accounts.create(account);
  await store.syncJobs.start(accountId, Date.parse(at(86_400)));
  await store.modules.describe(module);
  await store.plants.put(plant);
  await bench.project();
}

/** What a Legrand thermostat says, at so many seconds after T0. */
function notification(temperature: number, seconds: number, nativeModule = 'module-native'): string {
  const observed = at(seconds).replace('.000Z', '+00:00');
  return JSON.stringify({
    eventType: 'DeviceToCloud',
    data: {
      chronothermostats: [
        {
          time: observed,
          thermometer: { measures: [{ timeStamp: observed, value: String(temperature), unit: 'C' }] },
          sender: { plant: { id: 'plant-native', module: { id: nativeModule } } },
        },
      ],
    },
  });
}

async function deliver(deliveryId: string, raw: string, receivedSeconds: number): Promise<void> {
  const delivery = {
    accountId,
    deliveryId,
    provider: 'legrand',
    raw,
    receivedAtMs: Date.parse(at(receivedSeconds)),
    hookEpoch: 1,
  };
  await keepDelivery(bench.client, bench.tableName, delivery, AbortSignal.timeout(5_000));
}

const typesOf = (events: { type: string }[]) => events.map(({ type }) => type.replace('latchkey.', ''));
const temperatures = async () => {
  const page = await bench.store.readings.range({ moduleId, capability: 'temperature', limit: 100 });
  return page.items.map(({ value, observedAt }) => [value, observedAt]);
};

describe('a delivery', () => {
  test('becomes the state of its module, history and an event', async () => {
    await linkAccount();
    await deliver('d1', notification(19.5, 10), 12);
    const events = (await bench.project()).slice(2);

    const state = await bench.store.modules.get({ accountId, moduleId });
    expect(state).toMatchObject({
      readings: { temperature: { value: 19.5, unit: 'C', observedAt: at(10), receivedAt: at(12) } },
      reachable: true,
      version: 2,
    });
    expect(await temperatures()).toEqual([[19.5, at(10)]]);
    expect(events).toEqual([
      {
        specversion: '1.0',
        id: expect.stringMatching(/^evt_/),
        source: `/v1/accounts/${accountId}`,
        type: 'latchkey.module.changed',
        subject: moduleId,
        time: T0,
        sequence: expect.stringMatching(/^\d-\d{10}-\d{6}$/),
        datacontenttype: 'application/json',
        data: {
          accountId,
          plantId,
          moduleId,
          device: 'thermostat',
          changes: [{ capability: 'temperature', value: 19.5, unit: 'C', observedAt: at(10) }],
        },
      },
    ]);
    expect((await bench.store.syncJobs.get(accountId))?.lastDeliveryAt).toBe(at(12));
  });

  test('older than what is known goes into history and nowhere else', async () => {
    await linkAccount();
    await deliver('d1', notification(20, 100), 101);
    await deliver('d2', notification(18, 50), 102);
    expect(typesOf(await bench.project()).filter((type) => type === 'module.changed')).toHaveLength(1);
    expect((await bench.store.modules.get({ accountId, moduleId }))?.readings.temperature?.value).toBe(20);
    expect(await temperatures()).toEqual([
      [18, at(50)],
      [20, at(100)],
    ]);
  });

  test('that only says the same again moves times and makes no event', async () => {
    await linkAccount();
    await deliver('d1', notification(20, 100), 101);
    await deliver('d2', notification(20, 200), 201);
    expect(typesOf(await bench.project()).filter((type) => type === 'module.changed')).toHaveLength(1);
    const state = await bench.store.modules.get({ accountId, moduleId });
    expect(state?.readings.temperature).toMatchObject({ value: 20, observedAt: at(200) });
  });

  test.each([
    ['no JSON', '<html>', 'is not JSON'],
    ['no thermostat', '{"chronothermostats":7}', 'is no thermostat notification'],
    ['bytes that are no text', '\ufffd\ufffd', 'is not JSON'],
  ])("that is %s is reported, kept, and in nobody's way", async (_, raw, reason) => {
    await linkAccount();
    await deliver('junk', raw, 5);
    await deliver('d1', notification(19.5, 10), 12);
    const [unreadable, changed] = (await bench.project()).slice(2);
    expect(unreadable).toMatchObject({
      type: 'latchkey.delivery.unreadable',
      subject: 'junk',
      time: at(5),
      data: { accountId, deliveryId: 'junk', reason },
    });
    expect(JSON.stringify(unreadable)).not.toContain(raw);
    expect(changed?.type).toBe('latchkey.module.changed');
  });

  test('of a module that nobody knows makes the topology due, once in half an hour', async () => {
    await linkAccount();
    await deliver('d1', notification(19.5, 10, 'new-module'), 12);
    await deliver('d2', notification(20.5, 70, 'new-module'), 72);
    await bench.project();
    expect(
      await bench.store.modules.get({ accountId, moduleId: moduleIdFor(accountId, 'new-module') }),
    ).toBeUndefined();
    const job = await bench.store.syncJobs.get(accountId);
    expect(job).toMatchObject({ dueAt: at(1_812), next: { topology: at(1_812), state: at(86_400) } });
  });

  test('of an account that is not linked any more changes nothing', async () => {
    await deliver('d1', notification(19.5, 10), 12);
    expect(await bench.project()).toEqual([]);
    expect(await bench.store.syncJobs.get(accountId)).toBeUndefined();
  });

  test('is believed about its time only up to when it arrived', async () => {
    await linkAccount();
    await deliver('d1', notification(25, 90_000), 12);
    await deliver('d2', notification(20, 30), 31);
    await bench.project();
    expect((await bench.store.modules.get({ accountId, moduleId }))?.readings.temperature).toMatchObject({
      value: 20,
      observedAt: at(30),
    });
  });
});

describe('a batch', () => {
  test('that comes again makes the same events with the same ids, and no others', async () => {
    await linkAccount();
    await bench.store.pointers.create(pointer);
    await deliver('d1', notification(19, 10), 12);
    await deliver('d2', notification(20, 10), 13);
    await deliver('junk', 'junk', 14);
    const first = await bench.project();
    const state = await bench.store.modules.get({ accountId, moduleId });

    const { store } = bench;
    await projectRecords(await bench.records(), { store, providerOf });
    const second = await bench.project();

    expect(second.slice(0, first.length)).toEqual(first);
    expect(new Set(second.map(({ id }) => id))).toEqual(new Set(first.map(({ id }) => id)));
    expect(new Set(first.map(({ id }) => id)).size).toBe(first.length);
    expect(await store.modules.get({ accountId, moduleId })).toEqual(state);
    expect(await temperatures()).toEqual([[20, at(10)]]);
  });

  test('that fails in the middle has what came before in the feed, and comes again from there', async () => {
    await linkAccount();
    const known = (await bench.records()).length;
    await deliver('first', 'junk', 1);
    await deliver('second', 'explosive', 2);
    await deliver('third', 'junk', 3);
    const batch = (await bench.records()).slice(known);
    const explosive = () => ({
      translate(raw: string) {
        if (raw === 'explosive') throw new LatchkeyError('store_unavailable', 'boom');
        return providerOf().translate(raw);
      },
    });

    vi.stubEnv('LOG_LEVEL', 'SILENT');
    const answer = await projectRecords(batch, { store: bench.store, providerOf: explosive });
    expect(answer.batchItemFailures).toEqual([{ itemIdentifier: batch[1]?.dynamodb?.SequenceNumber }]);
    expect((await bench.feed()).map(({ subject }) => subject)).toContain('first');
    expect((await bench.feed()).map(({ subject }) => subject)).not.toContain('third');

    const rest = await projectRecords(batch.slice(1), { store: bench.store, providerOf });
    expect(rest.batchItemFailures).toEqual([]);
    expect((await bench.feed()).map(({ subject }) => subject).slice(2)).toEqual(['first', 'second', 'third']);
  });

  test('does not wait for a delivery that no repetition will make sense of', async () => {
    await linkAccount();
    const known = (await bench.records()).length;
    await deliver('first', notification(19, 10), 11);
    await deliver('poison', 'poison', 12);
    await deliver('last', notification(20, 20), 21);
    const batch = (await bench.records()).slice(known);
    const poisoned = () => ({
      translate(raw: string) {
        if (raw === 'poison') throw new RangeError('boom');
        return providerOf().translate(raw);
      },
    });
    vi.stubEnv('LOG_LEVEL', 'SILENT');
    const answer = await projectRecords(batch, { store: bench.store, providerOf: poisoned });
    expect(answer.batchItemFailures).toEqual([]);
    const readings = (await bench.store.modules.get({ accountId, moduleId }))?.readings;
    expect(readings?.temperature?.value).toBe(20);
    expect((await bench.feed()).at(-1)).toMatchObject({
      type: 'latchkey.delivery.unreadable',
      subject: 'poison',
      data: { reason: 'could not be taken into the state' },
    });
  });

  test('does not wait for a delivery whose readings the table refuses', async () => {
    await linkAccount();
    const known = (await bench.records()).length;
    await deliver('poison', 'poison', 12);
    await deliver('last', notification(20, 20), 21);
    const batch = (await bench.records()).slice(known);
    const [thermostat] = await bench.store.modules.ofAccount(accountId);
    const excessive = () => ({
      translate(raw: string): ReturnType<Provider['translate']> {
        if (raw !== 'poison') return providerOf().translate(raw);
        const report = { plantNativeId: 'plant', moduleNativeId: thermostat?.nativeId ?? '' };
        return { kind: 'reports', reports: [{ ...report, values: { temperature: 1e-300 } }] };
      },
    });
    vi.stubEnv('LOG_LEVEL', 'SILENT');
    const answer = await projectRecords(batch, { store: bench.store, providerOf: excessive });
    expect(answer.batchItemFailures).toEqual([]);
    expect((await bench.project()).map(({ type, subject }) => [type, subject])).toContainEqual([
      'latchkey.delivery.unreadable',
      'poison',
    ]);
    expect(await temperatures()).toEqual([[20, at(20)]]);
  });

  test('that the feed does not take fails as a whole', async () => {
    await linkAccount();
    const known = (await bench.records()).length;
    await deliver('junk', 'junk', 1);
    const batch = (await bench.records()).slice(known);
    bench.faults.add({ action: 'PutItem', effect: 'fail' });
    const projecting = projectRecords(batch, { store: bench.store, providerOf });
    await expect(projecting).rejects.toMatchObject({ code: 'store_unavailable' });
    expect((await bench.project()).at(-1)?.subject).toBe('junk');
  });
});
