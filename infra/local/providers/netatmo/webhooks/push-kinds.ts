/** Every push of the contract's table (4.3), with a sensible content, for whoever wants one sent. Pure. */
import type { Home, Person } from '../house/home.ts';
import type { Module } from '../house/module.ts';
import { devicePush, type Push, personsPush, schedulePush, setPointPush, thermModePush } from './pushes.ts';

const SNAPSHOT = {
  snapshot_id: '65ee00000000000000000001',
  snapshot_key: 'a1b2c3d4',
  snapshot_url: 'https://img.example.invalid/s.jpg',
};
const VIGNETTE = { vignette_url: 'https://img.example.invalid/v.jpg' };

/** By push type; where one tells of several things, with the event behind a slash. */
export function pushKinds(home?: Home): Record<string, Push> {
  return {
    webhook_activation: { push_type: 'webhook_activation' },
    ...energy(home),
    ...security(home),
    ...other,
  };
}

type Device = Pick<Module, 'type' | 'moduleId'>;

function deviceOf(home: Home | undefined, type: string): Device {
  return home?.modules.find((module) => module.type === type) ?? { type, moduleId: '70:ee:50:00:00:aa' };
}

function energy(home: Home | undefined): Record<string, Push> {
  const room = home?.rooms.find(({ climate }) => climate && climate.kind !== 'pilot');
  const kinds: Record<string, Push> = {};
  if (home && room?.climate) {
    const { climate } = room;
    const told = (name: string, kind: typeof climate.kind, mode: typeof climate.mode) => {
      const push = setPointPush(home, room, { ...climate, kind, mode });
      if (push) kinds[`display_change/${name}`] = push;
    };
    told('set_point', 'classic', 'manual');
    told('cancel_set_point', 'classic', 'home');
    told('setpoint_event', 'opentherm', 'manual');
  }
  if (!home) return kinds;
  kinds['home_event_changed/therm_mode'] = thermModePush({ ...home, thermMode: 'away' }, 'schedule');
  const [first, second] = home.schedules;
  if (first && second)
    kinds['home_event_changed/schedule'] = schedulePush(home, {
      scheduleId: second.scheduleId,
      previousId: first.scheduleId,
    });
  kinds['home_event_changed/schedule_edited'] = schedulePush(home);
  return kinds;
}

const plain: readonly (readonly [string, readonly string[]])[] = [
  ['NACamera', ['on', 'off', 'connection', 'disconnection', 'boot']],
  ['NOC', ['on', 'off', 'connection', 'disconnection']],
  ['NDB', ['connection', 'disconnection', 'rtc']],
];
const pictured: readonly (readonly [string, readonly string[]])[] = [
  ['NACamera', ['movement', 'human', 'animal']],
  ['NOC', ['movement', 'human', 'animal', 'vehicle']],
  ['NDB', ['human', 'incoming_call', 'accepted_call', 'missed_call']],
];
const ofModules: readonly (readonly [string, string])[] = [
  ['NACamDoorTag', 'tag_big_move'],
  ['NACamDoorTag', 'tag_small_move'],
  ['NACamDoorTag', 'tag_open'],
  ['NACamDoorTag', 'tag_uninstalled'],
  ['NIS', 'alarm_started'],
  ['NIS', 'siren_sounding'],
  ['NIS', 'siren_tampered'],
  ['NACamDoorTag', 'new_module'],
  ['NACamDoorTag', 'module_connect'],
  ['NACamDoorTag', 'module_disconnect'],
  ['NACamDoorTag', 'module_low_battery'],
  ['NACamDoorTag', 'module_end_update'],
];
/** With the sub type that says most; those of `hush` contradict each other. */
const alarms: readonly (readonly [string, string, number])[] = [
  ['NSD', 'smoke', 1],
  ['NSD', 'hush', 0],
  ['NSD', 'tampered', 1],
  ['NSD', 'detection_chamber_status', 1],
  ['NSD', 'sound_test', 0],
  ['NSD', 'battery_status', 0],
  ['NSD', 'wifi_status', 0],
  ['NCO', 'co_detected', 2],
  ['NACamera', 'sd', 4],
  ['NACamera', 'alim', 1],
];

function security(home: Home | undefined): Record<string, Push> {
  const camera = deviceOf(home, 'NACamera');
  const alex: Person = home?.persons[0] ?? {
    personId: '0a0a0a0a-1111-4222-8333-444455556666',
    lastSeenEpochMs: 0,
    outOfSight: false,
  };
  const persons = ['person', 'person_home', 'person_away'].map((event) => personsPush(camera, event, [alex]));
  const all: Push[] = [
    ...persons,
    ...plain.flatMap(([type, events]) => events.map((event) => devicePush(deviceOf(home, type), event))),
    ...pictured.flatMap(([type, events]) =>
      events.map((event) =>
        devicePush(deviceOf(home, type), event, {
          ...SNAPSHOT,
          ...VIGNETTE,
          ...(type === 'NDB' && { session_id: '65ff00000000000000000001' }),
          ...(type !== 'NACamera' && { subevent_id: '65fe00000000000000000001' }),
        }),
      ),
    ),
    devicePush(deviceOf(home, 'NOC'), 'light_mode', { sub_type: 'auto' }),
    devicePush(deviceOf(home, 'NOC'), 'ftp', { message: 'ftp-0' }),
    ...ofModules.map(([type, event]) =>
      devicePush(camera, event, { module_id: deviceOf(home, type).moduleId }),
    ),
    ...alarms.map(([type, event, subType]) => devicePush(deviceOf(home, type), event, { sub_type: subType })),
  ];
  return Object.fromEntries(all.map((push) => [push.push_type, push]));
}

const other: Record<string, Push> = {
  alarm_event: {
    push_type: 'alarm_event',
    event_type: 'alarm_event',
    sub_type: 'rain',
    device_id: '70:ee:50:aa:bb:01',
  },
  topology_changed: {
    push_type: 'topology_changed',
    event_type: 'device_associated_to_home',
    device_id: '70:ee:50:00:00:aa',
  },
  alert: { push_type: 'alert' },
  daily_summary: { push_type: 'daily_summary', event_type: 'daily_summary' },
};
