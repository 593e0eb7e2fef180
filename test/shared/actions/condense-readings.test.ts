import fc from 'fast-check';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createFaults } from '../../../infra/local/aws/faults.ts';
import { condenseReadings, type ReadingChange } from '../../../shared/actions/condense-readings.ts';
import { StepResolution } from '../../../shared/domain/history.ts';
import type { Step } from '../../../shared/domain/history-steps.ts';
import { moduleIdFor, plantIdFor } from '../../../shared/domain/ids.ts';
import type { CapabilityName, ReadingValue } from '../../../shared/domain/reading.ts';
import { defaultRetention } from '../../../shared/domain/retention.ts';
import { toUtc } from '../../../shared/domain/time.ts';
import { createStore, type Store } from '../../../shared/store/store.ts';
import { accountId, module, plant } from '../domain/samples.ts';
import { useStore } from '../store/use-store.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Midnight in Paris, and what follows on. */
const MIDNIGHT = Date.parse('2026-01-14T23:00:00Z');
const NOON = MIDNIGHT + 12 * HOUR_MS;

/** What the client of the bench makes of one call. */
const ATTEMPTS = 3;

const faults = createFaults();
const { store, dynamodb, tableName } = useStore(faults);
let moduleId: string;
let places = 0;
let sequence = 0;
let now = NOON + DAY_MS;
let failures: string[] = [];

beforeAll(() => store().plants.put(plant));
beforeEach(async () => {
  faults.clear();
  failures = [];
  now = NOON + DAY_MS;
  moduleId = await anotherModule();
});

async function anotherModule(plantId = plant.plantId): Promise<string> {
  places += 1;
  const nativeId = `native-${places}`;
  const id = moduleIdFor(accountId, nativeId);
  await store().modules.describe({ ...module, moduleId: id, nativeId, plantId });
  return id;
}

/** Keeps a reading; what the stream tells of that. */
async function keep(
  atEpochMs: number,
  value: ReadingValue,
  { receivedAtEpochMs = atEpochMs, capability = 'temperature' as CapabilityName, of = moduleId } = {},
): Promise<ReadingChange> {
  const times = { observedAt: toUtc(atEpochMs), receivedAt: toUtc(receivedAtEpochMs) };
  await store().readings.put(of, capability, { value, unit: null, ...times });
  sequence += 1;
  return { sequenceNumber: String(sequence), moduleId: of, capability, observedAtEpochMs: atEpochMs };
}

const run = (changes: readonly ReadingChange[], retention = defaultRetention, by = store()) =>
  condenseReadings(
    {
      store: by,
      retention,
      now: () => now,
      onFailure: (id) => failures.push(id),
    },
    changes,
  );

const stepsOf = (resolution: StepResolution, of = moduleId, capability: CapabilityName = 'temperature') =>
  Array.fromAsync(
    store().historySteps.range({ moduleId: of, capability, resolution, fromEpochMs: 0, toEpochMs: now }),
  );
const allSteps = (of = moduleId) => Promise.all(StepResolution.options.map((one) => stepsOf(one, of)));

/** The store, to somebody whose call of that number waits until something else is done. */
function storeHeldUp(place: number, meanwhile: () => Promise<void>): Store {
  let calls = 0;
  return storeWatched(async () => {
    if (calls++ === place) await meanwhile();
  });
}

/** @param before – is awaited before every call */
function storeWatched(before: (action: string) => void | Promise<void>): Store {
  const client = new Proxy(dynamodb(), {
    get(target, name) {
      if (name !== 'send') return Reflect.get(target, name);
      return async (command: Parameters<typeof target.send>[0]) => {
        await before(command.constructor.name);
        return await target.send(command);
      };
    },
  });
  return createStore(client, tableName());
}

/** What the steps of readings have to be, counted without blocks and levels; days are Paris's in winter. */
function expected(readings: ReadonlyMap<number, number>): Step[][] {
  const lengths = { '5min': 300_000, '1hour': HOUR_MS, '1day': DAY_MS };
  return StepResolution.options.map((resolution) => {
    const length = lengths[resolution];
    const startOf = (time: number) => MIDNIGHT + Math.floor((time - MIDNIGHT) / length) * length;
    const byStart = Map.groupBy(readings, ([time]) => startOf(time));
    return [...byStart]
      .toSorted(([a], [b]) => a - b)
      .map(([startEpochMs, told]) => {
        const values = told.map(([, value]) => value);
        const mean = values.reduce((sum, one) => sum + one, 0) / values.length;
        return {
          startEpochMs,
          min: Math.min(...values),
          max: Math.max(...values),
          mean: expect.closeTo(mean, 9),
          count: values.length,
        };
      });
  });
}

describe('what is kept becomes steps', () => {
  test('of five minutes, an hour and a day, as the clocks of the plant have them', async () => {
    const changes = [await keep(NOON, 20), await keep(NOON + 1, 23), await keep(NOON + 300_000, 17)];
    expect(await run(changes)).toEqual({});
    expect(await allSteps()).toEqual([
      [
        { startEpochMs: NOON, min: 20, max: 23, mean: 21.5, count: 2 },
        { startEpochMs: NOON + 300_000, min: 17, max: 17, mean: 17, count: 1 },
      ],
      [{ startEpochMs: NOON, min: 17, max: 23, mean: 20, count: 3 }],
      [{ startEpochMs: MIDNIGHT, min: 17, max: 23, mean: 20, count: 3 }],
    ]);
  });

  test('where hours begin at the half, too', async () => {
    const plantId = plantIdFor(accountId, 'kolkata');
    await store().plants.put({ ...plant, plantId, timeZone: 'Asia/Kolkata' });
    const of = await anotherModule(plantId);
    await run([
      await keep(NOON - 1, 20, { of }),
      await keep(NOON, 22, { of }),
      await keep(NOON + HOUR_MS / 2, 30, { of }),
    ]);
    expect((await stepsOf('1hour', of)).map(({ startEpochMs, mean }) => [startEpochMs - NOON, mean])).toEqual(
      [
        [-HOUR_MS / 2, 21],
        [HOUR_MS / 2, 30],
      ],
    );
    expect((await stepsOf('1day', of)).map(({ startEpochMs }) => toUtc(startEpochMs))).toEqual([
      '2026-01-14T18:30:00.000Z',
    ]);
  });

  test('one reading of each five minutes of a day that has 25 hours', async () => {
    const begin = Date.parse('2026-10-24T22:00:00Z');
    now = begin + 2 * DAY_MS;
    const times = Array.from({ length: 300 }, (_, index) => begin + index * 300_000);
    await run(await Promise.all(times.map((time, index) => keep(time, index))));
    const [fine, hours, days] = await allSteps();
    expect(fine).toHaveLength(300);
    expect(hours).toHaveLength(25);
    expect(days).toEqual([{ startEpochMs: begin, min: 0, max: 299, mean: 149.5, count: 300 }]);
  });

  test('but not what is no number, and a number that stops being one goes', async () => {
    const changes = [
      await keep(NOON, true, { capability: 'switch' }),
      await keep(NOON, 350, { capability: 'wind_angle' }),
      await keep(NOON, 20),
    ];
    await run(changes);
    expect(await stepsOf('5min', moduleId, 'switch')).toEqual([]);
    expect(await stepsOf('5min', moduleId, 'wind_angle')).toEqual([]);
    expect(await stepsOf('5min')).toHaveLength(1);
    await run([await keep(NOON, null, { receivedAtEpochMs: NOON + 1 })]);
    expect(await allSteps()).toEqual([[], [], []]);
  });
});

describe('steps end right', () => {
  /** Seconds after midnight, tenths of a degree, and how much later it was received than another of the same moment. */
  const reading = fc.record({
    second: fc.oneof(fc.integer({ min: -90_000, max: 90_000 }), fc.constantFrom(0, 299, 300, 3_600)),
    tenths: fc.integer({ min: -400, max: 400 }),
    arrival: fc.nat({ max: 3 }),
  });

  test('however often and in whatever order and batches readings come', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(reading, { minLength: 1, maxLength: 30 }),
        fc.infiniteStream(fc.nat()),
        async (told, dice) => {
          const roll = (sides: number) => (dice.next().value ?? 0) % sides;
          const of = await anotherModule();
          const kept = new Map<number, { value: number; receivedAtEpochMs: number }>();
          let batch: ReadingChange[] = [];
          const sent: ReadingChange[] = [];
          for (const { second, tenths, arrival } of told) {
            const time = MIDNIGHT + second * 1_000;
            const one = { value: tenths / 10, receivedAtEpochMs: time + arrival };
            const other = kept.get(time);
            const change = await keep(time, one.value, { ...one, of });
            if (!other || other.receivedAtEpochMs <= one.receivedAtEpochMs) kept.set(time, one);
            batch.push(change);
            sent.push(change);
            if (roll(3) > 0) continue;
            // Some are told again, and out of their order.
            const again = sent.filter(() => roll(4) === 0);
            await run([...batch, ...again].toSorted(() => roll(3) - 1));
            batch = [];
          }
          await run(batch);
          const values = new Map([...kept].map(([time, { value }]) => [time, value]));
          expect(await allSteps(of)).toEqual(expected(values));
        },
      ),
      { numRuns: 12 },
    );
  });

  test('when many runs condense the same hour at once', async () => {
    const values = new Map<number, number>();
    const runs = Array.from({ length: 12 }, async (_, index) => {
      for (let round = 0; round < 5; round++) {
        const time = NOON + (((index * 5 + round) * 37 * 1_000) % HOUR_MS);
        values.set(time, index + round / 10);
        await run([await keep(time, index + round / 10)]);
      }
    });
    await Promise.all(runs);
    expect(await allSteps()).toEqual(expected(values));
  });

  test('wherever a run is held up while another condenses what came since', async () => {
    for (let [place, isHeld] = [0, true]; isHeld; place++) {
      moduleId = await anotherModule();
      isHeld = false;
      const values = new Map([[NOON, 20]]);
      const change = await keep(NOON, 20);
      const held = storeHeldUp(place, async () => {
        isHeld = true;
        values.set(NOON + 1, 30);
        await run([await keep(NOON + 1, 30)]);
      });
      await run([change], defaultRetention, held);
      expect(await allSteps(), `held up before call ${place}`).toEqual(expected(values));
    }
  });

  test.each([
    ['GetItem', 'before'],
    ['Query', 'before'],
    ['PutItem', 'before'],
    ['PutItem', 'after'],
  ] as const)(
    'although any %s fails, %s it has had its effect, once all is told again',
    async (action, when) => {
      const changes = [await keep(NOON, 20), await keep(NOON + 1, 22)];
      const right = new Map([
        [NOON, 20],
        [NOON + 1, 22],
      ]);
      for (let [skip, isStruck] = [0, true]; isStruck; skip++) {
        faults.add({ service: 'dynamodb', action, effect: 'cut', when, skip, times: ATTEMPTS });
        const { failedFrom } = await run(changes);
        isStruck = faults.list().length === 0;
        faults.clear();
        // What was written all the same is found by the repetition, which then succeeds.
        if (isStruck && when === 'before') expect(failedFrom).toBe(changes[0]?.sequenceNumber);
        await run(changes);
        expect(await allSteps()).toEqual(expected(right));
      }
      expect(failures.length > 0).toBe(when === 'before');
    },
  );
});

describe('a batch', () => {
  test('costs nine calls a capability and three more a module, however many readings of an hour are in it', async () => {
    const costOf = async (changes: readonly ReadingChange[]) => {
      const calls = new Map<string, number>();
      const counting = storeWatched((action) => void calls.set(action, (calls.get(action) ?? 0) + 1));
      await run(changes, defaultRetention, counting);
      return Object.fromEntries(calls);
    };
    const times = Array.from({ length: 60 }, (_, minute) => NOON + minute * 60_000);
    const of = (capability: CapabilityName) => times.map((time) => keep(time, 20, { capability }));
    const one = { GetItemCommand: 6, QueryCommand: 3, PutItemCommand: 3 };
    expect(await costOf([await keep(NOON - HOUR_MS, 20)])).toEqual(one);
    expect(await costOf(await Promise.all(of('temperature')))).toEqual(one);
    expect(await costOf(await Promise.all([...of('humidity'), ...of('co2')]))).toEqual({
      GetItemCommand: 9,
      QueryCommand: 6,
      PutItemCommand: 6,
    });
  });

  test('is repeated from the first of a module that failed, whose neighbours are done', async () => {
    const [broken, sound] = [moduleId, await anotherModule()];
    const first = await keep(NOON, 20, { of: sound });
    const failing = await keep(NOON, 20, { of: broken });
    await store().historySteps.put({
      moduleId: broken,
      capability: 'temperature',
      resolution: '5min',
      fromEpochMs: NOON,
      steps: [],
      inputDays: 0.5,
      version: 1,
    });
    const last = await keep(NOON + 1, 22, { of: sound });
    expect(await run([first, failing, last])).toEqual({ failedFrom: failing.sequenceNumber });
    expect(failures).toEqual([broken]);
    expect((await stepsOf('5min', sound))[0]).toMatchObject({ count: 2 });
  });
});

describe('what goes', () => {
  test('takes its steps along, and leaves none behind that were made meanwhile', async () => {
    await run([await keep(NOON, 20)]);
    const change = await keep(NOON + 1, 22);
    await store().modules.delete({ accountId, moduleId });
    await store().readings.deleteOf(moduleId);
    expect(await allSteps()).toEqual([[], [], []]);
    await run([change]);
    expect(await allSteps()).toEqual([[], [], []]);
  });

  test('whenever it goes, as an unlink has it go, while a run condenses what is in it', async () => {
    for (let [place, isHeld] = [0, true]; isHeld; place++) {
      moduleId = await anotherModule();
      isHeld = false;
      const change = await keep(NOON, 20);
      const held = storeHeldUp(place, async () => {
        isHeld = true;
        await store().readings.deleteOf(moduleId);
        await store().modules.delete({ accountId, moduleId });
        await store().readings.deleteOf(moduleId);
      });
      await run([change], defaultRetention, held);
      if (isHeld) expect(await allSteps(), `gone before call ${place}`).toEqual([[], [], []]);
    }
  });

  test('leaves a step as it is once some of what it was made of may be gone', async () => {
    const retention = { ...defaultRetention, raw: 7, '5min': 30 };
    now = NOON;
    await run([await keep(NOON, 20), await keep(NOON + 1, 22)], retention);
    const before = await allSteps();
    now = NOON + 7 * DAY_MS;
    await run([await keep(NOON + 2, 99)], retention);
    expect(await allSteps()).toEqual(before);
    // Kept for longer from now on: what went before does not come back.
    await run([await keep(NOON + 3, 99)], { ...defaultRetention, raw: 400 });
    expect(await allSteps()).toEqual(before);
  });
});
