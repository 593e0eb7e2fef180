/** What a push says of the heating of rooms. Pure: no I/O, no clock; never throws. */
import type { ReportedValues } from '../../domain/reading.ts';
import type { AmbientReport } from '../provider.ts';
import { fields } from './device-fields.ts';
import { type Push, plantOf } from './push.ts';
import { id as RoomId, type Told } from './wire.ts';

/** One for each room that the push tells something of; none where it does not say which. */
export function readRooms(push: Push): AmbientReport[] {
  const plantNativeId = plantOf(push);
  if (plantNativeId === undefined) return [];
  return roomsOf(push).flatMap((room) => {
    const ambientId = idOf(room);
    const values = valuesOf(room);
    return ambientId === undefined || Object.keys(values).length === 0
      ? []
      : [{ plantNativeId, ambientId, values }];
  });
}

/** The room that it names, else those listed. What is said at the top counts where the list does not say it. */
function roomsOf({ room_id: id, mode, temperature, home }: Push): Told[] {
  const listed = home?.rooms ?? [];
  if (id === undefined) return listed;
  const room = listed.find((each) => idOf(each) === id) ?? {};
  return [{ ...(fields.mode(room) === undefined && atTop({ mode, temperature })), ...room, id }];
}

function atTop({ mode, temperature }: Pick<Push, 'mode' | 'temperature'>): Told {
  return { therm_setpoint_mode: mode, therm_setpoint_temperature: temperature };
}

function idOf({ id }: Told): string | undefined {
  return RoomId.safeParse(id).data;
}

function valuesOf(room: Told): ReportedValues {
  const [setpoint, mode] = [fields.setpoint(room), fields.mode(room)];
  return {
    // The newer devices say 0 where there is none: `off`, or what the home says (contract 4.3).
    ...(setpoint !== undefined && setpoint > 0 && { setpoint }),
    ...(mode !== undefined && { mode, mode_until: fields.mode_until(room) ?? null }),
  };
}
