import { describe, expect, it } from 'vitest';
import type { AllthingstalkCloud } from '../../../../../infra/local/providers/allthingstalk/cloud.ts';
import { submitForm } from '../page-form.ts';
import { sim } from '../sim.ts';
import { receiveWebhooks } from '../webhook-receiver.ts';
import {
  apiOf,
  assetIdOf,
  CASEY,
  codeOf,
  GARDEN,
  groundApi,
  HOUSE,
  HOUSE_TOKEN,
  LAMP,
  NODE,
  ROBIN,
  set,
} from './allthingstalk-client.ts';
import { startCloud } from './start-cloud.ts';

const read = async (cloud: AllthingstalkCloud, path: string) => (await fetch(`${cloud.url}${path}`)).text();
const submit = (cloud: AllthingstalkCloud, path: string, fields: Record<string, string>) =>
  fetch(`${cloud.url}${path}`, { method: 'POST', redirect: 'manual', body: new URLSearchParams(fields) });

/** As a person does it: password, code from the authenticator, and on to the account. */
async function signedIn(cloud: AllthingstalkCloud): Promise<void> {
  const asked = await submitForm(`${cloud.url}/login`, CASEY);
  const sent = await submitForm(new URL(asked.headers.get('location') ?? '', cloud.url).href, {
    VerificationCode: await codeOf(cloud),
  });
  expect(sent.headers.get('location')).toBe('/account');
}

describe('the pages', () => {
  it('let a person sign in with a password and the code that the authenticator shows', async () => {
    const cloud = await startCloud();
    const page = await read(cloud, '/authenticator');
    expect(page).toContain(`<code>${await codeOf(cloud)}</code>`);
    expect(page).toContain('30 s');
    await signedIn(cloud);
    expect(await read(cloud, '/account')).toContain('Signed in as <strong>casey</strong>');
    expect((await submit(cloud, '/logout', {})).headers.get('location')).toBe('/login');
    const again = await fetch(`${cloud.url}/account`, { redirect: 'manual' });
    expect(again.headers.get('location')).toBe('/login');
  });

  it('ask nobody without an authenticator for a code', async () => {
    const cloud = await startCloud();
    expect((await submitForm(`${cloud.url}/login`, ROBIN)).headers.get('location')).toBe('/account');
    expect(await read(cloud, '/account')).toContain('Ground Cabin');
    await set(cloud, { mfaRequired: 'everyone' });
    const refused = await submitForm(`${cloud.url}/login`, ROBIN);
    expect([refused.status, await refused.text()]).toEqual([
      401,
      expect.stringContaining('has to be set up'),
    ]);
  });

  it('ask again when the password or the code is wrong, and keep markup harmless', async () => {
    const cloud = await startCloud();
    const password = await submitForm(`${cloud.url}/login`, { username: '"><script>', password: 'guess' });
    const markup = await password.text();
    expect([password.status, markup]).toEqual([401, expect.stringContaining('role="alert"')]);
    expect(markup).not.toContain('<script>');
    const asked = await submitForm(`${cloud.url}/login`, CASEY);
    const codePage = new URL(asked.headers.get('location') ?? '', cloud.url).href;
    const code = await submitForm(codePage, { VerificationCode: 'wrong' });
    expect([code.status, await code.text()]).toEqual([401, expect.stringContaining('code is incorrect')]);
    expect((await submitForm(codePage, { VerificationCode: await codeOf(cloud) })).status).toBe(303);
  });

  it('show tokens to copy, and generate and delete them', async () => {
    const cloud = await startCloud();
    await signedIn(cloud);
    const before = await read(cloud, '/account');
    expect(before).toContain(HOUSE_TOKEN);
    expect(before).toContain(HOUSE);
    await submit(cloud, '/account/tokens', { deviceId: LAMP });
    await submit(cloud, '/account/tokens', { groundId: HOUSE });
    const tokens = (await (await sim(cloud, 'GET', '/tokens')).json()) as { tokenId: string; text: string }[];
    const [lamp, house] = tokens.slice(-2);
    expect(await read(cloud, '/account')).toContain(lamp?.text);
    expect((await apiOf(cloud, lamp?.text ?? '')('GET', `/device/${LAMP}`)).status).toBe(200);
    expect((await apiOf(cloud, lamp?.text ?? '')('GET', `/device/${NODE}`)).status).toBe(403);
    expect((await apiOf(cloud, house?.text ?? '')('GET', `/device/${NODE}`)).status).toBe(200);
    await submit(cloud, '/account/tokens/delete', { tokenId: lamp?.tokenId ?? '' });
    expect((await apiOf(cloud, lamp?.text ?? '')('GET', `/device/${LAMP}`)).status).toBe(401);
  });

  it('make a rule that calls an address, and delete it', async () => {
    const cloud = await startCloud();
    const receiver = await receiveWebhooks();
    await signedIn(cloud);
    const api = groundApi(cloud);
    const rule = {
      groundId: HOUSE,
      assetId: await assetIdOf(api, NODE, 'motion'),
      comparison: '=',
      operand: 'true',
      method: 'POST',
      url: receiver.url,
      headers: 'X-Secret: open sesame\r\nContent-Type: text/plain\r\n\r\n',
      body: 'moved',
    };
    expect((await submit(cloud, '/account/rules', rule)).status).toBe(303);
    await api('PUT', `/device/${NODE}/state`, { motion: { value: true } });
    await cloud.advance(0);
    expect(receiver.bodies).toEqual(['moved']);
    expect(receiver.headers[0]).toMatchObject({ 'x-secret': 'open sesame', 'content-type': 'text/plain' });
    expect(await read(cloud, '/account')).toContain(`POST ${receiver.url}`);
    const [held] = (await (await sim(cloud, 'GET', '/rules')).json()) as { ruleId: string }[];
    await submit(cloud, '/account/rules/delete', { ruleId: held?.ruleId ?? '' });
    expect(await (await sim(cloud, 'GET', '/rules')).json()).toEqual([]);
  });

  it.each([
    ['/account/rules', { groundId: HOUSE, assetId: 'none', url: 'http://127.0.0.1:9/' }],
    ['/account/rules', { groundId: HOUSE, assetId: 'none', url: 'nowhere' }],
    ['/account/tokens', { deviceId: GARDEN }],
    ['/account/tokens/delete', { tokenId: 'none' }],
    ['/account/tokens/delete', { tokenId: 'TokenOfCabinGround000002' }],
    ['/account/rules/delete', { ruleId: 'none' }],
  ])('refuse %s %o with a note', async (path, fields) => {
    const cloud = await startCloud();
    await signedIn(cloud);
    const refused = await submit(cloud, path, fields);
    expect([refused.status, await refused.text()]).toEqual([400, expect.stringContaining('role="alert"')]);
  });

  it('send whoever is not signed in to sign in', async () => {
    const cloud = await startCloud();
    for (const path of ['/account/tokens', '/account/rules'])
      expect((await submit(cloud, path, { groundId: HOUSE })).headers.get('location')).toBe('/login');
  });

  it.each(['/', '/login', '/login/code', '/authenticator', '/account'])(
    'name every field of %s, and have one heading',
    async (path) => {
      const cloud = await startCloud();
      await sim(cloud, 'POST', '/users/casey/sign-in');
      const markup = await read(cloud, path);
      expect(markup.match(/<h1>/g)).toHaveLength(1);
      expect(markup).toContain('<html lang="en">');
      for (const [, attributes = ''] of markup.matchAll(/<(?:input|select|textarea) ([^>]*)>/g)) {
        if (attributes.includes('type="hidden"')) continue;
        const id = /\bid="([^"]+)"/.exec(attributes)?.[1];
        expect(markup, attributes).toContain(`<label for="${id}">`);
      }
      const ids = [...markup.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
      expect(new Set(ids).size).toBe(ids.length);
    },
  );
});
