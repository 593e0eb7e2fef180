import { describe, expect, it, vi } from 'vitest';
import type { LegrandCloud } from '../../../../../infra/local/providers/legrand/cloud.ts';
import type { FaultName } from '../../../../../infra/local/providers/legrand/faults/fault-kinds.ts';
import type { SeenAttempt } from '../../../../../infra/local/providers/legrand/webhooks/seen-attempt.ts';
import { sim } from '../sim.ts';
import { receiveWebhooks, type WebhookReceiver } from '../webhook-receiver.ts';
import { HOME, LIVING_ROOM, linkedApi, modulePath } from './legrand-client.ts';
import { START, startCloud } from './start-cloud.ts';

interface Delivered {
  readonly id: string;
  readonly eventTime: string;
  readonly data: { readonly chronothermostats: readonly Record<string, unknown>[] };
}

async function subscribed(): Promise<{ cloud: LegrandCloud; receiver: WebhookReceiver }> {
  const cloud = await startCloud();
  const receiver = await receiveWebhooks();
  await (await linkedApi(cloud))('POST', `/plants/${HOME}/subscription`, { EndPointUrl: receiver.url });
  await cloud.advance(0);
  return { cloud, receiver };
}

const attemptsOf = async (cloud: LegrandCloud) =>
  (await (await sim(cloud, 'GET', '/attempts')).json()) as SeenAttempt[];

const turnTo = (cloud: LegrandCloud, setPointC: number) =>
  sim(cloud, 'POST', '/state', { moduleId: LIVING_ROOM, setPointC });

const secondsOf = (attempts: readonly SeenAttempt[]) =>
  attempts.map(({ at }) => (Date.parse(at) - START) / 1000);

describe('webhooks', () => {
  it('tell of a command in the envelope that was captured', async () => {
    const { cloud, receiver } = await subscribed();
    const body = { function: 'heating', mode: 'manual', setPoint: { value: '21', unit: 'C' } };
    await (await linkedApi(cloud))('POST', modulePath(), body);
    await vi.waitFor(() => expect(receiver.bodies).toHaveLength(1));
    const measured = (value: string, unit: string) => ({
      measures: [{ timeStamp: '2026-01-15T17:00:00+00:00', value, unit }],
    });
    expect(JSON.parse(receiver.bodies[0] ?? '')).toEqual([
      {
        id: expect.stringMatching(/^[0-9a-f-]{36}$/),
        eventType: 'DeviceToCloud',
        subject: `///bs_cloud_${HOME}//`,
        eventTime: '2026-01-15T17:00:00Z',
        subjectElements: { plantId: `bs_cloud_${HOME}` },
        data: {
          chronothermostats: [
            {
              function: 'HEATING',
              mode: 'MANUAL',
              setPoint: { value: '21.00000', unit: 'C' },
              programs: [{ number: '1' }],
              temperatureFormat: 'C',
              loadState: 'ACTIVE',
              time: '2026-01-15T17:00:00+00:00',
              thermometer: measured('19.4', 'C'),
              hygrometer: measured('48.2', '%'),
              online: false,
              sender: {
                addressType: 'AddressLocation',
                system: 'thermoregulation',
                plant: { id: HOME, module: { id: LIVING_ROOM } },
              },
              receiver: { oid: ['90817263-5544-4332-9110-aabbccddeeff'] },
            },
          ],
        },
      },
    ]);
  });

  it('stay silent while nothing changes', async () => {
    const { cloud, receiver } = await subscribed();
    await turnTo(cloud, 21);
    await turnTo(cloud, 21);
    await cloud.advance(0);
    expect(receiver.bodies).toHaveLength(1);
  });

  it('tell of the house by itself, but not often', async () => {
    const { cloud, receiver } = await subscribed();
    await cloud.advance(24 * 3600);
    const events = receiver.bodies.flatMap((body) => JSON.parse(body) as Delivered[]);
    const loads = new Set(events.map(({ data }) => data.chronothermostats[0]?.loadState));
    expect([...loads].sort()).toEqual(['ACTIVE', 'INACTIVE']);
    expect(events.length).toBeLessThan(150);
    expect(new Set(events.map(({ id }) => id)).size).toBe(events.length);
  });

  it('are tried again after 10, 30, 60, 300 and 600 seconds, the same body each time', async () => {
    const { cloud, receiver } = await subscribed();
    receiver.status = 503;
    await sim(cloud, 'POST', '/emit', { plantId: HOME, body: 'hello' });
    await cloud.advance(1000);
    const attempts = await attemptsOf(cloud);
    const ofFirst = attempts.filter(({ notificationId }) => notificationId === attempts[0]?.notificationId);
    expect(secondsOf(ofFirst)).toEqual([0, 10, 40, 100, 400, 1000]);
    expect(receiver.bodies.filter((body) => body === 'hello')).toHaveLength(6);
  });

  it('are delivered late when the address recovers, and then no more', async () => {
    const { cloud, receiver } = await subscribed();
    receiver.status = 500;
    await sim(cloud, 'POST', '/emit', { plantId: HOME, body: [1] });
    await cloud.advance(0);
    receiver.status = 204;
    await cloud.advance(600);
    expect(receiver.bodies.filter((body) => body === '[1]')).toHaveLength(2);
  });

  it('give up an address that takes longer than 750 ms', async () => {
    const { cloud, receiver } = await subscribed();
    receiver.status = 0;
    await turnTo(cloud, 21);
    await cloud.advance(0);
    const [attempt] = await attemptsOf(cloud);
    expect(attempt).toMatchObject({ delivered: false, error: 'no answer in 750 ms' });
    expect(attempt?.latencyMs).toBeGreaterThanOrEqual(745);
  });

  it('expire after 24 hours', async () => {
    const { cloud, receiver } = await subscribed();
    receiver.status = 500;
    await sim(cloud, 'POST', '/emit', { plantId: HOME, body: 'old' });
    await cloud.advance(25 * 3600);
    receiver.bodies.length = 0;
    receiver.status = 200;
    await cloud.advance(3600);
    expect(receiver.bodies).not.toContain('old');
  });

  it('are stopped for a minute by twenty failures, and what changes then is lost', async () => {
    const { cloud, receiver } = await subscribed();
    receiver.status = 500;
    await sim(cloud, 'POST', '/emit', { plantId: HOME, body: 'failing', times: 20 });
    await cloud.advance(0);
    receiver.status = 200;
    receiver.bodies.length = 0;
    await sim(cloud, 'POST', '/emit', { plantId: HOME, body: 'lost' });
    await cloud.advance(59);
    expect(receiver.bodies).toEqual([]);
    await cloud.advance(1);
    expect(receiver.bodies.filter((body) => body === 'failing')).toHaveLength(20);
    await sim(cloud, 'POST', '/emit', { plantId: HOME, body: 'heard' });
    await cloud.advance(0);
    expect(receiver.bodies.at(-1)).toBe('heard');
    expect(receiver.bodies).not.toContain('lost');
    const [counted] = (await (await sim(cloud, 'GET', '/end-points')).json()) as unknown[];
    expect(counted).toMatchObject({ url: receiver.url, failures: 20, bans: 1, accepted: 21, lost: 1 });
  });

  it('are forgotten with their subscription', async () => {
    const { cloud, receiver } = await subscribed();
    const api = await linkedApi(cloud);
    const [{ subscriptionId }] = (await (await api('GET', '/subscription')).json()) as [
      { subscriptionId: string },
    ];
    receiver.status = 500;
    await turnTo(cloud, 21);
    await cloud.advance(0);
    await api('DELETE', `/plants/${HOME}/subscription/${subscriptionId}`);
    receiver.bodies.length = 0;
    await cloud.advance(600);
    expect(receiver.bodies).toEqual([]);
  });
});

describe('webhooks with a fault', () => {
  async function toldWith(name: FaultName): Promise<unknown[]> {
    const { cloud, receiver } = await subscribed();
    cloud.faults.set({ name, on: 'webhook', times: 1 });
    await turnTo(cloud, 21);
    await cloud.advance(0);
    return receiver.bodies.map((body) => JSON.parse(body) as unknown);
  }

  it('come as a bare object or as one envelope', async () => {
    expect(await toldWith('bare_object')).toEqual([{ chronothermostats: [expect.anything()] }]);
    expect(await toldWith('single_envelope')).toEqual([
      expect.objectContaining({ eventType: 'DeviceToCloud' }),
    ]);
  });

  it('come twice with one id, or two in one array', async () => {
    const twice = (await toldWith('duplicate_event')) as Delivered[][];
    expect(twice).toHaveLength(2);
    expect(twice[0]?.[0]?.id).toBe(twice[1]?.[0]?.id);
    const [both] = (await toldWith('several_in_one_array')) as Delivered[][];
    expect(new Set(both?.map(({ id }) => id)).size).toBe(2);
  });

  it('come out of order or in a burst, the true one being the latest by its time', async () => {
    const unordered = ((await toldWith('out_of_order')) as Delivered[][]).flat();
    expect(unordered.map(({ eventTime }) => eventTime).sort()).toEqual([
      '2026-01-15T16:55:00Z',
      '2026-01-15T17:00:00Z',
    ]);
    const burst = ((await toldWith('burst')) as Delivered[][]).flat();
    expect(burst).toHaveLength(10);
    const latest = burst.toSorted((a, b) => b.eventTime.localeCompare(a.eventTime))[0];
    expect(latest?.data.chronothermostats[0]).toMatchObject({
      thermometer: { measures: [{ value: '19.4' }] },
    });
  });

  it('speak of a plant nobody knows, or are lost', async () => {
    expect(JSON.stringify(await toldWith('unknown_plant'))).not.toContain(HOME);
    expect(await toldWith('webhook_lost')).toEqual([]);
  });

  it('greet a new subscription with a validation event', async () => {
    const cloud = await startCloud();
    const receiver = await receiveWebhooks();
    cloud.faults.set({ name: 'validation_event' });
    await (await linkedApi(cloud))('POST', `/plants/${HOME}/subscription`, { EndPointUrl: receiver.url });
    await cloud.advance(0);
    expect(JSON.parse(receiver.bodies[0] ?? '')).toEqual([
      expect.objectContaining({
        eventType: 'Microsoft.EventGrid.SubscriptionValidationEvent',
        data: { validationCode: expect.any(String) },
      }),
    ]);
  });
});
