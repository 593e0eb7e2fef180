/** `setroomthermpoint`, `setthermmode` and `switchhomeschedule` (contract 3.7). */
import type { Answer } from '../../simulation/answer.ts';
import type { Operation } from '../faults/operation.ts';
import { type Home, roomOf, ThermMode } from '../house/home.ts';
import type { SetpointMode } from '../house/room.ts';
import type { House } from '../house.ts';
import type { World } from '../world.ts';
import { apiError, success } from './envelope.ts';
import type { ApiMethod, Caller } from './gateway.ts';
import { ownedHome } from './ownership.ts';

const scopes = ['write_thermostat', 'write_smarther', 'write_magellan'];

type Write = (world: World, house: House, home: Home, caller: Caller) => Answer;

export function energyWriteMethods(world: World, house: House): ApiMethod[] {
  const method = (operation: 'setroomthermpoint' | 'setthermmode' | 'switchhomeschedule', write: Write) => ({
    operation,
    scopes,
    handle: (caller: Caller) => {
      house.compute();
      const owned = ownedHome(world, caller);
      return 'refused' in owned ? owned.refused : write(world, house, owned.home, caller);
    },
  });
  return [
    method('setroomthermpoint', setRoomThermPoint),
    method('setthermmode', setThermMode),
    method('switchhomeschedule', switchHomeSchedule),
  ];
}

const pointModes: Readonly<Record<string, SetpointMode>> = {
  manual: 'manual',
  max: 'max',
  home: 'home',
  hg: 'hg',
};

function setRoomThermPoint(world: World, house: House, home: Home, { parameters }: Caller): Answer {
  const roomId = parameters.text('room_id');
  if (roomId === undefined) return apiError(10, 'Missing room_id');
  const wanted = parameters.text('mode');
  if (wanted === undefined) return apiError(10, 'mode is missing');
  const mode = pointModes[wanted];
  if (mode === undefined) return apiError(21, 'mode not authorized');
  const temperatureC = parameters.number('temp');
  if (mode === 'manual' && temperatureC === undefined) return apiError(10, 'Missing temp');
  const room = roomOf(home, roomId);
  if (!room?.climate) return apiError(21, 'Invalid room_id');
  // Netatmo: rooms of homes with the newer thermostats fail here, and want setstate (contract 3.7).
  if (home.modules.some(({ type }) => type === 'OTM' || type === 'BNS'))
    return apiError(11, 'device.setThermPoint is not a function', 500);
  const endtime = parameters.number('endtime');
  const lost = isLost(world, 'setroomthermpoint');
  if (!lost)
    house.setRoom(home, room, {
      mode,
      ...(mode === 'manual' && { temperatureC }),
      endEpochMs: endtime === undefined ? defaultEnd(world, home) : endtime * 1000,
    });
  return success(world);
}

/** How long a set point by hand lasts that names no end. */
export function defaultEnd({ clock }: World, home: Home): number {
  return clock.now() + home.defaultDurationMinutes * 60_000;
}

function setThermMode(world: World, house: House, home: Home, { parameters }: Caller): Answer {
  const wanted = parameters.text('mode');
  if (wanted === undefined) return apiError(10, 'mode is missing');
  const mode = ThermMode.safeParse(wanted).data;
  if (mode === undefined) return apiError(21, 'mode not authorized');
  const scheduleId = mode === 'schedule' ? parameters.text('schedule_id') : undefined;
  if (scheduleId !== undefined && !isThermSchedule(home, scheduleId))
    return apiError(21, `schedule ${scheduleId} is not therm schedule`);
  if (isLost(world, 'setthermmode')) return success(world);
  const endtime = mode === 'schedule' ? undefined : parameters.number('endtime');
  if (scheduleId !== undefined) house.selectSchedule(home, scheduleId);
  house.setHomeMode(home, mode, endtime === undefined ? undefined : endtime * 1000);
  return success(world);
}

function isThermSchedule({ schedules }: Home, scheduleId: string): boolean {
  return schedules.some((schedule) => schedule.scheduleId === scheduleId && schedule.type === 'therm');
}

function switchHomeSchedule(world: World, house: House, home: Home, { parameters }: Caller): Answer {
  const scheduleId = parameters.text('schedule_id');
  if (scheduleId === undefined) return apiError(10, 'Missing schedule_id');
  if (!home.schedules.some((schedule) => schedule.scheduleId === scheduleId))
    return apiError(21, 'Invalid schedule_id');
  if (!isLost(world, 'switchhomeschedule')) house.selectSchedule(home, scheduleId);
  return success(world);
}

function isLost({ faults }: World, operation: Operation): boolean {
  return faults.take('command_lost', operation) !== undefined;
}
