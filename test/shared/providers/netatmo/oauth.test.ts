import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { CLAIRE_ID } from '../../../../infra/local/providers/netatmo/seed/people.ts';
import { createConnectApi } from '../../../../shared/providers/netatmo/call.ts';
import { netatmoOauth } from '../../../../shared/providers/netatmo/oauth.ts';
import { type ProviderRequest, sendOnce } from '../../../../shared/providers/request.ts';
import { exchangeCode, exchangeRefreshToken } from '../../../../shared/vault/grants.ts';
import { createSession, exchange } from '../cloud-session.ts';
import {
  consent,
  type NetatmoBench,
  type NetatmoFault,
  NOW,
  openNetatmo,
  REPLY_URL,
} from './netatmo-bench.ts';

const oauth = netatmoOauth('https://api.example.net', { clientId: 'client-1', clientSecret: 's+~."' });
const token = {
  access_token: '65f0aa11bb22cc33dd44ee55|1f2e',
  refresh_token: '65f0aa11bb22cc33dd44ee55|a0b1',
};

let bench: NetatmoBench;
beforeAll(async () => {
  bench = await openNetatmo({ scopes: ['read_station', 'read_thermostat'] });
});
afterEach(() => bench.cloud.faults.clear());
afterAll(() => bench.close());

describe('a token answer', () => {
  const whole = {
    accessToken: token.access_token,
    refreshToken: token.refresh_token,
    expiresInSeconds: 10_800,
    subject: CLAIRE_ID,
  };
  it.each([
    ['a list of scopes', { scope: ['read_station', 'read_camera'] }, ['read_station', 'read_camera']],
    ['scopes as a text', { scope: 'read_station read_camera' }, ['read_station', 'read_camera']],
    ['scopes with commas', { scope: 'read_station, read_camera ' }, ['read_station', 'read_camera']],
    ['a list with junk in it', { scope: ['read_station', null, 7, ''] }, ['read_station']],
  ])('is read with %s', (_, fields, scopes) => {
    expect(oauth.readTokenAnswer({ ...token, ...fields })).toEqual({ ...whole, scopes });
  });

  it.each([
    ['no scope', {}],
    ['an empty list', { scope: [] }],
    ['an empty text', { scope: ' ' }],
    ['something else for it', { scope: { read_station: true } }],
  ])('tells nothing of scopes with %s', (_, fields) => {
    expect(oauth.readTokenAnswer({ ...token, ...fields })).toEqual(whole);
  });

  it.each([
    ['both spellings', { expires_in: 60, expire_in: 60 }, 60],
    ['the right one', { expires_in: 60 }, 60],
    ['the wrong one', { expire_in: 60 }, 60],
    ['text', { expires_in: '60' }, 60],
    ['text under the wrong one', { expires_in: 'soon', expire_in: '60' }, 60],
    ['neither, which leaves what is documented', {}, 10_800],
    ['nothing sensible', { expires_in: 'soon', expire_in: -1 }, 10_800],
  ])('is read with its life in %s', (_, fields, expiresInSeconds) => {
    expect(oauth.readTokenAnswer({ ...token, ...fields })).toEqual({ ...whole, expiresInSeconds });
  });

  it('may rotate nothing, and name nobody', () => {
    expect(oauth.readTokenAnswer({ access_token: 'opaque' })).toEqual({
      accessToken: 'opaque',
      expiresInSeconds: 10_800,
    });
    expect(oauth.readTokenAnswer({ ...token, refresh_token: null })).not.toHaveProperty('refreshToken');
  });

  it.each([[null], [{}], [{ access_token: '' }], [{ access_token: 7 }], ['<html>'], [[]]])(
    'is refused without an access token: %j',
    (body) => {
      expect(() => oauth.readTokenAnswer(body)).toThrowError(
        expect.objectContaining({ code: 'provider_unexpected' }),
      );
    },
  );

  it.each<[NetatmoFault, object]>([
    [{ name: 'scope_as_text' }, { scopes: ['read_station', 'read_thermostat'] }],
    [{ name: 'token_numbers_as_text' }, { expiresInSeconds: 10_800 }],
    [{ name: 'token_without', parameters: { fields: 'expires_in' } }, { expiresInSeconds: 10_800 }],
    [
      { name: 'token_without', parameters: { fields: 'expires_in, expire_in' } },
      { expiresInSeconds: 10_800 },
    ],
    [{ name: 'token_without', parameters: { fields: 'scope' } }, { subject: CLAIRE_ID }],
  ])('of the cloud is read with %j', async (fault, expected) => {
    bench.cloud.faults.set(fault);
    const { provider } = bench;
    const answer = await grant();
    expect(provider.oauth.readTokenAnswer(JSON.parse(answer.body))).toMatchObject({
      accessToken: expect.stringContaining('|'),
      refreshToken: expect.stringContaining('|'),
      ...expected,
    });
  });
});

/** A pair of its own, by a consent of its own. */
async function grant() {
  const { provider, account } = bench;
  return exchange(provider.oauth, {
    grant_type: 'authorization_code',
    redirect_uri: REPLY_URL,
    code: await consent(provider.oauth, 'claire@example.net', account.scopes),
  });
}

describe('an exchange', () => {
  /** Sends, and keeps the form that was sent. */
  function watched() {
    const forms: Record<string, string>[] = [];
    const send = (request: ProviderRequest) => {
      forms.push(Object.fromEntries(new URLSearchParams(request.body)));
      return sendOnce(request);
    };
    return { forms, send };
  }

  it('of a code names no scopes: others than were granted would cost the whole of it', async () => {
    const { forms, send } = watched();
    const code = await consent(bench.provider.oauth, 'claire@example.net', ['read_station']);
    const outcome = await exchangeCode(
      bench.provider.oauth,
      { code, redirectUri: REPLY_URL },
      send,
      () => NOW,
    );
    expect(outcome).toMatchObject({ kind: 'granted', answer: { scopes: ['read_station'] } });
    expect(Object.keys(forms[0] ?? {}).toSorted()).toEqual([
      'client_id',
      'client_secret',
      'code',
      'grant_type',
      'redirect_uri',
    ]);
  });

  it('of a refresh token names no scopes either, and kills the pair before it at once', async () => {
    const { provider, account } = bench;
    const before = provider.oauth.readTokenAnswer(JSON.parse((await grant()).body));
    const { forms, send } = watched();
    const refresh = (refreshToken = '') =>
      exchangeRefreshToken(provider.oauth, refreshToken, send, () => NOW);
    const outcome = await refresh(before.refreshToken);
    if (outcome.kind !== 'granted') throw new Error(outcome.kind);
    expect(Object.keys(forms[0] ?? {}).toSorted()).toEqual([
      'client_id',
      'client_secret',
      'grant_type',
      'refresh_token',
    ]);
    expect(forms[0]?.refresh_token).toBe(before.refreshToken);

    const { answer: after } = outcome;
    expect(after.refreshToken).not.toBe(before.refreshToken);
    expect(await refresh(before.refreshToken)).toMatchObject({ kind: 'invalid_grant' });
    const api = createConnectApi(bench.cloud.url);
    const asked = async (accessToken: string) =>
      await api(createSession(account.accountId, accessToken), { method: 'homesdata' });
    const refused = await asked(before.accessToken);
    expect([refused.status, provider.oauth.isAccessTokenRefused(refused)]).toEqual([403, true]);
    expect((await asked(after.accessToken)).status).toBe(200);
    expect(await refresh(after.refreshToken)).toMatchObject({ kind: 'granted' });
  });

  it('by password is refused by the cloud as a matter of the application', async () => {
    const answer = await exchange(bench.provider.oauth, {
      grant_type: 'password',
      username: 'claire@example.net',
      password: 'netatmo',
    });
    expect(bench.provider.oauth.judgeRefusal(answer)).toMatchObject({
      kind: 'operator',
      error: { details: { provider: { code: 'unauthorized_client' } } },
    });
  });
});
