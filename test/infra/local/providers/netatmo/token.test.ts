import { describe, expect, it } from 'vitest';
import { sim } from '../sim.ts';
import {
  allScopes,
  apiOf,
  CLAIRE,
  CLAIRE_ID,
  exchangeCode,
  link,
  obtainCode,
  REPLY_URL,
  refresh,
  requestToken,
  TokenSet,
} from './netatmo-client.ts';
import { startCloud } from './start-cloud.ts';

const outcome = async (answer: Promise<Response>) => {
  const response = await answer;
  return [response.status, await response.json()];
};

describe('token', () => {
  it('gives a pair with the scopes as a list and the lifetime under both its names', async () => {
    const cloud = await startCloud();
    const response = await exchangeCode(cloud, await obtainCode(cloud, CLAIRE, 'read_station read_camera'));
    expect(response.headers.get('content-type')).toBe('application/json;charset=UTF-8');
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(response.headers.get('pragma')).toBe('no-cache');
    expect(await response.json()).toEqual({
      access_token: expect.stringMatching(new RegExp(`^${CLAIRE_ID}\\|[0-9a-f]{32}$`)),
      refresh_token: expect.stringMatching(new RegExp(`^${CLAIRE_ID}\\|[0-9a-f]{32}$`)),
      scope: ['read_station', 'read_camera'],
      expires_in: 10_800,
      expire_in: 10_800,
    });
  });

  it('takes a code once, for ten minutes, and for the callback it was made for', async () => {
    const cloud = await startCloud();
    cloud.setReplyUrls([REPLY_URL, `${REPLY_URL}/2`]);
    const code = await obtainCode(cloud);
    const wrong = { grant_type: 'authorization_code', code, redirect_uri: `${REPLY_URL}/2` };
    expect(await outcome(requestToken(cloud, wrong))).toEqual([400, { error: 'invalid_grant' }]);
    expect((await exchangeCode(cloud, code)).status).toBe(200);
    expect(await outcome(exchangeCode(cloud, code))).toEqual([400, { error: 'invalid_grant' }]);
    const late = await obtainCode(cloud);
    await cloud.advance(600);
    expect(await outcome(exchangeCode(cloud, late))).toEqual([400, { error: 'invalid_grant' }]);
  });

  it('kills the old pair with the very refresh', async () => {
    const cloud = await startCloud();
    const first = await link(cloud);
    const second = TokenSet.parse(await (await refresh(cloud, first.refresh_token)).json());
    expect(second.refresh_token).not.toBe(first.refresh_token);
    expect(await outcome(refresh(cloud, first.refresh_token))).toEqual([400, { error: 'invalid_grant' }]);
    const old = await apiOf(cloud, first.access_token)('homesdata');
    expect([old.status, old.json]).toEqual([403, { error: { code: 2, message: 'Invalid access token' } }]);
    expect((await apiOf(cloud, second.access_token)('homesdata')).status).toBe(200);
    expect((await refresh(cloud, second.refresh_token)).status).toBe(200);
  });

  it('lets an access token live three hours, and renews it afterwards as well', async () => {
    const cloud = await startCloud();
    const tokens = await link(cloud);
    await cloud.advance(10_799);
    expect((await apiOf(cloud, tokens.access_token)('homesdata')).status).toBe(200);
    await cloud.advance(1);
    const expired = await apiOf(cloud, tokens.access_token)('homesdata');
    expect([expired.status, expired.json]).toMatchObject([403, { error: { code: 3 } }]);
    expect((await refresh(cloud, tokens.refresh_token)).status).toBe(200);
  });

  it('asks for no other scopes than were granted', async () => {
    const cloud = await startCloud();
    const { refresh_token } = await link(cloud, CLAIRE, 'read_station read_camera');
    const ask = (scope: string) => requestToken(cloud, { grant_type: 'refresh_token', refresh_token, scope });
    expect(await outcome(ask('read_station'))).toEqual([400, { error: 'invalid_request' }]);
    expect(await outcome(ask(allScopes))).toEqual([400, { error: 'invalid_request' }]);
    expect((await ask('read_camera read_station')).status).toBe(200);
  });

  it.each([
    [{ grant_type: 'password', username: CLAIRE, password: 'netatmo' }, 'unauthorized_client'],
    [{ grant_type: 'client_credentials' }, 'unsupported_grant_type'],
    [{ grant_type: '' }, 'invalid_request'],
    [{ grant_type: 'refresh_token' }, 'invalid_request'],
    [{ grant_type: 'authorization_code' }, 'invalid_request'],
    [{ grant_type: 'refresh_token', refresh_token: 'x|y' }, 'invalid_grant'],
    [{ grant_type: 'refresh_token', refresh_token: 'x', client_secret: 'guess' }, 'invalid_client'],
    [{ grant_type: 'refresh_token', refresh_token: 'x', client_id: '' }, 'invalid_request'],
  ])('refuses %o with 400', async (fields, error) => {
    const cloud = await startCloud();
    expect(await outcome(requestToken(cloud, fields))).toMatchObject([400, { error }]);
  });

  it('reads forms only, and no credentials from a header', async () => {
    const cloud = await startCloud();
    const { clientId, clientSecret } = cloud.credentials;
    const { refresh_token } = await link(cloud);
    const fields = { grant_type: 'refresh_token', refresh_token };
    const post = (headers: Record<string, string>, body: string) =>
      fetch(`${cloud.url}/oauth2/token`, { method: 'POST', headers, body });
    const credentials = { client_id: clientId, client_secret: clientSecret };
    const asJson = await post(
      { 'content-type': 'application/json' },
      JSON.stringify({ ...fields, ...credentials }),
    );
    expect(asJson.status).toBe(400);
    const basic = `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}`;
    const form = { 'content-type': 'application/x-www-form-urlencoded' };
    const withHeader = await post({ ...form, authorization: basic }, new URLSearchParams(fields).toString());
    expect(await withHeader.json()).toMatchObject({ error: 'invalid_request' });
    expect((await refresh(cloud, refresh_token)).status).toBe(200);
  });

  it('is refused by switch in every way that was seen', async () => {
    const cloud = await startCloud();
    const { refresh_token } = await link(cloud);
    cloud.faults.set({ name: 'too_many_connections', times: 1 });
    expect(await outcome(refresh(cloud, refresh_token))).toEqual([429, { error: 'too_many_connections' }]);
    cloud.faults.set({ name: 'html_error', on: 'token', times: 1 });
    const html = await refresh(cloud, refresh_token);
    expect([html.status, html.headers.get('content-type')]).toEqual([503, 'text/html']);
    cloud.faults.set({
      name: 'oauth_error',
      on: 'token',
      times: 1,
      parameters: { description: 'Just created' },
    });
    expect(await outcome(refresh(cloud, refresh_token))).toEqual([
      400,
      { error: 'invalid_client', error_description: 'Just created' },
    ]);
    expect((await refresh(cloud, refresh_token)).status).toBe(200);
  });

  it('answers by switch with scopes as text, without fields, or with lifetimes as text', async () => {
    const cloud = await startCloud();
    cloud.faults.set({ name: 'scope_as_text' });
    cloud.faults.set({ name: 'token_without', parameters: { fields: 'expires_in' } });
    cloud.faults.set({ name: 'token_numbers_as_text' });
    const first = await link(cloud, CLAIRE, 'read_station read_camera');
    expect(first).toMatchObject({ scope: 'read_station read_camera', expire_in: '10800' });
    expect(first).not.toHaveProperty('expires_in');
    cloud.faults.clear();
    cloud.faults.set({ name: 'token_without', parameters: { fields: 'scope expire_in' } });
    const second = await link(cloud);
    expect(Object.keys(second)).toEqual(['access_token', 'refresh_token', 'expires_in']);
  });

  it('gives tokens that can be taken back, or made to expire, from outside', async () => {
    const cloud = await startCloud();
    const tokens = await link(cloud);
    const codeOf = async () => (await apiOf(cloud, tokens.access_token)('homesdata')).json;
    await sim(cloud, 'POST', `/users/${CLAIRE}/expire-access`);
    expect(await codeOf()).toMatchObject({ error: { code: 3 } });
    await sim(cloud, 'POST', `/users/${CLAIRE}/revoke-access`);
    expect(await codeOf()).toMatchObject({ error: { code: 2 } });
    const next = TokenSet.parse(await (await refresh(cloud, tokens.refresh_token)).json());
    await sim(cloud, 'POST', `/users/${CLAIRE}/revoke`);
    expect(await outcome(refresh(cloud, next.refresh_token))).toEqual([400, { error: 'invalid_grant' }]);
    expect((await apiOf(cloud, next.access_token)('homesdata')).json).toMatchObject({ error: { code: 2 } });
  });
});
