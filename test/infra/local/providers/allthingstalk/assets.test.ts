import { describe, expect, it } from 'vitest';
import { sim } from '../sim.ts';
import {
  apiOf,
  assetIdOf,
  assetPath,
  CAMERA,
  CASEY_ID,
  groundApi,
  NODE,
  NODE_TOKEN,
  PLUG,
  stateOf,
  userApi,
} from './allthingstalk-client.ts';
import { startCloud } from './start-cloud.ts';

const namesOf = (json: unknown) => (json as { name: string }[]).map(({ name }) => name);

describe('assets', () => {
  it('are a bare list, which a style narrows', async () => {
    const cloud = await startCloud();
    const api = apiOf(cloud, NODE_TOKEN);
    expect(namesOf((await api('GET', `/device/${NODE}/assets`)).json)).toEqual([
      'temperature',
      'humidity',
      'air-quality',
      'Battery Level',
      'motion',
    ]);
    expect(namesOf((await api('GET', `/device/${NODE}/assets?style=Battery`)).json)).toEqual([
      'Battery Level',
    ]);
  });

  it('have the fields of the trace, by name and by id', async () => {
    const cloud = await startCloud();
    const api = groundApi(cloud);
    const id = await assetIdOf(api, NODE, 'Battery Level');
    expect(id).toMatch(/^[A-Za-z0-9]{24}$/);
    const byName = await api('GET', assetPath(NODE, 'Battery Level'));
    expect(byName.json).toEqual({
      deviceId: NODE,
      thing: null,
      id,
      name: 'Battery Level',
      title: 'Battery',
      is: 'sensor',
      description: null,
      createdOn: '2025-12-16T17:00:00Z',
      updatedOn: '2025-12-16T17:00:00Z',
      createdBy: null,
      updatedBy: null,
      profile: { type: 'integer', minimum: 0, maximum: 100, unit: '%' },
      control: { name: '' },
      state: { at: '2026-01-15T16:45:00Z', value: 87 },
      style: 'battery',
    });
    expect((await api('GET', `/asset/${id}`)).json).toEqual(byName.json);
  });

  it('are of every kind and profile', async () => {
    const cloud = await startCloud();
    const { json } = await groundApi(cloud)(
      'GET',
      '/ground/Gr0undQ8wErT5yUiOp3AsDfG/devices?includeAssets=true',
    );
    const { items } = json as { items: { assets: { is: string; profile: { type: string } }[] }[] };
    const assets = items.flatMap((device) => device.assets);
    expect([...new Set(assets.map(({ is }) => is))].sort()).toEqual([
      'actuator',
      'config',
      'sensor',
      'virtual',
    ]);
    expect([...new Set(assets.map(({ profile }) => profile.type))].sort()).toEqual([
      'array',
      'boolean',
      'integer',
      'location',
      'number',
      'object',
      'string',
    ]);
  });

  it('are created by POST once, and refused with 400 when the name is taken', async () => {
    const cloud = await startCloud();
    const api = apiOf(cloud, NODE_TOKEN);
    const wish = { Name: 'lux', Title: 'Light', Is: 'sensor', Profile: { type: 'integer', unit: 'lx' } };
    const made = await api('POST', `/device/${NODE}/assets`, wish);
    expect([made.status, made.json]).toMatchObject([
      201,
      { name: 'lux', title: 'Light', is: 'sensor', profile: { type: 'integer', unit: 'lx' }, state: null },
    ]);
    const again = await api('POST', `/device/${NODE}/assets`, wish);
    expect([again.status, again.json]).toEqual([400, { message: 'Asset with name lux already exists.' }]);
  });

  it.each([
    {},
    { name: '' },
    { name: 'x', is: 'nonsense' },
    { name: 'x', profile: { type: 'colour' } },
    { name: 'x', style: 'loud' },
    'no JSON',
    '[]',
  ])('refuse %o', async (body) => {
    const cloud = await startCloud();
    expect((await groundApi(cloud)('POST', `/device/${NODE}/assets`, body)).status).toBe(400);
  });

  it('are created by PUT with usual values, and changed by it with their state kept', async () => {
    const cloud = await startCloud();
    const api = await userApi(cloud);
    const path = assetPath(CAMERA, 'wind / gusts');
    const made = await api('PUT', path, { profile: 'number' });
    expect([made.status, made.json]).toMatchObject([
      201,
      {
        name: 'wind / gusts',
        title: 'wind / gusts',
        is: 'sensor',
        profile: { type: 'number' },
        createdBy: CASEY_ID,
      },
    ]);
    await api('PUT', `${path}/state`, { value: 4 });
    await cloud.advance(60);
    const changed = await api('PUT', path, { name: 'other', title: 'Gusts', style: 'Primary' });
    expect([changed.status, changed.json]).toMatchObject([
      200,
      {
        name: 'wind / gusts',
        title: 'Gusts',
        style: 'primary',
        profile: { type: 'number' },
        createdOn: '2026-01-15T17:00:00Z',
        updatedOn: '2026-01-15T17:01:00Z',
        state: { at: '2026-01-15T17:00:00Z', value: 4 },
      },
    ]);
    expect((await api('PUT', path, 'no JSON')).status).toBe(400);
  });

  it('are text without a profile, and belong to nobody when a token made them', async () => {
    const cloud = await startCloud();
    const made = await apiOf(cloud, NODE_TOKEN)('PUT', assetPath(NODE, 'note'), {});
    expect(made.json).toMatchObject({ profile: { type: 'string' }, createdBy: null });
  });

  it('are gone after DELETE', async () => {
    const cloud = await startCloud();
    const api = groundApi(cloud);
    expect((await api('DELETE', assetPath(NODE, 'motion'))).status).toBe(204);
    expect((await api('DELETE', assetPath(NODE, 'motion'))).status).toBe(404);
    expect((await api('GET', assetPath(NODE, 'motion'))).status).toBe(404);
  });
});

describe('what moves by itself', () => {
  it('is a thermometer that drifts, told every ten minutes', async () => {
    const cloud = await startCloud();
    const api = groundApi(cloud);
    const before = await stateOf(api, NODE, 'temperature');
    await cloud.advance(6 * 3600);
    const after = await stateOf(api, NODE, 'temperature');
    expect(before).toEqual({ at: '2026-01-15T17:00:00Z', value: expect.any(Number) });
    expect(after).toEqual({ at: '2026-01-15T23:00:00Z', value: expect.any(Number) });
    expect(after?.value).not.toBe(before?.value);
  });

  it('is a plug that draws power and counts it, until it is switched off', async () => {
    const cloud = await startCloud();
    const api = groundApi(cloud);
    const kwh = async () => Number((await stateOf(api, PLUG, 'energy'))?.value);
    const first = await kwh();
    await cloud.advance(3600);
    expect((await kwh()) - first).toBeCloseTo(1.18, 2);
    expect(Number((await stateOf(api, PLUG, 'power'))?.value)).toBeGreaterThan(1000);
    await api('PUT', `${assetPath(PLUG, 'switch')}/command`, { value: false });
    await cloud.advance(1);
    expect(await stateOf(api, PLUG, 'power')).toEqual({ at: '2026-01-15T18:00:01Z', value: 0 });
    const last = await kwh();
    await cloud.advance(3600);
    expect(await kwh()).toBe(last);
  });

  it('is silent while its device is offline', async () => {
    const cloud = await startCloud();
    await sim(cloud, 'POST', '/device', { deviceId: NODE, online: false });
    await cloud.advance(3600);
    expect(await stateOf(groundApi(cloud), NODE, 'temperature')).toMatchObject({
      at: '2026-01-15T17:00:00Z',
    });
  });
});
