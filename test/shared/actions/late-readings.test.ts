/** Readings that come when their module has newer ones: they go into the history, and whatever is in it is told. */
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readEvents } from '../../../shared/actions/read-events.ts';
import { recordReport } from '../../../shared/actions/record-report.ts';
import { createSight, fullSight } from '../../../shared/actions/sight.ts';
import { type Access, operatorAccess } from '../../../shared/domain/access.ts';
import type { Change, Event } from '../../../shared/domain/event.ts';
import { moduleIdFor } from '../../../shared/domain/ids.ts';
import type { ReadingValue } from '../../../shared/domain/reading.ts';
import { accountId, at, module, moduleId, plantId, T0 } from '../domain/samples.ts';
import { openStoreBench, projectRecords, providerOf, type StoreBench } from './store-bench.ts';

let bench: StoreBench;
let cursor: string | undefined;
beforeEach(async () => {
  cursor = undefined;
  bench = await openStoreBench(() => Date.parse(T0));
  await bench.store.modules.describe(module);
});
afterEach(() => bench.close());

/** What the feed tells since the last time, once all is projected. */
async function news(): Promise<Event[]> {
  await bench.project();
  const deps = { feed: bench.store.feed, sight: fullSight(bench.store), now: () => Date.parse(T0) };
  const page = await readEvents(deps, { limit: 1000, wait: 0, ...(cursor && { after: cursor }) });
  cursor = page.next;
  return page.events;
}
const isLate = ({ type }: Event) => type === 'latchkey.module.late_readings';
const factOf = ({ previous: _, ...fact }: Change) => fact;
const changesOf = ({ data }: Event) => (data.changes ?? []) as Change[];

interface Said {
  readonly value: ReadingValue;
  readonly observed: number;
  readonly received: number;
  readonly replayId?: string;
}
/** The thermostat says its temperature; times in seconds after T0. */
async function say({ value, observed, received, replayId }: Said, nativeId = 'module-native') {
  const report = { plantNativeId: 'plant-native', moduleNativeId: nativeId, values: { temperature: value } };
  const timed = { ...report, observedAt: at(observed) };
  return await recordReport(bench.store, accountId, timed, Date.parse(at(received)), replayId);
}
const saidInOrder = async () => {
  await say({ value: 21, observed: 20, received: 21 });
  return await news();
};

test('one is told with its times, by whom it is about, and without what was before', async () => {
  await saidInOrder();
  await say({ value: 19, observed: 10, received: 30 });
  const reading = { value: 19, unit: 'C', observedAt: at(10), receivedAt: at(30) };
  expect(await news()).toMatchObject([
    {
      type: 'latchkey.module.late_readings',
      subject: moduleId,
      source: `/v1/accounts/${accountId}`,
      data: { accountId, plantId, moduleId, device: 'thermostat' },
    },
  ]);
  const [event] = (await bench.feed()).filter(isLate) as [Event];
  expect(event.data.changes).toEqual([{ capability: 'temperature', ...reading }]);
  expect(event.data).not.toHaveProperty('replay');
  expect((await bench.store.readings.range({ moduleId, capability: 'temperature', limit: 9 })).items).toEqual(
    [reading, expect.objectContaining({ value: 21 })],
  );
});

test('one that is said again, by whomever, is told once', async () => {
  await saidInOrder();
  const late = { value: 19, observed: 10, received: 30 };
  await say(late);
  expect((await news()).filter(isLate)).toHaveLength(1);
  await say(late);
  await say({ ...late, received: 60 });
  await say({ ...late, replayId: 'replay-1' });
  expect(await news()).toEqual([]);
});

test('one that says what its history says of that time already is neither kept nor told', async () => {
  await say({ value: 19, observed: 5, received: 6 });
  await saidInOrder();
  await say({ value: 19, observed: 10, received: 30 });
  expect(await news()).toEqual([]);
  const kept = await bench.store.readings.range({ moduleId, capability: 'temperature', limit: 9 });
  expect(kept.items.map(({ value }) => value)).toEqual([19, 21]);
});

test('one that was told in its time is not told again when it comes late', async () => {
  await say({ value: 19, observed: 10, received: 11 });
  await saidInOrder();
  await say({ value: 19, observed: 10, received: 11, replayId: 'replay-1' });
  await say({ value: 19, observed: 10, received: 70 });
  expect(await news()).toEqual([]);
});

test('one that is taken in twice before anything is told is told by the change of its module', async () => {
  await say({ value: 19, observed: 10, received: 11 });
  await say({ value: 21, observed: 20, received: 21 });
  await say({ value: 19, observed: 10, received: 11 });
  expect((await news()).flatMap(changesOf).map(({ value }) => value)).toEqual([19, 21]);
});

test('another word for the same time, received later, is a fact of its own', async () => {
  await saidInOrder();
  await say({ value: 19, observed: 10, received: 30 });
  await say({ value: 18, observed: 10, received: 31 });
  await say({ value: 19, observed: 10, received: 32 });
  await say({ value: 17, observed: 10, received: 29 });
  const told = (await news()).filter(isLate);
  expect(told.flatMap(changesOf).map(({ value }) => value)).toEqual([19, 18, 19]);
  expect(new Set(told.map(({ id }) => id)).size).toBe(3);
});

test('one that is said again does not come before another word that is not projected yet', async () => {
  await say({ value: 19, observed: 10, received: 11 });
  await say({ value: 18, observed: 10, received: 12 });
  await say({ value: 21, observed: 20, received: 21 });
  await say({ value: 19, observed: 10, received: 11 });
  await say({ value: 19, observed: 10, received: 30 });
  const told = (await news()).flatMap(changesOf).filter(({ observedAt }) => observedAt === at(10));
  expect(told.toSorted((a, b) => (a.receivedAt < b.receivedAt ? -1 : 1)).at(-1)).toMatchObject({ value: 18 });
  const kept = await bench.store.readings.range({ moduleId, capability: 'temperature', limit: 9 });
  expect(kept.items.map(({ value }) => value)).toEqual([18, 21]);
});

test('one that a replay brings up bears its mark', async () => {
  await saidInOrder();
  await say({ value: 19, observed: 10, received: 11, replayId: 'replay-1' });
  expect(await news()).toMatchObject([
    { type: 'latchkey.module.late_readings', data: { replay: 'replay-1' } },
  ]);
});

test('one of a module that is gone meanwhile is not told', async () => {
  await saidInOrder();
  await say({ value: 19, observed: 10, received: 30 });
  await bench.store.modules.delete(module);
  expect((await news()).filter(isLate)).toEqual([]);
});

test('one is told to those who see its module, and to nobody else', async () => {
  await saidInOrder();
  await say({ value: 19, observed: 10, received: 30 });
  const [event] = (await news()) as [Event];
  const isSeen = (reach: Access['reach'], scopes: Access['scopes']) =>
    createSight(bench.store, { ...operatorAccess, reach, scopes }).event(event);
  const other = moduleIdFor(accountId, 'another');
  expect(await isSeen({ kind: 'workspace' }, ['events.read', 'comfort.read'])).toBe(true);
  expect(await isSeen({ kind: 'plant', plantId }, ['events.read', 'comfort.read'])).toBe(true);
  expect(await isSeen({ kind: 'module', moduleId }, ['events.read', 'comfort.read'])).toBe(true);
  expect(await isSeen({ kind: 'workspace' }, ['events.read', 'energy.read'])).toBe(false);
  expect(await isSeen({ kind: 'module', moduleId: other }, ['events.read', 'comfort.read'])).toBe(false);
});

/** What somebody says, what was said before said again as it was or at a later time, or that all is projected. */
const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ observed: fc.nat(6), value: fc.nat(2) }) },
  { weight: 2, arbitrary: fc.record({ again: fc.nat(20), asItWas: fc.boolean() }) },
  { weight: 1, arbitrary: fc.constant('project' as const) },
);

const again = (asItWas: boolean) => [{ again: 0, asItWas }];

test('whatever is said in whatever order, and how often, the feed tells what is in the history', async () => {
  let houses = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 25 }), async (steps) => {
      const nativeId = `thermostat-${houses++}`;
      const own = { ...module, nativeId, moduleId: moduleIdFor(accountId, nativeId) };
      await bench.store.modules.describe(own);
      const before = (await bench.records()).length;
      const said: Said[] = [];
      const told: Event[] = [];
      for (const [at, each] of steps.entries()) {
        const received = 100 + at;
        if (each === 'project') told.push(...(await news()));
        else if ('again' in each) {
          const former = said[each.again % Math.max(1, said.length)];
          if (former) await say(each.asItWas ? former : { ...former, received }, nativeId);
        } else {
          said.push({ ...each, received });
          await say({ ...each, received }, nativeId);
        }
      }
      told.push(...(await news()));

      // Of two words for one time the one that was received later counts.
      const counted = new Map<string, Change>();
      for (const change of told.flatMap(changesOf)) {
        const known = counted.get(change.observedAt);
        if (!known || known.receivedAt <= change.receivedAt) counted.set(change.observedAt, change);
      }
      const wish = { moduleId: own.moduleId, capability: 'temperature', limit: 1000 } as const;
      const history = (await bench.store.readings.range(wish)).items;
      expect(Object.fromEntries([...counted].map(([time, { value }]) => [time, value]))).toEqual(
        Object.fromEntries(history.map(({ observedAt, value }) => [observedAt, value])),
      );

      const { store } = bench;
      const batch = (await bench.records()).slice(before);
      await projectRecords(batch, { store, providerOf });
      // What comes again is no news, even where a change and a late reading say the same.
      expect(told.flatMap(changesOf).map(factOf)).toEqual(
        expect.arrayContaining((await news()).flatMap(changesOf).map(factOf)),
      );
    }),
    {
      numRuns: 60,
      examples: [
        // Said again later, with another word in between that is not projected yet.
        [
          [
            ...[0, 1].map((value) => ({ observed: 0, value })),
            { observed: 1, value: 0 },
            ...again(true),
            ...again(false),
          ],
        ],
        // Taken in twice, contradicted, and then its changes come again.
        [
          [
            { observed: 3, value: 0 },
            { observed: 4, value: 0 },
            ...again(true),
            'project',
            { observed: 3, value: 1 },
          ],
        ],
      ],
    },
  );
}, 60_000);
