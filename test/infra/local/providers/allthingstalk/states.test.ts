import { describe, expect, it } from 'vitest';
import { sim } from '../sim.ts';
import {
  assetIdOf,
  assetPath,
  BLIND,
  CAMERA,
  groundApi,
  HEATING,
  LAMP,
  NODE,
  PLUG,
  STATISTICS,
  set,
  stateOf,
  userApi,
} from './allthingstalk-client.ts';
import { startCloud } from './start-cloud.ts';

describe('a state', () => {
  it('is wrapped with the id, by name and by id', async () => {
    const cloud = await startCloud();
    const api = groundApi(cloud);
    const id = await assetIdOf(api, LAMP, 'scene');
    const wrapped = { id, state: { at: '2026-01-15T16:45:00Z', value: 'work' } };
    expect((await api('GET', `${assetPath(LAMP, 'scene')}/state`)).json).toEqual(wrapped);
    expect((await api('GET', `/asset/${id}/state/`)).json).toEqual(wrapped);
  });

  it('is written with the time of the server, or one cut to milliseconds', async () => {
    const cloud = await startCloud();
    const api = groundApi(cloud);
    const path = `${assetPath(NODE, 'motion')}/state`;
    const written = await api('PUT', path, { value: true });
    expect([written.status, written.json]).toEqual([200, { at: '2026-01-15T17:00:00Z', value: true }]);
    await api('PUT', path, { Value: false, At: '2026-01-15T18:00:01.907719+00:30' });
    expect(await stateOf(api, NODE, 'motion')).toEqual({ at: '2026-01-15T17:30:01.907Z', value: false });
    expect((await api('GET', `/device/${NODE}`)).json).toMatchObject({
      lastActiveAt: '2026-01-15T17:00:00Z',
    });
  });

  it('of the future stays the current one', async () => {
    const cloud = await startCloud();
    const api = groundApi(cloud);
    const path = `${assetPath(NODE, 'motion')}/state`;
    await api('PUT', path, { value: true, at: '2026-01-16T17:00:00Z' });
    await api('PUT', path, { value: false });
    expect(await stateOf(api, NODE, 'motion')).toEqual({ at: '2026-01-16T17:00:00Z', value: true });
  });

  it.each([
    ['{"value":', NODE, 'motion'],
    [{}, NODE, 'motion'],
    [{ value: 'perhaps' }, NODE, 'motion'],
    [{ value: true, at: 'now' }, NODE, 'motion'],
    [{ value: true, at: 1741079000 }, NODE, 'motion'],
    [{ value: 31 }, HEATING, 'setpoint'],
    [{ value: 'Awful' }, NODE, 'air-quality'],
    [{ value: { latitude: 'north' } }, CAMERA, 'location'],
  ])('refuses %o with 400', async (body, deviceId, name) => {
    const cloud = await startCloud();
    const api = groundApi(cloud);
    const before = await stateOf(api, deviceId, name);
    expect((await api('PUT', `${assetPath(deviceId, name)}/state`, body)).status).toBe(400);
    expect(await stateOf(api, deviceId, name)).toEqual(before);
  });
});

describe('the states of a device', () => {
  it('are a map by name, with null where nothing was reported', async () => {
    const cloud = await startCloud();
    const { json } = await groundApi(cloud)('GET', `/device/${CAMERA}/state`);
    const at = '2026-01-15T16:45:00Z';
    expect(json).toEqual({
      snapshot: { at, value: 'https://img.example.invalid/hall/0001.jpg' },
      location: { at, value: { latitude: 51.0543, longitude: 3.7174 } },
      place: { at, value: { latitude: 51.05, longitude: 3.72, accuracy: 12 } },
      motion: { at, value: false },
      siren: null,
    });
  });

  it('are written together', async () => {
    const cloud = await startCloud();
    const api = groundApi(cloud);
    const answer = await api('PUT', `/device/${NODE}/state`, {
      motion: { value: 'true', at: '2026-01-15T16:59:00Z' },
      'Battery Level': { value: 86 },
    });
    const written = {
      motion: { at: '2026-01-15T16:59:00Z', value: true },
      'Battery Level': { at: '2026-01-15T17:00:00Z', value: 86 },
    };
    expect([answer.status, answer.json]).toEqual([200, written]);
    expect((await api('GET', `/device/${NODE}/state`)).json).toMatchObject(written);
    expect((await api('PUT', `/device/${NODE}/state`, '[]')).status).toBe(400);
  });
});

describe('a command', () => {
  it('is no state: the device reports when it has done it', async () => {
    const cloud = await startCloud();
    const api = groundApi(cloud);
    const answer = await api('PUT', `${assetPath(LAMP, 'brightness')}/command`, { value: '25' });
    expect([answer.status, answer.text]).toEqual([200, '']);
    expect(await stateOf(api, LAMP, 'brightness')).toMatchObject({ value: 60 });
    await cloud.advance(2);
    expect(await stateOf(api, LAMP, 'brightness')).toEqual({ at: '2026-01-15T17:00:02Z', value: 25 });
    expect(await (await sim(cloud, 'GET', '/commands')).json()).toEqual([
      {
        at: '2026-01-15T17:00:00Z',
        deviceId: LAMP,
        assetName: 'brightness',
        value: 25,
        outcome: 'delivered',
      },
    ]);
  });

  it('sets the value of a virtual asset, by its id as well', async () => {
    const cloud = await startCloud();
    const api = await userApi(cloud);
    const id = await assetIdOf(api, STATISTICS, 'note');
    expect((await api('PUT', `/asset/${id}/command`, { value: 'Cold' })).status).toBe(200);
    expect(await stateOf(api, STATISTICS, 'note')).toEqual({ at: '2026-01-15T17:00:00Z', value: 'Cold' });
  });

  it('changes nothing at a device that does not act, or is not there', async () => {
    const cloud = await startCloud();
    const api = groundApi(cloud);
    await api('PUT', `${assetPath(CAMERA, 'siren')}/command`, { value: true });
    await api('PUT', `${assetPath(BLIND, 'position')}/command`, { value: 10 });
    await sim(cloud, 'POST', '/device', { deviceId: BLIND, online: true });
    await cloud.advance(3600);
    expect(await stateOf(api, CAMERA, 'siren')).toBeNull();
    expect(await stateOf(api, BLIND, 'position')).toMatchObject({ value: 100 });
    expect(await (await sim(cloud, 'GET', '/commands')).json()).toMatchObject([
      { outcome: 'delivered' },
      { outcome: 'lost' },
    ]);
  });

  it.each([
    [NODE, 'motion', { value: true }],
    [LAMP, 'brightness', { value: 101 }],
    [LAMP, 'brightness', {}],
    [LAMP, 'scene', { value: 'disco' }],
    [PLUG, 'switch', { value: 'on' }],
  ])('to %s %s of %o is refused with 400', async (deviceId, name, body) => {
    const cloud = await startCloud();
    const answer = await groundApi(cloud)('PUT', `${assetPath(deviceId, name)}/command`, body);
    expect(answer.status).toBe(400);
    expect(await (await sim(cloud, 'GET', '/commands')).json()).toEqual([]);
  });

  it('leaves the device alone when it is lost, and answers all the same', async () => {
    const cloud = await startCloud();
    const api = groundApi(cloud);
    cloud.faults.set({ name: 'command_lost', times: 1 });
    expect((await api('PUT', `${assetPath(PLUG, 'switch')}/command`, { value: false })).status).toBe(200);
    await cloud.advance(60);
    expect(await stateOf(api, PLUG, 'switch')).toMatchObject({ value: true });
    await set(cloud, { commandStatus: 202 });
    expect((await api('PUT', `${assetPath(PLUG, 'switch')}/command`, { value: false })).status).toBe(202);
  });
});
