/** Drives the simulated cloud into every row of the table of its login, and reads what it grants. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import {
  type AllthingstalkCloud,
  createAllthingstalkCloud,
} from '../../../../infra/local/providers/allthingstalk/cloud.ts';
import { allthingstalk } from '../../../../shared/providers/allthingstalk/driver.ts';
import { allthingstalkErrors } from '../../../../shared/providers/allthingstalk/errors.ts';
import type { Provider } from '../../../../shared/providers/provider.ts';
import { type ProviderRequest, sendOnce } from '../../../../shared/providers/request.ts';
import { exchangeRefreshToken } from '../../../../shared/vault/grants.ts';
import { toTokenSet } from '../../../../shared/vault/token-set.ts';
import {
  ROBIN,
  set,
  signIn,
  tokensOf,
} from '../../../infra/local/providers/allthingstalk/allthingstalk-client.ts';
import { expectCaseForEachRow, expectGrantRefused, titleOf } from '../check-error-case.ts';
import { grantCases } from './grant-cases.ts';

const NOW = Date.parse('2026-01-15T17:05:42Z');
const { grants } = allthingstalkErrors;
let cloud: AllthingstalkCloud;
let provider: Provider;

beforeAll(async () => {
  cloud = await createAllthingstalkCloud({ now: () => NOW });
  provider = allthingstalk({
    url: `${cloud.url}/`,
    credentials: cloud.credentials,
    defaultTimeZone: 'Europe/Brussels',
  });
});
afterEach(() => cloud.faults.clear());
afterAll(() => cloud.close());

const robins = () => tokensOf(signIn(cloud, ROBIN));

it('has a case for every row, and for nothing else', () => expectCaseForEachRow(grants, grantCases));

it.each(grantCases.map((one) => [titleOf(one), one] as const))('%s', async (_, one) => {
  const { refresh_token: refreshToken } = await robins();
  if (one.fault) cloud.faults.set({ ...one.fault, on: 'login' });
  await expectGrantRefused({ provider, refreshToken, now: () => NOW }, one, grants);
});

describe('a refresh', () => {
  async function refreshed(token: string) {
    const sent: ProviderRequest[] = [];
    const outcome = await exchangeRefreshToken(
      provider.oauth,
      token,
      (request) => {
        sent.push(request);
        return sendOnce(request);
      },
      () => NOW,
    );
    if (outcome.kind !== 'granted') throw new Error(outcome.kind);
    return { answer: outcome.answer, body: sent[0]?.body ?? '' };
  }

  it('tells the client id and no secret, and brings another refresh token', async () => {
    const { refresh_token: token } = await robins();
    const { answer, body } = await refreshed(token);
    expect(Object.fromEntries(new URLSearchParams(body))).toEqual({
      grant_type: 'refresh_token',
      refresh_token: token,
      client_id: 'web',
    });
    expect(answer.refreshToken).toBeTruthy();
    expect(answer.refreshToken).not.toBe(token);
  });

  it.each([
    ['expires_in', undefined, 3_599],
    ['expires_in as a text', { name: 'token_numbers_as_text' }, 3_599],
    ['`.expires` where there is no other', { name: 'token_without' }, 86_400 + 3_599],
    ['an hour where there is none at all', { name: 'token_without', fields: 'expires_in,.expires' }, 3_599],
  ] as const)('lives for what it says: %s', async (_, fault, seconds) => {
    await set(cloud, { expiresSkewSeconds: 86_400 });
    const { refresh_token: token } = await robins();
    if (fault?.name === 'token_numbers_as_text') cloud.faults.set({ name: fault.name, on: 'login' });
    if (fault?.name === 'token_without')
      cloud.faults.set({
        name: fault.name,
        on: 'login',
        parameters: 'fields' in fault ? { fields: fault.fields } : {},
      });
    const { answer } = await refreshed(token);
    const { accessExpiresAt } = toTokenSet(answer, provider.oauth, { sentAtMs: NOW });
    expect((Date.parse(accessExpiresAt) - NOW) / 1_000).toBe(seconds);
  });
});
