import { describe, expect, it } from 'vitest';
import { sim } from '../sim.ts';
import {
  apiOf,
  CASEY,
  CASEY_ID,
  challenge,
  codeOf,
  KIM,
  login,
  ROBIN,
  refresh,
  set,
  signIn,
  tokensOf,
  verify,
} from './allthingstalk-client.ts';
import { startCloud } from './start-cloud.ts';

const outcome = async (answer: Promise<Response>) => {
  const response = await answer;
  return [response.status, await response.json()];
};
const refused = (description: unknown) => [400, { error: 'invalid_grant', error_description: description }];

describe('login', () => {
  it('gives an account without an authenticator its tokens at once', async () => {
    const cloud = await startCloud();
    const response = await signIn(cloud, ROBIN);
    expect(response.headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(await response.json()).toEqual({
      access_token: expect.stringMatching(/^[A-Za-z0-9]{64}$/),
      token_type: 'bearer',
      expires_in: 3599,
      refresh_token: expect.stringMatching(/^[A-Za-z0-9]{48}$/),
      'as:client_id': 'web',
      userName: 'robin',
      '.issued': 'Thu, 15 Jan 2026 17:00:00 GMT',
      '.expires': 'Thu, 15 Jan 2026 17:59:59 GMT',
    });
  });

  it('asks an account with an authenticator for its code first', async () => {
    const cloud = await startCloud();
    expect(await outcome(signIn(cloud, CASEY))).toEqual([
      200,
      { MfaUid: expect.any(String), UserId: CASEY_ID },
    ]);
    const { access_token } = await tokensOf(verify(cloud));
    expect((await apiOf(cloud, access_token)('GET', '/me')).json).toMatchObject({ userName: 'casey' });
  });

  it('takes names in any case, an e-mail address, and a form that says it is JSON', async () => {
    const cloud = await startCloud();
    expect((await signIn(cloud, { username: 'Robin@Example.NET', password: ROBIN.password })).status).toBe(
      200,
    );
    const body = new URLSearchParams({ Grant_Type: 'password', Client_Id: 'maker', ...ROBIN });
    const headers = { 'content-type': 'application/json' };
    const labelled = await fetch(`${cloud.url}/Login/`, { method: 'POST', headers, body: body.toString() });
    expect(labelled.status).toBe(200);
  });

  it('is broken by a password that is not encoded', async () => {
    const cloud = await startCloud();
    const body = `grant_type=password&client_id=web&username=casey&password=${CASEY.password}`;
    const answer = fetch(`${cloud.url}/login`, { method: 'POST', body });
    expect(await outcome(answer)).toEqual(refused('The user name or password is incorrect.'));
  });

  it.each([
    [{ username: 'robin', password: 'guess' }, 'invalid_grant'],
    [{ username: 'nobody', password: 'guess' }, 'invalid_grant'],
    [{ ...ROBIN, client_id: 'latchkey' }, 'invalid_client'],
    [{ ...ROBIN, grant_type: 'client_credentials' }, 'unsupported_grant_type'],
    [{ grant_type: 'refresh_token', refresh_token: 'x' }, 'invalid_grant'],
    [{ grant_type: 'refresh_token' }, 'invalid_grant'],
    [{ MfaUid: 'x', UserId: CASEY_ID, code: '000000' }, 'invalid_grant'],
    [{ MfaUid: 'x', UserId: CASEY_ID }, 'invalid_request'],
  ])('refuses %o with 400', async (fields, error) => {
    const cloud = await startCloud();
    expect(await outcome(signIn(cloud, fields))).toEqual([
      400,
      { error, error_description: expect.any(String) },
    ]);
  });

  it('takes a challenge once', async () => {
    const cloud = await startCloud();
    const open = await challenge(cloud);
    const code = await codeOf(cloud);
    expect((await login(cloud, { ...open, code })).status).toBe(200);
    expect(await outcome(login(cloud, { ...open, code }))).toEqual(
      refused('The verification has expired. Sign in again.'),
    );
  });

  it('takes a code half a minute late, and no later', async () => {
    const cloud = await startCloud();
    const code = await codeOf(cloud);
    await cloud.advance(59);
    expect((await verify(cloud, { VerificationCode: code })).status).toBe(200);
    await cloud.advance(1);
    expect(await outcome(verify(cloud, { VerificationCode: code }))).toEqual(
      refused('The verification code is incorrect.'),
    );
  });

  it('lets a challenge die of age, and of five wrong codes', async () => {
    const cloud = await startCloud();
    const old = await challenge(cloud);
    await cloud.advance(300);
    expect((await login(cloud, { ...old, code: await codeOf(cloud) })).status).toBe(400);
    const open = await challenge(cloud);
    for (let wrong = 0; wrong < 5; wrong += 1)
      expect(await outcome(login(cloud, { ...open, code: 'wrong' }))).toEqual(
        refused('The verification code is incorrect.'),
      );
    expect(await outcome(login(cloud, { ...open, code: await codeOf(cloud) }))).toEqual(
      refused('The verification has expired. Sign in again.'),
    );
  });

  it('lets nobody finish the login of somebody else', async () => {
    const cloud = await startCloud();
    expect((await verify(cloud, { UserId: '5f00aa11bb22cc33dd44ee66' })).status).toBe(400);
  });
});

describe('refresh', () => {
  it('gives new tokens without a code, and refuses the old one from then on', async () => {
    const cloud = await startCloud();
    const first = await tokensOf(verify(cloud));
    const second = await tokensOf(refresh(cloud, first.refresh_token));
    expect(second.refresh_token).not.toBe(first.refresh_token);
    expect(await outcome(refresh(cloud, first.refresh_token))).toEqual(
      refused('The refresh token is invalid or has expired.'),
    );
    expect((await refresh(cloud, second.refresh_token)).status).toBe(200);
    // The access token before lives out its time.
    expect((await apiOf(cloud, first.access_token)('GET', '/me')).status).toBe(200);
  });

  it('works when the access token has expired, and no longer after sixty days', async () => {
    const cloud = await startCloud();
    const tokens = await tokensOf(signIn(cloud, KIM));
    const api = apiOf(cloud, tokens.access_token);
    await cloud.advance(3598);
    expect((await api('GET', '/me')).status).toBe(200);
    await cloud.advance(1);
    expect([(await api('GET', '/me')).status, (await api('GET', '/me')).json]).toEqual([
      401,
      { message: 'Authorization has been denied for this request.' },
    ]);
    const next = await tokensOf(refresh(cloud, tokens.refresh_token));
    await cloud.advance(60 * 86_400 - 1);
    const last = await tokensOf(refresh(cloud, next.refresh_token));
    await cloud.advance(60 * 86_400);
    expect((await refresh(cloud, last.refresh_token)).status).toBe(400);
  });

  it('can be taken back, and made to expire, from outside', async () => {
    const cloud = await startCloud();
    const tokens = await tokensOf(signIn(cloud, ROBIN));
    await sim(cloud, 'POST', '/users/robin/expire-access');
    expect((await apiOf(cloud, tokens.access_token)('GET', '/me')).status).toBe(401);
    const next = await tokensOf(refresh(cloud, tokens.refresh_token));
    await sim(cloud, 'POST', '/users/robin/revoke');
    expect((await refresh(cloud, next.refresh_token)).status).toBe(400);
    expect((await apiOf(cloud, next.access_token)('GET', '/me')).status).toBe(401);
  });
});

describe('login, by switch,', () => {
  it('answers without fields, with lifetimes as text, or with those of the broker', async () => {
    const cloud = await startCloud();
    cloud.faults.set({
      name: 'token_without',
      times: 1,
      parameters: { fields: 'expires_in, refresh_token' },
    });
    cloud.faults.set({ name: 'token_with_broker', times: 1 });
    const bent = await (await signIn(cloud, ROBIN)).json();
    expect(bent).toMatchObject({ 'rmq:clientId': expect.any(String), 'rmq:clientKey': expect.any(String) });
    expect(bent).not.toHaveProperty('expires_in');
    expect(bent).not.toHaveProperty('refresh_token');
    cloud.faults.set({ name: 'token_numbers_as_text', times: 1 });
    expect(await (await signIn(cloud, ROBIN)).json()).toMatchObject({ expires_in: '3599' });
  });

  it('is refused in every way', async () => {
    const cloud = await startCloud();
    cloud.faults.set({ name: 'oauth_error', times: 1, parameters: { error: 'server_error', status: 500 } });
    expect(await outcome(signIn(cloud, ROBIN))).toEqual([
      500,
      { error: 'server_error', error_description: 'Simulated' },
    ]);
    cloud.faults.set({ name: 'throttled', on: 'login', times: 1, parameters: { retryAfterSeconds: 7 } });
    expect((await signIn(cloud, ROBIN)).headers.get('retry-after')).toBe('7');
    cloud.faults.set({ name: 'html_error', on: 'login', times: 1 });
    expect((await signIn(cloud, ROBIN)).headers.get('content-type')).toBe('text/html');
    expect((await signIn(cloud, ROBIN)).status).toBe(200);
  });

  it('counts every account among those that need a code, or none', async () => {
    const cloud = await startCloud();
    await set(cloud, { mfaRequired: 'everyone' });
    expect(await outcome(signIn(cloud, ROBIN))).toEqual(
      refused('Multi-factor authentication has to be set up for this account.'),
    );
    await sim(cloud, 'POST', '/users/robin/authenticator');
    expect((await outcome(signIn(cloud, ROBIN)))[1]).toHaveProperty('MfaUid');
    await set(cloud, { mfaRequired: 'nobody' });
    expect((await outcome(signIn(cloud, CASEY)))[1]).toHaveProperty('access_token');
  });
});
