/** Links that end badly: a clear page for the person, a problem on the link for the product, and nothing left behind. */
import { describe, expect, test } from 'vitest';
import { createBrowser } from '../../infra/local/demo/browser.ts';
import type { Person } from '../../infra/local/demo/legrand/controls.ts';
import { accountIdFor } from '../../shared/domain/ids.ts';
import { accountPartition, keys } from '../../shared/store/keys.ts';
import { useBench } from './bench.ts';
import { consent, someone } from './home.ts';
import { expectPage } from './page.ts';

const bench = await useBench();
const { client, legrand, inside, kept } = bench;

const refusedPage = { status: 403, title: 'The account was not linked', code: 'link_refused' };
const usedPage = { status: 410, title: 'The link has expired or was already used', code: 'link_expired' };
const unknownPage = { status: 404, title: 'There is no such link', code: 'link_unknown' };

/** Somebody new who has opened a link and allowed access, and is on the way back. */
async function comingBack() {
  const person = await someone(bench);
  const owner = `owner of ${person.email}`;
  const browser = createBrowser();
  const { id, url } = await client.startLink({ provider: 'legrand', owner });
  const callback = await consent(browser, url, person.email);
  return { person, owner, browser, linkId: id, url, callback };
}

async function expectNothingLeft(owner: string, person: Person): Promise<void> {
  await inside.settle();
  const accountId = accountIdFor('legrand', owner, person.userId);
  expect(await client.accounts(owner)).toEqual([]);
  expect(await kept.partition(accountPartition(accountId))).toEqual([]);
  expect(await kept.tokenSet(accountId)).toBeUndefined();
  const subscribed = (await legrand.subscriptions()).map(({ plantId }) => plantId);
  expect(subscribed.filter((plantId) => person.plantIds.includes(plantId))).toEqual([]);
}

describe('a link', () => {
  test('whose consent is refused says what to do', async () => {
    const person = await someone(bench);
    const browser = createBrowser();
    const { id, url } = await client.startLink({ provider: 'legrand', owner: 'says no' });
    const page = await browser.get(await consent(browser, url, person.email, 'Deny'));
    expectPage(page, { ...refusedPage, says: /The owner did not give consent.*allow access/s });
    expect(await client.showLink(id)).toMatchObject({
      status: 'failed',
      problem: { code: 'link_refused', remedy: 'Start the link again and allow access.' },
    });
    await expectNothingLeft('says no', person);
  });

  test('whose code Legrand does not take has failed for good', async () => {
    const { person, owner, browser, linkId, callback } = await comingBack();
    const forged = new URL(callback);
    forged.searchParams.set('code', 'not-one-of-theirs');
    const page = await browser.get(forged.href);
    expectPage(page, { ...refusedPage, says: /refused the authorization code.*Start the link again/s });
    expect(page.text).not.toContain('not-one-of-theirs');
    expect((await client.showLink(linkId)).problem).toMatchObject({
      code: 'link_refused',
      provider: { status: 400, code: 'invalid_grant' },
    });
    // The right code comes too late: the state is used up.
    expectPage(await browser.get(callback), usedPage);
    await expectNothingLeft(owner, person);
  });

  test('that comes back without code and error, or with an error nobody knows, has failed', async () => {
    for (const [query, status, code] of [
      ['', 502, 'provider_unexpected'],
      ['&error=server_error', 503, 'provider_unavailable'],
      ['&error=<script>alert(1)</script>', 422, 'provider_rejected'],
    ] as const) {
      const { person, owner, browser, linkId, callback } = await comingBack();
      const state = new URL(callback).searchParams.get('state') ?? '';
      const page = await browser.get(`${bench.api}/oauth/legrand/callback?state=${state}${query}`);
      expect([page.status, page.headers.get('content-type')]).toEqual([status, 'text/html; charset=utf-8']);
      expect(page.text).not.toContain('alert(1)');
      expect((await client.showLink(linkId)).problem?.code).toBe(code);
      await expectNothingLeft(owner, person);
    }
  });

  test('can be finished once: the same way back again changes nothing', async () => {
    const { owner, browser, linkId, callback } = await comingBack();
    expect((await browser.get(callback)).status).toBe(200);
    await inside.settle();
    const account = (await client.accounts(owner))[0];
    expectPage(await browser.get(callback), { ...usedPage, says: /The link was used already/ });
    expect(await client.accounts(owner)).toEqual([account]);
    expect(await client.showLink(linkId)).toMatchObject({ status: 'linked', accountId: account?.id });
  });

  test.each([
    ['without the cookie', undefined],
    ['with a cookie of its own making', 'A'.repeat(43)],
  ])('is refused to another browser, %s', async (_, secret) => {
    const { person, owner, linkId, browser, callback } = await comingBack();
    const thief = createBrowser(secret === undefined ? {} : { [`latchkey-${linkId}`]: secret });
    expectPage(await thief.get(callback), {
      ...refusedPage,
      says: /another browser than the link was opened in.*stay in one browser/s,
    });
    expect(await client.showLink(linkId)).toMatchObject({
      status: 'failed',
      problem: { code: 'link_refused', remedy: expect.stringContaining('one browser') },
    });
    expectPage(await browser.get(callback), usedPage);
    await expectNothingLeft(owner, person);
  });

  test('opened in a second browser belongs to the second', async () => {
    const { person, owner, browser, linkId, url, callback } = await comingBack();
    const second = createBrowser();
    const itsCallback = await consent(second, url, person.email);
    expectPage(await browser.get(callback), { ...usedPage, says: /opened anew meanwhile/ });
    await expectNothingLeft(owner, person);
    expect((await client.showLink(linkId)).status).toBe('pending');
    expect((await second.get(itsCallback)).status).toBe(200);
    expect((await client.showLink(linkId)).status).toBe('linked');
  });

  test('that nobody started leads nowhere', async () => {
    const browser = createBrowser();
    expectPage(await browser.get(`${bench.api}/link/lnk_${'0'.repeat(26)}`), unknownPage);
    expectPage(await browser.get(`${bench.api}/link/nonsense`), unknownPage);
    const state = `lnk_${'0'.repeat(26)}.${'A'.repeat(43)}`;
    for (const query of ['', '?code=1', `?state=${state}&code=1`, '?state=x&code=1']) {
      expectPage(await browser.get(`${bench.api}/oauth/legrand/callback${query}`), unknownPage);
    }
    const { linkId, callback } = await comingBack();
    expectPage(await browser.get(callback.replace('/legrand/', '/netatmo/')), unknownPage);
    expect((await client.showLink(linkId)).status).toBe('pending');
  });

  test('keeps standing when somebody guesses its state', async () => {
    const { browser, linkId, callback } = await comingBack();
    const guessed = new URL(callback);
    guessed.searchParams.set('state', `${linkId}.${'A'.repeat(43)}`);
    expectPage(await createBrowser().get(guessed.href), usedPage);
    expect((await client.showLink(linkId)).status).toBe('pending');
    expect((await browser.get(callback)).status).toBe(200);
  });

  test('has ten minutes, to be opened and to be finished', async () => {
    const longAgo = { expiresAt: new Date(Date.now() - 1000).toISOString() };
    const unopened = await client.startLink({ provider: 'legrand', owner: 'too late' });
    expect(Date.parse(unopened.expiresAt) - Date.now()).toBeGreaterThan(590_000);
    expect(Date.parse(unopened.expiresAt) - Date.now()).toBeLessThanOrEqual(600_000);
    await kept.edit(keys.link(unopened.id), longAgo);
    expectPage(await createBrowser().get(unopened.url), usedPage);
    expect((await client.showLink(unopened.id)).status).toBe('failed');

    const { person, owner, browser, linkId, callback } = await comingBack();
    await kept.edit(keys.link(linkId), longAgo);
    expectPage(await browser.get(callback), { ...usedPage, says: /after the link had expired/ });
    expect(await client.showLink(linkId)).toMatchObject({
      status: 'failed',
      problem: { code: 'link_expired' },
    });
    await expectNothingLeft(owner, person);
  });
});

describe('a link in whose exchange something goes wrong', () => {
  test.each([
    [{ name: 'id_token_of_another', wrong: 'key' }, 403, 'link_refused'],
    [{ name: 'id_token_of_another', wrong: 'audience' }, 403, 'link_refused'],
    [{ name: 'grant_expired' }, 403, 'link_refused'],
    [{ name: 'token_without', fields: 'refresh_token' }, 502, 'provider_unexpected'],
    [{ name: 'token_without', fields: 'access_token' }, 502, 'provider_unexpected'],
    [{ name: 'too_many_requests', on: 'token', retryAfterSeconds: 30 }, 429, 'provider_throttled'],
    [{ name: 'bad_gateway', on: 'token' }, 503, 'provider_unavailable'],
    [{ name: 'half_body', on: 'token' }, 503, 'provider_unavailable'],
    [{ name: 'empty_body', on: 'token' }, 502, 'provider_unexpected'],
    [{ name: 'connection_reset', on: 'token', applied: true }, 503, 'provider_unavailable'],
    [{ name: 'secret_expired' }, 500, 'config_invalid'],
    [{ name: 'bad_gateway', on: 'discovery' }, 503, 'provider_unavailable'],
  ])('%j: the page says so, the link has the problem, and nothing is left', async (fault, status, code) => {
    const { person, owner, browser, linkId, callback } = await comingBack();
    await legrand.fault(fault);
    const page = await browser.get(callback);
    await legrand.clearFaults();
    const { problem, status: outcome } = await client.showLink(linkId);
    expect(outcome).toBe('failed');
    expect(problem).toMatchObject({ code, status });
    expectPage(page, { status, title: problem?.title ?? '', code });
    await expectNothingLeft(owner, person);

    // The link is over; another one is all it takes.
    expectPage(await browser.get(callback), usedPage);
    const again = await client.startLink({ provider: 'legrand', owner });
    expect((await browser.get(await consent(browser, again.url, person.email))).status).toBe(200);
  });
});

describe('a person who may not sign in', () => {
  test('stays at Legrand, and the link stays open', async () => {
    const { email } = await someone(bench);
    const browser = createBrowser();
    const { id, url } = await client.startLink({ provider: 'legrand', owner: 'mistypes' });
    const form = await browser.visit(url);
    const again = await browser.submit(form, { email, password: 'wrong' }, 'Allow');
    expect([again.status, again.location]).toEqual([401, undefined]);
    expect((await client.showLink(id)).status).toBe('pending');
    expect((await browser.get(await consent(browser, url, email))).status).toBe(200);
  });
});
