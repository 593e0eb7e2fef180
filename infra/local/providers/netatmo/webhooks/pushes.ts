/** What pushes say of a home, without what every push has (contract 4.3). Pure. */
import type { Home, Person } from '../house/home.ts';
import type { Module } from '../house/module.ts';
import type { Climate, Room } from '../house/room.ts';
import { wireMode } from '../house/wire-mode.ts';

export type Push = Readonly<Record<string, unknown>> & { readonly push_type: string };

/** A set point by hand, or its end. */
export function setPointPush(home: Home, room: Room, climate: Climate): Push | undefined {
  const { kind, mode } = climate;
  // No push is known of Legrand's own devices.
  if (kind === 'pilot') return undefined;
  const classic = kind === 'classic';
  const temperature = temperatureOf(climate);
  return {
    event_type: classic ? (mode === 'home' ? 'cancel_set_point' : 'set_point') : 'setpoint_event',
    push_type: 'display_change',
    ...(!classic && { type: 'setpoint_event', device_id: deviceOf(home, room)?.moduleId }),
    room_id: room.roomId,
    mode: wireMode(home, climate),
    ...(temperature !== undefined && { temperature }),
    home: {
      id: home.homeId,
      name: home.name,
      country: home.country,
      rooms: [roomIn(home, room, climate, temperature)],
      modules: home.modules
        .filter(({ roomId }) => roomId === room.roomId)
        .map(({ moduleId, name, type }) => ({ id: moduleId, name, type })),
    },
  };
}

/** The newer kind says 0 where there is no temperature; the older leaves it out. */
function temperatureOf({ kind, mode, manualC }: Climate): number | undefined {
  if (mode === 'manual') return manualC;
  return kind === 'classic' ? undefined : 0;
}

function roomIn(home: Home, room: Room, climate: Climate, temperature: number | undefined) {
  const { endEpochMs } = climate;
  return {
    id: room.roomId,
    name: room.name,
    type: room.type,
    therm_setpoint_mode: wireMode(home, climate),
    ...(temperature !== undefined && { therm_setpoint_temperature: temperature }),
    ...(endEpochMs !== undefined && { therm_setpoint_end_time: Math.floor(endEpochMs / 1000) }),
  };
}

function deviceOf({ modules }: Home, { roomId }: Room): Module | undefined {
  return modules.find((module) => module.roomId === roomId && ['BNS', 'OTM'].includes(module.type));
}

export function thermModePush({ homeId, thermMode }: Home, previousMode: string): Push {
  return {
    event_type: 'therm_mode',
    push_type: 'home_event_changed',
    home: { id: homeId, therm_mode: thermMode },
    mode: thermMode,
    previous_mode: previousMode,
  };
}

/** Both ids are absent when only temperatures were edited. */
export function schedulePush({ homeId }: Home, ids?: { scheduleId: string; previousId: string }): Push {
  return {
    event_type: 'schedule',
    push_type: 'home_event_changed',
    home: { id: homeId },
    ...(ids && { schedule_id: ids.scheduleId, previous_schedule_id: ids.previousId }),
  };
}

/** Something that a device tells: `<device type>-<event type>`. */
export function devicePush(
  { type, moduleId }: Pick<Module, 'type' | 'moduleId'>,
  eventType: string,
  rest: Readonly<Record<string, unknown>> = {},
): Push {
  return {
    event_type: eventType,
    push_type: `${type}-${eventType}`,
    device_id: moduleId,
    camera_id: moduleId,
    ...rest,
  };
}

export function personsPush(
  camera: Pick<Module, 'type' | 'moduleId'>,
  eventType: string,
  persons: readonly Person[],
): Push {
  return devicePush(camera, eventType, {
    persons: persons.map(({ personId, pseudo }) => ({
      id: personId,
      face_id: '65dd00000000000000000001',
      face_key: 'c1d2e3f4',
      is_known: pseudo !== undefined,
      face_url: `https://img.example.invalid/faces/${personId}.jpg`,
    })),
    message: persons.map(({ pseudo }) => pseudo ?? 'An unknown face').join(', '),
  });
}
