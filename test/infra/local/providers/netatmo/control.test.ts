import { describe, expect, it } from 'vitest';
import { sim, submitControl } from '../sim.ts';
import {
  CLAIRE,
  CLAIRE_ID,
  link,
  linkedApi,
  MAISON,
  PLUG,
  roomStatus,
  SALON,
  STATION,
  statusOf,
} from './netatmo-client.ts';
import { START, startCloud } from './start-cloud.ts';

describe('control routes', () => {
  it.each(['/', '/_sim/'])('are explained at %s to a person', async (path) => {
    const cloud = await startCloud();
    const markup = await (await fetch(`${cloud.url}${path}`)).text();
    expect(markup).toContain(cloud.url);
    expect(markup).toContain('<a href="/_sim/faults">');
    expect(markup).toContain('Maison, Claire Dubois');
  });

  it('take the forms of that page and lead back to it', async () => {
    const cloud = await startCloud();
    const submit = (path: string, fields: Record<string, string>) => submitControl(cloud, path, fields);
    const turned = await submit('/room', { homeId: MAISON, roomId: SALON, setPointC: '22.5', mode: '' });
    expect([turned.status, turned.headers.get('location')]).toEqual([303, '/_sim/']);
    await submit('/faults', { name: 'concurrency_limit', times: '', on: 'homesdata' });
    await submit('/clock', { advanceSeconds: '60' });
    const api = await linkedApi(cloud);
    expect(await roomStatus(api, SALON)).toMatchObject({
      therm_setpoint_mode: 'manual',
      therm_setpoint_temperature: 22.5,
    });
    expect((await api('homesdata')).status).toBe(429);
    expect(await (await sim(cloud, 'GET', '/clock')).json()).toEqual({
      now: new Date(START + 60_000).toISOString(),
      aheadSeconds: 60,
    });
  });

  it('show no secret in the state or in the log of requests', async () => {
    const cloud = await startCloud();
    const tokens = await link(cloud);
    const shown =
      (await (await sim(cloud, 'GET', '/state')).text()) +
      (await (await sim(cloud, 'GET', '/requests')).text());
    const secrets = [cloud.credentials.clientSecret, tokens.access_token, tokens.refresh_token];
    for (const secret of ['"netatmo"', 'code=', 'Hash', ...secrets]) expect(shown).not.toContain(secret);
    expect(shown).toContain('"homeId":"65aa00000000000000000001"');
  });

  it('change scopes under a living token', async () => {
    const cloud = await startCloud();
    const api = await linkedApi(cloud);
    await sim(cloud, 'POST', `/users/${CLAIRE}/scopes`, { scopes: ['read_station'] });
    expect((await statusOf(api)).home.modules.map(({ type }) => type)).toEqual([
      'NAMain',
      'NAModule1',
      'NAModule2',
      'NAModule3',
      'NAModule4',
    ]);
  });

  it('list people with what they granted and asked', async () => {
    const cloud = await startCloud();
    const api = await linkedApi(cloud, CLAIRE, 'read_station');
    await api('homesdata');
    const [claire] = (await (await sim(cloud, 'GET', '/users')).json()) as unknown[];
    expect(claire).toMatchObject({
      userId: CLAIRE_ID,
      grants: [['read_station']],
      callsOfLastHour: 1,
      signedIn: false,
      homeIds: expect.arrayContaining([MAISON]),
    });
    expect(claire).not.toHaveProperty('password');
  });

  it('add and remove modules, and turn switches by hand', async () => {
    const cloud = await startCloud();
    const api = await linkedApi(cloud);
    const added = { homeId: MAISON, moduleId: '00:04:74:00:00:aa:bb:77#1', type: 'NLZ1' };
    expect((await sim(cloud, 'POST', '/modules', added)).status).toBe(200);
    expect((await sim(cloud, 'POST', '/modules', added)).status).toBe(400);
    await sim(cloud, 'POST', '/module', { moduleId: PLUG, status: { on: false }, name: 'Other' });
    const modules = (await statusOf(api)).home.modules;
    expect(modules.find(({ id }) => id === added.moduleId)).toMatchObject({ type: 'NLZ1' });
    expect(modules.find(({ id }) => id === PLUG)).toMatchObject({ on: false, power: 0 });
    await sim(cloud, 'DELETE', `/modules/${encodeURIComponent(added.moduleId)}`);
    expect((await statusOf(api)).home.modules.some(({ id }) => id === added.moduleId)).toBe(false);
  });

  it.each([
    ['POST', '/module', { moduleId: 'none' }],
    ['POST', '/module', { moduleId: PLUG, measures: { Temperature: 2 } }],
    ['POST', '/module', { moduleId: STATION, temprature: 20 }],
    ['POST', '/room', { homeId: MAISON, roomId: 'none' }],
    ['POST', '/home', { homeId: 'none' }],
    ['POST', '/push', { userId: 'nobody', kind: 'alert' }],
    ['POST', '/users/nobody/revoke', undefined],
    ['POST', '/users', { email: CLAIRE, name: 'Twin' }],
    ['POST', '/settings', { banRule: 'never' }],
    ['POST', '/clock', { advanceSeconds: -1 }],
  ])('refuse %s %s %o', async (method, path, body) => {
    const cloud = await startCloud();
    const answer = await sim(cloud, method, path, body);
    expect(answer.status).toBe(400);
    expect(await answer.json()).toEqual({ message: expect.any(String) });
  });
});
