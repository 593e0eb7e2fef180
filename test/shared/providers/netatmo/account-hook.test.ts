/** The one webhook of an account at the simulated Netatmo: told, lost, banned, and told again. */
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import * as z from 'zod';
import { unlinkAccount } from '../../../../shared/actions/manage-accounts.ts';
import { replayDeliveries } from '../../../../shared/actions/replay-deliveries.ts';
import { rollHook } from '../../../../shared/actions/roll-hook.ts';
import { startReplay } from '../../../../shared/actions/start-replay.ts';
import type { Account } from '../../../../shared/domain/account.ts';
import { LatchkeyError } from '../../../../shared/domain/error.ts';
import { toUtc } from '../../../../shared/domain/time.ts';
import { CLAIRE, openPushBench, type PushBench } from './push-bench.ts';

const HOUR = 3_600;
const DAY = 24 * HOUR;
const FAR = '2027-01-01T00:00:00.000Z';

let home: PushBench;
beforeEach(async () => {
  home = await openPushBench();
  // Where the alarm of a ban is logged.
  vi.spyOn(process.stderr, 'write').mockReturnValue(true);
});
afterEach(async () => {
  vi.restoreAllMocks();
  await home.close();
});

const Hooks = z.array(z.looseObject({ url: z.string(), banned: z.boolean(), lost: z.number() }));
const hooks = async () => Hooks.parse(await home.control('/webhooks'));
const account = async (): Promise<Account> => {
  const found = await home.bench.store.accounts.get(home.accountId);
  if (!found) throw new Error('the account is gone');
  return found;
};
const job = async () => {
  const found = await home.bench.store.syncJobs.get(home.accountId);
  if (!found) throw new Error('there is no job');
  return found;
};
const wait = (seconds: number) => {
  home.clock.now += seconds * 1000;
};
const smoke = (fields: object = {}) => home.push({ kind: 'NSD-smoke', fields });
const typesOf = (events: readonly { type: string }[]) => events.map(({ type }) => type);
/** Works what is due, as the schedule does every minute. */
const work = () => home.sync();

describe('the webhook of an account', () => {
  test('is told at once, with its present address', async () => {
    const [held] = (await account()).subscriptions;
    expect(held).toEqual({ subscriptionId: 'account', url: expect.any(String), since: expect.any(String) });
    expect((await hooks()).map(({ url }) => url)).toEqual([held?.url]);
    expect(held?.url).toContain(`/webhooks/netatmo/${home.accountId}.`);
  });

  test('is told again with every daily look, which finds one that was lost behind our back', async () => {
    const before = (await account()).subscriptions;
    await fetch(`${home.cloud.cloud.url}/_sim/webhooks/${CLAIRE}`, { method: 'DELETE' });
    expect(await hooks()).toEqual([]);
    await home.sync('subscriptions');
    await home.settle();
    expect(await hooks()).toHaveLength(1);
    expect((await account()).subscriptions).toEqual(before);
    const pause = Date.parse((await job()).next.subscriptions) - home.clock.now;
    expect(pause).toBe(DAY * 1000);
  });

  test('is replaced by a rolled one, and what was on its way to the former one counts for an hour', async () => {
    const [former] = (await account()).subscriptions;
    wait(HOUR);
    await rollHook(home.deps, home.accountId, true);
    await work();
    const [held] = (await account()).subscriptions;
    expect(held?.url).not.toBe(former?.url);
    expect((await hooks()).map(({ url }) => url)).toEqual([held?.url]);
    expect((await account()).hook?.former?.until).toBe(toUtc(home.clock.now + HOUR * 1000));
    expect(typesOf(await smoke())).toContain('latchkey.security.smoke');
  });

  test('is tried again soon where Netatmo has too many calls, and says so until then', async () => {
    home.cloud.cloud.faults.set({ name: 'usage_limit', on: 'addwebhook' });
    await home.sync('subscriptions');
    expect((await account()).webhookProblem).toEqual(expect.any(String));
    expect(await job()).toMatchObject({ failures: 1 });
    const pause = Date.parse((await job()).next.subscriptions) - home.clock.now;
    expect(pause).toBeLessThanOrEqual(60_000);
    home.cloud.cloud.faults.clear();
    wait(60);
    await work();
    expect((await account()).webhookProblem).toBeUndefined();
    expect(await job()).toMatchObject({ failures: 0 });
  });

  test.each([
    [
      'no scope of those that webhooks need',
      {
        name: 'api_error',
        parameters: { code: 13, message: 'Application does not have the good scope rights' },
      },
      /security\.read/,
    ],
    [
      'an address on another port',
      {
        name: 'api_error',
        parameters: { code: 21, message: 'Allowed ports for webhooks are 80, 88, 443, 9443', status: 400 },
      },
      /443/,
    ],
  ] as const)('is left until tomorrow, with what can be done, for %s', async (_, fault, remedy) => {
    home.cloud.cloud.faults.set({ ...fault, on: 'addwebhook' });
    await home.sync('subscriptions');
    expect((await account()).webhookProblem).toMatch(remedy);
    expect(await job()).toMatchObject({ failures: 0, problem: null });
    const pause = Date.parse((await job()).next.subscriptions) - home.clock.now;
    expect(pause).toBe(DAY * 1000);
  });

  test('is not told to Netatmo without a scope of those that it needs', async () => {
    await home.control(`/users/${CLAIRE}/scopes`, { scopes: ['read_thermostat', 'write_thermostat'] });
    await home.sync('subscriptions');
    expect((await account()).webhookProblem).toMatch(/security\.read/);
    expect(await job()).toMatchObject({ failures: 0 });
  });

  test('is dropped when the account is unlinked, also where it is gone already', async () => {
    const deps = { ...home.deps, vault: { ...home.deps.vault, forget: async () => undefined } };
    await fetch(`${home.cloud.cloud.url}/_sim/webhooks/${CLAIRE}`, { method: 'DELETE' });
    await unlinkAccount(deps, home.accountId, false);
    expect(await home.bench.store.accounts.get(home.accountId)).toBeUndefined();
  });

  test('is dropped at Netatmo when the account is unlinked', async () => {
    const deps = { ...home.deps, vault: { ...home.deps.vault, forget: async () => undefined } };
    expect(await hooks()).toHaveLength(1);
    await unlinkAccount(deps, home.accountId, false);
    expect(await hooks()).toEqual([]);
  });
});

describe('a ban', () => {
  /** Five wrong answers in a row, and a push that is told to nobody. */
  const beBanned = async () => {
    home.failWith(500);
    for (let failed = 0; failed < 5; failed++) await smoke();
    home.failWith(undefined);
    expect(await hooks()).toEqual([expect.objectContaining({ banned: true })]);
    home.arrived();
    expect(await smoke()).toEqual([]);
    expect(home.arrived()).toEqual([]);
  };

  test('is lifted by the next look, after which pushes come again and what was missed is made up for', async () => {
    await beBanned();
    await home.bench.store.syncJobs.hasten(home.accountId, 'state', FAR);
    await home.sync('subscriptions');
    const events = await home.settle();
    // The first push after the ban carries the process's own count of its failures.
    expect(typesOf(events)).toContain('latchkey.webhook.suspected_ban');
    expect((await job()).answers?.failures).toBe(5);
    expect(await hooks()).toEqual([expect.objectContaining({ banned: false })]);
    await work();
    wait(60);
    await work();
    expect(typesOf(await home.settle())).toContain('latchkey.webhook.gap_repaired');
    expect((await account()).webhookGap).toBeUndefined();
    expect(typesOf(await smoke())).toContain('latchkey.security.smoke');
  });

  test('that shows by silence alone has the webhook told again at once', async () => {
    // Talkative for four days, every half hour.
    for (let day = 0; day < 200; day++) {
      wait(HOUR / 2);
      await home.bench.store.syncJobs.noteDelivery(home.accountId, toUtc(home.clock.now));
    }
    await beBanned();
    wait(3 * HOUR);
    await home.sync('state');
    expect((await account()).webhookGap).toMatchObject({ reason: 'silence' });
    await work();
    await home.settle();
    expect(await hooks()).toEqual([expect.objectContaining({ banned: false })]);
    wait(60);
    await work();
    const events = await home.settle();
    expect(typesOf(events)).toContain('latchkey.webhook.gap_repaired');
    expect((await account()).webhookGap).toBeUndefined();
  });
});

describe('a replay', () => {
  const replay = async () => {
    const deps = { ...home.deps, remainingMs: () => 29_000 };
    wait(1);
    await startReplay(deps, home.accountId, {
      from: toUtc(home.clock.now - DAY * 1000),
      to: toUtc(home.clock.now),
    });
    await replayDeliveries(deps);
    return await home.settle();
  };

  test('tells what happened again as the same events, marked', async () => {
    const [first] = (await smoke()).filter(({ type }) => type === 'latchkey.security.smoke');
    const again = (await replay()).filter(({ type }) => type === 'latchkey.security.smoke');
    expect(again).toEqual([
      { ...first, sequence: expect.any(String), data: { ...first?.data, replay: expect.any(String) } },
    ]);
  });

  test('tells nothing that is not proven, and all that a right secret proves at last', async () => {
    await home.push({ kind: 'NSD-smoke', signature: 'wrong' });
    expect(typesOf(await replay())).toEqual([]);

    const { webhook } = home.cloud.provider;
    if (webhook?.breadth !== 'account') throw new LatchkeyError('config_invalid', 'Netatmo has webhooks');
    Object.assign(webhook, { isSigned: () => true });
    wait(60);
    expect(typesOf(await replay())).toContain('latchkey.security.smoke');
    expect((await home.module('smoke')).readings.smoke?.value).toBe(true);
  });
});
