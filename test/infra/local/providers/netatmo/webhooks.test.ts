import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { NetatmoCloud } from '../../../../../infra/local/providers/netatmo/cloud.ts';
import type { FaultName } from '../../../../../infra/local/providers/netatmo/faults/fault-kinds.ts';
import type { SeenAttempt } from '../../../../../infra/local/providers/netatmo/webhooks/seen-attempt.ts';
import { sim } from '../sim.ts';
import { receiveWebhooks, type WebhookReceiver } from '../webhook-receiver.ts';
import {
  BUREAU,
  CAMERA,
  CASA,
  type CallApi,
  CLAIRE,
  CLAIRE_ID,
  linkedApi,
  MAISON,
  PLUG,
  SALON,
  setModules,
} from './netatmo-client.ts';
import { START, startCloud } from './start-cloud.ts';

interface Hooked {
  readonly cloud: NetatmoCloud;
  readonly receiver: WebhookReceiver;
  readonly api: CallApi;
}

/** With the activation already told and forgotten. */
async function hooked(): Promise<Hooked> {
  const cloud = await startCloud();
  const receiver = await receiveWebhooks();
  const api = await linkedApi(cloud);
  await api('addwebhook', { url: receiver.url });
  await cloud.advance(0);
  receiver.bodies.length = 0;
  receiver.headers.length = 0;
  return { cloud, receiver, api };
}

async function told({ cloud, receiver }: Hooked): Promise<unknown[]> {
  await cloud.advance(0);
  return receiver.bodies.map((body) => JSON.parse(body) as unknown);
}

const signatureOf = ({ cloud }: Hooked, body: string) =>
  createHmac('sha256', cloud.credentials.clientSecret).update(body).digest('hex');
const push = ({ cloud }: Pick<Hooked, 'cloud'>, order: Record<string, unknown>) =>
  sim(cloud, 'POST', '/push', { userId: CLAIRE, ...order });

describe('addwebhook', () => {
  it('is followed by a signed activation', async () => {
    const cloud = await startCloud();
    const receiver = await receiveWebhooks();
    const api = await linkedApi(cloud);
    const answer = await api('addwebhook', { url: receiver.url });
    expect([answer.status, answer.json]).toMatchObject([200, { status: 'ok' }]);
    await cloud.advance(0);
    expect(JSON.parse(receiver.bodies[0] ?? '')).toEqual({
      user_id: CLAIRE_ID,
      user: { id: CLAIRE_ID, email: CLAIRE },
      push_type: 'webhook_activation',
    });
    expect(receiver.headers[0]?.['x-netatmo-secret']).toBe(
      signatureOf({ cloud, receiver, api }, receiver.bodies[0] ?? ''),
    );
  });

  it.each([
    ['not a url', 'Invalid url parameter'],
    ['http://app.example.net/hook', 'Invalid url parameter'],
    ['https://app.example.net:8443/hook', 'Allowed ports for webhooks are 80, 88, 443, 9443'],
  ])('refuses %s', async (url, message) => {
    const cloud = await startCloud();
    const answer = await (await linkedApi(cloud))('addwebhook', { url });
    expect([answer.status, answer.json]).toEqual([400, { error: { code: 21, message } }]);
  });

  it('takes the ports of the cloud, and any on this machine unless it is strict', async () => {
    const cloud = await startCloud();
    cloud.faults.set({ name: 'push_lost' });
    const api = await linkedApi(cloud);
    for (const port of ['', ':80', ':88', ':443', ':9443'])
      expect((await api('addwebhook', { url: `https://app.example.net${port}/hook` })).status).toBe(200);
    await sim(cloud, 'POST', '/settings', { webhookPorts: 'strict' });
    expect((await api('addwebhook', { url: 'http://127.0.0.1:9/hook' })).status).toBe(400);
  });

  it('counts against the quota, and wants a security scope unless set otherwise', async () => {
    const cloud = await startCloud();
    const url = 'http://127.0.0.1:9/hook';
    const api = await linkedApi(cloud, CLAIRE, 'read_thermostat');
    expect((await api('addwebhook', { url })).json).toMatchObject({ error: { code: 13 } });
    await sim(cloud, 'POST', '/settings', { webhookScopes: 'any', userCallsPerTenSeconds: 2 });
    expect((await api('addwebhook', { url })).status).toBe(200);
    expect((await api('addwebhook', { url })).json).toMatchObject({ error: { code: 26 } });
  });

  it('is undone by dropwebhook, once', async () => {
    const hook = await hooked();
    expect((await hook.api('dropwebhook')).status).toBe(200);
    const again = await hook.api('dropwebhook');
    expect([again.status, again.json]).toEqual([406, { error: { code: 7, message: 'Nothing to drop' } }]);
    await hook.api('setthermmode', { home_id: MAISON, mode: 'away' });
    expect(await told(hook)).toEqual([]);
  });
});

describe('pushes', () => {
  it('tell of a set point by hand and of its end', async () => {
    const hook = await hooked();
    await hook.api('setroomthermpoint', { home_id: MAISON, room_id: SALON, mode: 'manual', temp: '21' });
    await hook.cloud.advance(180 * 60);
    const common = { push_type: 'display_change', home_id: MAISON, home_name: 'Maison', room_id: SALON };
    expect(await told(hook)).toEqual([
      expect.objectContaining({
        ...common,
        event_type: 'set_point',
        event_id: expect.stringMatching(/^[0-9a-f]{24}$/),
        user_id: CLAIRE_ID,
        mode: 'manual',
        temperature: 21,
        home: expect.objectContaining({
          id: MAISON,
          country: 'FR',
          rooms: [
            {
              id: SALON,
              name: 'Salon',
              type: 'livingroom',
              therm_setpoint_mode: 'manual',
              therm_setpoint_temperature: 21,
              therm_setpoint_end_time: START / 1000 + 180 * 60,
            },
          ],
          modules: expect.arrayContaining([
            { id: '04:00:00:aa:bb:11', name: 'Thermostat', type: 'NATherm1' },
          ]),
        }),
      }),
      expect.objectContaining({ ...common, event_type: 'cancel_set_point', mode: 'schedule' }),
    ]);
  });

  it('leave the temperature out of max', async () => {
    const hook = await hooked();
    await hook.api('setroomthermpoint', { home_id: MAISON, room_id: SALON, mode: 'max' });
    const [max] = await told(hook);
    expect(max).toMatchObject({ event_type: 'set_point', mode: 'max' });
    expect(max).not.toHaveProperty('temperature');
  });

  it('are setpoint_event from a Smarther, with 0 for off', async () => {
    const hook = await hooked();
    const rooms = (fields: Record<string, unknown>) =>
      hook.api('setstate', {}, { home: { id: CASA, rooms: [{ id: '3000000001', ...fields }] } });
    await rooms({ therm_setpoint_mode: 'manual', therm_setpoint_temperature: 19 });
    await rooms({ therm_setpoint_mode: 'off' });
    const common = {
      event_type: 'setpoint_event',
      type: 'setpoint_event',
      push_type: 'display_change',
      device_id: '00:03:50:aa:bb:30',
    };
    expect(await told(hook)).toMatchObject([
      { ...common, mode: 'manual', temperature: 19 },
      { ...common, mode: 'off', temperature: 0 },
    ]);
  });

  it('tell of the mode of a home, of schedules, cameras and persons', async () => {
    const hook = await hooked();
    const { api } = hook;
    await api('setthermmode', { home_id: MAISON, mode: 'away', endtime: String(START / 1000 + 60) });
    await hook.cloud.advance(60);
    await sim(hook.cloud, 'POST', '/home', { homeId: MAISON, scheduleId: '65bb000000000000000000a2' });
    await api('setstate', {}, { home: { id: MAISON, modules: [{ id: CAMERA, monitoring: 'off' }] } });
    await api('setpersonsaway', { home_id: MAISON });
    expect(await told(hook)).toMatchObject([
      { event_type: 'therm_mode', push_type: 'home_event_changed', mode: 'away', previous_mode: 'schedule' },
      { event_type: 'therm_mode', mode: 'schedule', previous_mode: 'away' },
      {
        event_type: 'schedule',
        push_type: 'home_event_changed',
        schedule_id: '65bb000000000000000000a2',
        previous_schedule_id: '65bb000000000000000000a1',
      },
      { event_type: 'off', push_type: 'NACamera-off', device_id: CAMERA, camera_id: CAMERA },
      {
        event_type: 'person_away',
        push_type: 'NACamera-person_away',
        persons: [{ is_known: true }, { is_known: false }],
      },
    ]);
  });

  it('do not tell of what is already so, nor of Legrand’s modules and radiators', async () => {
    const hook = await hooked();
    await hook.api('setthermmode', { home_id: MAISON, mode: 'schedule' });
    await setModules(hook.api, [{ id: PLUG, on: false }]);
    await hook.api(
      'setstate',
      {},
      { home: { id: MAISON, rooms: [{ id: BUREAU, therm_setpoint_fp: 'away' }] } },
    );
    expect(await told(hook)).toEqual([]);
  });

  it('are signed over their exact bytes, in which slashes are escaped', async () => {
    const hook = await hooked();
    await push(hook, { kind: 'NACamera-person' });
    await told(hook);
    const [body = ''] = hook.receiver.bodies;
    expect(body).toContain('https:\\/\\/img.example.invalid\\/');
    expect(hook.receiver.headers[0]?.['x-netatmo-secret']).toBe(signatureOf(hook, body));
    expect(hook.receiver.headers[0]?.['content-type']).toBe('application/json');
  });

  it('go to every user of a home who listens, each under their own id', async () => {
    const hook = await hooked();
    const dora = await linkedApi(hook.cloud, 'dora@example.net');
    await dora('addwebhook', { url: hook.receiver.url });
    await push(hook, { kind: 'NOC-human' });
    expect(await told(hook)).toMatchObject([
      { user_id: '65f0aa11bb22cc33dd44ee77', push_type: 'webhook_activation' },
      { user_id: CLAIRE_ID, push_type: 'NOC-human' },
    ]);
  });
});

describe('the push control', () => {
  it('sends every kind of the contract', async () => {
    const hook = await hooked();
    const kinds = (await (await sim(hook.cloud, 'GET', '/push-kinds')).json()) as Record<string, unknown>;
    const wanted = [
      ...['webhook_activation', 'NACamera-person', 'NACamera-movement', 'NOC-vehicle', 'NDB-incoming_call'],
      ...['NACamera-tag_big_move', 'NACamera-siren_sounding', 'NSD-smoke', 'NSD-hush', 'NCO-co_detected'],
      ...['NOC-light_mode', 'NOC-ftp', 'NACamera-module_low_battery', 'topology_changed', 'alarm_event'],
    ];
    expect(Object.keys(kinds)).toEqual(expect.arrayContaining(wanted));
    const energy = [
      ...['display_change/set_point', 'display_change/cancel_set_point', 'display_change/setpoint_event'],
      ...[
        'home_event_changed/therm_mode',
        'home_event_changed/schedule',
        'home_event_changed/schedule_edited',
      ],
    ];
    for (const kind of [...wanted, ...energy]) expect((await push(hook, { kind })).status, kind).toBe(200);
    const all = await told(hook);
    expect(all).toHaveLength(wanted.length + energy.length);
    expect(all.at(-4)).toMatchObject({ event_type: 'setpoint_event', home_id: MAISON });
    expect(all.at(-1)).not.toHaveProperty('schedule_id');
  });

  it('sends other fields, raw bodies, wrong signatures and repetitions', async () => {
    const hook = await hooked();
    await push(hook, { kind: 'NSD-smoke', fields: { sub_type: 0 } });
    await push(hook, { body: 'junk', signature: 'none' });
    await push(hook, { body: { a: 'b/c' }, signature: 'wrong', times: 2 });
    await hook.cloud.advance(0);
    const [smoke = '', ...others] = hook.receiver.bodies;
    expect(JSON.parse(smoke)).toMatchObject({ push_type: 'NSD-smoke', sub_type: 0 });
    expect(others).toEqual(['junk', '{"a":"b\\/c"}', '{"a":"b\\/c"}']);
    const signatures = hook.receiver.headers.map((headers) => headers['x-netatmo-secret']);
    expect(signatures[0]).toBe(signatureOf(hook, smoke));
    expect(signatures[1]).toBeUndefined();
    expect(signatures[2]).toMatch(/^[0-9a-f]{64}$/);
    expect(signatures[2]).not.toBe(signatureOf(hook, '{"a":"b\\/c"}'));
  });

  it('refuses a kind that is none, and says when nobody listens', async () => {
    const cloud = await startCloud();
    expect((await push({ cloud }, { kind: 'nothing' })).status).toBe(400);
    expect(await (await push({ cloud }, { kind: 'NSD-smoke' })).json()).toMatchObject({ hooks: 0 });
  });
});

describe('pushes with a fault', () => {
  async function sentWith(name: FaultName, parameters = {}): Promise<Hooked> {
    const hook = await hooked();
    hook.cloud.faults.set({ name, times: 1, parameters });
    await hook.api('setthermmode', { home_id: MAISON, mode: 'away' });
    await hook.cloud.advance(0);
    return hook;
  }
  const signed = (hook: Hooked) => hook.receiver.headers[0]?.['x-netatmo-secret'];

  it('are lost, or late', async () => {
    expect((await sentWith('push_lost')).receiver.bodies).toEqual([]);
    const late = await sentWith('push_late', { seconds: 90 });
    expect(late.receiver.bodies).toEqual([]);
    await late.cloud.advance(90);
    expect(late.receiver.bodies).toHaveLength(1);
  });

  it('are not signed, or wrongly', async () => {
    expect(signed(await sentWith('push_unsigned'))).toBeUndefined();
    const other = await sentWith('push_wrongly_signed');
    expect(signed(other)).not.toBe(signatureOf(other, other.receiver.bodies[0] ?? ''));
  });

  it('come twice, with old ids, bare, or as junk', async () => {
    const [first, second, ...rest] = (await sentWith('push_repeated')).receiver.bodies;
    expect(first).toBe(second);
    expect(rest).toEqual([]);
    const stale = await told(await sentWith('push_stale_ids'));
    expect(stale).toMatchObject([
      { home_id: '5e00000000000000000000ff', home: { id: '5e00000000000000000000ff' } },
    ]);
    expect(await told(await sentWith('push_bare'))).toEqual([
      { user_id: CLAIRE_ID, push_type: 'home_event_changed' },
    ]);
    const junk = await sentWith('push_junk', { body: 'not json' });
    expect(junk.receiver.bodies).toEqual(['not json']);
    expect(signed(junk)).toBe(signatureOf(junk, 'not json'));
  });
});

describe('the ban', () => {
  async function failing(hook: Hooked, times: number): Promise<void> {
    hook.receiver.status = 500;
    for (let round = 0; round < times; round += 1) {
      await push(hook, { kind: 'NOC-human' });
      await hook.cloud.advance(1);
    }
    hook.receiver.status = 200;
  }
  const heard = async (hook: Hooked) => {
    hook.receiver.bodies.length = 0;
    await push(hook, { kind: 'NOC-human' });
    return (await told(hook)).length === 1;
  };
  const hooksOf = async ({ cloud }: Hooked) => (await sim(cloud, 'GET', '/webhooks')).json();

  it('comes after five failures in a row, lasts a day, and swallows what happens meanwhile', async () => {
    const hook = await hooked();
    await failing(hook, 4);
    expect(await heard(hook)).toBe(true);
    await failing(hook, 5);
    expect(await heard(hook)).toBe(false);
    expect(await hooksOf(hook)).toMatchObject([{ banned: true, bans: 1, lost: 1, url: hook.receiver.url }]);
    await hook.cloud.advance(86_400 - 10);
    expect(await heard(hook)).toBe(false);
    await hook.cloud.advance(20);
    hook.receiver.bodies.length = 0;
    expect(await told(hook)).toEqual([]);
    expect(await heard(hook)).toBe(true);
  });

  it('is lifted by adding the hook again, or by the button of the portal', async () => {
    const hook = await hooked();
    await failing(hook, 5);
    await hook.api('addwebhook', { url: hook.receiver.url });
    await hook.cloud.advance(0);
    expect(await heard(hook)).toBe(true);
    await failing(hook, 5);
    await sim(hook.cloud, 'POST', `/webhooks/${CLAIRE}/lift-ban`);
    expect(await heard(hook)).toBe(true);
  });

  it('can count five in an hour instead, whatever was between them', async () => {
    const hook = await hooked();
    await sim(hook.cloud, 'POST', '/settings', { banRule: 'in_an_hour' });
    await failing(hook, 4);
    await hook.cloud.advance(3600);
    await failing(hook, 4);
    expect(await heard(hook)).toBe(true);
    await failing(hook, 1);
    expect(await heard(hook)).toBe(false);
  });

  it('counts any answer but 200, and one that is too late', async () => {
    const hook = await hooked();
    await sim(hook.cloud, 'POST', '/settings', { webhookDeadlineMs: 50 });
    for (const status of [302, 404, 204, 0, 0]) {
      hook.receiver.status = status;
      await push(hook, { kind: 'NOC-human' });
      await hook.cloud.advance(1);
    }
    hook.receiver.status = 200;
    expect(await heard(hook)).toBe(false);
    const attempts = (await (await sim(hook.cloud, 'GET', '/attempts')).json()) as SeenAttempt[];
    expect(attempts.map(({ delivered }) => delivered)).toEqual([true, false, false, false, false, false]);
    expect(attempts.at(-1)?.error).toBe('no answer in 50 ms');
  });

  it('makes one attempt for each push', async () => {
    const hook = await hooked();
    await failing(hook, 1);
    await hook.cloud.advance(3600);
    expect(hook.receiver.bodies).toHaveLength(1);
  });
});
