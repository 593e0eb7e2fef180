/** Links that succeed, now or with some help, and what stays the same about them. */
import { describe, expect, test } from 'vitest';
import { createBrowser } from '../../infra/local/demo/browser.ts';
import { useBench } from './bench.ts';
import {
  awaitEvent,
  consent,
  eventsOf,
  firstModule,
  isChange,
  link,
  linkHome,
  lookAt,
  someone,
} from './home.ts';
import { expectPage } from './page.ts';
import { present } from './until.ts';

const bench = await useBench();
const { client, legrand, inside } = bench;

async function seeded(email: string) {
  return present(
    (await legrand.people()).find((person) => person.email === email),
    email,
  );
}

describe('a link', () => {
  test('ends on a page that says so, with an account, its home and its webhooks', async () => {
    const person = await someone(bench, [{ name: 'House', modules: ['Hall', 'Bath'] }]);
    const { linkId, page } = await link(bench, 'ends well', person.email);
    expectPage(page, {
      status: 200,
      title: 'Your account is linked',
      says: /Your Legrand account is linked/,
    });

    const done = await client.showLink(linkId);
    expect(done).toMatchObject({ provider: 'legrand', owner: 'ends well', status: 'linked' });
    expect(done).not.toHaveProperty('problem');
    const account = await client.account(present(done.accountId, 'account'));
    expect(account).toMatchObject({
      owner: 'ends well',
      status: 'linked',
      health: { state: 'good' },
      scopes: ['comfort.read', 'comfort.write'],
      tokens: { generation: 1 },
    });
    const plants = await client.plants(account.id);
    expect(plants.map(({ name, modules }) => [name, modules.map((module) => module.name)])).toEqual([
      ['House', ['Hall', 'Bath']],
    ]);
    const ours = (await legrand.subscriptions()).filter(({ plantId }) => person.plantIds.includes(plantId));
    expect(ours.map(({ subscriptionId }) => subscriptionId)).toEqual(
      account.webhook.subscriptions.map(({ subscriptionId }) => subscriptionId),
    );
    expect(ours).toHaveLength(1);
    await awaitEvent(bench, account.id, ({ type }) => type === 'latchkey.account.linked');
  });

  test('sends the owner back to the product, which learns of link and account', async () => {
    const { email } = await someone(bench);
    const browser = createBrowser();
    const returnTo = 'http://127.0.0.1:3000/done?from=latchkey';
    const { id, url } = await client.startLink({ provider: 'legrand', owner: 'goes back', returnTo });
    const page = await browser.get(await consent(browser, url, email));
    const { accountId } = await client.showLink(id);
    expect(page.status).toBe(302);
    expect(page.location).toBe(`${returnTo}&link=${id}&account=${accountId}`);
  });

  test.each([
    'https://elsewhere.example/',
    'http://127.0.0.1:3001/done',
    'http://127.0.0.1:3000.evil.example/',
    'http://127.0.0.1:3000@evil.example/',
    'http://owner@127.0.0.1:3000/',
    'https://127.0.0.1:3000/',
    'javascript:alert(1)',
  ])('sends nobody to %s', async (returnTo) => {
    const answer = await client.call('POST', '/v1/links', {
      body: { provider: 'legrand', owner: 'o', returnTo },
    });
    expect(answer.status).toBe(400);
    expect(answer.headers.get('content-type')).toBe('application/problem+json');
    expect(await answer.json()).toMatchObject({
      code: 'request_invalid',
      fields: { returnTo: expect.any(String) },
    });
  });

  test('leaves a cookie that scripts and other sites cannot use, for as long as the link lives, and takes it away', async () => {
    const { email } = await someone(bench);
    const browser = createBrowser();
    const { id, url } = await client.startLink({ provider: 'legrand', owner: 'cookie' });
    const opened = await browser.get(url);
    expect(opened.status).toBe(302);
    const [given = '', ...others] = opened.headers.getSetCookie();
    expect(others).toEqual([]);
    const [, maxAge] =
      new RegExp(`^latchkey-${id}=[A-Za-z0-9_-]{43}; Max-Age=(\\d+); Path=/; HttpOnly; SameSite=Lax$`).exec(
        given,
      ) ?? [];
    expect(Number(maxAge)).toBeGreaterThan(590);
    expect(Number(maxAge)).toBeLessThanOrEqual(600);

    const asked = new URL(present(opened.location, 'consent page'));
    expect(asked.searchParams.get('redirect_uri')).toBe(`${bench.api}/oauth/legrand/callback`);
    expect(asked.searchParams.get('state')).toMatch(new RegExp(`^${id}\\.[A-Za-z0-9_-]{43}$`));

    const page = await browser.get(await consent(browser, url, email));
    expect(page.headers.getSetCookie()).toEqual([
      `latchkey-${id}=; Max-Age=0; Path=/; HttpOnly; SameSite=Lax`,
    ]);
  });

  test('of the same person again keeps every id, for another owner makes another account', async () => {
    const first = await linkHome(bench);
    await link(bench, first.owner, first.person.email);
    const [account, ...more] = await client.accounts(first.owner);
    expect(more).toEqual([]);
    expect(account).toMatchObject({ id: first.accountId, status: 'linked', tokens: { generation: 2 } });
    const plants = await client.plants(first.accountId);
    expect(await lookAt(bench, first)).toEqual(first);
    expect(account?.webhook.subscriptions).toHaveLength(1);

    await link(bench, 'another owner', first.person.email);
    const [other] = await client.accounts('another owner');
    expect(other?.id).toMatch(/^acc_/);
    expect(other?.id).not.toBe(first.accountId);
    expect(await client.plants(first.accountId)).toEqual(plants);
    await inside.settle();
    const linked = (await eventsOf(bench, first.accountId)).filter(
      ({ type }) => type === 'latchkey.account.linked',
    );
    expect(new Set(linked.map(({ id }) => id)).size).toBe(2);
  });

  test('finds two plants, one of them without a name, and subscribes to both', async () => {
    const { email, plantIds } = await seeded('paul@example.net');
    await link(bench, 'paul', email);
    const account = present((await client.accounts('paul'))[0], 'account');
    const plants = await client.plants(account.id);
    expect(plants.map(({ name, modules }) => [name, modules.map((module) => module.name)]).sort()).toEqual([
      ['Casa Rossi', ['Soggiorno']],
      ['Home', ['Baita']],
    ]);
    expect(account.webhook.subscriptions).toHaveLength(2);
    const subscribed = (await legrand.subscriptions()).map(({ plantId }) => plantId);
    expect(subscribed).toEqual(expect.arrayContaining(plantIds));
  });

  test('of somebody without plants is a linked account with nothing in it', async () => {
    const { linkId, page } = await link(bench, 'nina', (await seeded('nina@example.net')).email);
    expect(page.status).toBe(200);
    const { status, accountId = '' } = await client.showLink(linkId);
    expect(status).toBe('linked');
    expect(await client.plants(accountId)).toEqual([]);
    expect(await client.modules(accountId)).toEqual([]);
    const { health, webhook } = await client.account(accountId);
    const address = { since: expect.any(String) };
    expect([health.state, webhook]).toEqual(['good', { subscriptions: [], address }]);
  });
});

describe('a link whose discovery fails', () => {
  test('stands all the same, and the next sync finds the home', async () => {
    const person = await someone(bench);
    await legrand.fault({ name: 'server_error', on: 'plants' });
    const { linkId, page } = await link(bench, 'late discovery', person.email);
    expect(page.status).toBe(200);
    const { accountId = '' } = await client.showLink(linkId);
    expect(await client.modules(accountId)).toEqual([]);
    expect((await client.account(accountId)).status).toBe('linked');

    await legrand.clearFaults();
    expect((await client.call('POST', `/v1/accounts/${accountId}/sync`)).status).toBe(202);
    expect(await inside.runSchedule('sync-accounts')).toMatchObject({ ran: expect.any(Number) });
    expect(await client.modules(accountId)).toHaveLength(1);
    expect((await client.account(accountId)).webhook.subscriptions).toHaveLength(1);
  });

  test('tells of a subscription that could not be made, until the next sync makes it', async () => {
    await legrand.fault({ name: 'server_error', on: 'subscribe' });
    const home = await linkHome(bench);
    const without = await client.account(home.accountId);
    expect(without.status).toBe('linked');
    const address = { since: expect.any(String) };
    expect(without.webhook).toEqual({
      subscriptions: [],
      address,
      problem: expect.stringContaining('Legrand'),
    });

    await legrand.clearFaults();
    await client.call('POST', `/v1/accounts/${home.accountId}/sync`);
    await inside.runSchedule('sync-accounts');
    const { webhook } = await client.account(home.accountId);
    expect(webhook.subscriptions).toHaveLength(1);
    expect(webhook).not.toHaveProperty('problem');

    const { moduleId, nativeId } = firstModule(home);
    await legrand.touch({ moduleId: nativeId, temperatureC: 27.1 });
    await awaitEvent(bench, home.accountId, isChange(moduleId, 'temperature', 27.1));
  });
});
