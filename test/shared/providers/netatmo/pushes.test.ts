/** Every push that the simulated Netatmo can send, from its request to the readings and the feed. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Event } from '../../../../shared/domain/event.ts';
import type { ReportedValues } from '../../../../shared/domain/reading.ts';
import { ALEX, MAISON, type ModuleName, openPushBench, type PushBench, SALON } from './push-bench.ts';

/** What is to come of a push. */
interface Outcome {
  readonly module?: ModuleName;
  readonly readings?: ReportedValues;
  readonly reachable?: boolean;
  /** Of a happening, without `latchkey.`. */
  readonly event?: string;
  /** In the data of the event, beside what all have. */
  readonly data?: Record<string, unknown>;
  readonly unreadable?: true;
  readonly ignored?: true;
  readonly lookAgain?: 'state' | 'topology';
}

const pictures = {
  snapshotUrl: 'https://img.example.invalid/s.jpg',
  vignetteUrl: 'https://img.example.invalid/v.jpg',
};
const sights = (module: ModuleName, kinds: Record<string, string>): Record<string, Outcome> =>
  Object.fromEntries(
    Object.entries(kinds).map(([kind, event]) => [
      kind,
      { module, event: `security.${event}`, data: pictures },
    ]),
  );
const conditions = (module: ModuleName, kinds: Record<string, string>): Record<string, Outcome> =>
  Object.fromEntries(
    Object.entries(kinds).map(([kind, condition]) => [
      kind,
      { module, event: 'security.condition', data: { condition } },
    ]),
  );

const outcomes: Readonly<Record<string, Outcome>> = {
  webhook_activation: { ignored: true },
  'display_change/set_point': {
    module: 'thermostat',
    readings: { setpoint: 20, mode: 'manual', mode_until: null },
  },
  // Back to what its home does: the set point is not said.
  'display_change/cancel_set_point': {
    module: 'thermostat',
    readings: { mode: 'automatic', mode_until: null },
    lookAgain: 'state',
  },
  'display_change/setpoint_event': { module: 'thermostat', readings: { setpoint: 20, mode: 'manual' } },
  'home_event_changed/therm_mode': {
    module: 'maison',
    readings: { plant_mode: 'away' },
    lookAgain: 'state',
  },
  'home_event_changed/schedule': {
    module: 'maison',
    readings: { program: '65bb000000000000000000a2' },
    lookAgain: 'state',
  },
  'home_event_changed/schedule_edited': { module: 'maison', lookAgain: 'state' },

  'NACamera-person': { module: 'camera', event: 'security.person_seen', data: { message: 'Alex' } },
  'NACamera-person_home': { module: 'alex', readings: { present: true } },
  'NACamera-person_away': { module: 'alex', readings: { present: false } },
  ...sights('camera', {
    'NACamera-movement': 'movement',
    'NACamera-human': 'human',
    'NACamera-animal': 'animal',
  }),
  ...sights('gate', {
    'NOC-movement': 'movement',
    'NOC-human': 'human',
    'NOC-animal': 'animal',
    'NOC-vehicle': 'vehicle',
  }),
  ...sights('doorbell', {
    'NDB-human': 'human',
    'NDB-incoming_call': 'call_incoming',
    'NDB-accepted_call': 'call_accepted',
    'NDB-missed_call': 'call_missed',
  }),
  'NDB-rtc': { ignored: true },

  'NACamera-off': { module: 'camera', readings: { monitoring: false }, reachable: true },
  'NACamera-on': { module: 'camera', readings: { monitoring: true }, reachable: true },
  'NACamera-disconnection': { module: 'camera', reachable: false, lookAgain: 'state' },
  'NACamera-connection': { module: 'camera', reachable: true, lookAgain: 'state' },
  'NOC-off': { module: 'gate', readings: { monitoring: false } },
  'NOC-on': { module: 'gate', readings: { monitoring: true } },
  'NOC-disconnection': { module: 'gate', reachable: false, lookAgain: 'state' },
  'NOC-connection': { module: 'gate', reachable: true, lookAgain: 'state' },
  'NDB-disconnection': { module: 'doorbell', reachable: false, lookAgain: 'state' },
  'NDB-connection': { module: 'doorbell', reachable: true, lookAgain: 'state' },
  'NACamera-sd': { module: 'camera', readings: { memory_card: 'working' } },
  'NACamera-alim': { module: 'camera', readings: { power_supply: false } },
  'NOC-light_mode': { module: 'gate', readings: { floodlight: 'auto' } },
  ...conditions('camera', { 'NACamera-boot': 'restarted' }),
  ...conditions('gate', { 'NOC-ftp': 'upload_working' }),

  'NACamera-tag_open': { module: 'door', readings: { open: true }, event: 'security.door_opened' },
  'NACamera-tag_big_move': { module: 'door', event: 'security.door_moved', data: { extent: 'big' } },
  'NACamera-tag_small_move': { module: 'door', event: 'security.door_moved', data: { extent: 'small' } },
  'NACamera-alarm_started': { module: 'siren', event: 'security.alarm' },
  'NACamera-siren_sounding': { module: 'siren', readings: { sounding: true }, event: 'security.siren' },
  'NACamera-siren_tampered': {
    module: 'siren',
    readings: { tampered: true },
    event: 'security.tampered',
    data: { tampered: true },
  },
  'NACamera-module_disconnect': { module: 'door', reachable: false },
  'NACamera-module_connect': { module: 'door', reachable: true },
  'NACamera-new_module': { lookAgain: 'topology' },
  ...conditions('door', {
    'NACamera-tag_uninstalled': 'uninstalled',
    'NACamera-module_low_battery': 'battery_low',
    'NACamera-module_end_update': 'updated',
  }),

  'NSD-smoke': {
    module: 'smoke',
    readings: { smoke: true },
    event: 'security.smoke',
    data: { detected: true },
  },
  'NSD-tampered': {
    module: 'smoke',
    readings: { tampered: true },
    event: 'security.tampered',
    data: { tampered: true },
  },
  ...conditions('smoke', {
    'NSD-hush': 'hushed_or_not',
    'NSD-detection_chamber_status': 'dusty',
    'NSD-sound_test': 'sound_test_passed',
    'NSD-battery_status': 'battery_low',
    'NSD-wifi_status': 'wireless_failed',
  }),
  'NCO-co_detected': {
    module: 'monoxide',
    readings: { carbon_monoxide: 'alarm' },
    event: 'security.carbon_monoxide',
    data: { level: 'alarm' },
  },

  alarm_event: { module: 'station', event: 'weather.threshold', data: { measure: 'rain' } },
  topology_changed: { lookAgain: 'topology' },
  alert: { ignored: true },
  daily_summary: { ignored: true },
};

const isHappening = ({ type }: Event) => /^latchkey\.(?:security|weather)\./.test(type);

let home: PushBench;
beforeAll(async () => {
  home = await openPushBench();
});
afterAll(() => home.close());

/** Puts off what a push before it has hastened. */
async function forgetHaste(): Promise<void> {
  const job = await home.bench.store.syncJobs.get(home.accountId);
  if (!job) throw new Error('there is no job');
  const never = '2027-01-01T00:00:00.000Z';
  const next = { topology: never, state: never, subscriptions: never };
  await home.bench.store.syncJobs.finish(job, next, { failures: 0, problem: null });
}

const hastened = async () => {
  const { next } = (await home.bench.store.syncJobs.get(home.accountId)) ?? {};
  return Object.entries(next ?? {}).flatMap(([task, at]) => (at < '2027' ? [task] : []));
};

test('the table of outcomes has every kind that the simulator knows', async () => {
  const known = Object.keys((await home.control('/push-kinds')) as object);
  expect(known.filter((kind) => !(kind in outcomes))).toEqual([]);
});

describe.each(Object.entries(outcomes))('a push %s', (kind, outcome) => {
  test('comes to what it says, and to nothing else', async () => {
    await forgetHaste();
    const events = await home.push({ kind });
    const { module, readings = {}, reachable, event, data, lookAgain } = outcome;
    expect(home.arrived()).toHaveLength(1);
    expect(events.filter(({ type }) => type === 'latchkey.delivery.unreadable')).toEqual([]);
    if (module) {
      const { readings: kept, reachable: isReachable } = await home.module(module);
      const values = Object.fromEntries(
        Object.entries(kept).map(([name, reading]) => [name, reading?.value]),
      );
      expect(values).toMatchObject(readings);
      if (reachable !== undefined) expect(isReachable).toBe(reachable);
    }
    const happened = events.filter(isHappening);
    if (event && module)
      expect(happened).toEqual([
        expect.objectContaining({
          type: `latchkey.${event}`,
          subject: home.moduleId(module),
          data: expect.objectContaining({ moduleId: home.moduleId(module), ...data }),
        }),
      ]);
    else if (!kind.includes('person')) expect(happened).toEqual([]);
    expect(await hastened()).toEqual(lookAgain ? [lookAgain] : []);
  });
});

const byHand = (temperature: number) => ({
  kind: 'display_change/set_point',
  fields: {
    home: {
      id: MAISON,
      rooms: [{ id: SALON, therm_setpoint_mode: 'manual', therm_setpoint_temperature: temperature }],
    },
  },
});

test('what is said of a room is no word of what does not heat it, and of no other room', async () => {
  const valve = await home.module('valve');
  await home.push(byHand(22.5));
  expect((await home.module('thermostat')).readings.setpoint?.value).toBe(22.5);
  expect((await home.module('station')).readings).not.toHaveProperty('setpoint');
  expect(await home.module('valve')).toEqual(valve);
});

test.each([
  ['off', 'off'],
  ['home', 'automatic'],
])('a temperature of 0 in mode %s is none', async (mode, expected) => {
  await home.push(byHand(19));
  const fields = { mode, temperature: 0, home: { id: MAISON, rooms: [] } };
  await home.push({ kind: 'display_change/setpoint_event', fields });
  const { setpoint, mode: known } = (await home.module('thermostat')).readings;
  expect([setpoint?.value, known?.value]).toEqual([19, expected]);
});

test('a room that nothing is known in has the topology looked at', async () => {
  await forgetHaste();
  await home.push({
    kind: 'display_change/set_point',
    fields: { room_id: '999', temperature: 20, mode: 'manual' },
  });
  expect(await hastened()).toEqual(['topology']);
});

test('what is the same again, without an id of its own, is said once more', async () => {
  const body = {
    push_type: 'display_change',
    event_type: 'set_point',
    home_id: MAISON,
    room_id: SALON,
    mode: 'max',
  };
  await home.push({ body });
  const { observedAt } = (await home.module('thermostat')).readings.mode ?? {};
  await home.push({ body });
  expect((await home.module('thermostat')).readings.mode).toMatchObject({ value: 'boost' });
  expect((await home.module('thermostat')).readings.mode?.observedAt).not.toBe(observedAt);
});

test('persons are told by their modules, strangers as such, and words without their HTML', async () => {
  const persons = [
    { id: ALEX, is_known: true, face_url: 'https://img.example.invalid/alex.jpg' },
    { id: 'stranger', is_known: false, face_url: 'javascript:alert(1)' },
  ];
  await home.push({ kind: 'NACamera-person_away' });
  const events = await home.push({
    kind: 'NACamera-person',
    fields: { persons, message: '<b>Alex</b> seen' },
  });
  expect(events.find(isHappening)?.data).toMatchObject({
    message: 'Alex seen',
    persons: [
      { isKnown: true, moduleId: home.moduleId('alex'), pictureUrl: 'https://img.example.invalid/alex.jpg' },
      { isKnown: false },
    ],
  });
  expect((await home.module('alex')).readings.present?.value).toBe(true);
  expect(events.filter(({ type }) => type === 'latchkey.module.changed')).toHaveLength(1);
});

test('smoke that a new detector tells of is told before the detector is known', async () => {
  await forgetHaste();
  const events = await home.push({ kind: 'NSD-smoke', fields: { device_id: '70:ee:50:00:00:99' } });
  expect(events.map(({ type }) => type)).toEqual(['latchkey.security.smoke']);
  expect(await hastened()).toEqual(['topology']);
});

test('smoke of a sub type that nobody knows is smoke', async () => {
  const events = await home.push({ kind: 'NSD-smoke', fields: { sub_type: 7 } });
  expect(events.map(({ type }) => type)).toEqual(['latchkey.security.smoke']);
});

describe('what cannot be read', () => {
  test.each([
    ['an empty body', { body: '' }],
    ['text', { body: 'hello' }],
    ['a list', { body: [] }],
    ['a push with nothing but a user and a type', { body: { user_id: 'x', push_type: 'NACamera-human' } }],
    [
      'an event type that is new',
      { kind: 'NACamera-on', fields: { event_type: 'dance', push_type: 'NOC-dance' } },
    ],
    ['an event type from Object itself', { body: { push_type: 'constructor', device_id: 'x' } }],
    ['ids of another registration', { body: { push_type: 'NOC-human', device_id: 'x', home_id: 'y' } }],
  ])('is told as unreadable, and kept: %s', async (_, order) => {
    const events = await home.push(order);
    expect(events.map(({ type }) => type)).toEqual(['latchkey.delivery.unreadable']);
    const { items } = await home.bench.store.deliveries.page(home.accountId, undefined, 1_000);
    expect(items.map(({ deliveryId }) => deliveryId)).toContain(events[0]?.subject);
  });
});

describe('a delivery whose signature is not Netatmo’s', () => {
  test.each(['wrong', 'none'])('changes nothing, and is counted: %s', async (signature) => {
    const before = await home.module('smoke');
    const job = await home.bench.store.syncJobs.get(home.accountId);
    const events = await home.push({ kind: 'NSD-smoke', fields: { sub_type: 0 }, signature });
    expect(events).toEqual([]);
    expect(await home.module('smoke')).toEqual(before);
    const after = await home.bench.store.syncJobs.get(home.accountId);
    expect(after?.unproven?.deliveries).toBe((job?.unproven?.deliveries ?? 0) + 1);
    expect(after?.lastDeliveryAt).toBe(job?.lastDeliveryAt);
  });
});
