/** Deliveries that are kept, read again by the projection of today. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { replayDeliveries } from '../../../shared/actions/replay-deliveries.ts';
import { rollHook } from '../../../shared/actions/roll-hook.ts';
import { startReplay } from '../../../shared/actions/start-replay.ts';
import { syncAccounts } from '../../../shared/actions/sync-accounts.ts';
import type { Provider } from '../../../shared/providers/provider.ts';
import { keepDelivery } from '../../../shared/store/keep-delivery.ts';
import { openWebhookBench, type WebhookBench } from './webhook-bench.ts';

const HOUR = 3_600;

let home: WebhookBench;
let module: { nativeId: string; moduleId: string; plantId: string };
beforeEach(async () => {
  home = await openWebhookBench();
  [module = { nativeId: '', moduleId: '', plantId: '' }] = await home.bench.store.modules.ofAccount(
    home.accountId,
  );
  home.clock.now += HOUR * 1000;
});
afterEach(() => home.close());

const wait = (seconds: number) => {
  home.clock.now += seconds * 1000;
};
const said = async (temperature: number) => {
  const plant = await home.bench.store.plants.ofAccount(home.accountId);
  const time = home.at().replace(/\.\d+Z$/, '+00:00');
  const measures = [{ timeStamp: time, value: String(temperature), unit: 'C' }];
  const sender = { plant: { id: plant[0]?.nativeId, module: { id: module.nativeId } } };
  return JSON.stringify({ chronothermostats: [{ time, thermometer: { measures }, sender }] });
};

/** What the driver was before it was mended: it read nothing. */
const broken: Pick<Provider, 'translate'> = {
  translate: () => ({ kind: 'unreadable', reason: 'is not what it was yesterday' }),
};
async function deliverUnread(raw: string, deliveryId?: string): Promise<void> {
  home.pretend(broken);
  await home.deliver({ raw, ...(deliveryId !== undefined && { deliveryId }) });
  home.pretend({});
}

const window = (fromSeconds = -2 * HOUR, toSeconds = 0) => ({
  from: home.at(fromSeconds),
  to: home.at(toSeconds),
});
const start = (wanted = window()) => startReplay(home.deps, home.accountId, wanted);
const run = () => replayDeliveries(home.deps);
const replay = () => home.bench.store.replays.get(home.accountId);
const state = async () =>
  (await home.bench.store.modules.get({ accountId: home.accountId, moduleId: module.moduleId }))?.readings
    .temperature;
const history = async () => {
  await home.bench.project();
  const wish = { moduleId: module.moduleId, capability: 'temperature', limit: 1000 } as const;
  return (await home.bench.store.readings.range(wish)).items.map(({ value }) => value);
};
const changes = async () =>
  (await home.bench.project())
    .filter(({ type, subject }) => type === 'latchkey.module.changed' && subject === module.moduleId)
    .map(({ data }) => data);

describe('a replay', () => {
  test('yields the readings of a delivery that could not be read, marked with the replay', async () => {
    const receivedAt = home.at();
    await deliverUnread(await said(26.75));
    expect((await state())?.value).not.toBe(26.75);
    wait(60);
    const { replay: started } = await start();
    expect(started).toMatchObject({ ...window(), startedAt: home.at(), dueAt: home.at() });
    expect(await run()).toEqual({ replayed: 1 });

    expect(await state()).toMatchObject({ value: 26.75, receivedAt });
    const [last] = (await changes()).slice(-1);
    expect(last).toMatchObject({
      replay: started?.replayId,
      changes: [expect.objectContaining({ capability: 'temperature', value: 26.75 })],
    });
    expect(await history()).toContain(26.75);
    const counts = { deliveries: 1, readable: 1, unreadable: 0, ignored: 0, changes: 1 };
    expect(await replay()).toMatchObject({ counts, finishedAt: home.at() });
  });

  test('changes nothing that is newer, and puts what is older into the history', async () => {
    await deliverUnread(await said(26.75));
    wait(60);
    await home.deliver({ raw: await said(21.25) });
    const before = await state();
    const told = (await changes()).length;
    wait(60);
    await start();
    await run();
    expect(await state()).toEqual(before);
    expect(await changes()).toHaveLength(told);
    expect((await history()).slice(-2)).toEqual([26.75, 21.25]);
  });

  test('does not put an earlier word of the same second over a later one in the history', async () => {
    // A replay goes by ids, not by times: this one comes last.
    await deliverUnread(await said(26.75), 'z');
    const raw = await said(21.25);
    home.clock.now += 200;
    await home.deliver({ raw });
    wait(60);
    await home.deliver({ raw: await said(22) });
    await start();
    wait(60);
    await run();
    expect((await history()).slice(-2)).toEqual([21.25, 22]);
  });

  test('of what was read already changes nothing and tells nothing', async () => {
    for (const temperature of [24, 25, 26]) {
      wait(60);
      await home.deliver({ raw: await said(temperature) });
    }
    const feed = await home.bench.project();
    const [before, past] = [await state(), await history()];
    wait(60);
    await start();
    await run();
    expect(await home.bench.project()).toEqual(feed);
    expect([await state(), await history()]).toEqual([before, past]);
    expect((await replay())?.counts).toMatchObject({ deliveries: 3, readable: 3, changes: 0 });
  });

  test('ends its mark: what is said after it is told as it happens', async () => {
    await deliverUnread(await said(26.75));
    wait(60);
    await start();
    await run();
    await home.deliver({ raw: await said(27) });
    const [last] = (await changes()).slice(-1);
    expect(last).not.toHaveProperty('replay');
  });

  test('reads its window only: from its beginning on, and not its end', async () => {
    for (const temperature of [24, 25, 26, 27]) {
      wait(60);
      await deliverUnread(await said(temperature));
    }
    await start(window(-120, 0));
    wait(60);
    await run();
    expect((await history()).filter((value) => [24, 25, 26, 27].includes(Number(value)))).toEqual([25, 26]);
  });

  test('leaves junk junk, and what came to an address that had ended', async () => {
    const { hook } = await home.account();
    await home.deliver({ raw: 'junk' });
    await home.deliver({ raw: '{"chronothermostats":[]}' });
    await rollHook(home.deps, home.accountId, false);
    await home.deliver({ raw: await said(26.75), hookEpoch: hook?.epoch ?? 0 });
    wait(60);
    await rollHook(home.deps, home.accountId, true);
    await start();
    await run();
    expect((await replay())?.counts).toEqual({
      deliveries: 3,
      readable: 0,
      unreadable: 1,
      ignored: 2,
      changes: 0,
    });
    expect((await state())?.value).not.toBe(26.75);
  });
});

describe('a large window', () => {
  const HELD = 450;
  beforeEach(async () => {
    const raw = await said(26.75);
    for (let held = 0; held < HELD; held++) {
      const id = `held-${String(held).padStart(4, '0')}`;
      await keep(id, raw);
    }
    await home.bench.project();
    wait(60);
  });
  const keep = async (deliveryId: string, raw: string) => {
    const { client, tableName } = home.bench;
    const delivery = {
      accountId: home.accountId,
      deliveryId,
      provider: 'legrand',
      raw,
      receivedAtMs: home.clock.now,
      hookEpoch: 0,
    };
    await keepDelivery(client, tableName, delivery, AbortSignal.timeout(5_000));
  };

  test('is read in parts, at most 300 a minute, until it is finished', async () => {
    await start();
    expect(await run()).toEqual({ replayed: 300 });
    expect(await replay()).toMatchObject({ counts: { deliveries: 300 } });
    expect(await replay()).not.toHaveProperty('finishedAt');
    expect(await run()).toEqual({ replayed: 0 });
    wait(60);
    expect(await run()).toEqual({ replayed: 150 });
    expect(await replay()).toMatchObject({ counts: { deliveries: HELD }, finishedAt: home.at() });
  });

  test('goes on where a run that was cut short had saved it', async () => {
    await start();
    // The first page is saved, the second read, and its saving fails.
    home.bench.faults.add({ action: 'UpdateItem', effect: 'fail', skip: 2 });
    expect(await run()).toEqual({ replayed: 0 });
    expect((await replay())?.counts.deliveries).toBe(50);
    expect(await run()).toEqual({ replayed: 0 });
    wait(60);
    await run();
    wait(60);
    await run();
    expect(await replay()).toMatchObject({ counts: { deliveries: HELD }, finishedAt: home.at() });
  });

  test('is taken by one of two runs', async () => {
    await start();
    const parts = await Promise.all([run(), run()]);
    expect(parts.map(({ replayed }) => replayed).toSorted()).toEqual([0, 300]);
  });

  test('waits for a run that has time', async () => {
    await start();
    expect(await replayDeliveries({ ...home.deps, remainingMs: () => 5_000 })).toEqual({ replayed: 0 });
    expect(await run()).toEqual({ replayed: 300 });
  });

  test('stops with its account', async () => {
    await start();
    await run();
    await home.bench.store.accounts.forget(home.accountId);
    wait(60);
    expect(await run()).toEqual({ replayed: 0 });
    expect(await replay()).toBeUndefined();
  });
});

describe('the start of a replay', () => {
  test('is refused while another is not finished, and then is not', async () => {
    await start();
    await expect(start()).rejects.toMatchObject({
      code: 'replay_running',
      details: { retryAfterSeconds: 60 },
    });
    await run();
    wait(1);
    const first = await replay();
    expect((await start()).replay?.replayId).not.toBe(first?.replayId);
  });

  test('is won by one of many at once', async () => {
    const outcomes = await Promise.allSettled(Array.from({ length: 8 }, () => start()));
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  test.each([
    ['ends before it begins', 0, -60],
    ['is empty', -60, -60],
    ['is in the future', 60, 120],
  ])('is refused for a window that %s', async (_, from, to) => {
    await expect(start(window(from, to))).rejects.toMatchObject({ code: 'request_invalid' });
    expect(await replay()).toBeUndefined();
  });

  test('ends at the present, for a window that does not', async () => {
    expect((await start(window(-60, 60))).replay?.to).toBe(home.at());
  });

  test('is refused for an account that there is not', async () => {
    await home.bench.store.accounts.forget(home.accountId);
    await expect(start()).rejects.toMatchObject({ code: 'account_unknown' });
  });

  test('is nothing that the sync of accounts stumbles over', async () => {
    await start();
    expect(await syncAccounts(home.deps)).toMatchObject({ due: 1, ran: 1 });
  });
});
