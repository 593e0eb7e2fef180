import type { DynamoDBRecord } from 'aws-lambda';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { ownCapability } from '../../../shared/domain/own-capability.ts';
import type { CapabilityName, ReadingValue } from '../../../shared/domain/reading.ts';
import { defaultRetention } from '../../../shared/domain/retention.ts';
import { readingEntry } from '../../../shared/runtime/reading-entry.ts';
import { openStoreBench, type StoreBench } from '../actions/store-bench.ts';
import { account, module, moduleId, plant, T0 } from '../domain/samples.ts';
import { invocation } from './events.ts';

const OWN = ownCapability('µg/m³ #2');

let bench: StoreBench;
beforeEach(async () => {
  bench = await openStoreBench();
  vi.stubEnv('LOG_LEVEL', 'SILENT');
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await bench.close();
});

const condense = (records: DynamoDBRecord[], now = Date.parse(T0) + 60_000) => {
  const deps = { store: bench.store, retention: defaultRetention, now: () => now };
  return readingEntry(async () => deps)({ Records: records }, invocation());
};

const keep = (capability: CapabilityName, value: ReadingValue) =>
  bench.store.readings.put(moduleId, capability, { value, unit: null, observedAt: T0, receivedAt: T0 });

const meansOf = async (capability: CapabilityName) => {
  const span = { fromEpochMs: 0, toEpochMs: Date.parse(T0) };
  const steps = bench.store.historySteps.range({ moduleId, capability, resolution: '1day', ...span });
  return (await Array.fromAsync(steps)).map(({ mean }) => mean);
};

async function keptHome(): Promise<void> {
  await bench.store.accounts.create(account);
  await bench.store.plants.put(plant);
  await bench.store.modules.describe(module);
}

test('condenses the numbers that the stream tells of, whatever else it tells', async () => {
  await keptHome();
  await keep('temperature', 20.5);
  await keep('mode', 'automatic');
  await keep(OWN, 3);
  expect(await condense(await bench.records())).toEqual({ batchItemFailures: [] });
  expect(await meansOf('temperature')).toEqual([20.5]);
  expect(await meansOf(OWN)).toEqual([3]);
  expect(await meansOf('mode')).toEqual([]);
});

test('is told again from the first reading on that could not be condensed', async () => {
  await keptHome();
  await keep('temperature', 20.5);
  const records = await bench.records();
  bench.faults.add({ service: 'dynamodb', action: 'PutItem', effect: 'fail' });
  const { batchItemFailures } = await condense(records);
  expect(batchItemFailures).toEqual([{ itemIdentifier: records.at(-1)?.dynamodb?.SequenceNumber }]);
  expect(await condense(records)).toEqual({ batchItemFailures: [] });
  expect(await meansOf('temperature')).toEqual([20.5]);
});

test('keeps nothing of a module that is gone, and does not fail over it', async () => {
  await keep('temperature', 20.5);
  expect(await condense(await bench.records())).toEqual({ batchItemFailures: [] });
  expect(await meansOf('temperature')).toEqual([]);
});
