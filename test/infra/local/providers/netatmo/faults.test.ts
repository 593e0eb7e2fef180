import { describe, expect, it } from 'vitest';
import {
  type FaultName,
  faultKinds,
} from '../../../../../infra/local/providers/netatmo/faults/fault-kinds.ts';
import { apiOperations } from '../../../../../infra/local/providers/netatmo/faults/operation.ts';
import { knownFaults, sim } from '../sim.ts';
import { linkedApi, MAISON, moduleStatus, PLUG, setModules } from './netatmo-client.ts';
import { START, startCloud } from './start-cloud.ts';

describe('faults', () => {
  it('are all listed with what they do, where, and their parameters', async () => {
    const cloud = await startCloud();
    const known = await knownFaults(cloud);
    expect(known.map(({ name }) => name)).toEqual(Object.keys(faultKinds));
    expect(known.find(({ name }) => name === 'api_error')).toMatchObject({
      on: apiOperations,
      parameters: { code: { default: 0 }, pretty: { type: 'boolean' } },
    });
  });

  it('strike as often as ordered, and only where ordered', async () => {
    const cloud = await startCloud();
    const api = await linkedApi(cloud);
    await sim(cloud, 'POST', '/faults', { name: 'html_error', on: 'homesdata', times: 2, status: 502 });
    expect((await api('homestatus', { home_id: MAISON })).status).toBe(200);
    for (const status of [502, 502, 200]) expect((await api('homesdata')).status).toBe(status);
    await sim(cloud, 'POST', '/faults', { name: 'concurrency_limit' });
    expect((await api('homesdata')).status).toBe(429);
    await sim(cloud, 'DELETE', '/faults/concurrency_limit');
    expect((await api('homesdata')).status).toBe(200);
  });

  it.each([
    { name: 'nonsense' },
    { name: 'deny', on: 'homesdata' },
    { name: 'slow_apply', delay: 4 },
    { name: 'usage_limit', status: 500 },
  ])('refuse the order %o', async (order) => {
    const cloud = await startCloud();
    expect((await sim(cloud, 'POST', '/faults', order)).status).toBe(400);
  });

  it('answer every code of the contract with the status that was seen', async () => {
    const cloud = await startCloud();
    const api = await linkedApi(cloud);
    const seen: Readonly<Record<number, number>> = {
      0: 500,
      2: 403,
      3: 403,
      7: 406,
      9: 404,
      11: 500,
      13: 403,
      26: 429,
      31: 404,
      35: 500,
    };
    for (let code = 0; code <= 41; code += 1) {
      cloud.faults.set({ name: 'api_error', on: 'homesdata', times: 1, parameters: { code } });
      const { status, json } = await api('homesdata');
      expect([status, json], String(code)).toEqual([
        seen[code] ?? 400,
        { error: { code, message: expect.any(String) } },
      ]);
    }
  });

  async function answerWith(name: FaultName, parameters = {}) {
    const cloud = await startCloud();
    const api = await linkedApi(cloud);
    cloud.faults.set({ name, on: 'homestatus', times: 1, parameters });
    return api('homestatus', { home_id: MAISON });
  }

  it('bend errors as the gateway does', async () => {
    const pretty = await answerWith('api_error', { code: 26, message: 'Slow down', pretty: 'true' });
    expect(pretty.text).toBe(
      '{\r\n  "error": {\r\n    "code": 26,\r\n    "message": "Slow down"\r\n  }\r\n}',
    );
    const older = await answerWith('usage_limit', { status: 403, message: 'User usage reached' });
    expect([older.status, older.text]).toEqual([403, '{"error":{"code":26,"message":"User usage reached"}}']);
    const newer = await answerWith('usage_limit');
    expect([newer.status, newer.text]).toEqual([429, expect.stringContaining('\r\n')]);
    const path = await answerWith('path_not_found');
    expect([path.status, path.json]).toEqual([404, { error: { code: 404, message: 'Not Found' } }]);
    const html = await answerWith('html_error', { status: 504 });
    expect([html.status, html.text]).toEqual([504, expect.stringContaining('<center>nginx</center>')]);
    const expired = await answerWith('access_token_expired', { status: 401 });
    expect([expired.status, expired.json]).toMatchObject([401, { error: { code: 3 } }]);
    expect((await answerWith('invalid_access_token')).json).toMatchObject({ error: { code: 2 } });
  });

  it('answer 200 with errors in two places, or without what is expected', async () => {
    const errors = [{ code: 6, id: '70:ee:50:00:00:00' }];
    expect((await answerWith('ok_with_errors')).json).toMatchObject({ status: 'ok', body: { errors } });
    const top = await answerWith('ok_with_errors', { place: 'top', code: 2, id: 'x' });
    expect(top.json).toMatchObject({ status: 'ok', body: {}, errors: [{ code: 2, id: 'x' }] });
    expect((await answerWith('ok_without_body')).json).not.toHaveProperty('body');
    expect((await answerWith('ok_without_body', { emptyBody: true })).json).toMatchObject({ body: {} });
    expect((await answerWith('without_times')).json).not.toHaveProperty('time_server');
  });

  it('cut the body in half, or leave it out', async () => {
    const cloud = await startCloud();
    const api = await linkedApi(cloud);
    cloud.faults.set({ name: 'half_body', on: 'homesdata', times: 1 });
    await expect(api('homesdata')).rejects.toThrow();
    cloud.faults.set({ name: 'empty_body', on: 'homesdata', times: 1 });
    expect(await api('homesdata')).toMatchObject({ status: 200, text: '' });
  });

  it('reset the connection before or after the command took effect', async () => {
    const cloud = await startCloud();
    const api = await linkedApi(cloud);
    const reset = async (applied: boolean) => {
      cloud.faults.set({ name: 'connection_reset', on: 'setstate', times: 1, parameters: { applied } });
      await expect(setModules(api, [{ id: PLUG, on: false }])).rejects.toThrow();
      return (await moduleStatus(api, PLUG))?.on;
    };
    expect(await reset(false)).toBe(true);
    expect(await reset(true)).toBe(false);
  });

  it('stand in the journal with what was answered', async () => {
    const cloud = await startCloud();
    const api = await linkedApi(cloud);
    cloud.faults.set({ name: 'concurrency_limit', times: 1 });
    await api('homesdata');
    const requests = (await (await sim(cloud, 'GET', '/requests')).json()) as unknown[];
    expect(requests.at(-1)).toEqual({
      at: new Date(START).toISOString(),
      method: 'GET',
      path: '/api/homesdata',
      operation: 'homesdata',
      status: 429,
      userId: '65f0aa11bb22cc33dd44ee55',
    });
  });
});
