import { describe, expect, it } from 'vitest';
import { sim } from '../sim.ts';
import {
  CASA_ROSSI,
  HOME,
  LIVING_ROOM,
  linkedApi,
  modulePath,
  NINA,
  PAUL,
  SOGGIORNO,
} from './legrand-client.ts';
import { startCloud } from './start-cloud.ts';

const UNKNOWN = '00000000-0000-4000-8000-000000000000';

describe('reading operations', () => {
  it('lists plants, of which one has no name', async () => {
    const cloud = await startCloud();
    const api = await linkedApi(cloud, PAUL);
    expect(await (await api('GET', '/plants')).json()).toEqual({
      plants: [
        { id: CASA_ROSSI, name: 'Casa Rossi', type: 'House' },
        { id: '2c3d4e5f-6071-4829-ba3c-4d5e6f708192' },
      ],
    });
  });

  it('answers 204 to a user without plants', async () => {
    const cloud = await startCloud();
    const answer = await (await linkedApi(cloud, NINA))('GET', '/plants');
    expect([answer.status, await answer.text()]).toEqual([204, '']);
  });

  it('shows the modules of a plant with their capabilities', async () => {
    const cloud = await startCloud();
    const answer = await (await linkedApi(cloud))('GET', `/plants/${HOME}/topology`);
    expect(await answer.json()).toMatchObject({
      plant: {
        id: HOME,
        modules: [
          {
            device: 'chronothermostat',
            id: LIVING_ROOM,
            capabilities: expect.arrayContaining([
              {
                capability: 'time',
                canDo: { command: { do: false }, request: { do: true }, notification: { do: false } },
              },
            ]),
          },
          { device: 'chronothermostat', name: 'Bedroom' },
        ],
      },
    });
  });

  it('speaks of status in strings, an integer programme and the time of the plant', async () => {
    const cloud = await startCloud();
    const answer = await (await linkedApi(cloud))('GET', modulePath());
    const at = '2026-01-15T18:00:00+01:00';
    expect(await answer.json()).toEqual({
      chronothermostats: [
        {
          function: 'HEATING',
          mode: 'AUTOMATIC',
          setPoint: { value: '20.00000', unit: 'C' },
          programs: [{ number: 1 }],
          temperatureFormat: 'C',
          loadState: 'ACTIVE',
          time: at,
          thermometer: { measures: [{ timeStamp: at, value: '19.4', unit: 'C' }] },
          hygrometer: { measures: [{ timeStamp: at, value: '48.2', unit: '%' }] },
          sender: {
            addressType: 'addressLocation',
            system: 'thermoregulation',
            plant: { id: HOME, module: { id: LIVING_ROOM } },
          },
        },
      ],
    });
  });

  it('gives measures without the wrapper, and the list of programmes in it', async () => {
    const cloud = await startCloud();
    const api = await linkedApi(cloud);
    const measures = (await (await api('GET', `${modulePath()}/measures`)).json()) as Record<string, unknown>;
    expect(Object.keys(measures)).toEqual(['thermometer', 'hygrometer', 'sender']);
    const list = (await (await api('GET', `${modulePath()}/programlist`)).json()) as {
      chronothermostats: { programs: { number: number; name: string }[] }[];
    };
    const programs = list.chronothermostats[0]?.programs ?? [];
    expect(programs.map(({ number }) => number)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
    expect(programs.slice(0, 2)).toEqual([
      { number: 0, name: '' },
      { number: 1, name: 'At home' },
    ]);
  });

  it.each([
    ['an id that is none', modulePath('home'), 400],
    ['an unknown plant', modulePath(UNKNOWN), 404],
    ['an unknown module', modulePath(HOME, UNKNOWN), 404],
    ['a plant of somebody else', modulePath(CASA_ROSSI, SOGGIORNO), 401],
  ])('refuses %s', async (_, path, status) => {
    const cloud = await startCloud();
    const answer = await (await linkedApi(cloud))('GET', path);
    expect(answer.status).toBe(status);
    expect(await answer.json()).toMatchObject({ statusCode: status });
  });

  it('says Gateway Offline of a thermostat that is off the network', async () => {
    const cloud = await startCloud();
    const api = await linkedApi(cloud);
    await sim(cloud, 'POST', '/state', { moduleId: LIVING_ROOM, reachable: false });
    const answer = await api('GET', modulePath());
    expect(await answer.json()).toEqual({ statusCode: 404, message: 'Gateway Offline' });
    await sim(cloud, 'POST', '/state', { moduleId: LIVING_ROOM, reachable: true });
    expect((await api('GET', modulePath())).status).toBe(200);
  });
});

describe('subscriptions', () => {
  const path = `/plants/${HOME}/subscription`;
  const hook = { EndPointUrl: 'https://hooks.example.net/legrand/1' };

  it('are made, listed and removed', async () => {
    const cloud = await startCloud();
    const api = await linkedApi(cloud);
    expect((await api('GET', '/subscription')).status).toBe(204);
    const made = await api('POST', path, { ...hook, description: 'Latchkey' });
    const { subscriptionId } = (await made.json()) as { subscriptionId: string };
    expect(made.status).toBe(201);
    expect(await (await api('GET', '/subscription')).json()).toEqual([
      { plantId: HOME, subscriptionId, ...hook },
    ]);
    const removed = await api('DELETE', `${path}/${subscriptionId}`);
    expect([removed.status, await removed.text()]).toEqual([200, '']);
    expect((await api('DELETE', `${path}/${subscriptionId}`)).status).toBe(404);
    expect((await api('DELETE', `${path}/first`)).status).toBe(400);
    expect((await api('GET', '/subscription')).status).toBe(204);
  });

  it('exist once for a plant and address', async () => {
    const cloud = await startCloud();
    const api = await linkedApi(cloud);
    expect((await api('POST', path, hook)).status).toBe(201);
    expect((await api('POST', path, hook)).status).toBe(409);
    expect((await api('POST', path, { EndPointUrl: `${hook.EndPointUrl}0` })).status).toBe(201);
  });

  it.each(['http://hooks.example.net/', 'ftp://127.0.0.1/', 'nowhere'])(
    'refuse the address %s',
    async (url) => {
      const cloud = await startCloud();
      expect((await (await linkedApi(cloud))('POST', path, { EndPointUrl: url })).status).toBe(400);
    },
  );

  it('of other applications are listed too, and a ghost is gone from the list', async () => {
    const cloud = await startCloud();
    const api = await linkedApi(cloud);
    const { subscriptionId } = (await (await api('POST', path, hook)).json()) as { subscriptionId: string };
    await sim(cloud, 'POST', '/subscriptions', { plantId: HOME, url: 'https://voice.example.net/' });
    const listed = (await (await api('GET', '/subscription')).json()) as { EndPointUrl: string }[];
    expect(listed.map(({ EndPointUrl }) => EndPointUrl)).toEqual([
      hook.EndPointUrl,
      'https://voice.example.net/',
    ]);
    await sim(cloud, 'DELETE', `/subscriptions/${subscriptionId}`);
    expect(await (await api('GET', '/subscription')).json()).toHaveLength(1);
  });
});
