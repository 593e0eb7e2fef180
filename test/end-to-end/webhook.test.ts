/** Webhooks: what is taken in, what becomes of it, and what happens when it cannot be kept. */
import { describe, expect, test } from 'vitest';
import type { Event } from '../../shared/domain/event.ts';
import { accountPartition, prefixes } from '../../shared/store/keys.ts';
import { useBench } from './bench.ts';
import { awaitEvent, eventsOf, firstModule, type Home, isChange, linkHome, readingOf } from './home.ts';
import { bareNotification, handshake, hookOf, notification, post } from './notification.ts';
import { until } from './until.ts';

const bench = await useBench();
const { client, legrand, inside, kept } = bench;

const ACCEPTED = { status: 200, text: '' };
const MAX_BODY_BYTES = 256 * 1024;

async function deliveriesOf({ accountId }: Home) {
  const items = await kept.partition(accountPartition(accountId));
  return items.filter(({ sk }) => String(sk).startsWith(prefixes.delivery));
}

async function changesOf({ accountId, ...home }: Home, capability: string, value: unknown): Promise<Event[]> {
  await inside.settle();
  const { moduleId } = firstModule(home);
  return (await eventsOf(bench, accountId)).filter(isChange(moduleId, capability, value));
}

async function temperatureOf(home: Home): Promise<unknown> {
  await inside.settle();
  return readingOf(await client.module(firstModule(home).moduleId), 'temperature');
}

async function temperaturesOf(home: Home): Promise<unknown[]> {
  const { moduleId } = firstModule(home);
  const answer = await client.call('GET', `/v1/modules/${moduleId}/history?capability=temperature`);
  const { items } = (await answer.json()) as { items: { value: unknown }[] };
  return items.map(({ value }) => value);
}

/** Outcomes of Legrand's attempts to tell of a home, oldest first. */
async function attemptsOf({ plantNativeId }: Home) {
  const held = (await legrand.subscriptions()).filter(({ plantId }) => plantId === plantNativeId);
  const ids = held.map(({ subscriptionId }) => subscriptionId);
  return (await legrand.attempts()).filter(({ subscriptionId }) => ids.includes(subscriptionId));
}

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
    const [event] = await changesOf(home, 'temperature', 22.2);
    const observedAt = new Date(atMs).toISOString();
    expect(event?.data.changes).toContainEqual({
      capability: 'temperature',
      value: 22.2,
      previous: before,
      unit: 'C',
      observedAt,
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

  test('to an address that does not prove itself is answered with 404 and nothing else', async () => {
    const [home, other] = [await linkHome(bench), await linkHome(bench)];
    const hook = await hookOf(bench, home);
    const mac = hook.slice(hook.lastIndexOf('.') + 1);
    const otherMac = mac.startsWith('A') ? `B${mac.slice(1)}` : `A${mac.slice(1)}`;
    const body = [notification(home, { temperatureC: 28.8 })];
    for (const address of [
      hook.replace(mac, otherMac),
      hook.slice(0, -1),
      hook.replace(`.${mac}`, ''),
      hook.replace(home.accountId, other.accountId),
      hook.replace('/legrand/', '/netatmo/'),
      hook.replace('/legrand/', '/constructor/'),
    ]) {
      expect(await post(address, body), address).toEqual({ status: 404, text: '' });
    }
    expect([...(await deliveriesOf(home)), ...(await deliveriesOf(other))]).toEqual([]);
  });

  test.each([
    ['text', 'no JSON at all'],
    ['nothing', ''],
    ['JSON of something else', '{"hello":["world"]}'],
    ['a thermostat that does not say which', '{"chronothermostats":[{"mode":"MANUAL"}]}'],
  ])('of junk (%s) is acknowledged, kept as it came, and told as unreadable', async (_, raw) => {
    const home = await linkHome(bench);
    expect(await post(await hookOf(bench, home), raw)).toEqual(ACCEPTED);
    const { event } = await awaitEvent(
      bench,
      home.accountId,
      ({ type }) => type === 'latchkey.delivery.unreadable',
    );
    expect(event.data).toMatchObject({ deliveryId: event.subject, reason: expect.any(String) });
    expect(await deliveriesOf(home)).toEqual([
      expect.objectContaining({ deliveryId: event.subject, raw, provider: 'legrand' }),
    ]);
  });

  test('that cannot be read keeps nothing waiting behind it', async () => {
    const home = await linkHome(bench);
    const hook = await hookOf(bench, home);
    await post(hook, Buffer.from([0xff, 0xfe, 0x00]));
    await post(hook, [notification(home, { temperatureC: 21.9 }), { eventType: 'DeviceToCloud', data: 7 }]);
    expect(await changesOf(home, 'temperature', 21.9)).toHaveLength(1);
    const types = (await eventsOf(bench, home.accountId)).map(({ type }) => type);
    expect(types.filter((type) => type === 'latchkey.delivery.unreadable')).toHaveLength(2);
    expect(await inside.streamFailures()).toEqual([]);
  });

  test('that comes twice, or at once, is kept once and is one event', async () => {
    const home = await linkHome(bench);
    const hook = await hookOf(bench, home);
    const body = [notification(home, { temperatureC: 23.3 })];
    const answers = await Promise.all([post(hook, body), post(hook, body), post(hook, body)]);
    expect([...answers, await post(hook, body)]).toEqual([ACCEPTED, ACCEPTED, ACCEPTED, ACCEPTED]);
    expect(await changesOf(home, 'temperature', 23.3)).toHaveLength(1);
    expect(await deliveriesOf(home)).toHaveLength(1);

    await legrand.fault({ name: 'duplicate_event' });
    await legrand.touch({ moduleId: firstModule(home).nativeId, temperatureC: 26.6 });
    await until(
      () => attemptsOf(home),
      (attempts) => attempts.filter(({ delivered }) => delivered).length === 2,
    );
    expect(await changesOf(home, 'temperature', 26.6)).toHaveLength(1);
    expect(await deliveriesOf(home)).toHaveLength(2);
  });

  test('that is older than what is known changes history only', async () => {
    const home = await linkHome(bench);
    const hook = await hookOf(bench, home);
    const now = Date.now();
    await post(hook, [notification(home, { temperatureC: 22.5, atMs: now })]);
    await post(hook, [notification(home, { temperatureC: 18.5, atMs: now - 300_000 })]);
    expect(await temperatureOf(home)).toBe(22.5);
    expect(await changesOf(home, 'temperature', 18.5)).toEqual([]);
    const [first, ...later] = await temperaturesOf(home);
    expect(first).toBe(18.5);
    expect(later).toContain(22.5);
  });

  test('has 256 KB at most', async () => {
    const home = await linkHome(bench);
    const hook = await hookOf(bench, home);
    const frame = JSON.stringify({ padding: '' }).length;
    const largest = JSON.stringify({ padding: 'x'.repeat(MAX_BODY_BYTES - frame) });
    expect((await post(hook, `${largest} `)).status).toBe(413);
    expect(await deliveriesOf(home)).toEqual([]);
    expect(await post(hook, largest)).toEqual(ACCEPTED);
    expect((await deliveriesOf(home)).map(({ raw }) => String(raw).length)).toEqual([MAX_BODY_BYTES]);
  });

  test('in a burst of ten leaves the state that is true last, and all ten in the history', async () => {
    const home = await linkHome(bench);
    const strange = `${await hookOf(bench, home)}x`;
    // Ten cold starts at once take this machine longer than Legrand waits.
    await Promise.all(Array.from({ length: 10 }, () => post(strange, {})));
    await legrand.fault({ name: 'burst', count: 10, times: 1 });
    await legrand.touch({ moduleId: firstModule(home).nativeId, temperatureC: 24 });
    await until(
      () => deliveriesOf(home),
      (deliveries) => deliveries.length === 10,
    );
    expect(await temperatureOf(home)).toBe(24);
    const told = [24, 24.1, 24.2, 24.3, 24.4, 24.5, 24.6, 24.7, 24.8, 24.9];
    expect(await temperaturesOf(home)).toEqual(expect.arrayContaining(told));
  });

  test('of a thermostat nobody knows is acknowledged, and makes the next sync look for it', async () => {
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
    expect(String(job?.dueAt) <= new Date().toISOString()).toBe(true);

    await legrand.fault({ name: 'unknown_plant', times: 1 });
    await legrand.touch({ moduleId: firstModule(home).nativeId, temperatureC: 25.5 });
    const attempts = await until(
      () => attemptsOf(home),
      (seen) => seen.length > 0,
    );
    expect(attempts.map(({ status }) => status)).toEqual([200]);
  });

  test('that comes after the account was unlinked is acknowledged and forgotten', async () => {
    const home = await linkHome(bench);
    const hook = await hookOf(bench, home);
    await client.unlink(home.accountId);
    await inside.settle();
    const before = await eventsOf(bench, home.accountId);
    expect(await post(hook, bareNotification(home, { temperatureC: 21 }))).toEqual(ACCEPTED);
    await inside.settle();
    expect(await eventsOf(bench, home.accountId)).toEqual(before);
    expect((await client.call('GET', `/v1/accounts/${home.accountId}`)).status).toBe(404);
  });
});

describe('a webhook that cannot be kept', () => {
  test('is answered in time although the table hangs', async () => {
    const home = await linkHome(bench);
    const hook = await hookOf(bench, home);
    const body = [notification(home, { temperatureC: 28.2 })];
    await inside.fault({ action: 'PutItem', function: 'receive-webhook', effect: 'hang', times: 2 });
    expect((await post(hook, body)).status).toBe(503);
    await inside.clearFaults();
    expect(await post(hook, body)).toEqual(ACCEPTED);
    expect(await changesOf(home, 'temperature', 28.2)).toHaveLength(1);
  });

  test('because its answer was lost was kept all the same, and once', async () => {
    const home = await linkHome(bench);
    await inside.fault({ action: 'PutItem', function: 'receive-webhook', effect: 'cut', when: 'after' });
    const said = { temperatureC: 28.3 };
    expect(await post(await hookOf(bench, home), [notification(home, said)])).toEqual(ACCEPTED);
    expect(await deliveriesOf(home)).toHaveLength(1);
    expect(await changesOf(home, 'temperature', 28.3)).toHaveLength(1);
  });

  test('is not acknowledged, comes again, and arrives once', async () => {
    const home = await linkHome(bench);
    const { moduleId, nativeId } = firstModule(home);
    // The SDK tries twice.
    await inside.fault({ action: 'PutItem', function: 'receive-webhook', effect: 'fail', times: 2 });
    await legrand.touch({ moduleId: nativeId, temperatureC: 28.1 });
    const [failed] = await until(
      () => attemptsOf(home),
      (attempts) => attempts.length === 1,
    );
    expect(failed).toMatchObject({ attempt: 1, delivered: false, status: 503 });
    expect(await deliveriesOf(home)).toEqual([]);

    // From here on Legrand's clock is ahead, which is why this comes last.
    await legrand.advance(10);
    await awaitEvent(bench, home.accountId, isChange(moduleId, 'temperature', 28.1));
    expect(await changesOf(home, 'temperature', 28.1)).toHaveLength(1);
    expect(await deliveriesOf(home)).toHaveLength(1);
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
    expect(latencies.length).toBeGreaterThan(15);
    const counted = (await legrand.subscriptions()).map(({ endPoint }) => endPoint);
    expect(counted.filter((endPoint) => endPoint?.bannedUntilEpochMs !== undefined)).toEqual([]);
  });
});
