/** Webhooks that do not come: a ban, a subscription that Legrand has lost, and what is not ours. */
import { describe, expect, test } from 'vitest';
import { useBench } from './bench.ts';
import { awaitEvent, eventsOf, firstModule, type Home, isChange, linkHome } from './home.ts';
import { hookOf, notification, post } from './notification.ts';
import { present, until } from './until.ts';
import { attemptsOf, deliveriesOf } from './webhook-traces.ts';

const bench = await useBench();
const { client, legrand, inside } = bench;

const FAILING = 10;

const webhookEvents = async (home: Home) =>
  (await eventsOf(bench, home.accountId))
    .filter(({ type }) => type.startsWith('latchkey.webhook.'))
    .map(({ type, data }) => [type, data.reason]);

describe('the look at the subscriptions', () => {
  const look = async ({ accountId }: Home) => {
    expect((await client.call('POST', `/v1/accounts/${accountId}/sync`)).status).toBe(202);
    await inside.runSchedule('sync-accounts');
    await inside.settle();
  };
  const urlsOf = async ({ plantNativeId }: Home) =>
    (await legrand.subscriptions())
      .filter(({ plantId }) => plantId === plantNativeId)
      .map(({ endPointUrl }) => endPointUrl)
      .toSorted();

  test('makes a ghost again, tells of it, and reads what it did not tell', async () => {
    const home = await linkHome(bench);
    const { moduleId, nativeId } = firstModule(home);
    const before = await urlsOf(home);
    const [ghost] = (await client.account(home.accountId)).webhook.subscriptions;
    await legrand.removeSubscription(ghost?.subscriptionId ?? '');
    await legrand.touch({ moduleId: nativeId, temperatureC: 29.5 });
    await look(home);
    await inside.runSchedule('sync-accounts');
    await inside.settle();
    expect(await urlsOf(home)).toEqual(before);
    const [made] = (await client.account(home.accountId)).webhook.subscriptions;
    expect(made?.subscriptionId).not.toBe(ghost?.subscriptionId);
    await awaitEvent(bench, home.accountId, isChange(moduleId, 'temperature', 29.5));
    expect(await webhookEvents(home)).toEqual([
      ['latchkey.webhook.suspected_ban', 'subscription_lost'],
      ['latchkey.webhook.gap_repaired', 'subscription_lost'],
    ]);
    await legrand.touch({ moduleId: nativeId, temperatureC: 30.5 });
    await awaitEvent(bench, home.accountId, isChange(moduleId, 'temperature', 30.5));
  });

  test('removes an orphan of ours and leaves alone what is not', async () => {
    const home = await linkHome(bench);
    const [own = ''] = await urlsOf(home);
    const theirs = 'https://voice-assistant.example.net/legrand';
    await legrand.addForeign(home.plantNativeId, theirs);
    await legrand.addForeign(home.plantNativeId, own.replace(home.accountId, 'acc_00000000000000000000'));
    await legrand.addForeign(home.plantNativeId, own.replace(/\.\d{10}\./, '.7.'));
    expect(await urlsOf(home)).toHaveLength(4);
    await look(home);
    expect(await urlsOf(home)).toEqual([own, theirs].toSorted());
    expect(await webhookEvents(home)).toEqual([]);
  });
});

// Legrand's clock is ahead after this, which is why it comes last.
describe('a ban', () => {
  test('is what Legrand and Latchkey count alike, and what it swallowed is read from the state', async () => {
    const home = await linkHome(bench);
    const { moduleId, nativeId } = firstModule(home);
    const hook = await hookOf(bench, home);
    const book = async () =>
      present(
        (await legrand.endPoints()).find(({ url }) => url === hook),
        'book on the address',
      );
    // Ten cold starts at once take this machine longer than Legrand waits.
    await Promise.all(Array.from({ length: FAILING }, () => post(`${hook}x`, {})));

    // Each fails once, and once more when Legrand sends it again.
    await inside.fault({ action: 'PutItem', function: 'receive-webhook', effect: 'fail', times: 1000 });
    const from = Date.now();
    for (let sent = 1; sent <= FAILING; sent++) {
      await legrand.emit(home.plantNativeId, [notification(home, { temperatureC: 18 + sent / 10 })]);
      await until(
        () => attemptsOf(bench, home),
        (attempts) => attempts.length === sent,
      );
    }
    expect(await book()).toMatchObject({ failures: FAILING, bans: 0 });
    await legrand.advance(10);
    expect(await book()).toMatchObject({ accepted: 0, failures: 2 * FAILING, bans: 1 });
    await legrand.touch({ moduleId: nativeId, setPointC: 23.5 });
    expect((await book()).lost).toBeGreaterThan(0);

    await inside.clearFaults();
    await legrand.advance(61);
    await until(
      () => deliveriesOf(bench, home),
      (deliveries) => deliveries.length >= FAILING,
    );
    const isSuspected = ({ type }: { type: string }) => type === 'latchkey.webhook.suspected_ban';
    const { event } = await awaitEvent(bench, home.accountId, isSuspected);
    expect(event).toMatchObject({ subject: home.accountId, data: { reason: 'answers_failed' } });
    expect(Math.abs(Date.parse(String(event.data.from)) - from)).toBeLessThan(10_000);
    const { webhook } = await client.account(home.accountId);
    expect(webhook.failedAnswers?.count).toBeGreaterThanOrEqual(2 * FAILING);
    expect(webhook.gap).toMatchObject({ reason: 'answers_failed', from: event.data.from });

    await inside.runSchedule('sync-accounts');
    await awaitEvent(bench, home.accountId, isChange(moduleId, 'setpoint', 23.5));
    const isRepaired = ({ type }: { type: string }) => type === 'latchkey.webhook.gap_repaired';
    const repaired = await awaitEvent(bench, home.accountId, isRepaired);
    expect(repaired.event.data).toMatchObject({
      reason: 'answers_failed',
      from: event.data.from,
      to: (await client.account(home.accountId)).webhook.lastRepair?.to,
    });
  });
});
