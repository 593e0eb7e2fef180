import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { sim } from '../sim.ts';
import {
  ATTIC,
  apiOf,
  assetPath,
  BLIND,
  CABIN,
  CASEY_ID,
  groundApi,
  HOUSE,
  KIM,
  LAMP,
  NODE,
  NODE_TOKEN,
  PLAYGROUND,
  ROBIN,
  set,
  userApi,
} from './allthingstalk-client.ts';
import { startCloud } from './start-cloud.ts';

const Items = z.object({ items: z.array(z.looseObject({ id: z.string() })) });
const Devices = z.array(z.looseObject({ id: z.string(), assets: z.array(z.looseObject({})) }));

const home = { id: HOUSE, name: 'home', title: 'Home', ownerId: CASEY_ID, visibility: 'public' };

describe('users and grounds', () => {
  it('list the own grounds, and those shared on demand', async () => {
    const cloud = await startCloud();
    const api = await userApi(cloud);
    expect((await api('GET', '/me/grounds')).json).toEqual({ items: [home] });
    const both = Items.parse((await api('GET', '/me/grounds?type=shared')).json);
    expect(both.items.map(({ id }) => id)).toEqual([HOUSE, CABIN]);
    const kim = await userApi(cloud, KIM);
    expect((await kim('GET', '/me/grounds')).json).toMatchObject({ items: [{ id: PLAYGROUND }] });
    expect((await kim('GET', `/ground/${PLAYGROUND}/devices`)).json).toEqual({ items: [] });
  });

  it('wrap the devices of a ground, and leave those of a user bare', async () => {
    const cloud = await startCloud();
    const api = await userApi(cloud);
    const { items } = Items.parse((await api('GET', `/ground/${HOUSE}/devices`)).json);
    const bare = Devices.parse((await api('GET', '/devices')).json);
    expect(bare.map(({ id }) => id)).toEqual(items.map(({ id }) => id));
    expect(bare).toHaveLength(8);
    expect(bare.every(({ assets }) => assets.length === 0)).toBe(true);
    const whole = Devices.parse((await api('GET', '/devices?IncludeAssets=True')).json);
    expect(whole.every(({ assets }) => assets.length > 0)).toBe(true);
    // One old id has 23 characters.
    expect(new Set(items.map(({ id }) => id.length))).toEqual(new Set([24, 23]));
  });

  it('send a message to themselves', async () => {
    const cloud = await startCloud();
    const api = await userApi(cloud, ROBIN);
    expect((await api('POST', '/service/push/notifications', { Message: 'Frost' })).status).toBe(200);
    expect((await api('POST', '/service/push/notifications', {})).status).toBe(400);
    expect(await (await sim(cloud, 'GET', '/state')).json()).toMatchObject({
      notifications: [{ message: 'Frost' }],
    });
  });
});

describe('a device', () => {
  it('has the fields of the capture, and its assets with it', async () => {
    const cloud = await startCloud();
    const { json } = await groundApi(cloud)('GET', `/device/${NODE}`);
    expect(json).toEqual({
      id: NODE,
      name: 'hallway-node',
      title: 'Hallway node',
      type: 'custom',
      description: '',
      ownerId: CASEY_ID,
      gatewayId: null,
      groundId: HOUSE,
      ground: home,
      grounds: [home],
      activityEnabled: true,
      createdBy: CASEY_ID,
      updatedBy: CASEY_ID,
      createdOn: '2025-12-16T17:00:00Z',
      updatedOn: '2025-12-16T17:00:00Z',
      lastActiveAt: '2026-01-15T17:00:00Z',
      meta: {},
      networks: [{ networkId: 'examplenet', data: { imei: '000000000000000', imsi: null, sim: null } }],
      assets: expect.arrayContaining([expect.objectContaining({ name: 'temperature' })]),
      control: null,
    });
  });

  it('is changed by a user in the fields that are sent, and not by a token', async () => {
    const cloud = await startCloud();
    const api = await userApi(cloud);
    await cloud.advance(60);
    const answer = await api('PUT', `/device/${LAMP}`, {
      Title: 'Lamp',
      activityEnabled: false,
      meta: { a: 1 },
    });
    expect([answer.status, answer.json]).toMatchObject([
      200,
      {
        title: 'Lamp',
        name: 'desk-lamp',
        activityEnabled: false,
        meta: {},
        updatedOn: '2026-01-15T17:01:00Z',
      },
    ]);
    expect((await api('PUT', `/device/${LAMP}`, '{"title":')).status).toBe(400);
    expect((await groundApi(cloud)('PUT', `/device/${LAMP}`, { title: 'No' })).status).toBe(403);
  });

  it('goes with its tokens', async () => {
    const cloud = await startCloud();
    const api = await userApi(cloud);
    const gone = await api('DELETE', `/device/${NODE}`);
    expect([gone.status, gone.text]).toEqual([204, '']);
    expect((await api('GET', `/device/${NODE}`)).status).toBe(404);
    expect((await apiOf(cloud, NODE_TOKEN)('GET', `/device/${NODE}`)).status).toBe(401);
  });
});

describe('a gateway', () => {
  it('shows what is behind it, and leads there by local names', async () => {
    const cloud = await startCloud();
    const api = await userApi(cloud);
    expect((await api('GET', `/gateway/${ATTIC}`)).json).not.toHaveProperty('devices');
    expect((await api('GET', `/gateway/${ATTIC}?includeDevices=True`)).json).toMatchObject({
      id: ATTIC,
      groundId: HOUSE,
      devices: [{ id: BLIND, gatewayId: ATTIC, name: 'blind' }],
    });
    expect((await api('GET', `/gateway/${ATTIC}/device/blind`)).json).toMatchObject({ id: BLIND });
    const position = `/gateway/${ATTIC}/device/blind/asset/position`;
    expect((await api('GET', position)).json).toMatchObject({ name: 'position', deviceId: BLIND });
    expect((await api('PUT', `${position}/state`, { value: 40 })).status).toBe(200);
    expect((await api('GET', `${assetPath(BLIND, 'position')}/state`)).json).toMatchObject({
      state: { value: 40 },
    });
  });

  it('is shown to nobody else', async () => {
    const cloud = await startCloud();
    const api = await userApi(cloud, ROBIN);
    expect((await api('GET', `/gateway/${ATTIC}`)).status).toBe(403);
    expect((await api('GET', `/gateway/${ATTIC}/device/blind`)).status).toBe(403);
    expect((await api('GET', '/gateway/none')).status).toBe(404);
    expect((await api('GET', `/gateway/${ATTIC}/device/none`)).status).toBe(404);
  });
});

describe('a gateway of its own', () => {
  const asGateway = (cloud: { url: string }, id: string, key: string) => {
    const headers = { 'Auth-GatewayId': id, 'Auth-GatewayKey': key };
    return (method: string, path: string, body?: unknown) =>
      fetch(`${cloud.url}${path}`, {
        method,
        headers,
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
  };
  const post = (cloud: { url: string }, path: string) =>
    fetch(`${cloud.url}${path}`, { method: 'POST', body: JSON.stringify({ uid: 'shed-7', name: 'Shed' }) });

  it('announces itself, is claimed, and gets its credentials', async () => {
    const cloud = await startCloud();
    expect((await post(cloud, '/gateway')).status).toBe(404);
    expect((await post(cloud, '/gateways')).status).toBe(200);
    expect((await post(cloud, '/gateway')).status).toBe(404);
    expect((await sim(cloud, 'POST', '/gateways', { uid: 'shed-7', groundId: HOUSE })).status).toBe(200);
    const given = await (await post(cloud, '/gateway')).json();
    const { id, key } = z.object({ id: z.string(), key: z.string() }).parse(given);
    const gateway = asGateway(cloud, id, key);
    expect(await (await gateway('GET', '/gateway')).json()).toMatchObject({ id, title: 'Shed' });
    expect((await asGateway(cloud, id, 'guess')('GET', '/gateway')).status).toBe(401);
    expect((await sim(cloud, 'POST', '/gateways', { uid: 'shed-7', groundId: HOUSE })).status).toBe(400);
  });

  it('makes devices by local names, fills and removes them, and reaches no others', async () => {
    const cloud = await startCloud();
    const gateway = asGateway(cloud, ATTIC, 'sim-attic-gateway-key');
    const wish = { title: 'Fan', description: 'loud', type: 'custom', activityEnabled: false };
    const made = await gateway('PUT', '/device/fan', wish);
    expect([made.status, await made.json()]).toMatchObject([
      200,
      { name: 'fan', title: 'Fan', description: 'loud', activityEnabled: false, gatewayId: ATTIC },
    ]);
    expect(await (await gateway('PUT', '/device/fan', { title: 'Big fan' })).json()).toMatchObject({
      title: 'Big fan',
      description: 'loud',
    });
    expect((await gateway('PUT', '/device/fan/asset/speed', { profile: 'integer' })).status).toBe(201);
    expect((await gateway('PUT', '/device/fan/asset/speed/state', { value: 3 })).status).toBe(200);
    expect((await gateway('GET', `/gateway/${ATTIC}?includeDevices=true`)).status).toBe(200);
    expect((await gateway('GET', `/device/${NODE}`)).status).toBe(403);
    expect((await gateway('GET', '/me')).status).toBe(403);
    expect((await gateway('DELETE', '/device/fan')).status).toBe(204);
    expect((await gateway('GET', '/device/fan')).status).toBe(404);
  });
});

describe('what nobody has seen', () => {
  it('is not there until it is declared', async () => {
    const cloud = await startCloud();
    const api = await userApi(cloud);
    const tries = async () => [
      (await api('GET', '/grounds')).status,
      (await api('GET', `/ground/${HOUSE}`)).status,
      (await api('POST', '/device', { name: 'new-node' })).status,
    ];
    expect(await tries()).toEqual([404, 404, 404]);
    await set(cloud, { undocumentedRoutes: ['list_grounds', 'read_ground', 'create_device'] });
    expect(await tries()).toEqual([200, 200, 201]);
    await sim(cloud, 'POST', '/ground', { groundId: HOUSE, visibility: 'private', title: 'House' });
    expect((await api('GET', `/ground/${HOUSE}`)).json).toEqual({
      ...home,
      title: 'House',
      visibility: 'private',
    });
    expect((await api('POST', '/device', {})).status).toBe(400);
  });
});
