/** What a push says of the heating of rooms. Pure: no I/O, no clock; never throws. */
import type { ReportedValues } from '../../domain/reading.ts';
import { toUtc } from '../../domain/time.ts';
import type { AmbientReport } from '../provider.ts';
import { type Push, PushedRoom, plantOf } from './push.ts';

/** Devices that follow their home say `home`; the older ones name what they follow (contract 3.6). */
const modes: Readonly<Record<string, string>> = {
  schedule: 'automatic',
  home: 'automatic',
  manual: 'manual',
  max: 'boost',
  hg: 'protection',
  away: 'away',
  off: 'off',
};

/** The latest end that a time can have, epoch seconds. */
const LAST_SECOND = 253_402_300_799;

/** One for each room that the push tells something of; none where it does not say which. */
export function readRooms(push: Push): AmbientReport[] {
  const plantNativeId = plantOf(push);
  if (plantNativeId === undefined) return [];
  return roomsOf(push).flatMap((room) => {
    const values = valuesOf(room);
    return room.id === undefined || Object.keys(values).length === 0
      ? []
      : [{ plantNativeId, ambientId: room.id, values }];
  });
}

/** The room that it names, with what is said of it at the top; else those listed. */
function roomsOf({ room_id: id, mode, temperature, home }: Push): PushedRoom[] {
  const listed = home?.rooms ?? [];
  if (id === undefined) return listed;
  const room = listed.find((each) => each.id === id) ?? PushedRoom.parse({ id });
  return [
    {
      ...room,
      therm_setpoint_mode: mode ?? room.therm_setpoint_mode,
      therm_setpoint_temperature: temperature ?? room.therm_setpoint_temperature,
    },
  ];
}

function valuesOf(room: PushedRoom): ReportedValues {
  const { therm_setpoint_temperature: setpoint = 0, therm_setpoint_end_time: end = 0 } = room;
  const mode = modeOf(room.therm_setpoint_mode);
  return {
    // The newer devices say 0 where there is none: `off`, or what the home says (contract 4.3).
    ...(setpoint > 0 && { setpoint }),
    ...(mode !== undefined && {
      mode,
      mode_until: end > 0 && end <= LAST_SECOND ? toUtc(end * 1000) : null,
    }),
  };
}

function modeOf(wire: string | undefined): string | undefined {
  return wire !== undefined && Object.hasOwn(modes, wire) ? modes[wire] : undefined;
}
