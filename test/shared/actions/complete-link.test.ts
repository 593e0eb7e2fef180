/** Whom complete-link lets through to the exchange; that itself, and what follows, is tried end to end. */
import { randomBytes } from 'node:crypto';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  type Callback,
  type CompleteLinkDependencies,
  completeLink,
} from '../../../shared/actions/complete-link.ts';
import { openLink, startLink } from '../../../shared/actions/start-link.ts';
import { legrand } from '../../../shared/providers/legrand/driver.ts';
import type { ProviderRequest, Send } from '../../../shared/providers/request.ts';
import type { Store } from '../../../shared/store/store.ts';
import { useLinkBench } from './link-bench.ts';

const START = Date.parse('2026-01-15T17:00:00Z');
const provider = legrand({
  loginUrl: 'https://login.example',
  apiUrl: 'https://cloud.example',
  credentials: { clientId: 'client', clientSecret: 'secret', subscriptionKey: 'key' },
  defaultTimeZone: 'Europe/Paris',
});

let nowMs = START;
/** What reached the provider: every exchange is refused there. */
let exchanges: ProviderRequest[] = [];
const refuse: Send = async (request) => {
  exchanges.push(request);
  return { status: 400, headers: {}, body: '{"error":"invalid_grant"}' };
};

const bench = useLinkBench(
  () => provider,
  refuse,
  () => nowMs,
);
let store: Store;
let deps: CompleteLinkDependencies;
beforeAll(() => {
  deps = bench().complete;
  store = deps.store;
});
beforeEach(() => {
  nowMs = START;
  exchanges = [];
});

/** A link that is open in a browser, and the callback that this browser would make after consent. */
async function comeBack(): Promise<{ linkId: string; callback: Callback }> {
  const facts = bench().start;
  const { id: linkId } = await startLink(facts, { provider: 'legrand', owner: 'owner-1' });
  const { consentUrl, browserSecret } = await openLink(facts, linkId);
  const state = new URL(consentUrl).searchParams.get('state') ?? '';
  const browserSecretOf = (id: string) => (id === linkId ? browserSecret : undefined);
  return { linkId, callback: { provider: 'legrand', state, code: 'the-code', browserSecretOf } };
}

async function expectRefused(callback: Callback, code: string): Promise<void> {
  await expect(completeLink(deps, callback)).rejects.toMatchObject({ name: 'LatchkeyError', code });
}
async function expectLink(linkId: string, status: string, code?: string): Promise<void> {
  const link = await store.links.get(linkId);
  expect([link?.status, link?.problem?.code]).toEqual([status, code]);
}

test('spends the code of a callback that belongs to the link and its browser, with the exact reply address', async () => {
  const { linkId, callback } = await comeBack();
  await expectRefused(callback, 'link_refused');
  expect(exchanges).toHaveLength(1);
  expect(Object.fromEntries(new URLSearchParams(exchanges[0]?.body))).toMatchObject({
    grant_type: 'authorization_code',
    code: 'the-code',
    redirect_uri: 'https://api.example/oauth/legrand/callback',
  });
  await expectLink(linkId, 'failed', 'link_refused');
});

test('spends a code once, however many callbacks bring the state at the same time', async () => {
  const { callback } = await comeBack();
  const outcomes = await Promise.allSettled(Array.from({ length: 6 }, () => completeLink(deps, callback)));
  const codes = outcomes.map((outcome) => (outcome.status === 'rejected' ? outcome.reason.code : 'linked'));
  expect(codes.toSorted()).toEqual([...Array(5).fill('link_expired'), 'link_refused']);
  expect(exchanges).toHaveLength(1);
});

describe('never reaches the provider', () => {
  test('with a state that was used, and leaves what became of the link', async () => {
    const { linkId, callback } = await comeBack();
    await expectRefused({ ...callback, code: undefined, error: 'access_denied' }, 'link_refused');
    await expectRefused(callback, 'link_expired');
    expect((await store.links.get(linkId))?.problem?.remedy).toBe('Start the link again and allow access.');
    expect(exchanges).toEqual([]);
  });

  test.each([
    ['has no secret', undefined],
    ['has another secret', randomBytes(32).toString('base64url')],
    ['has a secret of another length', 'short'],
    ['has an empty secret', ''],
  ])('from a browser that %s; the link has failed', async (_, secret) => {
    const { linkId, callback } = await comeBack();
    await expectRefused({ ...callback, browserSecretOf: () => secret }, 'link_refused');
    await expectLink(linkId, 'failed', 'link_refused');
    await expectRefused(callback, 'link_expired');
    expect(exchanges).toEqual([]);
  });

  test('after the link has expired', async () => {
    const { linkId, callback } = await comeBack();
    nowMs = START + 600_000;
    await expectRefused(callback, 'link_expired');
    await expectLink(linkId, 'failed', 'link_expired');
    expect(exchanges).toEqual([]);
  });

  test.each([
    ['that is none', () => undefined],
    ['that is empty', () => ''],
    ['without its secret half', (state: string) => state.split('.')[0]],
    ['of a link that there is not', (state: string) => `lnk_${'0'.repeat(26)}.${state.split('.')[1]}`],
  ])('with a state %s', async (_, change) => {
    const { linkId, callback } = await comeBack();
    await expectRefused({ ...callback, state: change(callback.state ?? '') }, 'link_unknown');
    await expectLink(linkId, 'pending');
    expect(exchanges).toEqual([]);
  });

  test('with a guessed state, or at the address of another provider, and leaves the link standing', async () => {
    const { linkId, callback } = await comeBack();
    await expectRefused(
      { ...callback, state: `${linkId}.${randomBytes(32).toString('base64url')}` },
      'link_expired',
    );
    await expectRefused({ ...callback, provider: 'netatmo' }, 'link_unknown');
    await expectLink(linkId, 'pending');
    expect(exchanges).toEqual([]);
  });

  test.each([
    ['access_denied', 'link_refused', 'the owner did not give consent'],
    ['server_error', 'provider_unavailable', 'the provider could not ask for consent (server_error)'],
    [
      'temporarily_unavailable',
      'provider_unavailable',
      'could not ask for consent (temporarily_unavailable)',
    ],
    ['invalid_scope', 'provider_rejected', 'refused to ask for consent (invalid_scope)'],
    ['<script>', 'provider_rejected', 'refused to ask for consent (an unknown error)'],
    ['', 'provider_rejected', 'refused to ask for consent (an unknown error)'],
  ])('when the provider says %j', async (error, code, detail) => {
    const { linkId, callback } = await comeBack();
    await expectRefused({ ...callback, error }, code);
    const problem = (await store.links.get(linkId))?.problem;
    expect(problem).toMatchObject({ code, detail: expect.stringContaining(detail) });
    expect(exchanges).toEqual([]);
  });

  test.each([undefined, ''])('with the code %j and no error', async (code) => {
    const { linkId, callback } = await comeBack();
    await expectRefused({ ...callback, code }, 'provider_unexpected');
    await expectLink(linkId, 'failed', 'provider_unexpected');
    expect(exchanges).toEqual([]);
  });
});

test('leaves no account, no tokens and no work behind when the provider refuses the code', async () => {
  const { callback } = await comeBack();
  await expectRefused(callback, 'link_refused');
  expect((await store.accounts.list({ limit: 100 })).items).toEqual([]);
  expect(await Array.fromAsync(store.pointers.due('legrand', START + 1e12))).toEqual([]);
  expect(await Array.fromAsync(store.syncJobs.due(START + 1e12))).toEqual([]);
});
