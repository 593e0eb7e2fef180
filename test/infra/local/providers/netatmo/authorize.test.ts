import { describe, expect, it } from 'vitest';
import { locationOf, submitForm } from '../page-form.ts';
import { sim } from '../sim.ts';
import { allScopes, authorizeUrl, CLAIRE, exchangeCode, REPLY_URL, TokenSet } from './netatmo-client.ts';
import { startCloud } from './start-cloud.ts';

const allow = { email: CLAIRE, password: 'netatmo', decision: 'allow' };
const visit = (url: string) => fetch(url, { redirect: 'manual' });

describe('authorize', () => {
  it('sends the browser back with a code and the very state after the form was submitted', async () => {
    const cloud = await startCloud();
    const response = await submitForm(authorizeUrl(cloud), allow);
    const location = locationOf(response);
    expect(response.status).toBe(302);
    expect(`${location.origin}${location.pathname}`).toBe(REPLY_URL);
    expect(location.searchParams.get('state')).toBe('a b&c');
    expect(location.searchParams.get('code')).toMatch(/^[0-9a-f]{32}$/);
  });

  it('shows every scope that is asked for, and keeps markup in the state harmless', async () => {
    const cloud = await startCloud();
    const markup = await (await fetch(authorizeUrl(cloud, { state: '"><script>' }))).text();
    for (const scope of allScopes.split(' ')) expect(markup).toContain(`<code>${scope}</code>`);
    expect(markup).not.toContain('<script>');
    expect(markup).toContain('<label for="password">');
  });

  it('answers a POST with 302 to a page that a browser can open', async () => {
    const cloud = await startCloud();
    const { searchParams } = new URL(authorizeUrl(cloud));
    const response = await fetch(`${cloud.url}/oauth2/authorize`, {
      method: 'POST',
      body: searchParams,
      redirect: 'manual',
    });
    expect(response.status).toBe(302);
    expect((await visit(locationOf(response).href)).status).toBe(200);
  });

  it('asks again when the password is wrong', async () => {
    const cloud = await startCloud();
    const response = await submitForm(authorizeUrl(cloud), { ...allow, password: 'guess' });
    expect(response.status).toBe(401);
    expect(await response.text()).toContain('role="alert"');
  });

  it('asks nobody who is signed in for a password', async () => {
    const cloud = await startCloud();
    await sim(cloud, 'POST', `/users/${CLAIRE}/sign-in`);
    const response = await submitForm(authorizeUrl(cloud), { decision: 'allow' });
    expect(locationOf(response).searchParams.has('code')).toBe(true);
    await sim(cloud, 'POST', `/users/${CLAIRE}/sign-in`, { signedIn: false });
    expect((await submitForm(authorizeUrl(cloud), { decision: 'allow' })).status).toBe(401);
  });

  it('answers access_denied when the user refuses', async () => {
    const cloud = await startCloud();
    const { searchParams } = locationOf(await submitForm(authorizeUrl(cloud), { decision: 'deny' }));
    expect(Object.fromEntries(searchParams)).toEqual({ error: 'access_denied', state: 'a b&c' });
  });

  it.each([
    [{ client_id: '' }, 'invalid_request'],
    [{ client_id: '000000000000000000000000' }, 'invalid_client'],
    [{ redirect_uri: `${REPLY_URL}/` }, 'redirect_uri_mismatch'],
  ])('refuses %o in the browser', async (changes, error) => {
    const cloud = await startCloud();
    const response = await visit(authorizeUrl(cloud, changes));
    expect([response.status, await response.json()]).toMatchObject([400, { error }]);
  });

  it.each([
    [{ scope: 'read_station read_minds' }, 'invalid_scope'],
    [{ response_type: 'token' }, 'unsupported_response_type'],
  ])('sends %o back to the application', async (changes, error) => {
    const cloud = await startCloud();
    const response = await visit(authorizeUrl(cloud, changes));
    expect(locationOf(response).searchParams.get('error')).toBe(error);
  });

  it('takes the only callback there is when none is named, and none of several', async () => {
    const cloud = await startCloud();
    const response = await submitForm(authorizeUrl(cloud, { redirect_uri: '' }), allow);
    expect(locationOf(response).href).toContain(REPLY_URL);
    cloud.setReplyUrls([REPLY_URL, 'https://app.example.net/cb']);
    expect((await visit(authorizeUrl(cloud, { redirect_uri: '' }))).status).toBe(400);
    expect((await visit(authorizeUrl(cloud, { redirect_uri: 'https://app.example.net/cb' }))).status).toBe(
      200,
    );
  });

  it('gives read_station when no scope is asked for, and else what was asked', async () => {
    const cloud = await startCloud();
    const scopeOf = async (scope: string) => {
      const sent = await submitForm(authorizeUrl(cloud, { scope }), allow);
      const code = locationOf(sent).searchParams.get('code') ?? '';
      return TokenSet.parse(await (await exchangeCode(cloud, code)).json()).scope;
    };
    expect(await scopeOf('')).toEqual(['read_station']);
    expect(await scopeOf('read_magellan write_magellan')).toEqual(['read_magellan', 'write_magellan']);
  });

  it('obeys the faults made for it', async () => {
    const cloud = await startCloud();
    cloud.faults.set({ name: 'deny', times: 1 });
    expect(locationOf(await visit(authorizeUrl(cloud))).searchParams.get('error')).toBe('access_denied');
    cloud.faults.set({ name: 'redirect_uri_mismatch', times: 1 });
    expect((await visit(authorizeUrl(cloud))).status).toBe(400);
    cloud.faults.set({
      name: 'oauth_error',
      on: 'authorize',
      times: 1,
      parameters: { error: 'server_error' },
    });
    expect(locationOf(await visit(authorizeUrl(cloud))).searchParams.get('error')).toBe('server_error');
    cloud.faults.set({ name: 'html_error', on: 'authorize', times: 1 });
    expect((await visit(authorizeUrl(cloud))).status).toBe(503);
    expect((await visit(authorizeUrl(cloud))).status).toBe(200);
  });
});
