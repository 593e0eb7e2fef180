import { describe, expect, it } from 'vitest';
import type { AllthingstalkCloud } from '../../../../../infra/local/providers/allthingstalk/cloud.ts';
import {
  assetIdOf,
  assetPath,
  type CallApi,
  DOORBELL,
  groundApi,
  LAMP,
  NODE,
  PLUG,
  pointsOf,
  set,
} from './allthingstalk-client.ts';
import { startCloud } from './start-cloud.ts';

const NOTES = assetPath(LAMP, 'brightness');

/** Ten values, one a minute from 16:50 on, beside the one of the seed at 16:45. */
async function told(): Promise<{ cloud: AllthingstalkCloud; api: CallApi }> {
  const cloud = await startCloud();
  const api = groundApi(cloud);
  for (let minute = 0; minute < 10; minute += 1)
    await api('PUT', `${NOTES}/state`, { value: minute, at: `2026-01-15T16:5${minute}:00.5Z` });
  return { cloud, api };
}

const valuesOf = async (api: CallApi, query: string) =>
  pointsOf(await api('GET', `${NOTES}/states?${query}`)).map(({ data }) => data);

describe('history', () => {
  it('has the value in data, from and to included', async () => {
    const { api } = await told();
    const answer = await api('GET', `${NOTES}/states?from=2026-01-15T16:52:00.5Z&to=2026-01-15T16:53:00.5Z`);
    expect([answer.status, answer.json]).toEqual([
      200,
      {
        data: [
          { at: '2026-01-15T16:52:00.5Z', data: 2 },
          { at: '2026-01-15T16:53:00.5Z', data: 3 },
        ],
      },
    ]);
  });

  it('is the same by id, without bounds whole, and puts late values in their place', async () => {
    const { api } = await told();
    await api('PUT', `${NOTES}/state`, { value: 99, at: '2026-01-15T16:55:30Z' });
    const id = await assetIdOf(api, LAMP, 'brightness');
    const points = pointsOf(await api('GET', `/asset/${id}/states`));
    expect(points.map(({ data }) => data)).toEqual([60, 0, 1, 2, 3, 4, 5, 99, 6, 7, 8, 9]);
  });

  it('takes offsets whose plus is encoded, and no others', async () => {
    const { api } = await told();
    expect(await valuesOf(api, 'from=2026-01-15T17:58:00%2B01:00')).toEqual([8, 9]);
    expect((await api('GET', `${NOTES}/states?from=2026-01-15T17:58:00+01:00`)).status).toBe(400);
    expect((await api('GET', `${NOTES}/states?to=tomorrow`)).status).toBe(400);
  });

  it('comes in pages that begin with zero and end empty', async () => {
    const { cloud, api } = await told();
    await set(cloud, { historyPageSize: 5 });
    expect(await valuesOf(api, '')).toEqual([60, 0, 1, 2, 3]);
    expect(await valuesOf(api, 'page=0')).toEqual([60, 0, 1, 2, 3]);
    expect(await valuesOf(api, 'page=2')).toEqual([9]);
    expect(await valuesOf(api, 'page=3')).toEqual([]);
    expect(await valuesOf(api, '&page0')).toEqual([60, 0, 1, 2, 3]);
    cloud.faults.set({ name: 'page_ignored' });
    expect(await valuesOf(api, 'page=2')).toEqual([60, 0, 1, 2, 3]);
  });

  it('holds at most a thousand points a page, and two days of what moves by itself', async () => {
    const cloud = await startCloud();
    const points = pointsOf(await groundApi(cloud)('GET', `${assetPath(NODE, 'temperature')}/states`));
    expect(points).toHaveLength(289);
    expect(points[0]?.at).toBe('2026-01-13T17:00:00Z');
  });

  it('is empty for a device that keeps none', async () => {
    const cloud = await startCloud();
    const api = groundApi(cloud);
    await api('PUT', `${assetPath(DOORBELL, 'pressed')}/state`, { value: true });
    expect((await api('GET', `${assetPath(DOORBELL, 'pressed')}/states`)).json).toEqual({ data: [] });
    expect((await api('GET', `/device/${DOORBELL}/state`)).json).toMatchObject({ pressed: { value: true } });
  });

  it('is null, or without data, or old, or text, by fault', async () => {
    const { cloud, api } = await told();
    const bent = async (name: 'null_answer' | 'without_data' | 'values_as_text' | 'stale_states') => {
      cloud.faults.set({ name, on: 'history', times: 1 });
      return (await api('GET', `${NOTES}/states`)).json;
    };
    expect(await bent('null_answer')).toBeNull();
    expect(await bent('without_data')).toEqual({});
    expect(await bent('values_as_text')).toMatchObject({
      data: expect.arrayContaining([{ at: expect.any(String), data: '60' }]),
    });
    expect(await bent('stale_states')).toEqual({ data: [] });
  });
});

describe('activity', () => {
  const activity = async (api: CallApi, deviceId: string, name: string, query: string) =>
    api('GET', `/asset/${await assetIdOf(api, deviceId, name)}/activity?${query}`);

  it('has a bucket for every hour, empty ones with null', async () => {
    const { api } = await told();
    const answer = await activity(api, LAMP, 'brightness', 'resolution=hour&from=2026-01-15T15:30:00Z');
    expect(answer.json).toEqual({
      data: [
        { at: '2026-01-15T15:00:00Z', data: null },
        { at: '2026-01-15T16:00:00Z', data: { avg: 105 / 11, min: 0, max: 60, count: 11 } },
        { at: '2026-01-15T17:00:00Z', data: null },
      ],
    });
  });

  it.each([
    [
      'minute',
      'from=2026-01-15T16:58:10Z',
      ['2026-01-15T16:58:00Z', '2026-01-15T16:59:00Z', '2026-01-15T17:00:00Z'],
    ],
    ['day', 'from=2026-01-14T10:00:00Z', ['2026-01-14T00:00:00Z', '2026-01-15T00:00:00Z']],
    ['week', 'from=2026-01-11T10:00:00Z', ['2026-01-05T00:00:00Z', '2026-01-12T00:00:00Z']],
    ['month', 'from=2025-12-20T10:00:00Z', ['2025-12-01T00:00:00Z', '2026-01-01T00:00:00Z']],
  ])('has buckets of a %s', async (resolution, query, starts) => {
    const cloud = await startCloud();
    const answer = await activity(groundApi(cloud), PLUG, 'energy', `resolution=${resolution}&${query}`);
    expect(pointsOf(answer).map(({ at }) => at)).toEqual(starts);
  });

  it('begins with the first value, ignores pages, and averages no text', async () => {
    const { cloud, api } = await told();
    await set(cloud, { historyPageSize: 1 });
    const whole = await activity(api, LAMP, 'brightness', 'page=1');
    expect(pointsOf(whole).map(({ at }) => at)).toEqual(['2026-01-15T16:00:00Z', '2026-01-15T17:00:00Z']);
    const text = pointsOf(await activity(api, LAMP, 'scene', ''));
    expect(text.every(({ data }) => data === null)).toBe(true);
  });

  it.each(['resolution=fortnight', 'from=never', 'resolution=minute&from=2000-01-01'])(
    'refuses %s',
    async (query) => {
      const cloud = await startCloud();
      expect((await activity(groundApi(cloud), PLUG, 'energy', query)).status).toBe(400);
    },
  );

  it('is there by id only', async () => {
    const cloud = await startCloud();
    expect((await groundApi(cloud)('GET', `${NOTES}/activity`)).status).toBe(404);
  });
});
