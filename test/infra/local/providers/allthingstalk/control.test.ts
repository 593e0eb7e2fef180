import { describe, expect, it } from 'vitest';
import { sim, submitControl } from '../sim.ts';
import {
  apiOf,
  assetPath,
  CASEY,
  CASEY_ID,
  groundApi,
  HOUSE,
  HOUSE_TOKEN,
  KIM,
  LAMP,
  login,
  NODE,
  signIn,
  stateOf,
  tokensOf,
  userApi,
  verify,
} from './allthingstalk-client.ts';
import { START, startCloud } from './start-cloud.ts';

describe('control routes', () => {
  it.each(['/', '/_sim/'])('are explained at %s to a person', async (path) => {
    const cloud = await startCloud();
    const markup = await (await fetch(`${cloud.url}${path}`)).text();
    expect(markup).toContain(cloud.url);
    expect(markup).toContain('<a href="/_sim/faults">');
    expect(markup).toContain('Home, Casey Verlinden');
    expect(markup).toContain('never told');
  });

  it('take the forms of that page and lead back to it', async () => {
    const cloud = await startCloud();
    const submit = (path: string, fields: Record<string, string>) => submitControl(cloud, path, fields);
    const told = await submit('/report', { point: `${NODE}/Battery Level`, value: '12' });
    expect([told.status, told.headers.get('location')]).toEqual([303, '/_sim/']);
    await submit('/report', { point: `${NODE}/air-quality`, value: 'Fair' });
    await submit('/faults', { name: 'throttled', times: '', on: 'device' });
    await submit('/settings', { undocumentedRoutes: 'read_ground, list_grounds', historyPageSize: '7' });
    await submit('/clock', { advanceSeconds: '60' });
    const api = groundApi(cloud);
    expect(await stateOf(api, NODE, 'Battery Level')).toEqual({ at: '2026-01-15T17:00:00Z', value: 12 });
    expect(await stateOf(api, NODE, 'air-quality')).toMatchObject({ value: 'Fair' });
    expect((await api('GET', `/device/${NODE}`)).status).toBe(429);
    expect((await api('GET', `/ground/${HOUSE}`)).status).toBe(200);
    expect(await (await sim(cloud, 'GET', '/clock')).json()).toEqual({
      now: new Date(START + 60_000).toISOString(),
      aheadSeconds: 60,
    });
    const page = await (await fetch(cloud.url)).text();
    expect(page).toContain('<li><code>historyPageSize</code> is 7</li>');
  });

  it('show no secret in the state or in the log of requests', async () => {
    const cloud = await startCloud();
    const tokens = await tokensOf(verify(cloud));
    const rule = { assetId: 'none', url: 'http://127.0.0.1:9/', headers: { 'X-Secret': 'open sesame' } };
    const api = groundApi(cloud);
    const asset = (await api('GET', assetPath(NODE, 'motion'))).json as { id: string };
    await sim(cloud, 'POST', '/rules', { ...rule, assetId: asset.id });
    await api('GET', `/device/${NODE}?token=${HOUSE_TOKEN}`);
    const shown =
      (await (await sim(cloud, 'GET', '/state')).text()) +
      (await (await sim(cloud, 'GET', '/requests')).text()) +
      (await (await sim(cloud, 'GET', '/users')).text());
    const secrets = [CASEY.password, tokens.access_token, tokens.refresh_token, HOUSE_TOKEN];
    for (const secret of ['MULATED', 'sesame', '"password"', '"hash"', ...secrets])
      expect(shown).not.toContain(secret);
    expect(shown).toContain(HOUSE);
    expect(shown).toContain('X-Secret');
  });

  it('list people, and make more of them', async () => {
    const cloud = await startCloud();
    const [casey] = (await (await sim(cloud, 'GET', '/users')).json()) as unknown[];
    expect(casey).toEqual({
      userId: CASEY_ID,
      userName: 'casey',
      email: 'casey@example.net',
      name: 'Casey Verlinden',
      authenticator: true,
      groundIds: [HOUSE],
      signedIn: false,
    });
    const noor = { userName: 'noor', password: 'a b', authenticator: true };
    expect((await sim(cloud, 'POST', '/users', noor)).status).toBe(200);
    const open = (await (await signIn(cloud, { username: 'noor', password: 'a b' })).json()) as Record<
      string,
      string
    >;
    const { code } = (await (await sim(cloud, 'GET', '/users/noor/code')).json()) as { code: string };
    expect((await login(cloud, { ...open, code })).status).toBe(200);
    await sim(cloud, 'POST', '/users/noor/authenticator', { enrolled: false });
    expect(await (await signIn(cloud, { username: 'noor', password: 'a b' })).json()).toHaveProperty(
      'access_token',
    );
  });

  it('generate grounds full of devices, and remove them', async () => {
    const cloud = await startCloud();
    const made = await sim(cloud, 'POST', '/grounds', {
      userId: 'kim',
      title: 'Office',
      devices: 40,
      grounds: 2,
    });
    const { groundIds } = (await made.json()) as { groundIds: string[] };
    const api = await userApi(cloud, KIM);
    const list = async () => ((await api('GET', '/devices')).json as unknown[]).length;
    expect((await api('GET', '/me/grounds')).json).toMatchObject({
      items: [{ name: 'playground' }, { title: 'Office 1', name: 'office-1' }, { title: 'Office 2' }],
    });
    expect(await list()).toBe(80);
    await sim(cloud, 'DELETE', `/grounds/${groundIds[0]}`);
    expect(await list()).toBe(40);
  });

  it('make, change and remove devices', async () => {
    const cloud = await startCloud();
    const api = groundApi(cloud);
    const answer = await sim(cloud, 'POST', '/devices', {
      groundId: HOUSE,
      name: 'spare',
      actsAfterSeconds: 1,
    });
    const { deviceId } = (await answer.json()) as { deviceId: string };
    await api('PUT', assetPath(deviceId, 'relay'), { is: 'Actuator', profile: 'boolean' });
    await api('PUT', `${assetPath(deviceId, 'relay')}/command`, { value: true });
    await cloud.advance(1);
    expect(await stateOf(api, deviceId, 'relay')).toMatchObject({ value: true });
    await sim(cloud, 'POST', '/device', {
      deviceId,
      title: 'Spare',
      type: 'example',
      activityEnabled: false,
    });
    expect((await api('GET', `/device/${deviceId}`)).json).toMatchObject({
      title: 'Spare',
      type: 'example',
      activityEnabled: false,
    });
    expect(await (await sim(cloud, 'GET', `/devices/${deviceId}`)).json()).toMatchObject({
      assets: [{ name: 'relay', reports: [{ value: true }] }],
    });
    await sim(cloud, 'DELETE', `/devices/${deviceId}`);
    expect((await api('GET', `/device/${deviceId}`)).status).toBe(404);
  });

  it('move a device to another ground, out of reach of the first', async () => {
    const cloud = await startCloud();
    await sim(cloud, 'POST', '/device', { deviceId: LAMP, groundId: 'Gr0undCab1nRobinZxCvBnM2' });
    expect((await groundApi(cloud)('GET', `/device/${LAMP}`)).status).toBe(403);
  });

  it('let a device tell what no check would pass, at any time', async () => {
    const cloud = await startCloud();
    const told = { deviceId: LAMP, asset: 'brightness', value: null, at: '2026-01-15T17:05:00Z' };
    expect(await (await sim(cloud, 'POST', '/report', told)).json()).toEqual({
      at: '2026-01-15T17:05:00Z',
      value: null,
    });
    expect(await stateOf(groundApi(cloud), LAMP, 'brightness')).toEqual({
      at: '2026-01-15T17:05:00Z',
      value: null,
    });
  });

  it('make and delete tokens', async () => {
    const cloud = await startCloud();
    const made = await (await sim(cloud, 'POST', '/tokens', { deviceId: LAMP })).json();
    const { tokenId, text } = made as { tokenId: string; text: string };
    expect(made).toMatchObject({
      kind: 'device',
      ofId: LAMP,
      text: expect.stringMatching(/^maker:4\w{39}$/),
    });
    expect((await apiOf(cloud, text)('GET', `/device/${LAMP}`)).status).toBe(200);
    await sim(cloud, 'DELETE', `/tokens/${tokenId}`);
    expect((await apiOf(cloud, text)('GET', `/device/${LAMP}`)).status).toBe(401);
  });

  it.each([
    ['POST', '/report', { deviceId: 'none', asset: 'x', value: 1 }],
    ['POST', '/report', { deviceId: LAMP, asset: 'none', value: 1 }],
    ['POST', '/report', { deviceId: LAMP, asset: 'on', value: true, at: 'never' }],
    ['POST', '/device', { deviceId: LAMP, colour: 'red' }],
    ['POST', '/ground', { groundId: 'none' }],
    ['POST', '/ground', { groundId: HOUSE, memberId: 'nobody' }],
    ['POST', '/grounds', { userId: 'nobody' }],
    ['POST', '/tokens', {}],
    ['POST', '/tokens', { groundId: 'none' }],
    ['DELETE', '/tokens/none', undefined],
    ['POST', '/rules', { assetId: 'none', url: 'http://127.0.0.1:9/' }],
    ['POST', '/rules/none/fire', undefined],
    ['POST', '/users/nobody/revoke', undefined],
    ['GET', '/users/kim/code', undefined],
    ['POST', '/users', { userName: 'casey' }],
    ['POST', '/settings', { validation: 'never' }],
    ['POST', '/settings', { nonsense: 1 }],
    ['POST', '/settings', { resolutions: ['fortnight'] }],
    ['POST', '/clock', { advanceSeconds: -1 }],
  ])('refuse %s %s %o', async (method, path, body) => {
    const cloud = await startCloud();
    const answer = await sim(cloud, method, path, body);
    expect(answer.status).toBe(400);
    expect(await answer.json()).toEqual({ message: expect.any(String) });
  });
});
