/** Webhooks that are junk, come from nobody, are too large, or cannot be kept just now. */
import { describe, expect, test } from 'vitest';
import { useBench } from './bench.ts';
import { awaitEvent, eventsOf, firstModule, isChange, linkHome } from './home.ts';
import { bareNotification, hookOf, notification, post, postOnce } from './notification.ts';
import { until } from './until.ts';
import { ACCEPTED, attemptsOf, changesOf, deliveriesOf } from './webhook-traces.ts';

const bench = await useBench();
const { client, legrand, inside } = bench;

const MAX_BODY_BYTES = 256 * 1024;

describe('a webhook', () => {
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
    expect([...(await deliveriesOf(bench, home)), ...(await deliveriesOf(bench, other))]).toEqual([]);
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
    expect(await deliveriesOf(bench, home)).toEqual([
      expect.objectContaining({ deliveryId: event.subject, raw, provider: 'legrand' }),
    ]);
  });

  test('that cannot be read keeps nothing waiting behind it', async () => {
    const home = await linkHome(bench);
    const hook = await hookOf(bench, home);
    await post(hook, Buffer.from([0xff, 0xfe, 0x00]));
    await post(hook, [notification(home, { temperatureC: 21.9 }), { eventType: 'DeviceToCloud', data: 7 }]);
    expect(await changesOf(bench, home, 'temperature', 21.9)).toHaveLength(1);
    const types = (await eventsOf(bench, home.accountId)).map(({ type }) => type);
    expect(types.filter((type) => type === 'latchkey.delivery.unreadable')).toHaveLength(2);
    expect(await inside.streamFailures()).toEqual([]);
  });

  test('has 256 KB at most', async () => {
    const home = await linkHome(bench);
    const hook = await hookOf(bench, home);
    const frame = JSON.stringify({ padding: '' }).length;
    const largest = JSON.stringify({ padding: 'x'.repeat(MAX_BODY_BYTES - frame) });
    expect((await post(hook, `${largest} `)).status).toBe(413);
    expect(await deliveriesOf(bench, home)).toEqual([]);
    expect(await post(hook, largest)).toEqual(ACCEPTED);
    expect((await deliveriesOf(bench, home)).map(({ raw }) => String(raw).length)).toEqual([MAX_BODY_BYTES]);
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
  test.each(['fail', 'hang'] as const)('because the table does %s is put off in time', async (effect) => {
    const home = await linkHome(bench);
    const hook = await hookOf(bench, home);
    const body = [notification(home, { temperatureC: 28.2 })];
    // The SDK tries twice.
    await inside.fault({ action: 'PutItem', function: 'receive-webhook', effect, times: 2 });
    expect(await postOnce(hook, body)).toEqual({ status: 503, text: '' });
    expect(await deliveriesOf(bench, home)).toEqual([]);
    await inside.clearFaults();
    expect(await post(hook, body)).toEqual(ACCEPTED);
    expect(await changesOf(bench, home, 'temperature', 28.2)).toHaveLength(1);
  });

  test('because its answer was lost was kept all the same, and once', async () => {
    const home = await linkHome(bench);
    await inside.fault({ action: 'PutItem', function: 'receive-webhook', effect: 'cut', when: 'after' });
    const said = { temperatureC: 28.3 };
    expect(await post(await hookOf(bench, home), [notification(home, said)])).toEqual(ACCEPTED);
    expect(await deliveriesOf(bench, home)).toHaveLength(1);
    expect(await changesOf(bench, home, 'temperature', 28.3)).toHaveLength(1);
  });

  test('is not acknowledged, comes again, and arrives once', async () => {
    const home = await linkHome(bench);
    const { moduleId, nativeId } = firstModule(home);
    await inside.fault({ action: 'PutItem', function: 'receive-webhook', effect: 'fail', times: 2 });
    await legrand.touch({ moduleId: nativeId, temperatureC: 28.1 });
    const [failed] = await until(
      () => attemptsOf(bench, home),
      (attempts) => attempts.length === 1,
    );
    expect(failed).toMatchObject({ attempt: 1, delivered: false });
    expect(await deliveriesOf(bench, home)).toEqual([]);

    // From here on Legrand's clock is ahead, which is why this comes last.
    await legrand.advance(10);
    await awaitEvent(bench, home.accountId, isChange(moduleId, 'temperature', 28.1));
    expect(await changesOf(bench, home, 'temperature', 28.1)).toHaveLength(1);
    expect(await deliveriesOf(bench, home)).toHaveLength(1);
  });
});
