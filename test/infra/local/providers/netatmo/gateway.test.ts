import { describe, expect, it } from 'vitest';
import { sim } from '../sim.ts';
import { apiOf, BRUNO, CLAIRE, link, linkedApi, MAISON, SALON } from './netatmo-client.ts';
import { startCloud } from './start-cloud.ts';

describe('the gate before the API', () => {
  it('refuses a call without token, with an unknown one, and one for an unknown method', async () => {
    const cloud = await startCloud();
    const bare = await fetch(`${cloud.url}/api/homesdata`);
    expect([bare.status, await bare.json()]).toEqual([
      400,
      { error: { code: 1, message: 'Access token is missing' } },
    ]);
    const unknown = await apiOf(
      cloud,
      '65f0aa11bb22cc33dd44ee55|00000000000000000000000000000000',
    )('homesdata');
    expect([unknown.status, unknown.json]).toMatchObject([403, { error: { code: 2 } }]);
    const api = await linkedApi(cloud);
    const nowhere = await api('getnothing');
    expect([nowhere.status, nowhere.json]).toEqual([404, { error: { code: 404, message: 'Not Found' } }]);
  });

  it('takes parameters from query, form and JSON, and the token as a parameter', async () => {
    const cloud = await startCloud();
    const { access_token } = await link(cloud);
    const authorization = `Bearer ${access_token}`;
    const url = `${cloud.url}/api/homestatus`;
    const home = new URLSearchParams({ home_id: MAISON });
    const answers = [
      await fetch(`${url}?${home}`, { headers: { authorization } }),
      await fetch(`${url}?${home}`, { method: 'POST', headers: { authorization } }),
      await fetch(url, { method: 'POST', headers: { authorization }, body: home }),
      await fetch(url, {
        method: 'POST',
        headers: { authorization, 'content-type': 'application/json' },
        body: JSON.stringify({ home_id: MAISON }),
      }),
      await fetch(`${url}?${new URLSearchParams({ home_id: MAISON, access_token })}`),
    ];
    for (const answer of answers) {
      expect(answer.status).toBe(200);
      expect(await answer.json()).toMatchObject({ status: 'ok', body: { home: { id: MAISON } } });
    }
  });

  it('refuses a body that says it is JSON and is not', async () => {
    const cloud = await startCloud();
    const { access_token } = await link(cloud);
    const answer = await fetch(`${cloud.url}/api/setstate`, {
      method: 'POST',
      headers: { authorization: `Bearer ${access_token}`, 'content-type': 'application/json' },
      body: '{"home":',
    });
    expect(await answer.json()).toMatchObject({ error: { code: 40 } });
  });

  it.each([
    ['getstationsdata', 'read_magellan', {}],
    ['gethomecoachsdata', 'read_station', {}],
    ['setroomthermpoint', 'read_thermostat', { home_id: MAISON, room_id: SALON, mode: 'max' }],
    ['getevents', 'read_station', { home_id: MAISON }],
    ['addwebhook', 'read_station', { url: 'https://app.example.net/hook' }],
    ['setpersonsaway', 'read_camera', { home_id: MAISON }],
  ])('refuses %s with the scope %s only', async (method, scope, parameters) => {
    const cloud = await startCloud();
    const answer = await (await linkedApi(cloud, CLAIRE, scope))(method, parameters);
    expect([answer.status, answer.json]).toEqual([
      403,
      { error: { code: 13, message: 'Application does not have the good scope rights' } },
    ]);
  });
});

describe('the quota', () => {
  const usage = 'Maximum api usage reached';

  it('lets a user make 50 requests in any ten seconds', async () => {
    const cloud = await startCloud();
    const api = await linkedApi(cloud);
    for (let call = 0; call < 25; call += 1) expect((await api('homesdata')).status).toBe(200);
    await cloud.advance(6);
    for (let call = 0; call < 25; call += 1) expect((await api('homesdata')).status).toBe(200);
    const refused = await api('homesdata');
    expect(refused.status).toBe(429);
    expect(refused.text).toBe(
      `{\r\n  "error": {\r\n    "code": 26,\r\n    "message": "${usage}"\r\n  }\r\n}`,
    );
    // Nobody else is held up.
    expect((await (await linkedApi(cloud, BRUNO))('homesdata')).status).toBe(200);
    // The first half leaves the window; the second stays.
    await cloud.advance(4);
    for (let call = 0; call < 25; call += 1) expect((await api('homesdata')).status).toBe(200);
    expect((await api('homesdata')).status).toBe(429);
  });

  it('lets a user make 500 requests in any hour', async () => {
    const cloud = await startCloud();
    const api = await linkedApi(cloud);
    await sim(cloud, 'POST', `/users/${CLAIRE}/quota`, { calls: 450 });
    await cloud.advance(1800);
    for (let call = 0; call < 50; call += 1) expect((await api('homesdata')).status).toBe(200);
    await cloud.advance(60);
    const refused = await api('homesdata');
    expect([refused.status, refused.json]).toEqual([429, { error: { code: 26, message: usage } }]);
    await cloud.advance(1740);
    expect((await api('homesdata')).status).toBe(200);
  });

  it('has no Retry-After, and an older way with 403', async () => {
    const cloud = await startCloud();
    await sim(cloud, 'POST', '/settings', { userCallsPerTenSeconds: 1, quotaStatus: 403 });
    const { access_token } = await link(cloud);
    const call = () =>
      fetch(`${cloud.url}/api/homesdata`, { headers: { authorization: `Bearer ${access_token}` } });
    await call();
    const refused = await call();
    expect(refused.headers.has('retry-after')).toBe(false);
    expect([refused.status, await refused.json()]).toEqual([
      403,
      { error: { code: 26, message: 'User usage reached' } },
    ]);
  });

  it('counts the application as well, when switched on: twice its users in ten seconds', async () => {
    const cloud = await startCloud();
    await sim(cloud, 'POST', '/settings', { applicationLimit: true });
    const claire = await linkedApi(cloud);
    const bruno = await linkedApi(cloud, BRUNO);
    for (const api of [claire, claire, bruno, bruno]) expect((await api('homesdata')).status).toBe(200);
    const refused = await bruno('homesdata');
    expect([refused.status, refused.json]).toMatchObject([429, { error: { code: 26 } }]);
    await cloud.advance(10);
    expect((await bruno('homesdata')).status).toBe(200);
  });

  it('counts 2000 of the application in an hour', async () => {
    const cloud = await startCloud();
    await sim(cloud, 'POST', '/settings', { applicationLimit: true, applicationCallsPerHour: 3 });
    const claire = await linkedApi(cloud);
    const bruno = await linkedApi(cloud, BRUNO);
    for (const api of [claire, bruno, claire]) {
      expect((await api('homesdata')).status).toBe(200);
      await cloud.advance(10);
    }
    expect((await bruno('homesdata')).status).toBe(429);
  });

  it('lets one request of a user in at a time, when switched on', async () => {
    const cloud = await startCloud();
    const api = await linkedApi(cloud);
    await sim(cloud, 'POST', '/settings', { concurrencyHoldMs: 200 });
    const answers = await Promise.all([api('homesdata'), api('homesdata'), api('homesdata')]);
    const refused = answers.filter(({ status }) => status === 429);
    expect(refused).toHaveLength(2);
    expect(refused[0]?.json).toEqual({
      error: { code: 11, message: 'Failed to enter concurrency limited section' },
    });
  });
});
