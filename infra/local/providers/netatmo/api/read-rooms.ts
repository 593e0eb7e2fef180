/** What `setstate` asks of rooms: heating and cooling (contract 3.8). */
import type { Answer } from '../../simulation/answer.ts';
import type { Json } from '../house/catalog/device-type.ts';
import { type Home, roomOf } from '../house/home.ts';
import { type Climate, PilotWire, type Room, SetpointMode } from '../house/room.ts';
import type { House, SetpointChange } from '../house.ts';
import type { World } from '../world.ts';
import { defaultEnd } from './energy-writes.ts';
import { apiError } from './envelope.ts';
import type { Caller } from './gateway.ts';
import type { SentRoom } from './sent-state.ts';

export interface RoomCommand {
  readonly room: Room;
  readonly change: SetpointChange;
}

const writeScopes = {
  classic: 'write_thermostat',
  opentherm: 'write_thermostat',
  smarther: 'write_smarther',
  pilot: 'write_magellan',
} as const;

export function readRooms(
  world: World,
  home: Home,
  caller: Caller,
  sent: readonly SentRoom[],
): { commands: RoomCommand[] } | { refused: Answer } {
  const commands: RoomCommand[] = [];
  for (const entry of sent) {
    const room = roomOf(home, entry.id);
    if (!room?.climate) return { refused: apiError(21, `Invalid room_id, ${entry.id}`) };
    if (!caller.scopes.includes(writeScopes[room.climate.kind]))
      return { refused: apiError(13, 'Application does not have the good scope rights') };
    // A room of plain valves obeys setroomthermpoint only (contract 3.7).
    if (room.climate.kind === 'classic') continue;
    const change = readChange(world, home, room.climate, entry);
    if ('refused' in change) return change;
    if (isNew(room.climate, change)) commands.push({ room, change });
  }
  return { commands };
}

export function applyRooms(house: House, home: Home, commands: readonly RoomCommand[]): void {
  for (const { room, change } of commands) house.setRoom(home, room, change);
}

function readChange(
  world: World,
  home: Home,
  climate: Climate,
  { id, ...sent }: SentRoom,
): SetpointChange | { refused: Answer } {
  const cooling = home.temperatureControlMode === 'cooling' && climate.kind === 'smarther';
  const prefix = cooling ? 'cooling_setpoint' : 'therm_setpoint';
  const known = [`${prefix}_mode`, `${prefix}_temperature`, `${prefix}_end_time`, 'therm_setpoint_fp'];
  const strange = Object.keys(sent).find((key) => !known.includes(key));
  if (strange !== undefined)
    return { refused: apiError(21, `cannot set property ${strange} for room ${id}`) };
  const pilotWire = PilotWire.safeParse(sent.therm_setpoint_fp).data;
  const temperature = numberOf(sent[`${prefix}_temperature`]);
  const usual = pilotWire !== undefined || temperature !== undefined ? 'manual' : undefined;
  const wanted = sent[`${prefix}_mode`] ?? usual;
  const mode = SetpointMode.safeParse(wanted === 'schedule' ? 'home' : wanted).data;
  const end = numberOf(sent[`${prefix}_end_time`]);
  const isEmpty = climate.kind === 'pilot' ? pilotWire === undefined : temperature === undefined;
  if (mode === undefined || (mode === 'manual' && isEmpty))
    return { refused: apiError(21, 'mode not authorized') };
  const lasts = mode === 'home' || mode === 'off' ? undefined : defaultEnd(world, home);
  return {
    mode,
    temperatureC: temperature,
    pilotWire,
    endEpochMs: end !== undefined && end > 0 ? end * 1000 : lasts,
  };
}

function numberOf(value: Json | undefined): number | undefined {
  return typeof value === 'number' ? value : undefined;
}

function isNew(climate: Climate, { mode, temperatureC, pilotWire, endEpochMs }: SetpointChange): boolean {
  if (mode !== climate.mode) return true;
  if (mode === 'home') return false;
  return (
    endEpochMs !== climate.endEpochMs ||
    (temperatureC !== undefined && temperatureC !== climate.manualC) ||
    (pilotWire !== undefined && pilotWire !== climate.pilotWire)
  );
}
