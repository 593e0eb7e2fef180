/** Our subscriptions, as the simulated Legrand has them and as we believe, brought together. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { hookUrl } from '../../../shared/actions/link-urls.ts';
import { rollHook } from '../../../shared/actions/roll-hook.ts';
import { plantWebhook } from '../providers/webhook-breadth.ts';
import { anAccount } from '../store/samples.ts';
import { openWebhookBench, PUBLIC_URL, type WebhookBench } from './webhook-bench.ts';

const HOUR = 3_600;

let home: WebhookBench;
let plantId: string;
beforeEach(async () => {
  home = await openWebhookBench();
  [{ plantId } = { plantId: '' }] = await home.controls.subscriptions();
});
afterEach(() => home.close());

const urlOf = (accountId: string, epoch: number) =>
  hookUrl(PUBLIC_URL, home.deps.hookKey, 'legrand', { accountId, epoch });
const presentUrl = async () => urlOf(home.accountId, (await home.account()).hook?.epoch ?? 0);
const listed = async () => (await home.controls.subscriptions()).map(({ endPointUrl }) => endPointUrl);
const wait = (seconds: number) => {
  home.clock.now += seconds * 1000;
};

describe('the daily look', () => {
  test('finds all well, and changes nothing', async () => {
    const before = await home.controls.subscriptions();
    await home.sync('subscriptions');
    expect(await home.controls.subscriptions()).toEqual(before);
    expect(await listed()).toEqual([await presentUrl()]);
    expect(await home.news()).toEqual([]);
  });

  test('makes a ghost again, and makes up for what it has not told', async () => {
    await home.deliver();
    const from = home.at();
    const [ghost] = (await home.account()).subscriptions;
    await home.controls.removeSubscription(ghost?.subscriptionId ?? '');
    wait(HOUR);
    await home.sync('subscriptions');

    expect(await listed()).toEqual([await presentUrl()]);
    const [made] = (await home.account()).subscriptions;
    expect(made).toMatchObject({ since: home.at(), url: await presentUrl() });
    expect(made?.subscriptionId).not.toBe(ghost?.subscriptionId);
    await home.sync();
    expect(await home.news()).toEqual([
      ['suspected_ban', { reason: 'subscription_lost', from }],
      ['gap_repaired', { reason: 'subscription_lost', from, to: home.at() }],
    ]);
  });

  test('goes on to owe a ghost that could not be made again, and says why', async () => {
    const [ghost] = (await home.account()).subscriptions;
    await home.controls.removeSubscription(ghost?.subscriptionId ?? '');
    home.cloud.cloud.faults.set({ name: 'server_error', on: 'subscribe' });
    await home.sync('subscriptions');
    expect(await home.account()).toMatchObject({ subscriptions: [], webhookProblem: expect.any(String) });
    home.cloud.restore();
    wait(60);
    await home.sync();
    expect(await listed()).toEqual([await presentUrl()]);
    expect((await home.account()).webhookProblem).toBeUndefined();
  });

  test('removes our orphans: former addresses, and those of accounts that are not linked', async () => {
    const session = home.cloud.session;
    const webhook = plantWebhook(home.cloud.provider);
    const gone = anAccount();
    for (const url of [
      urlOf(home.accountId, 7),
      urlOf(gone.accountId, 7),
      `${PUBLIC_URL}/webhooks/legrand/nobody`,
    ])
      await webhook.subscribe(session, { nativeId: plantId }, url);
    expect(await listed()).toHaveLength(4);
    await home.sync('subscriptions');
    expect(await listed()).toEqual([await presentUrl()]);
    expect(await home.news()).toEqual([]);
  });

  test("touches neither other applications' nor those of the same person's other account", async () => {
    const other = anAccount();
    await home.bench.store.accounts.create(other);
    const webhook = plantWebhook(home.cloud.provider);
    const theirs = [
      'https://voice-assistant.example.net/legrand',
      `https://example.net/?next=${PUBLIC_URL}/webhooks/legrand/${home.accountId}.7.x`,
      `${PUBLIC_URL}/webhooks/netatmo/${home.accountId}.7.x`,
    ];
    for (const url of theirs) await home.controls.addForeign(plantId, url);
    await webhook.subscribe(home.cloud.session, { nativeId: plantId }, urlOf(other.accountId, 7));
    const before = await listed();
    await home.sync('subscriptions');
    expect(await listed()).toEqual(before);
  });
});

describe('a rolled hook', () => {
  test('is told to the provider before the former one is taken back', async () => {
    const former = await presentUrl();
    wait(HOUR);
    await rollHook(home.deps, home.accountId, true);
    expect((await home.account()).hook?.former).toEqual({ epoch: expect.any(Number) });
    await home.sync();
    expect(await listed()).toEqual([await presentUrl()]);
    expect(await presentUrl()).not.toBe(former);
    const calls = (await home.controls.requests()).map(({ operation }) => operation);
    expect(calls.slice(-3)).toEqual(['subscriptions', 'subscribe', 'unsubscribe']);
    expect((await home.account()).hook?.former?.until).toBe(home.at(HOUR));
    expect(await home.news()).toEqual([]);
  });

  test('leaves the former one subscribed, and open, while the provider does not take the new one', async () => {
    const former = await presentUrl();
    wait(HOUR);
    await rollHook(home.deps, home.accountId, true);
    home.cloud.cloud.faults.set({ name: 'server_error', on: 'subscribe' });
    await home.sync();
    expect(await listed()).toEqual([former]);
    wait(2 * HOUR);
    expect((await home.account()).hook?.former).not.toHaveProperty('until');
    home.cloud.restore();
    await home.sync();
    expect(await listed()).toEqual([await presentUrl()]);
    expect((await home.account()).hook?.former?.until).toBe(home.at(HOUR));
  });

  test('replaces the former one where a plant may have only one', async () => {
    home.cloud.cloud.faults.set({ name: 'subscription_limit' });
    wait(HOUR);
    await rollHook(home.deps, home.accountId, true);
    await home.sync();
    expect(await listed()).toEqual([await presentUrl()]);
  });

  test('is every account’s where an operator has ended all older addresses', async () => {
    const later = Math.floor(home.clock.now / 1000) + 60;
    Object.assign(home.deps.hookKey, { epoch: later });
    await home.sync('subscriptions');
    expect(await listed()).toEqual([urlOf(home.accountId, later)]);
    await rollHook(home.deps, home.accountId, true);
    expect((await home.account()).hook).toEqual({ epoch: later + 1, former: { epoch: later } });
  });
});

describe('deliveries', () => {
  const stateOf = async () => (await home.bench.store.syncJobs.get(home.accountId)) ?? {};
  const temperature = 26.75;
  const said = async () => {
    const [module] = await home.bench.store.modules.ofAccount(home.accountId);
    const time = home.at().replace(/\.\d+Z$/, '+00:00');
    const measures = [{ timeStamp: time, value: String(temperature), unit: 'C' }];
    const sender = { plant: { id: plantId, module: { id: module?.nativeId } } };
    return JSON.stringify({ chronothermostats: [{ time, thermometer: { measures }, sender }] });
  };
  const isTold = async () => {
    const modules = await home.bench.store.modules.ofAccount(home.accountId);
    return modules.some(({ readings }) => readings.temperature?.value === temperature);
  };

  test('to the former address count during the overlap, and to the present one as well', async () => {
    const former = (await home.account()).hook?.epoch ?? 0;
    wait(HOUR);
    await rollHook(home.deps, home.accountId, true);
    await home.deliver({ hookEpoch: former, raw: await said() });
    expect(await isTold()).toBe(true);
    await home.sync();
    wait(HOUR);
    await home.deliver({ hookEpoch: former });
    await home.deliver();
    expect(await stateOf()).toMatchObject({ deliveries: 3, lastDeliveryAt: home.at() });
    expect(await stateOf()).not.toHaveProperty('outdated');
  });

  test('to the former address after it change nothing, and are told apart', async () => {
    const former = (await home.account()).hook?.epoch ?? 0;
    wait(HOUR);
    await rollHook(home.deps, home.accountId, true);
    await home.sync();
    wait(HOUR + 1);
    const known = (await home.bench.records()).length;
    const misses = { count: 20, sinceMs: home.clock.now };
    await home.deliver({ hookEpoch: former, raw: await said(), misses });
    expect(await isTold()).toBe(false);
    const job = await stateOf();
    expect(job).toMatchObject({ outdated: { deliveries: 1, lastAt: home.at() } });
    expect(job).not.toHaveProperty('lastDeliveryAt');
    expect(job).not.toHaveProperty('answers');
    expect(await home.news()).toEqual([]);
    const written = (await home.bench.records()).slice(known);
    expect(written.map(({ dynamodb }) => dynamodb?.Keys?.sk?.S).toSorted()).toEqual([
      expect.stringMatching(/^DELIVERY#/),
      expect.stringMatching(/^DELIVERY#/),
      'JOB#sync',
    ]);
  });

  test('to the former address end with the call, where there is to be no overlap', async () => {
    const former = (await home.account()).hook?.epoch ?? 0;
    wait(HOUR);
    await rollHook(home.deps, home.accountId, false);
    await home.deliver({ hookEpoch: former, raw: await said() });
    expect(await isTold()).toBe(false);
  });
});
