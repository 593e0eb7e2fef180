import { describe, expect, it } from 'vitest';
import {
  type FaultName,
  faultKinds,
} from '../../../../../infra/local/providers/allthingstalk/faults/fault-kinds.ts';
import { apiOperations } from '../../../../../infra/local/providers/allthingstalk/faults/operation.ts';
import { knownFaults, sim } from '../sim.ts';
import { assetPath, groundApi, LAMP, NODE, stateOf } from './allthingstalk-client.ts';
import { startCloud } from './start-cloud.ts';

describe('faults', () => {
  it('are all listed with what they do, where, and their parameters', async () => {
    const cloud = await startCloud();
    const known = await knownFaults(cloud);
    expect(known.map(({ name }) => name)).toEqual(Object.keys(faultKinds));
    expect(known.find(({ name }) => name === 'refused')).toMatchObject({
      on: apiOperations,
      parameters: { status: { default: 500 }, message: { default: 'An error has occurred.' } },
    });
  });

  it('strike as often as ordered, and only where ordered', async () => {
    const cloud = await startCloud();
    const api = groundApi(cloud);
    await sim(cloud, 'POST', '/faults', { name: 'html_error', on: 'device', times: 2, status: 502 });
    expect((await api('GET', `/device/${NODE}/state`)).status).toBe(200);
    for (const status of [502, 502, 200]) expect((await api('GET', `/device/${NODE}`)).status).toBe(status);
    await sim(cloud, 'POST', '/faults', { name: 'throttled' });
    expect((await api('GET', `/device/${NODE}`)).status).toBe(429);
    await sim(cloud, 'DELETE', '/faults/throttled');
    expect((await api('GET', `/device/${NODE}`)).status).toBe(200);
  });

  it.each([
    { name: 'nonsense' },
    { name: 'oauth_error', on: 'device' },
    { name: 'stale_states', hours: 4 },
    { name: 'refused', status: 99 },
  ])('refuse the order %o', async (order) => {
    const cloud = await startCloud();
    expect((await sim(cloud, 'POST', '/faults', order)).status).toBe(400);
  });

  async function answerWith(name: FaultName, parameters = {}, path = `/device/${LAMP}/state`) {
    const cloud = await startCloud();
    cloud.faults.set({ name, times: 1, parameters });
    return groundApi(cloud)('GET', path);
  }

  it('refuse in every form', async () => {
    const plain = await answerWith('refused', { status: 409, message: 'Busy' });
    expect([plain.status, plain.json]).toEqual([409, { message: 'Busy' }]);
    const other = await answerWith('refused', { form: 'status_error' });
    expect([other.status, other.json]).toEqual([500, { status: 500, error: 'An error has occurred.' }]);
    const html = await answerWith('html_error');
    expect([html.status, html.headers.get('content-type')]).toEqual([503, 'text/html']);
    const text = await answerWith('text_error', { text: 'Out of luck' });
    expect([text.status, text.text, text.json]).toEqual([500, 'Out of luck', undefined]);
    const throttled = await answerWith('throttled', { retryAfterSeconds: 30 });
    expect([throttled.status, throttled.headers.get('retry-after')]).toEqual([429, '30']);
    expect((await answerWith('throttled')).headers.get('retry-after')).toBeNull();
    const unauthorized = await answerWith('unauthorized', { message: 'Gone' });
    expect([unauthorized.status, unauthorized.json]).toEqual([401, { message: 'Gone' }]);
  });

  it('bend the states of a device', async () => {
    const at = '2026-01-15T16:45:00Z';
    expect((await answerWith('values_as_text')).json).toMatchObject({ brightness: { at, value: '60' } });
    expect((await answerWith('null_answer')).json).toBeNull();
    expect((await answerWith('stale_states', { seconds: 3600 })).json).toMatchObject({ brightness: null });
    const one = `${assetPath(LAMP, 'brightness')}/state`;
    expect((await answerWith('values_as_text', {}, one)).json).toMatchObject({ state: { value: '60' } });
    expect((await answerWith('null_answer', {}, one)).json).toBeNull();
    expect((await answerWith('stale_states', { seconds: 600 }, one)).json).toMatchObject({
      state: { value: 60 },
    });
  });

  it('lose what is written, with the answer of always', async () => {
    const cloud = await startCloud();
    const api = groundApi(cloud);
    cloud.faults.set({ name: 'write_lost' });
    const single = await api('PUT', `${assetPath(NODE, 'motion')}/state`, { value: true });
    const bulk = await api('PUT', `/device/${NODE}/state`, { motion: { value: true } });
    const written = { at: '2026-01-15T17:00:00Z', value: true };
    expect([single.status, single.json]).toEqual([200, written]);
    expect([bulk.status, bulk.json]).toEqual([200, { motion: written }]);
    expect(await stateOf(api, NODE, 'motion')).toBeNull();
  });

  it('cut the body in half, or leave it out', async () => {
    const cloud = await startCloud();
    const api = groundApi(cloud);
    cloud.faults.set({ name: 'half_body', on: 'device', times: 1 });
    await expect(api('GET', `/device/${NODE}`)).rejects.toThrow();
    cloud.faults.set({ name: 'empty_body', on: 'device', times: 1 });
    expect(await api('GET', `/device/${NODE}`)).toMatchObject({ status: 200, text: '' });
  });

  it('reset the connection before or after the command took effect', async () => {
    const cloud = await startCloud();
    const api = groundApi(cloud);
    const reset = async (applied: boolean) => {
      cloud.faults.set({ name: 'connection_reset', on: 'command', times: 1, parameters: { applied } });
      await expect(api('PUT', `${assetPath(LAMP, 'on')}/command`, { value: true })).rejects.toThrow();
      await cloud.advance(60);
      return (await stateOf(api, LAMP, 'on'))?.value;
    };
    expect(await reset(false)).toBe(false);
    expect(await reset(true)).toBe(true);
  });
});
