/** Wishes for what heats or cools a room, as its hardware takes them (contract 3.7, 3.8). Pure: no I/O, no clock. */
import type { Module } from '../../domain/module.ts';
import type { ReportedValues } from '../../domain/reading.ts';
import type { CommandTarget } from '../provider.ts';
import { refuseField, refuseUnsupported } from '../refuse-wish.ts';
import type { Call } from './call.ts';
import { readNative } from './native.ts';
import type { Translate, WishedCalls, WishOf } from './wished-calls.ts';
import { endAt, endOf, type WishedEnd } from './wished-end.ts';

/** Frost guard and `max` are the ends of the scale. */
const LOWEST_C = 7;
const HIGHEST_C = 30;
const MINUTE_MS = 60_000;

type Mode = WishOf<'set_mode'>['mode'];
type Field = 'program' | 'minutes' | 'until';

/** How a mode is said, and what a wish may say beside it. */
interface ModeRow {
  readonly wire: string;
  /** `setroomthermpoint` knows four modes. */
  readonly byRoomPoint: boolean;
  /** What a pilot wire, which knows no degrees, is told for it. */
  readonly pilotWire?: string;
  readonly whileCooling: boolean;
  readonly fields: readonly Field[];
}

const modes: Readonly<Record<Mode, ModeRow>> = {
  automatic: { wire: 'home', byRoomPoint: true, whileCooling: true, fields: [] },
  manual: { wire: 'manual', byRoomPoint: true, pilotWire: 'comfort', whileCooling: true, fields: ['until'] },
  // Cooling, the top of the scale would be no cold at all, and the frost guard all the cold there is.
  boost: { wire: 'max', byRoomPoint: true, whileCooling: false, fields: ['minutes', 'until'] },
  off: { wire: 'off', byRoomPoint: false, pilotWire: 'stand_by', whileCooling: true, fields: ['until'] },
  protection: {
    wire: 'hg',
    byRoomPoint: true,
    pilotWire: 'frost_guard',
    whileCooling: false,
    fields: ['until'],
  },
  away: { wire: 'away', byRoomPoint: false, pilotWire: 'away', whileCooling: true, fields: ['until'] },
};

/** What a room is to do; without an end, Netatmo's own default duration counts. */
interface RoomWish {
  readonly mode: Mode;
  readonly temperatureC?: number;
  readonly end?: WishedEnd;
}

export const setSetpoint: Translate<'set_setpoint'> = (wish, target, now) => {
  const temperatureC = inTenths(wish.temperatureC);
  return tell(target, { mode: 'manual', temperatureC, ...endOfWish(wish, now) });
};

export const setMode: Translate<'set_mode'> = (wish, target, now) => {
  const { module } = target;
  refuseStrayFields(wish);
  refuseModeOf(module, wish.mode);
  const holds = wish.mode === 'manual' && !isOnPilotWire(module);
  return tell(target, {
    mode: wish.mode,
    ...(holds && { temperatureC: presentSetpoint(module) }),
    ...endOfWish(wish, now),
  });
};

function refuseStrayFields(wish: WishOf<'set_mode'>): void {
  if (wish.program !== undefined)
    refuseField('program', 'is chosen for the plant as a whole: use its action select_schedule');
  for (const field of ['minutes', 'until'] as const) {
    if (wish[field] !== undefined && !modes[wish.mode].fields.includes(field))
      refuseField(field, `has no meaning with mode ${wish.mode}`);
  }
  if (wish.minutes !== undefined && wish.until !== undefined)
    refuseField('minutes', 'says the end a second time, beside until');
}

function refuseModeOf(module: Module, mode: Mode): void {
  const row = modes[mode];
  if (isOnPilotWire(module)) {
    if (mode !== 'automatic' && row.pilotWire === undefined)
      refuseUnsupported(`A pilot wire has no mode ${mode}`, 'Use mode manual, which is comfort');
    return;
  }
  if (readNative(module).setpointBy === 'setroomthermpoint' && !row.byRoomPoint)
    refuseUnsupported(
      `This thermostat has no mode ${mode} of its own`,
      'Use mode protection, or set_plant_mode for the plant as a whole',
    );
  if (isCooling(module) && !row.whileCooling)
    refuseUnsupported(`There is no mode ${mode} while it cools`, 'Use set_setpoint, or mode off');
}

/** `minutes` count from when the wish is made ready: a call of it that is repeated ends no later. */
function endOfWish(
  { until, minutes }: { readonly until?: string | undefined; readonly minutes?: number | undefined },
  now: number,
): Pick<RoomWish, 'end'> {
  if (minutes !== undefined) return { end: endAt(now + minutes * MINUTE_MS) };
  return until === undefined ? {} : { end: endOf(until, now) };
}

/** Holds what the room aims at now. While it boosts that is the end of its scale, which nobody wants to keep. */
function presentSetpoint({ readings }: Module): number {
  const setpoint = readings.setpoint?.value;
  const isHeld = typeof setpoint === 'number' && setpoint >= LOWEST_C && setpoint <= HIGHEST_C;
  if (!isHeld || readings.mode?.value === 'boost')
    return refuseField('mode', 'manual needs a temperature: use the action set_setpoint');
  return Math.round(setpoint * 10) / 10;
}

function inTenths(temperatureC: number): number {
  const tenths = Math.round(temperatureC * 10);
  if (temperatureC < LOWEST_C || temperatureC > HIGHEST_C || Math.abs(temperatureC * 10 - tenths) > 1e-6)
    return refuseField('temperatureC', `must be between ${LOWEST_C} and ${HIGHEST_C} in steps of 0.1`);
  return tenths / 10;
}

function tell({ plant, module }: CommandTarget, wish: RoomWish): WishedCalls {
  const { room, setpointBy } = readNative(module);
  if (room === undefined)
    return refuseUnsupported(
      'This module is in no room, and Netatmo heats rooms',
      'Put it into a room in the Netatmo app, and sync the account',
    );
  const call =
    setpointBy === 'setroomthermpoint'
      ? roomPoint(plant.nativeId, room, wish)
      : roomState(plant.nativeId, room, module, wish);
  return { calls: [call], expects: expectationsOf(wish) };
}

function roomPoint(homeId: string, roomId: string, { mode, temperatureC, end }: RoomWish): Call {
  return {
    method: 'setroomthermpoint',
    form: {
      home_id: homeId,
      room_id: roomId,
      mode: modes[mode].wire,
      temp: temperatureC,
      endtime: end?.epochSeconds,
    },
  };
}

function roomState(homeId: string, roomId: string, module: Module, wish: RoomWish): Call {
  const { temperatureC, end } = wish;
  const prefix = isCooling(module) ? 'cooling_setpoint' : 'therm_setpoint';
  const said = isOnPilotWire(module) ? pilotWire(wish) : { [`${prefix}_mode`]: modes[wish.mode].wire };
  const room = {
    id: roomId,
    ...said,
    ...(temperatureC !== undefined && { [`${prefix}_temperature`]: temperatureC }),
    ...(end && { [`${prefix}_end_time`]: end.epochSeconds }),
  };
  return { method: 'setstate', json: { home: { id: homeId, rooms: [room] } } };
}

/** Every order but «as the home does» is one given by hand. */
function pilotWire({ mode }: RoomWish) {
  const { wire, pilotWire: order } = modes[mode];
  return order === undefined
    ? { therm_setpoint_mode: wire }
    : { therm_setpoint_mode: 'manual', therm_setpoint_fp: order };
}

function expectationsOf({ mode, temperatureC, end }: RoomWish): ReportedValues {
  return {
    mode,
    ...(temperatureC !== undefined && { setpoint: temperatureC }),
    ...(end && { mode_until: end.utc }),
  };
}

function isCooling({ readings }: Module): boolean {
  return readings.function?.value === 'cooling';
}

/** Legrand's cable outlet heats by nothing else (contract 3.8). */
function isOnPilotWire(module: Module): boolean {
  return readNative(module).type === 'NLC';
}
