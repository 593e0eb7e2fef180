import { describe, expect, it } from 'vitest';
import { sim } from '../sim.ts';
import {
  apiOf,
  CABIN,
  CABIN_TOKEN,
  CASEY,
  GARDEN,
  groundApi,
  HOUSE,
  HOUSE_TOKEN,
  NODE,
  NODE_TOKEN,
  PLUG,
  ROBIN,
  userApi,
} from './allthingstalk-client.ts';
import { START, startCloud } from './start-cloud.ts';

const UNAUTHORIZED = { message: 'Authorization has been denied for this request.' };

describe('the gate before the API', () => {
  it.each([
    undefined,
    'Bearer',
    'Bearer nonsense',
    `Basic ${NODE_TOKEN}`,
    NODE_TOKEN,
    `Bearer ${NODE_TOKEN}x`,
  ])('refuses the authorization %s', async (authorization) => {
    const cloud = await startCloud();
    const answer = await fetch(`${cloud.url}/device/${NODE}`, {
      headers: authorization === undefined ? {} : { authorization },
    });
    expect([answer.status, await answer.json()]).toEqual([401, UNAUTHORIZED]);
  });

  it('takes tokens of grounds and devices, whose texts do not tell which they are', async () => {
    const cloud = await startCloud();
    for (const token of [HOUSE_TOKEN, CABIN_TOKEN, NODE_TOKEN])
      expect(token).toMatch(/^maker:4[A-Za-z0-9]{38,39}$/);
    expect((await apiOf(cloud, HOUSE_TOKEN)('GET', `/device/${NODE}/assets`)).status).toBe(200);
    expect((await apiOf(cloud, NODE_TOKEN)('GET', `/device/${NODE}/assets`)).status).toBe(200);
    expect((await apiOf(cloud, HOUSE_TOKEN)('GET', `/ground/${HOUSE}/devices`)).status).toBe(200);
    expect((await apiOf(cloud, NODE_TOKEN)('GET', `/ground/${HOUSE}/devices`)).status).toBe(403);
  });

  it.each([
    ['a device elsewhere', NODE_TOKEN, `/device/${PLUG}`],
    ['its own ground', NODE_TOKEN, `/ground/${HOUSE}/devices`],
    ['the account', NODE_TOKEN, '/me'],
    ['the account, with a ground token', HOUSE_TOKEN, '/me/grounds'],
    ['all devices, with a ground token', HOUSE_TOKEN, '/devices'],
    ['another ground', HOUSE_TOKEN, `/ground/${CABIN}/devices`],
    ['a device of another ground', HOUSE_TOKEN, `/device/${GARDEN}/state`],
  ])('lets no token reach %s', async (_, token, path) => {
    const cloud = await startCloud();
    const answer = await apiOf(cloud, token)('GET', path);
    expect([answer.status, answer.json]).toEqual([403, { message: expect.any(String) }]);
  });

  it('lets a viewer of a shared ground read, and an editor write', async () => {
    const cloud = await startCloud();
    const api = await userApi(cloud);
    const write = () => api('PUT', `/device/${GARDEN}/asset/pm10/state`, { value: 9 });
    expect((await api('GET', `/ground/${CABIN}/devices`)).status).toBe(200);
    expect((await write()).status).toBe(403);
    await sim(cloud, 'POST', '/ground', { groundId: CABIN, memberId: 'casey', role: 'editor' });
    expect((await write()).status).toBe(200);
    await sim(cloud, 'POST', '/ground', { groundId: CABIN, memberId: 'casey', role: 'none' });
    expect((await api('GET', `/device/${GARDEN}`)).status).toBe(403);
    expect((await (await userApi(cloud, ROBIN))('GET', `/device/${NODE}`)).status).toBe(403);
  });

  it('says 404 of what there is not, and of paths that it does not know', async () => {
    const cloud = await startCloud();
    const api = groundApi(cloud);
    for (const path of ['/device/none', '/asset/none', '/ground/none/devices', `/device/${NODE}/asset/none`])
      expect([path, (await api('GET', path)).status]).toEqual([path, 404]);
    const nowhere = await api('GET', '/rules');
    expect([nowhere.status, nowhere.json]).toEqual([404, { message: 'Resource not found' }]);
    expect((await api('GET', `/device/${NODE}/asset/%E0`)).status).toBe(400);
  });

  it('does not care about the case of words and a slash at the end, but about that of ids', async () => {
    const cloud = await startCloud();
    const api = groundApi(cloud);
    expect((await api('GET', `/Device/${NODE}/Asset/temperature/STATE/?page0`)).status).toBe(200);
    expect((await api('GET', `/device/${NODE.toLowerCase()}`)).status).toBe(404);
  });

  it('lets programs in browsers in', async () => {
    const cloud = await startCloud();
    const origin = 'http://app.example.net';
    const asked = await fetch(`${cloud.url}/device/${NODE}`, { method: 'OPTIONS', headers: { origin } });
    expect([asked.status, asked.headers.get('access-control-allow-headers')]).toEqual([
      200,
      'authorization, content-type',
    ]);
    const refused = await fetch(`${cloud.url}/me`, { headers: { origin } });
    expect([refused.status, refused.headers.get('access-control-allow-origin')]).toEqual([401, '*']);
    expect(refused.headers.get('server')).toBe('Mono-HTTPAPI/1.0');
  });

  it('notes who called, without a token', async () => {
    const cloud = await startCloud();
    const api = await userApi(cloud, CASEY);
    await api('GET', `/device/${NODE}?secret=1`);
    await apiOf(cloud, NODE_TOKEN)('GET', `/device/${NODE}`);
    const requests = (await (await sim(cloud, 'GET', '/requests')).json()) as unknown[];
    const seen = { at: new Date(START).toISOString(), method: 'GET', path: `/device/${NODE}`, status: 200 };
    expect(requests.slice(-2)).toEqual([
      { ...seen, operation: 'device', userId: '5f00aa11bb22cc33dd44ee55' },
      { ...seen, operation: 'device', userId: `device:${NODE}` },
    ]);
  });
});
