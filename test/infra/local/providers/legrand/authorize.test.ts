import { describe, expect, it } from 'vitest';
import { locationOf } from '../page-form.ts';
import { sim } from '../sim.ts';
import { authorizeUrl, exchangeCode, link, obtainCode, REPLY_URL, submitSignIn } from './legrand-client.ts';
import { startCloud } from './start-cloud.ts';

describe('authorize', () => {
  it('sends the browser back with a code and the very state after the form was submitted', async () => {
    const cloud = await startCloud();
    const response = await submitSignIn(authorizeUrl(cloud));
    const location = locationOf(response);
    expect(response.status).toBe(302);
    expect(`${location.origin}${location.pathname}`).toBe(REPLY_URL);
    expect(location.searchParams.get('state')).toBe('a b&c');
    expect(location.searchParams.get('code')).toMatch(/^[\w-]+\.\.[\w-]+\.[\w-]{800,}\.[\w-]+$/);
  });

  it('shows an accessible page that keeps markup in the state harmless', async () => {
    const cloud = await startCloud();
    const response = await fetch(authorizeUrl(cloud, { state: '"><script>' }));
    const markup = await response.text();
    expect(response.headers.get('content-type')).toContain('text/html');
    expect(markup).toContain('<html lang="en">');
    expect(markup).toContain('<label for="password">');
    expect(markup).not.toContain('<script>');
  });

  it('asks again when the password is wrong', async () => {
    const cloud = await startCloud();
    const response = await submitSignIn(authorizeUrl(cloud), { password: 'guess' });
    expect(response.status).toBe(401);
    expect(await response.text()).toContain('role="alert"');
  });

  it('answers access_denied when the user refuses', async () => {
    const cloud = await startCloud();
    const refused = await submitSignIn(authorizeUrl(cloud), { decision: 'deny', password: '' });
    const { searchParams } = locationOf(refused);
    expect(searchParams.get('error')).toBe('access_denied');
    expect(searchParams.get('state')).toBe('a b&c');
    expect(searchParams.has('code')).toBe(false);
  });

  it.each([`${REPLY_URL}/`, 'https://app.example.net/cb'])(
    'refuses the reply URL %s without a redirect',
    async (url) => {
      const cloud = await startCloud();
      const response = await fetch(authorizeUrl(cloud, { redirect_uri: url }), { redirect: 'manual' });
      expect(response.status).toBe(400);
      expect(await response.json()).toEqual({
        error: 'invalid_request',
        error_description: `The reply url host ${new URL(url).host} doesn't match with the ones configured on the application`,
      });
    },
  );

  it.each([
    [{ client_id: '' }, 400, 'invalid_request'],
    [{ client_id: '00000000-0000-4000-8000-000000000000' }, 401, 'invalid_client'],
    [{ redirect_uri: '' }, 400, 'invalid_request'],
  ])('refuses %o in the browser', async (changes, status, error) => {
    const cloud = await startCloud();
    const response = await fetch(authorizeUrl(cloud, changes), { redirect: 'manual' });
    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({ error });
  });

  it.each([
    [{ response_type: 'token' }, 'unsupported_response_type'],
    [{ scope: 'comfort.read light.read' }, 'invalid_scope'],
  ])('sends %o back to the application', async (changes, error) => {
    const cloud = await startCloud();
    const response = await fetch(authorizeUrl(cloud, changes), { redirect: 'manual' });
    expect(locationOf(response).searchParams.get('error')).toBe(error);
  });

  it('obeys the faults made for it', async () => {
    const cloud = await startCloud();
    cloud.faults.set({ name: 'deny', times: 1 });
    const denied = await fetch(authorizeUrl(cloud), { redirect: 'manual' });
    expect(locationOf(denied).searchParams.get('error')).toBe('access_denied');
    cloud.faults.set({ name: 'internal_error', on: 'authorize', times: 1 });
    expect(await (await fetch(authorizeUrl(cloud))).json()).toEqual({ message: 'Internal error', code: 1 });
    cloud.faults.set({ name: 'reply_url_mismatch', times: 1 });
    expect((await fetch(authorizeUrl(cloud), { redirect: 'manual' })).status).toBe(400);
    expect((await fetch(authorizeUrl(cloud))).status).toBe(200);
  });

  it('takes other reply URLs while it runs, ten at most', async () => {
    const cloud = await startCloud();
    const others = Array.from({ length: 11 }, (_, index) => `https://app${index}.example.net/cb`);
    expect((await sim(cloud, 'POST', '/reply-urls', { replyUrls: others })).status).toBe(400);
    expect(await obtainCode(cloud)).not.toBe('no code');
    expect((await sim(cloud, 'POST', '/reply-urls', { replyUrls: others.slice(1) })).status).toBe(200);
    expect((await fetch(authorizeUrl(cloud))).status).toBe(400);
    expect((await fetch(authorizeUrl(cloud, { redirect_uri: others[3] ?? '' }))).status).toBe(200);
  });

  it('gives only the scopes that were asked for, and all where none was', async () => {
    const cloud = await startCloud();
    expect((await link(cloud)).scope).toBe('comfort.read comfort.write');
    const url = authorizeUrl(cloud, { scope: 'openid comfort.read' });
    const code = locationOf(await submitSignIn(url)).searchParams.get('code') ?? '';
    expect(await (await exchangeCode(cloud, code)).json()).toMatchObject({ scope: 'comfort.read' });
  });
});
