/** The webhook address of an account whose cloud nobody can tell it but the owner. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  listAccounts,
  showAccount,
  showAccountTo,
  unlinkAccount,
} from '../../../../shared/actions/manage-accounts.ts';
import { rollHook } from '../../../../shared/actions/roll-hook.ts';
import { presentAccount } from '../../../../shared/api/present.ts';
import { AccountView } from '../../../../shared/api/views.ts';
import { PLUG } from '../../../infra/local/providers/allthingstalk/allthingstalk-client.ts';
import { type HouseBench, openHouse } from './house-bench.ts';

const HOUR = 3_600;
const WEEK = 7 * 24 * HOUR;

let house: HouseBench;

beforeEach(async () => {
  house = await openHouse();
});
afterEach(() => house.close());

const isOn = async () => (await house.module(PLUG)).readings.switch?.value;
const account = async () => (await showAccount(house.deps, house.accountId)).account;

describe('the address', () => {
  test('is shown with the body to paste, to who may write accounts', async () => {
    const state = await showAccountTo({ scopes: ['accounts.write'] }, house.deps, house.accountId);
    const { webhook } = AccountView.parse(presentAccount(state));
    expect(webhook.byHand).toEqual({
      url: expect.stringMatching(
        new RegExp(`^${house.deps.publicUrl}/webhooks/allthingstalk/${house.accountId}\\.`),
      ),
      bodyTemplate:
        '{"source":"allthingstalk-rule","device":"{{device}}","asset":"{{asset}}","value":"{{value}}"}',
    });
  });

  test('is shown neither to who may only read accounts, nor in lists', async () => {
    const state = await showAccountTo({ scopes: ['accounts.read'] }, house.deps, house.accountId);
    const { items } = await listAccounts(house.deps, {}, { limit: 10 });
    for (const each of [state, ...items]) expect(presentAccount(each).webhook.byHand).toBeUndefined();
    expect(items).toHaveLength(1);
  });

  test('is nothing that the cloud is asked about', async () => {
    const [before, known] = [house.sent(), await account()];
    await house.sync('subscriptions');
    expect(house.sent()).toBe(before);
    expect(await account()).toEqual(known);
    expect(await house.bench.store.syncJobs.get(house.accountId)).toMatchObject({ failures: 0 });
  });

  test('outlives the account in the rule, and tells nothing any more', async () => {
    const ruleId = await house.addRule(PLUG, 'switch');
    const before = house.sent();
    await unlinkAccount(
      { ...house.deps, vault: { ...house.deps.vault, forget: async () => undefined } },
      house.accountId,
      false,
    );
    expect(house.sent()).toBe(before);
    const feed = (await house.settle()).map(({ type }) => type);
    expect(await house.fire(ruleId)).toEqual([]);
    expect(feed).not.toContain('latchkey.delivery.unreadable');
  });
});

describe('a new address', () => {
  test('leaves the owner a week to paste it, in which both count', async () => {
    const ruleId = await house.addRule(PLUG, 'switch');
    const former = await house.byHand();
    await house.advance(60);
    const rolled = await rollHook(house.deps, house.accountId, true);
    expect(rolled.byHand?.url).not.toBe(former.url);
    expect(presentAccount(rolled).webhook.address).toEqual({
      since: house.at(),
      overlapUntil: house.at(WEEK),
    });

    await house.advance(WEEK - 60);
    await house.report(PLUG, 'switch', false);
    expect(await isOn()).toBe(false);
    await house.advance(120);
    await house.report(PLUG, 'switch', true);
    expect(await isOn()).toBe(false);
    await house.control(`/rules/${ruleId}`, { url: rolled.byHand?.url });
    await house.fire(ruleId);
    expect(await isOn()).toBe(true);
  });

  test('ends the former one at once where it got into wrong hands', async () => {
    const ruleId = await house.addRule(PLUG, 'switch');
    await house.report(PLUG, 'switch', false);
    await house.advance(60);
    await rollHook(house.deps, house.accountId, false);
    await house.advance(1);
    await house.report(PLUG, 'switch', true);
    expect(await isOn()).toBe(false);
    expect((await showAccount(house.deps, house.accountId)).job?.outdated?.deliveries).toBe(1);
    await house.control(`/rules/${ruleId}`, { url: (await house.byHand()).url });
    await house.fire(ruleId);
    expect(await isOn()).toBe(true);
  });
});

describe('silence', () => {
  test('is what an account without rules, or with few, is expected to keep', async () => {
    await house.addRule(PLUG, 'switch');
    await house.report(PLUG, 'switch', false);
    await house.advance(4 * 24 * HOUR);
    await house.sync('state');
    expect((await account()).webhookGap).toBeUndefined();
  });

  test('is strange where rules have called every hour for days: it is polled for, and over with the next call', async () => {
    const ruleId = await house.addRule(PLUG, 'switch');
    for (let hour = 0; hour < 4 * 24; hour++) {
      await house.advance(HOUR);
      await house.bench.store.syncJobs.noteDelivery(house.accountId, house.at());
    }
    await house.fire(ruleId);
    const from = house.at();
    await house.advance(3 * HOUR);
    await house.sync('state');
    expect((await account()).webhookGap).toMatchObject({ reason: 'silence', from, suspectedAt: house.at() });
    await house.advance(HOUR);
    await house.fire(ruleId);
    await house.advance(1);
    await house.sync('state');
    expect((await account()).webhookGap).toBeUndefined();
  });
});
