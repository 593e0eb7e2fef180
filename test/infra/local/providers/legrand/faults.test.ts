import { describe, expect, it } from 'vitest';
import {
  type FaultName,
  faultKinds,
  refusalNames,
} from '../../../../../infra/local/providers/legrand/faults/fault-kinds.ts';
import { knownFaults, sim } from '../sim.ts';
import { HOME, link, linkedApi, modulePath, refresh } from './legrand-client.ts';
import { startCloud } from './start-cloud.ts';

const anyOperation = modulePath();

describe('faults', () => {
  it('are all listed with what they do, where, and their parameters', async () => {
    const cloud = await startCloud();
    const known = await knownFaults(cloud);
    expect(known.map(({ name }) => name)).toEqual(Object.keys(faultKinds));
    expect(known.find(({ name }) => name === 'slow_apply')).toMatchObject({
      on: ['set_status'],
      parameters: { seconds: { type: 'number', default: 5 } },
    });
  });

  it('strike as often as ordered, and only where ordered', async () => {
    const cloud = await startCloud();
    const api = await linkedApi(cloud);
    const order = await sim(cloud, 'POST', '/faults', {
      name: 'server_error',
      on: 'status',
      times: 2,
      status: 503,
    });
    expect(order.status).toBe(200);
    expect((await api('GET', '/plants')).status).toBe(200);
    expect((await api('GET', anyOperation)).status).toBe(503);
    expect((await api('GET', anyOperation)).status).toBe(503);
    expect((await api('GET', anyOperation)).status).toBe(200);
  });

  it('go on until they are cleared', async () => {
    const cloud = await startCloud();
    const api = await linkedApi(cloud);
    await sim(cloud, 'POST', '/faults', { name: 'busy' });
    await sim(cloud, 'POST', '/faults', { name: 'no_plants' });
    expect((await api('POST', anyOperation, {})).status).toBe(486);
    await sim(cloud, 'DELETE', '/faults/busy');
    expect((await api('POST', anyOperation, {})).status).toBe(430);
    expect((await api('GET', '/plants')).status).toBe(204);
    await sim(cloud, 'DELETE', '/faults');
    expect((await api('GET', '/plants')).status).toBe(200);
  });

  it.each([
    { name: 'nonsense' },
    { name: 'busy', on: 'plants' },
    { name: 'busy', seconds: 4 },
    { name: 'quota_exceeded', status: 500 },
  ])('refuse the order %o', async (order) => {
    const cloud = await startCloud();
    expect((await sim(cloud, 'POST', '/faults', order)).status).toBe(400);
  });

  const statuses: Partial<Record<FaultName, number>> = {
    internal_error: 500,
    too_many_requests: 429,
    bad_gateway: 502,
    server_error: 500,
    access_token_expired: 401,
    token_layer: 401,
    forbidden: 403,
    not_acceptable: 406,
    quota_exceeded: 403,
    gateway_offline: 404,
    request_timeout: 408,
    wrong_input: 430,
    password_expired: 469,
    terms_expired: 470,
    busy: 486,
  };
  it('answer every status of the contract', async () => {
    const cloud = await startCloud();
    const api = await linkedApi(cloud);
    for (const name of refusalNames.filter((refusal) => refusal in statuses)) {
      cloud.faults.set({ name, on: 'set_status', times: 1 });
      expect([name, (await api('POST', anyOperation, {})).status]).toEqual([name, statuses[name]]);
    }
  });

  it('refuse at the token endpoint in its own words', async () => {
    const cloud = await startCloud();
    const { refresh_token: token } = await link(cloud);
    const refusedWith = async (name: FaultName) => {
      cloud.faults.set({ name, on: 'token', times: 1 });
      const answer = await refresh(cloud, token);
      return [answer.status, await answer.text()];
    };
    expect(await refusedWith('secret_expired')).toEqual([400, expect.stringContaining('AADB2C90085')]);
    expect(await refusedWith('grant_expired')).toEqual([400, expect.stringContaining('AADB2C90080')]);
    expect(await refusedWith('too_many_requests')).toEqual([
      429,
      expect.stringMatching(/^\{"message":"[^"]+"\}$/),
    ]);
    expect(await refusedWith('bad_gateway')).toEqual([502, expect.stringContaining('<html>')]);
    expect(await refusedWith('oauth_error')).toEqual([
      400,
      expect.stringContaining('temporarily_unavailable'),
    ]);
    expect((await refresh(cloud, token)).status).toBe(200);
  });

  it('take fields from the token answer, or make text of its numbers', async () => {
    const cloud = await startCloud();
    cloud.faults.set({ name: 'token_without', parameters: { fields: 'expires_in,refresh_token' } });
    cloud.faults.set({ name: 'token_numbers_as_text' });
    const tokens = await link(cloud);
    expect(tokens).not.toHaveProperty('expires_in');
    expect(tokens).not.toHaveProperty('refresh_token');
    expect(tokens.expires_on).toEqual(expect.any(String));
  });

  it('bend the answers of the API', async () => {
    const cloud = await startCloud();
    const api = await linkedApi(cloud);
    const answerWith = async (name: FaultName, path: string, parameters = {}) => {
      cloud.faults.set({ name, times: 1, parameters });
      return (await api('GET', path)).json();
    };
    expect(await answerWith('empty_chronothermostats', anyOperation)).toEqual({ chronothermostats: [] });
    expect(await answerWith('empty_chronothermostats', anyOperation, { missing: true })).toEqual({});
    expect(await answerWith('plant_without_modules', `/plants/${HOME}/topology`)).toEqual({
      plant: { id: HOME, name: 'Home' },
    });
    expect(await answerWith('numbers_as_numbers', anyOperation)).toMatchObject({
      chronothermostats: [{ setPoint: { value: 20 }, thermometer: { measures: [{ value: 19.4 }] } }],
    });
    expect(await answerWith('foreign_subscriptions', '/subscription')).toHaveLength(2);
    expect(await answerWith('token_layer', '/plants', { code: 10 })).toMatchObject({ code: 10 });
    await sim(cloud, 'POST', '/state', {
      moduleId: modulePath().split('/').at(-1),
      mode: 'off',
      minutes: 60,
    });
    expect(await answerWith('activation_time_form', anyOperation, { form: 'offset' })).toMatchObject({
      chronothermostats: [{ activationTime: '2026-01-15T19:00:00+01:00' }],
    });
  });

  it('bend the making of subscriptions', async () => {
    const cloud = await startCloud();
    const api = await linkedApi(cloud);
    const subscribe = (path: string) =>
      api('POST', `/plants/${HOME}/subscription`, { EndPointUrl: `https://hooks.example.net/${path}` });
    cloud.faults.set({ name: 'subscribe_without_json', times: 1 });
    expect(await (await subscribe('one')).text()).toContain('<html>');
    cloud.faults.set({ name: 'subscription_limit', parameters: { maximum: 1 } });
    expect((await subscribe('two')).status).toBe(409);
  });
});

describe('faults of the connection', () => {
  it.each(['connection_reset', 'half_body', 'hang'] as const)(
    '%s leaves the client without an answer',
    async (name) => {
      const cloud = await startCloud();
      const api = await linkedApi(cloud);
      cloud.faults.set({ name, on: 'plants', times: 1 });
      const answer = api('GET', '/plants').then((response) => response.text());
      const patience = new Promise((_, reject) => setTimeout(reject, 150, new Error('no answer')));
      await expect(Promise.race([answer, patience])).rejects.toThrow();
      answer.catch(() => 'cut at the latest when the cloud closes');
      expect((await api('GET', '/plants')).status).toBe(200);
    },
  );

  it('can take effect all the same: the refresh token is spent although the answer is lost', async () => {
    const cloud = await startCloud();
    await sim(cloud, 'POST', '/settings', { refreshMode: 'strict' });
    const { refresh_token: token } = await link(cloud);
    cloud.faults.set({ name: 'connection_reset', on: 'token', times: 1 });
    await expect(refresh(cloud, token)).rejects.toThrow();
    cloud.faults.set({ name: 'connection_reset', on: 'token', times: 1, parameters: { applied: true } });
    await expect(refresh(cloud, token)).rejects.toThrow();
    expect((await refresh(cloud, token)).status).toBe(400);
  });

  it('answers with an empty body, or late', async () => {
    const cloud = await startCloud();
    const api = await linkedApi(cloud);
    cloud.faults.set({ name: 'empty_body', on: 'plants', times: 1 });
    expect(await (await api('GET', '/plants')).text()).toBe('');
    cloud.faults.set({ name: 'slow_answer', on: 'plants', times: 1, parameters: { delaySeconds: 0.1 } });
    const started = performance.now();
    expect((await api('GET', '/plants')).status).toBe(200);
    expect(performance.now() - started).toBeGreaterThanOrEqual(95);
  });
});
