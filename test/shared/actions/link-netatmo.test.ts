/** Links at a cloud whose owners allow more or less: what was asked for, what was granted, and what the account says of it. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { CLAIRE_ID } from '../../../infra/local/providers/netatmo/seed/people.ts';
import { completeLink } from '../../../shared/actions/complete-link.ts';
import { showAccount } from '../../../shared/actions/manage-accounts.ts';
import { type LinkWish, openLink, startLink } from '../../../shared/actions/start-link.ts';
import { presentAccount } from '../../../shared/api/present.ts';
import { sendOnce } from '../../../shared/providers/request.ts';
import { postForm } from '../providers/cloud-session.ts';
import { type NetatmoBench, NOW, openNetatmo } from '../providers/netatmo/netatmo-bench.ts';
import { publicUrl, useLinkBench } from './link-bench.ts';

let netatmo: NetatmoBench;
const bench = useLinkBench(
  () => netatmo.provider,
  sendOnce,
  () => NOW,
);
beforeAll(async () => {
  netatmo = await openNetatmo();
  netatmo.cloud.setReplyUrls([`${publicUrl}/oauth/netatmo/callback`]);
});
afterEach(() => netatmo.cloud.faults.clear());
afterAll(() => netatmo.close());

/** Opens the link, and lets Claire decide on the page that it leads to. */
async function comeBack(wish: Partial<LinkWish>, decision: 'allow' | 'deny' = 'allow') {
  const { id: linkId } = await startLink(bench().start, { provider: 'netatmo', owner: 'claire', ...wish });
  const { consentUrl, browserSecret } = await openLink(bench().start, linkId);
  const page = await sendOnce({ method: 'GET', url: consentUrl });
  expect(page.status).toBe(200);
  const asked = new URL(consentUrl).searchParams;
  const answer = await postForm(new URL('consent', consentUrl).href, {
    ...Object.fromEntries(asked),
    email: 'claire@example.net',
    password: 'netatmo',
    decision,
  });
  const back = new URL(answer.headers.location ?? '').searchParams;
  const callback = {
    provider: 'netatmo',
    state: back.get('state') ?? '',
    ...(back.has('code') && { code: back.get('code') ?? '' }),
    ...(back.has('error') && { error: back.get('error') ?? '' }),
    browserSecretOf: (id: string) => (id === linkId ? browserSecret : undefined),
  };
  return { asked: asked.get('scope')?.split(' '), callback };
}

async function viewOf(accountId: string) {
  return presentAccount(await showAccount(bench().complete, accountId));
}

/** From now on, the consent holds these only. */
async function grantOnly(scopes: readonly string[]): Promise<void> {
  await fetch(`${netatmo.cloud.url}/_sim/users/${CLAIRE_ID}/scopes`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ scopes }),
  });
}

describe('an account', () => {
  test('has what the wished systems need, and misses nothing', async () => {
    const { asked, callback } = await comeBack({ systems: ['weather'] });
    expect(asked).toEqual(['read_station']);
    const { account } = await completeLink(bench().complete, callback);
    expect(await viewOf(account.accountId)).toMatchObject({
      provider: 'netatmo',
      status: 'linked',
      scopes: ['read_station'],
      missingScopes: [],
      tokens: { generation: 1, accessExpiresAt: new Date(NOW + 10_800_000).toISOString() },
    });
    expect(account.subject).toBe(CLAIRE_ID);
  });

  test('shows what was asked for and not granted, and is alive all the same', async () => {
    const { callback } = await comeBack({ systems: ['weather', 'security'] });
    await grantOnly(['read_station', 'read_camera']);
    const { account } = await completeLink(bench().complete, callback);
    expect(await viewOf(account.accountId)).toMatchObject({
      status: 'linked',
      health: { state: 'good' },
      scopes: ['read_station', 'read_camera'],
      missingScopes: expect.arrayContaining(['write_camera', 'read_presence', 'read_smokedetector']),
    });
  });

  test('misses it no more after a new link that the owner allows whole', async () => {
    const { asked, callback } = await comeBack({ systems: ['weather', 'security'] });
    const { account } = await completeLink(bench().complete, callback);
    expect(await viewOf(account.accountId)).toMatchObject({ scopes: asked, missingScopes: [] });
    expect(account.linkEpoch).toBeGreaterThan(1);
  });

  test.each([
    ['as one text', { name: 'scope_as_text' }],
    ['not at all', { name: 'token_without', parameters: { fields: 'scope' } }],
  ] as const)('has what was asked for where the token answer tells the scopes %s', async (_, fault) => {
    netatmo.cloud.faults.set(fault);
    const { callback } = await comeBack({ scopes: ['read_thermostat', 'write_thermostat'] });
    const { account } = await completeLink(bench().complete, callback);
    expect(await viewOf(account.accountId)).toMatchObject({
      scopes: ['read_thermostat', 'write_thermostat'],
      missingScopes: [],
    });
  });
});

describe('tokens', () => {
  async function linked() {
    const { callback } = await comeBack({ systems: ['weather'] });
    const { account } = await completeLink(bench().complete, callback);
    const generationOf = async () => (await viewOf(account.accountId)).tokens?.generation ?? 0;
    return { accountId: account.accountId, generationOf, vault: bench().complete.vault };
  }

  test('are rotated from each pair to the next, though each is dead with the next', async () => {
    const { accountId, generationOf, vault } = await linked();
    const first = await generationOf();
    for (const knownGeneration of [first, first + 1, first + 2]) {
      expect(await vault.rotate(accountId, { knownGeneration, insist: true })).toMatchObject({
        kind: 'rotated',
      });
    }
    expect(await generationOf()).toBe(first + 3);
    const answer = await vault.session(accountId).send(topology());
    expect(answer.status).toBe(200);
  });

  test('that Netatmo has forgotten (403 with code 2) are rotated once, and the call is made again', async () => {
    const { accountId, generationOf, vault } = await linked();
    const first = await generationOf();
    await fetch(`${netatmo.cloud.url}/_sim/users/${CLAIRE_ID}/revoke-access`, { method: 'POST' });
    const answer = await vault.session(accountId).send(topology());
    expect([answer.status, await generationOf()]).toEqual([200, first + 1]);
  });

  const topology = () => ({ method: 'GET', url: `${netatmo.cloud.url}/api/homesdata` }) as const;
});

test('an owner who declines ends the link, and nothing is missed anywhere', async () => {
  const { callback } = await comeBack({}, 'deny');
  expect(callback.error).toBe('access_denied');
  await expect(completeLink(bench().complete, callback)).rejects.toMatchObject({ code: 'link_refused' });
});
