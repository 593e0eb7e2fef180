/** The feed: one sequence, whoever reads it in whatever steps, before and after a restart. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Bench, startBench } from './bench.ts';
import { awaitEvent, firstModule, type Home, isChange, link, linkHome } from './home.ts';
import { freePorts } from './ports.ts';

let folder: string;
let port: number;
let bench: Bench;
const homes: Home[] = [];

/** Several accounts, so that there is something in more than one shard. */
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'latchkey-e2e-'));
  port = await freePorts();
  bench = await startBench(folder, port);
  for (let count = 0; count < 6; count++) {
    const home = await linkHome(bench);
    await touch(home, 24 + count / 10);
    homes.push(home);
  }
  await bench.inside.settle();
  await silence();
});
afterAll(async () => {
  await bench.close();
  await rm(folder, { recursive: true });
});

/** Lets nothing happen by itself: the houses live on, and a thermostat may have something to tell at any time. */
async function silence(): Promise<void> {
  await bench.legrand.fault({ name: 'webhook_lost' });
}

async function touch(home: Home, temperatureC: number): Promise<void> {
  const { moduleId, nativeId } = firstModule(home);
  await bench.legrand.touch({ moduleId: nativeId, temperatureC });
  await awaitEvent(bench, home.accountId, isChange(moduleId, 'temperature', temperatureC));
}

/** The ids of all events from a cursor on, read in steps of so many. */
async function readAll(limit: number, wish: { account?: string; after?: string } = {}) {
  const ids: string[] = [];
  const { after, ...breadth } = wish;
  let cursor = after;
  for (;;) {
    const { events, next } = await bench.client.events(cursor, 0, { ...breadth, limit });
    expect(events.length).toBeLessThanOrEqual(limit);
    cursor = next;
    if (events.length === 0) return { ids, next };
    ids.push(...events.map(({ id }) => id));
  }
}

test('is the same sequence in steps of any size, and holds nothing twice', async () => {
  const { events } = await bench.client.events(undefined, 0, { limit: 1000 });
  const ids = events.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  expect(new Set(events.map(({ data }) => data.accountId)).size).toBe(homes.length);
  for (const limit of [1, 2, 3, 7, 50]) expect((await readAll(limit)).ids).toEqual(ids);
});

test('goes on from any cursor exactly where it stopped', async () => {
  const { ids } = await readAll(1000);
  let after: string | undefined;
  for (let read = 0; read < ids.length; read += 5) {
    const rest = await readAll(1000, { ...(after !== undefined && { after }) });
    expect(rest.ids).toEqual(ids.slice(read));
    after = (await bench.client.events(after, 0, { limit: 5 })).next;
  }
});

test('of one account holds that account alone, in the same order', async () => {
  const { events } = await bench.client.events(undefined, 0, { limit: 1000 });
  for (const { accountId } of homes) {
    const own = events.filter(({ data }) => data.accountId === accountId).map(({ id }) => id);
    expect(own.length).toBeGreaterThan(2);
    expect((await readAll(2, { account: accountId })).ids).toEqual(own);
  }
});

test('tells an account’s story in its order: linked first, then what changed', async () => {
  for (const { accountId } of homes) {
    const { events } = await bench.client.events(undefined, 0, { account: accountId });
    const types = events.map(({ type }) => type);
    expect(types[0]).toBe('latchkey.account.linked');
    expect(types).toContain('latchkey.plant.changed');
    expect(types.at(-1)).toBe('latchkey.module.changed');
    const times = events.map(({ time }) => time);
    expect(times).toEqual(times.toSorted());
  }
});

test('holds its answer until something happens, and not longer than asked', async () => {
  const [home] = homes as [Home];
  const startedAt = performance.now();
  const nobody = { account: `acc_${'0'.repeat(20)}` };
  expect((await bench.client.events(undefined, 1, nobody)).events).toEqual([]);
  expect(performance.now() - startedAt).toBeGreaterThan(400);

  const { next } = await readAll(1000);
  const waiting = bench.client.events(next, 20);
  await bench.client.rotate(home.accountId);
  expect((await waiting).events.map(({ type }) => type)).toEqual(['latchkey.account.rotated']);
});

test.each(['junk', 'c1-1.0', 'c1-0.0-1.0-1.0-1.0', 'c2-1.0-1.0-1.0-1.0', 'c1-1.0-1.0-1.0-1.0-1.0'])(
  'refuses the cursor %s',
  async (cursor) => {
    const answer = await bench.client.call('GET', `/v1/events?after=${cursor}`);
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({
      code: 'request_invalid',
      fields: { after: 'is not a cursor' },
    });
  },
);

test('refuses limits and waits out of range', async () => {
  for (const query of ['limit=0', 'limit=1001', 'wait=21', 'wait=-1', 'account=acc_1', 'limit=many']) {
    const answer = await bench.client.call('GET', `/v1/events?${query}`);
    expect([query, answer.status]).toEqual([query, 400]);
  }
});

test('is the same after a restart, and goes on from the cursors of before', async () => {
  await bench.inside.settle();
  const before = await readAll(1000);
  await bench.close();
  bench = await startBench(folder, port);
  expect((await readAll(7)).ids).toEqual(before.ids);

  const [home] = homes as [Home];
  await bench.legrand.clearFaults();
  await touch(home, 26.5);
  await silence();
  await bench.inside.settle();
  const added = await readAll(1000, { after: before.next });
  expect(added.ids.length).toBeGreaterThan(0);
  expect(before.ids.filter((id) => added.ids.includes(id))).toEqual([]);
  expect((await readAll(1000)).ids.toSorted()).toEqual([...before.ids, ...added.ids].toSorted());
  expect((await bench.client.account(home.accountId)).status).toBe('linked');
  expect((await link(bench, home.owner, home.person.email)).page.status).toBe(200);
});
