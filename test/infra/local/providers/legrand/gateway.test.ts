import { describe, expect, it } from 'vitest';
import { locationOf } from '../page-form.ts';
import { sim } from '../sim.ts';
import {
  apiOf,
  authorizeUrl,
  exchangeCode,
  link,
  linkedApi,
  MARIE,
  modulePath,
  PAUL,
  submitSignIn,
} from './legrand-client.ts';
import { startCloud } from './start-cloud.ts';

describe('gateway', () => {
  it.each([
    ['no key', { 'ocp-apim-subscription-key': '' }, /missing subscription key/],
    ['another key', { 'ocp-apim-subscription-key': '0'.repeat(32) }, /invalid subscription key/],
    ['no token', { authorization: '' }, /^Unauthorized$/],
    ['junk as token', { authorization: 'Bearer a.b.c' }, /^Unauthorized$/],
  ])('refuses %s with 401', async (_, headers, message) => {
    const cloud = await startCloud();
    const { access_token: token } = await link(cloud);
    const answer = await apiOf(cloud, token, headers as Record<string, string>)('GET', '/plants');
    expect(answer.status).toBe(401);
    expect(await answer.json()).toEqual({ statusCode: 401, message: expect.stringMatching(message) });
  });

  it('says «expired» when the access token has expired', async () => {
    const cloud = await startCloud();
    const api = await linkedApi(cloud);
    await cloud.advance(3599);
    expect((await api('GET', '/plants')).status).toBe(200);
    await cloud.advance(1);
    const answer = await api('GET', '/plants');
    expect(answer.status).toBe(401);
    expect(await answer.json()).toMatchObject({ message: expect.stringContaining('expired') });
  });

  it('refuses a token whose user withdrew consent', async () => {
    const cloud = await startCloud();
    const api = await linkedApi(cloud);
    expect((await sim(cloud, 'POST', `/users/${MARIE}/revoke`)).status).toBe(204);
    expect((await api('GET', '/plants')).status).toBe(401);
  });

  it('refuses a write to a consent that allows reading only', async () => {
    const cloud = await startCloud();
    const url = authorizeUrl(cloud, { scope: 'comfort.read' });
    const code = locationOf(await submitSignIn(url)).searchParams.get('code') ?? '';
    const { access_token: token } = (await (await exchangeCode(cloud, code)).json()) as {
      access_token: string;
    };
    const api = apiOf(cloud, token);
    expect((await api('GET', modulePath())).status).toBe(200);
    expect((await api('POST', modulePath(), { function: 'heating', mode: 'off' })).status).toBe(403);
  });

  it('answers 406 to whom JSON is not acceptable, and 404 to an unknown path', async () => {
    const cloud = await startCloud();
    const { access_token: token } = await link(cloud);
    expect((await apiOf(cloud, token, { accept: 'text/xml' })('GET', '/plants')).status).toBe(406);
    expect((await apiOf(cloud, token)('GET', '/homes')).status).toBe(404);
  });
});

describe('quota', () => {
  it('ends with 403 and the time to midnight, counts failures, and spares other users', async () => {
    const cloud = await startCloud();
    await sim(cloud, 'POST', '/settings', { callsPerDay: 3 });
    const api = await linkedApi(cloud);
    const other = await linkedApi(cloud, PAUL);
    await api('GET', '/plants');
    expect((await api('GET', `/plants/${'0'.repeat(8)}-0000-4000-8000-000000000000/topology`)).status).toBe(
      404,
    );
    expect((await api('GET', '/plants')).status).toBe(200);
    const spent = await api('GET', '/plants');
    expect(spent.status).toBe(403);
    expect(spent.headers.get('retry-after')).toBe(String(7 * 3600));
    expect(await spent.json()).toEqual({
      statusCode: 403,
      message: 'Out of call volume quota. Quota will be replenished in 07:00:00.',
    });
    expect((await other('GET', '/plants')).status).toBe(200);
  });

  it('is 500 calls, and full again at midnight UTC', async () => {
    const cloud = await startCloud();
    await sim(cloud, 'POST', '/settings', { accessLifeSeconds: 90_000 });
    const api = await linkedApi(cloud);
    await sim(cloud, 'POST', `/users/${MARIE}/quota`, { calls: 499 });
    expect((await api('GET', '/plants')).status).toBe(200);
    expect((await api('GET', '/plants')).status).toBe(403);
    await cloud.advance(7 * 3600);
    expect((await api('GET', '/plants')).status).toBe(200);
  });

  it('can be spent on purpose, in the other forms that were seen', async () => {
    const cloud = await startCloud();
    const api = await linkedApi(cloud);
    cloud.faults.set({
      name: 'quota_exceeded',
      times: 1,
      parameters: { status: 429, days: 3, retryAfter: false },
    });
    const answer = await api('GET', '/plants');
    expect(answer.status).toBe(429);
    expect(answer.headers.has('retry-after')).toBe(false);
    expect(await answer.json()).toMatchObject({
      message: expect.stringContaining('replenished in 3.07:00:00.'),
    });
  });

  it('can be a burst limit, which ends when the calls are spread', async () => {
    const cloud = await startCloud();
    const api = await linkedApi(cloud);
    cloud.faults.set({ name: 'burst_limit', parameters: { calls: 2, seconds: 10 } });
    await api('GET', '/plants');
    expect((await api('GET', '/plants')).status).toBe(200);
    const limited = await api('GET', '/plants');
    expect([limited.status, limited.headers.get('retry-after')]).toEqual([429, '10']);
    await cloud.advance(10);
    expect((await api('GET', '/plants')).status).toBe(200);
  });
});
