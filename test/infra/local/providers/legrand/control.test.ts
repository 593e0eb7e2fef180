import { describe, expect, it } from 'vitest';
import { sim, submitControl } from '../sim.ts';
import { HOME, LIVING_ROOM, link, linkedApi, PAUL } from './legrand-client.ts';
import { START, startCloud } from './start-cloud.ts';

describe('control routes', () => {
  it.each(['/', '/_sim/'])('are explained at %s to a person', async (path) => {
    const cloud = await startCloud();
    const markup = await (await fetch(`${cloud.url}${path}`)).text();
    expect(markup).toContain(cloud.apiUrl);
    expect(markup).toContain('<a href="/_sim/faults">');
    expect(markup).toContain('Living room');
  });

  it('take the forms of that page and lead back to it', async () => {
    const cloud = await startCloud();
    const submit = (path: string, fields: Record<string, string>) => submitControl(cloud, path, fields);
    const turned = await submit('/state', {
      moduleId: LIVING_ROOM,
      temperatureC: '',
      setPointC: '22.5',
      mode: '',
    });
    expect([turned.status, turned.headers.get('location')]).toEqual([303, '/_sim/']);
    await submit('/faults', { name: 'busy', times: '' });
    await submit('/clock', { advanceSeconds: '60' });
    const state = (await (await sim(cloud, 'GET', '/state')).json()) as Record<string, unknown>;
    expect(state).toMatchObject({
      clockOffsetMs: 60_000,
      faults: [{ name: 'busy', on: ['set_status'] }],
      plants: [{ modules: [{ mode: 'MANUAL', manualC: 22.5 }, {}] }, {}, {}],
    });
  });

  it('show no secret in the state or in the log of requests', async () => {
    const cloud = await startCloud();
    const tokens = await link(cloud);
    const shown =
      (await (await sim(cloud, 'GET', '/state')).text()) +
      (await (await sim(cloud, 'GET', '/requests')).text());
    const secrets = [...Object.values(cloud.credentials).slice(1), tokens.access_token, tokens.refresh_token];
    for (const secret of ['"legrand"', 'PRIVATE KEY', 'code=', ...secrets])
      expect(shown).not.toContain(secret);
  });

  it('list the requests seen, with operation and user, and forget them', async () => {
    const cloud = await startCloud();
    const api = await linkedApi(cloud, PAUL);
    await api('GET', `/plants/${HOME}/topology`);
    const requests = (await (await sim(cloud, 'GET', '/requests')).json()) as unknown[];
    expect(requests.at(-1)).toEqual({
      at: new Date(START).toISOString(),
      method: 'GET',
      path: `/smarther/v2.0/plants/${HOME}/topology`,
      operation: 'topology',
      status: 401,
      userId: '4a5b6c7d-8e9f-4a1b-9c2d-3e4f5a6b7c8d',
    });
    await sim(cloud, 'DELETE', '/log');
    expect(await (await sim(cloud, 'GET', '/requests')).json()).toEqual([]);
  });

  it('move the clock forward to a time, and never back', async () => {
    const cloud = await startCloud();
    const moved = await sim(cloud, 'POST', '/clock', { now: '2026-01-16T00:00:00Z' });
    expect(await moved.json()).toEqual({ now: '2026-01-16T00:00:00.000Z', aheadSeconds: 7 * 3600 });
    expect((await sim(cloud, 'POST', '/clock', { now: '2026-01-15T00:00:00Z' })).status).toBe(400);
    expect((await sim(cloud, 'POST', '/clock', { advanceSeconds: -1 })).status).toBe(400);
  });

  it('add a user who can link at once', async () => {
    const cloud = await startCloud();
    const user = {
      email: 'zoe@example.net',
      name: 'Zoé',
      plants: [{ timeZone: 'Europe/Madrid', modules: ['Patio', 'Hall'] }],
    };
    const added = await sim(cloud, 'POST', '/users', user);
    expect(await added.json()).toMatchObject({
      email: user.email,
      grants: 0,
      callsToday: 0,
      plantIds: [expect.any(String)],
    });
    expect((await sim(cloud, 'POST', '/users', user)).status).toBe(400);
    expect((await (await linkedApi(cloud, user.email))('GET', '/plants')).status).toBe(200);
    const users = (await (await sim(cloud, 'GET', '/users')).json()) as unknown[];
    expect(users.at(-1)).toMatchObject({ email: user.email, grants: 1, callsToday: 1 });
  });

  it.each([
    ['POST', '/state', { moduleId: 'none' }],
    ['POST', '/state', { moduleId: LIVING_ROOM, temprature: 20 }],
    ['POST', '/emit', { plantId: 'none' }],
    ['POST', '/users/nobody/revoke', undefined],
    ['POST', '/settings', { refreshMode: 'never' }],
  ])('refuse %s %s %o', async (method, path, body) => {
    const cloud = await startCloud();
    const answer = await sim(cloud, method, path, body);
    expect(answer.status).toBe(400);
    expect(await answer.json()).toEqual({ message: expect.any(String) });
  });
});
