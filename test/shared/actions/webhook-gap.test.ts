/** Webhooks that are missing: how it is noticed, told and made up for. */
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { syncAccounts } from '../../../shared/actions/sync-accounts.ts';
import type { PlantWebhookApi } from '../../../shared/providers/provider.ts';
import { plantWebhook } from '../providers/webhook-breadth.ts';
import { projectRecords } from './store-bench.ts';
import { openWebhookBench, type WebhookBench } from './webhook-bench.ts';

const HOUR = 3_600;
const DAY = 24 * HOUR;

let home: WebhookBench;
/** Lines of the log. */
let logged: string[];
beforeEach(async () => {
  home = await openWebhookBench();
  logged = [];
  const note = (line: unknown) => logged.push(String(line)) > 0;
  vi.spyOn(process.stdout, 'write').mockImplementation(note);
  vi.spyOn(process.stderr, 'write').mockImplementation(note);
});
afterEach(async () => {
  vi.restoreAllMocks();
  await home.close();
});

const wait = (seconds: number) => {
  home.clock.now += seconds * 1000;
};
const nearLines = () =>
  logged.filter((line) => line.includes('webhook ban near')).map((line) => JSON.parse(line));
const answers = async () => (await home.bench.store.syncJobs.get(home.accountId))?.answers?.failures;
const failing = (count: number, sinceSeconds: number) => ({
  misses: { count, sinceMs: home.clock.now + sinceSeconds * 1000 },
});

describe('failed answers', () => {
  test('are an alarm at ten of twenty, told in the log by account and number, and no suspicion yet', async () => {
    await home.deliver(failing(9, -30));
    expect(nearLines()).toEqual([]);
    await home.deliver(failing(1, -5));
    expect(nearLines()).toEqual([
      expect.objectContaining({ level: 'ERROR', accountId: home.accountId, failedAnswers: 10 }),
    ]);
    await home.deliver(failing(1, -5));
    expect(nearLines()).toHaveLength(1);
    expect(await answers()).toBe(11);
    expect(await home.news()).toEqual([]);
  });

  test('are suspected to be a ban at twenty: polled at once, and again when it must be over', async () => {
    const from = home.at(-40);
    const suspectedAt = home.at();
    await home.deliver(failing(20, -40));
    expect(await home.news()).toEqual([['suspected_ban', { reason: 'answers_failed', from }]]);
    expect((await home.account()).webhookGap).toEqual({
      reason: 'answers_failed',
      from,
      suspectedAt,
      endsAt: home.at(60),
    });

    wait(1);
    const first = home.at();
    await home.controls.touch({ moduleId: await firstModule(), temperatureC: 27.5 });
    await syncAccounts(home.deps);
    expect(await temperature()).toBe(27.5);
    expect(await home.news()).toEqual([['gap_repaired', { reason: 'answers_failed', from, to: first }]]);

    wait(30);
    expect(await syncAccounts(home.deps)).toMatchObject({ due: 0 });
    wait(30);
    await syncAccounts(home.deps);
    expect(await home.news()).toEqual([
      ['gap_repaired', { reason: 'answers_failed', from: first, to: home.at() }],
    ]);
    expect((await home.account()).webhookGap).toBeUndefined();
  });

  test('are counted once, and suspected once, where the stream comes again', async () => {
    const known = (await home.bench.records()).length;
    await home.deliver(failing(20, -40));
    const { store } = home.bench;
    const { providerOf } = home.deps;
    await projectRecords((await home.bench.records()).slice(known), { store, providerOf });
    expect(await answers()).toBe(20);
    const told = new Set((await home.bench.feed()).map(({ id }) => id));
    await home.bench.project();
    expect(new Set((await home.bench.feed()).map(({ id }) => id))).toEqual(told);
  });

  test('that were suspected but not yet counted when the projection died are both, once it is repeated', async () => {
    const known = (await home.bench.records()).length;
    const { version } = await home.account();
    // The count is the fourth update of a job: the delivery's own, twice the hastening, then it.
    home.bench.faults.add({ action: 'UpdateItem', effect: 'fail', skip: 3 });
    await expect(home.deliver(failing(20, -40))).rejects.toThrow('could not be projected');
    expect(await answers()).toBeUndefined();
    const { store } = home.bench;
    await projectRecords((await home.bench.records()).slice(known), {
      store,
      providerOf: home.deps.providerOf,
    });
    expect(await answers()).toBe(20);
    expect((await home.account()).version).toBe(version + 1);
  });
});

describe('silence', () => {
  /** Something every hour for some days: known, and never silent for more than an hour. */
  beforeEach(async () => {
    for (let hour = 0; hour < 4 * 24; hour++) {
      wait(HOUR);
      await home.bench.store.syncJobs.noteDelivery(home.accountId, home.at());
    }
    await home.deliver();
    await home.news();
  });

  test('of an account that is usually talkative is suspected, polled for, and over with the next delivery', async () => {
    const from = home.at();
    wait(2 * HOUR - 1);
    await home.sync('state');
    expect(await home.news()).toEqual([]);

    wait(1);
    const suspectedAt = home.at();
    await home.controls.touch({ moduleId: await firstModule(), temperatureC: 28.5 });
    await home.sync('state');
    expect(await temperature()).toBe(28.5);
    expect(await home.news()).toEqual([
      ['suspected_ban', { reason: 'silence', from }],
      ['gap_repaired', { reason: 'silence', from, to: suspectedAt }],
    ]);

    wait(5 * HOUR);
    await home.sync('state');
    expect(await home.news()).toEqual([]);

    await home.deliver();
    wait(1);
    await syncAccounts(home.deps);
    expect(await home.news()).toEqual([
      ['gap_repaired', { reason: 'silence', from: suspectedAt, to: home.at() }],
    ]);
    expect((await home.account()).webhookGap).toBeUndefined();
  });

  test.each([
    ['its grant has ended', { status: 'reauth_required' as const }],
    ['nothing is subscribed', { subscriptions: [] }],
  ])('says nothing of an account where %s', async (_, changes) => {
    await home.bench.store.accounts.change(home.accountId, () => changes);
    wait(DAY);
    await home.sync('state');
    expect(await home.news()).toEqual([]);
  });

  test('is still to be polled for while the cloud does not answer', async () => {
    wait(3 * HOUR);
    home.cloud.misbehave('unavailable');
    await home.sync('state');
    expect(await home.news()).toEqual([['suspected_ban', expect.objectContaining({ reason: 'silence' })]]);
    home.cloud.restore();
    wait(60);
    await syncAccounts(home.deps);
    expect(await home.news()).toEqual([['gap_repaired', expect.objectContaining({ to: home.at() })]]);
  });
});

describe('a cloud that tells when it switched a webhook on again', () => {
  /** Legrand does not tell; another cloud does. */
  const reactivate = (activatedAt: string) => {
    const webhook = plantWebhook(home.cloud.provider);
    const list: PlantWebhookApi['list'] = async (...wish) =>
      (await webhook.list(...wish)).map((each) => ({ ...each, activatedAt }));
    home.pretend({ webhook: { ...webhook, list } });
  };

  test('after we had subscribed is taken for one that had switched it off, once', async () => {
    await home.deliver();
    const from = home.at();
    wait(HOUR);
    reactivate(home.at());
    wait(HOUR);
    await home.sync('subscriptions');
    await syncAccounts(home.deps);
    expect(await home.news()).toEqual([
      ['suspected_ban', { reason: 'reactivated', from }],
      ['gap_repaired', { reason: 'reactivated', from, to: home.at() }],
    ]);
    await home.sync('subscriptions');
    expect(await home.news()).toEqual([]);
  });

  test('when we subscribed says nothing', async () => {
    reactivate(home.at());
    await home.sync('subscriptions');
    expect(await home.news()).toEqual([]);
  });
});

async function firstModule(): Promise<string> {
  const [module] = await home.bench.store.modules.ofAccount(home.accountId);
  return module?.nativeId ?? 'none';
}

async function temperature(): Promise<unknown> {
  const modules = await home.bench.store.modules.ofAccount(home.accountId);
  return modules[0]?.readings.temperature?.value;
}
