/** Webhooks: what is taken in, and what becomes of it. */
import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { accountPartition } from '../../shared/store/keys.ts';
import { useBench } from './bench.ts';
import { awaitEvent, eventsOf, firstModule, isChange, linkHome, readingOf } from './home.ts';
import { handshake, hookOf, notification, post } from './notification.ts';
import { until } from './until.ts';
import {
  ACCEPTED,
  attemptsOf,
  changesOf,
  deliveriesOf,
  temperatureOf,
  temperaturesOf,
} from './webhook-traces.ts';

const bench = await useBench();
const { client, legrand, inside, kept } = bench;

describe('a webhook', () => {
  test('becomes the same kind of event in each of the three forms that Legrand uses', async () => {
    const home = await linkHome(bench);
    const { moduleId, nativeId } = firstModule(home);
    const kinds = new Set<string>();
    for (const [temperatureC, fault] of [
      [24.1, undefined],
      [25.2, 'single_envelope'],
      [26.3, 'bare_object'],
      [27.4, 'several_in_one_array'],
    ] as const) {
      if (fault) await legrand.fault({ name: fault });
      await legrand.touch({ moduleId: nativeId, temperatureC });
      const isTold = isChange(moduleId, 'temperature', temperatureC);
      const { event } = await awaitEvent(bench, home.accountId, isTold);
      kinds.add(`${event.type} ${event.source} ${Object.keys(event.data).sort()}`);
      await legrand.clearFaults();
    }
    expect([...kinds]).toEqual([
      `latchkey.module.changed /v1/accounts/${home.accountId} accountId,changes,device,moduleId,plantId`,
    ]);
    await inside.settle();
    expect((await client.account(home.accountId)).webhook.lastDeliveryAt).toBeDefined();
  });

  test('tells value, unit, previous value and both times', async () => {
    const home = await linkHome(bench);
    const { moduleId } = firstModule(home);
    const before = readingOf(await client.module(moduleId), 'temperature');
    const atMs = Math.floor(Date.now() / 1000) * 1000;
    expect(await post(await hookOf(bench, home), [notification(home, { temperatureC: 22.2, atMs })])).toEqual(
      ACCEPTED,
    );
    const [event] = await changesOf(bench, home, 'temperature', 22.2);
    const observedAt = new Date(atMs).toISOString();
    expect(event?.data.changes).toContainEqual({
      capability: 'temperature',
      value: 22.2,
      previous: before,
      unit: 'C',
      observedAt,
      receivedAt: expect.any(String),
    });
    const { readings } = await client.module(moduleId);
    const reading = readings.find(({ capability }) => capability === 'temperature');
    expect(reading).toMatchObject({ value: 22.2, unit: 'C', observedAt, stale: false });
    expect(Date.parse(reading?.receivedAt ?? '')).toBeGreaterThanOrEqual(atMs);
  });

  test('of Event Grid’s handshake is answered with its code under both names, and is no event', async () => {
    const home = await linkHome(bench);
    const hook = await hookOf(bench, home);
    await inside.settle();
    const before = await eventsOf(bench, home.accountId);
    for (const body of [[handshake('512d38b6')], handshake('512d38b6')]) {
      const { status, text } = await post(hook, body);
      expect(status).toBe(200);
      expect(JSON.parse(text)).toEqual({ validationResponse: '512d38b6', validationCode: '512d38b6' });
    }
    await inside.settle();
    expect(await eventsOf(bench, home.accountId)).toEqual(before);
  });

  test('that comes twice, or at once, is kept once and is one event', async () => {
    const home = await linkHome(bench);
    const hook = await hookOf(bench, home);
    const body = [notification(home, { temperatureC: 23.3 })];
    const answers = await Promise.all([post(hook, body), post(hook, body), post(hook, body)]);
    expect([...answers, await post(hook, body)]).toEqual([ACCEPTED, ACCEPTED, ACCEPTED, ACCEPTED]);
    expect(await changesOf(bench, home, 'temperature', 23.3)).toHaveLength(1);
    expect(await deliveriesOf(bench, home)).toHaveLength(1);

    await legrand.fault({ name: 'duplicate_event' });
    await legrand.touch({ moduleId: firstModule(home).nativeId, temperatureC: 26.6 });
    await until(
      () => attemptsOf(bench, home),
      (attempts) => attempts.filter(({ delivered }) => delivered).length === 2,
    );
    expect(await changesOf(bench, home, 'temperature', 26.6)).toHaveLength(1);
    expect(await deliveriesOf(bench, home)).toHaveLength(2);
  });

  test('that is older than what is known changes history only, and is told as late', async () => {
    const home = await linkHome(bench);
    const hook = await hookOf(bench, home);
    const now = Date.now();
    await post(hook, [notification(home, { temperatureC: 22.5, atMs: now })]);
    await post(hook, [notification(home, { temperatureC: 18.5, atMs: now - 300_000 })]);
    expect(await temperatureOf(bench, home)).toBe(22.5);
    expect(await changesOf(bench, home, 'temperature', 18.5)).toEqual([]);
    const late = await eventsOf(bench, home.accountId);
    const { moduleId } = firstModule(home);
    expect(late.filter(({ type }) => type === 'latchkey.module.late_readings')).toContainEqual(
      expect.objectContaining({
        subject: moduleId,
        data: expect.objectContaining({
          moduleId,
          changes: [expect.objectContaining({ capability: 'temperature', value: 18.5 })],
        }),
      }),
    );
    const [first, ...later] = await temperaturesOf(bench, home);
    expect(first).toBe(18.5);
    expect(later).toContain(22.5);
  });

  test('in a burst of ten leaves the state that is true last, and all ten in the history', async () => {
    const home = await linkHome(bench);
    const strange = `${await hookOf(bench, home)}x`;
    // Ten cold starts at once take this machine longer than Legrand waits.
    await Promise.all(Array.from({ length: 10 }, () => post(strange, {})));
    await legrand.fault({ name: 'burst', count: 10, times: 1 });
    await legrand.touch({ moduleId: firstModule(home).nativeId, temperatureC: 24 });
    await until(
      () => deliveriesOf(bench, home),
      (deliveries) => deliveries.length === 10,
    );
    expect(await temperatureOf(bench, home)).toBe(24);
    const told = [24, 24.1, 24.2, 24.3, 24.4, 24.5, 24.6, 24.7, 24.8, 24.9];
    expect(await temperaturesOf(bench, home)).toEqual(expect.arrayContaining(told));
  });

  test('of a thermostat nobody knows is acknowledged, and looked for within half an hour', async () => {
    const home = await linkHome(bench);
    const hook = await hookOf(bench, home);
    const stranger = '00000000-0000-4000-8000-000000000000';
    const before = await eventsOf(bench, home.accountId);
    expect(await post(hook, [notification(home, { temperatureC: 20.1, moduleNativeId: stranger })])).toEqual(
      ACCEPTED,
    );
    await inside.settle();
    expect(await eventsOf(bench, home.accountId)).toEqual(before);
    const job = (await kept.partition(accountPartition(home.accountId))).find(({ sk }) => sk === 'JOB#sync');
    const { topology } = z.object({ topology: z.iso.datetime() }).parse(job?.next);
    const waitMinutes = (Date.parse(topology) - Date.now()) / 60_000;
    expect(waitMinutes).toBeGreaterThan(25);
    expect(waitMinutes).toBeLessThanOrEqual(30);

    await legrand.fault({ name: 'unknown_plant', times: 1 });
    await legrand.touch({ moduleId: firstModule(home).nativeId, temperatureC: 25.5 });
    await until(
      () => attemptsOf(bench, home),
      (attempts) => attempts.some(({ delivered }) => delivered),
    );
  });
});

describe('Legrand', () => {
  test('has banned no address of ours', async ({ annotate }) => {
    const latencies = (await legrand.attempts())
      .filter(({ delivered }) => delivered)
      .map(({ latencyMs }) => latencyMs)
      .toSorted((a, b) => a - b);
    const [median, most] = [latencies[Math.floor(latencies.length / 2)], latencies.at(-1)];
    await annotate(`${latencies.length} webhooks answered; median ${median} ms, slowest ${most} ms of 750`);
    expect(latencies).not.toEqual([]);
    const counted = (await legrand.subscriptions()).map(({ endPoint }) => endPoint);
    expect(counted.filter((endPoint) => endPoint?.bannedUntilEpochMs !== undefined)).toEqual([]);
  });
});
