/** Access: nothing without a token but what is public, on every route there is. */
import { describe, expect, test } from 'vitest';
import type { Route } from '../../shared/api/route.ts';
import { routes } from '../../shared/api/routes.ts';
import { useBench } from './bench.ts';

const { api, token } = await useBench();

/** Something of the right form for every parameter of a path. */
const samples: Readonly<Record<string, string>> = {
  linkId: `lnk_${'0'.repeat(26)}`,
  accountId: `acc_${'0'.repeat(20)}`,
  plantId: `plt_${'0'.repeat(20)}_${'0'.repeat(16)}`,
  moduleId: `mod_${'0'.repeat(20)}_${'0'.repeat(16)}`,
  commandId: `cmd_${'0'.repeat(20)}_${'0'.repeat(16)}`,
  provider: 'legrand',
  hook: 'acc_0.x',
  tokenId: `tok_${'0'.repeat(26)}`,
  code: 'request_invalid',
};

const all = Object.entries(routes as Record<string, Route>).map(([name, { method, path, scope }]) => ({
  name,
  method,
  path,
  scope,
  url: api + path.replace(/\{(\w+)\}/g, (_, parameter: string) => samples[parameter] ?? 'no sample'),
}));
const closed = all.filter(({ scope }) => scope !== 'public');
const open = all.filter(({ scope }) => scope === 'public');

const wrong: Readonly<Record<string, Record<string, string>>> = {
  'no token': {},
  'another token': { authorization: `Bearer lk_${'A'.repeat(43)}` },
  'half of the token': { authorization: `Bearer ${token.slice(0, -1)}` },
  'the token with more behind it': { authorization: `Bearer ${token}A` },
  'the token without its beginning': { authorization: `Bearer ${token.slice(3)}` },
  'another scheme': { authorization: `Basic ${Buffer.from(`:${token}`).toString('base64')}` },
  'an empty token': { authorization: 'Bearer ' },
};

describe.each(closed)('$method $path', ({ method, url }) => {
  test.each(Object.entries(wrong))('is closed to %s', async (_, headers) => {
    const answer = await fetch(url, { method, headers });
    expect(answer.status).toBe(401);
    expect(answer.headers.get('content-type')).toBe('application/problem+json');
    expect(answer.headers.get('www-authenticate')).toBe('Bearer');
    expect(await answer.json()).toMatchObject({
      type: '/problems/access_unauthenticated',
      code: 'access_unauthenticated',
      status: 401,
      remedy: expect.stringContaining('Bearer lk_'),
    });
  });

  test('is open to the workspace token', async () => {
    const answer = await fetch(url, { method, headers: { authorization: `Bearer ${token}` } });
    // Nothing is linked here: there is nothing to find, and nothing was sent that could be valid.
    expect([200, 400, 404]).toContain(answer.status);
  });
});

test.each(open)('$method $path needs no token', async ({ method, url }) => {
  expect((await fetch(url, { method, redirect: 'manual' })).status).not.toBe(401);
});

test('OpenAPI describes every route, and which of them need a token', async () => {
  const document = (await (await fetch(`${api}/openapi.json`)).json()) as {
    openapi: string;
    servers: unknown;
    paths: Record<string, Record<string, { operationId: string; security: unknown[] }>>;
  };
  expect(document.openapi).toBe('3.1.0');
  expect(document.servers).toEqual([{ url: api }]);
  const described = Object.entries(document.paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, { operationId, security }]) => ({
      name: operationId,
      method: method.toUpperCase(),
      path,
      isClosed: security.length > 0,
    })),
  );
  const declared = all.map(({ url: _, scope, ...route }) => ({ ...route, isClosed: scope !== 'public' }));
  const byName = (a: { name: string }, b: { name: string }) => a.name.localeCompare(b.name);
  expect(described.toSorted(byName)).toEqual(declared.toSorted(byName));
});

test('what is no route is not found, with a token or without', async () => {
  for (const path of ['/', '/v1', '/v1/account', '/v2/accounts', '/v1/accounts/x/y/z', '/webhooks/legrand']) {
    for (const headers of [{}, { authorization: `Bearer ${token}` }]) {
      expect([path, (await fetch(api + path, { headers })).status]).toEqual([path, 404]);
    }
  }
});

test('the type of a problem leads to its entry, a page for people and JSON for programs', async () => {
  const refused = await fetch(`${api}/v1/accounts`);
  const { type, code, title } = (await refused.json()) as { type: string; code: string; title: string };
  const entry = new URL(type, refused.url);
  const page = await fetch(entry, { headers: { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' } });
  expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
  expect(await page.text()).toContain(`<h1>${title}</h1>`);
  const json = await fetch(entry, { headers: { accept: 'application/json' } });
  expect(await json.json()).toMatchObject({ code, title, type, actor: 'client' });
  const unknown = await fetch(`${api}/problems/no_such`, { headers: { accept: 'application/json' } });
  expect([unknown.status, await unknown.json()]).toEqual([
    404,
    expect.objectContaining({ code: 'problem_unknown', type: '/problems/problem_unknown' }),
  ]);
});

test('health is told to everybody', async () => {
  const answer = await fetch(`${api}/health`);
  expect([answer.status, await answer.json()]).toEqual([200, { status: 'ok' }]);
});
