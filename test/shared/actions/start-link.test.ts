import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  type LinkWish,
  openLink,
  type StartLinkDependencies,
  showLink,
  startLink,
} from '../../../shared/actions/start-link.ts';
import { System } from '../../../shared/domain/device.ts';
import { hashSecret, newLinkId } from '../../../shared/domain/ids.ts';
import type { ProviderName } from '../../../shared/domain/provider-name.ts';
import { netatmo } from '../../../shared/providers/netatmo/driver.ts';
import type { OauthFacts } from '../../../shared/providers/provider.ts';
import { openStoreBench, providerOf, type StoreBench } from './store-bench.ts';

const START = Date.parse('2026-01-15T17:00:00Z');
let nowMs = START;
let bench: StoreBench;
let deps: StartLinkDependencies;
beforeAll(async () => {
  bench = await openStoreBench();
  deps = {
    links: bench.store.links,
    factsOf: () => providerOf().oauth,
    publicUrl: 'https://api.example',
    returnToAllowed: ['https://good.example/app', 'https://other.example/', 'myapp://back/done'],
    now: () => nowMs,
  };
});
afterAll(() => bench.close());

const start = (wish: Partial<LinkWish> = {}) =>
  startLink(deps, { provider: 'legrand', owner: 'owner-1', ...wish });

test('begins a link that ends ten minutes later, and keeps what was wished', async () => {
  nowMs = START;
  const wish = { returnTo: 'https://good.example/app', scopes: ['comfort.read'], timeZone: 'Europe/Rome' };
  const { id, url, expiresAt } = await start(wish);
  expect(url).toBe(`https://api.example/link/${id}`);
  expect(expiresAt).toBe('2026-01-15T17:10:00.000Z');
  expect(await showLink(deps, id)).toEqual({
    linkId: id,
    provider: 'legrand',
    owner: 'owner-1',
    ...wish,
    status: 'pending',
    createdAt: '2026-01-15T17:00:00.000Z',
    expiresAt,
  });
});

describe('an address to return to', () => {
  test.each([
    'https://good.example/app',
    'https://good.example/app/',
    'https://good.example/app/linked?user=1#here',
    'https://GOOD.example:443/app/x',
    'https://other.example/',
    'https://other.example/anywhere',
    'myapp://back/done',
  ])('may be %s', async (returnTo) => {
    expect(await start({ returnTo })).toMatchObject({ id: expect.stringMatching(/^lnk_/) });
  });

  test.each([
    ['another host that begins alike', 'https://good.example.evil/app'],
    ['a host in the place of a password', 'https://good.example@evil.example/app'],
    ['a name before the host', 'https://user@good.example/app'],
    ['a password before the host', 'https://:secret@good.example/app'],
    ['a backslash that browsers read as a slash', 'https://evil.example\\@good.example/app'],
    ['a path that begins alike', 'https://good.example/apple'],
    ['a path that climbs out', 'https://good.example/app/../admin'],
    ['a path that climbs out in code', 'https://good.example/app/%2e%2e/admin'],
    ['the path above', 'https://good.example/'],
    ['another port', 'https://good.example:8443/app'],
    ['no TLS', 'http://good.example/app'],
    ['a host below', 'https://sub.good.example/app'],
    ['a script', 'javascript:alert(1)'],
    ["another app's scheme", 'evil://back/done'],
    ['a script with the path of an app', 'javascript://back/done'],
  ])('may not be %s', async (_, returnTo) => {
    await expect(start({ returnTo })).rejects.toMatchObject({
      code: 'request_invalid',
      details: { fields: { returnTo: expect.stringContaining('https://good.example/app') } },
    });
  });

  test('may be none where none is configured', async () => {
    const none = { ...deps, returnToAllowed: [] };
    const wish = { provider: 'legrand', owner: 'owner-1' } as const;
    await expect(startLink(none, { ...wish, returnTo: 'https://good.example/app' })).rejects.toMatchObject({
      code: 'request_invalid',
    });
    expect(await startLink(none, wish)).toHaveProperty('id');
  });
});

test.each([
  ['a scope that the provider does not have', ['comfort.read', 'everything']],
  ['two scopes in one', ['comfort.read comfort.write']],
])('refuses %s', async (_, scopes) => {
  await expect(start({ scopes })).rejects.toMatchObject({
    code: 'request_invalid',
    details: { fields: { scopes: 'known are: comfort.read, comfort.write' } },
  });
});

describe('asks, unless scopes are named,', () => {
  const drivers: Partial<Record<ProviderName, OauthFacts>> = {
    legrand: providerOf().oauth,
    netatmo: netatmo({
      url: 'https://cloud.example',
      credentials: { clientId: 'client', clientSecret: 'secret' },
      defaultTimeZone: 'Europe/Paris',
    }).oauth,
  };
  const every = () => ({
    ...deps,
    factsOf: (provider: ProviderName) => drivers[provider] ?? providerOf().oauth,
  });
  const begin = (wish: Partial<LinkWish> & Pick<LinkWish, 'provider'>) =>
    startLink(every(), { owner: 'owner-1', ...wish });
  const scopesOf = async (wish: Parameters<typeof begin>[0]) =>
    (await showLink(deps, (await begin(wish)).id)).scopes;

  test('for what the wished systems need', async () => {
    expect(await scopesOf({ provider: 'netatmo', systems: ['weather'] })).toEqual(['read_station']);
    expect(await scopesOf({ provider: 'legrand', systems: ['comfort'] })).toEqual([
      'comfort.read',
      'comfort.write',
    ]);
  });

  test('for what all systems of the provider need', async () => {
    expect(await scopesOf({ provider: 'legrand' })).toEqual(['comfort.read', 'comfort.write']);
    const all = await scopesOf({ provider: 'netatmo' });
    expect(all).toEqual(await scopesOf({ provider: 'netatmo', systems: [...System.options] }));
    expect(all).toContain('read_station');
  });

  test('and refuses systems that the provider has nothing of', async () => {
    await expect(begin({ provider: 'legrand', systems: ['comfort', 'weather'] })).rejects.toMatchObject({
      code: 'request_invalid',
      details: { fields: { systems: 'the provider has: comfort' } },
    });
  });

  test('and refuses systems beside scopes', async () => {
    await expect(
      begin({ provider: 'netatmo', systems: ['weather'], scopes: ['read_station'] }),
    ).rejects.toMatchObject({
      code: 'request_invalid',
      details: { fields: { systems: expect.stringContaining('scopes') } },
    });
  });

  test.each([
    ['netatmo', /October 2022.*2023.*unauthorized_client/],
    ['legrand', /Legrand has no grant for passwords/],
  ] as const)('and takes no password for %s, and says why', async (provider, why) => {
    await expect(begin({ provider, grant: 'password' })).rejects.toMatchObject({
      code: 'request_invalid',
      message: expect.stringMatching(why),
      details: { fields: { grant: expect.stringMatching(why) } },
    });
    expect(await begin({ provider, grant: 'authorization_code' })).toHaveProperty('id');
  });
});

test("sends the browser to the provider's consent page with what it needs, and a state of 256 bits", async () => {
  nowMs = START;
  const { id } = await start({ scopes: ['comfort.read'] });
  nowMs = START + 60_000;
  const opened = await openLink(deps, id);
  const url = new URL(opened.consentUrl);
  expect(url.origin + url.pathname).toBe(providerOf().oauth.authorizationUrl);
  const { state = '', ...query } = Object.fromEntries(url.searchParams);
  expect(query).toEqual({
    client_id: 'client',
    response_type: 'code',
    redirect_uri: 'https://api.example/oauth/legrand/callback',
    scope: 'comfort.read',
  });
  expect(state).toMatch(new RegExp(`^${id}\\.[\\w-]{43}$`));
  expect(opened.browserSecret).toMatch(/^[\w-]{43}$/);
  expect(opened.maxAgeSeconds).toBe(540);
});

test('keeps of state and browser secret only hashes', async () => {
  nowMs = START;
  const { id } = await start();
  const { consentUrl, browserSecret } = await openLink(deps, id);
  const state = new URL(consentUrl).searchParams.get('state')?.split('.')[1] ?? '';
  const stored = JSON.stringify(await bench.records());
  expect(stored).not.toContain(browserSecret);
  expect(stored).not.toContain(state);
  expect(stored).toContain(hashSecret(state));
});

test('gives a link that is opened again to the last browser alone', async () => {
  nowMs = START;
  const { id } = await start();
  const first = await openLink(deps, id);
  const second = await openLink(deps, id);
  expect(second.browserSecret).not.toBe(first.browserSecret);
  expect((await bench.store.links.get(id))?.browserHash).toBe(hashSecret(second.browserSecret));
});

test('opens no link that is over, used or unknown', async () => {
  nowMs = START;
  const { id } = await start();
  nowMs = START + 600_000;
  await expect(openLink(deps, id)).rejects.toMatchObject({ code: 'link_expired' });
  nowMs = START;
  await bench.store.links.finish(id, { accountId: 'acc_00000000000000000000' });
  await expect(openLink(deps, id)).rejects.toMatchObject({ code: 'link_expired' });
  await expect(openLink(deps, newLinkId())).rejects.toMatchObject({ code: 'link_unknown' });
  await expect(showLink(deps, newLinkId())).rejects.toMatchObject({ code: 'link_unknown' });
});
