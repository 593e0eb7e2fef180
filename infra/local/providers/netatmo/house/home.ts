import * as z from 'zod';
import { Json, Module } from './module.ts';
import { Room } from './room.ts';

export const Zone = z.looseObject({
  id: z.number(),
  type: z.number().optional(),
  name: z.string().optional(),
  /** A room's entry names it `id`, or `room_id` (contract 3.5). */
  rooms: z.array(z.looseObject({ id: z.string(), therm_setpoint_temperature: z.number().optional() })),
});

export const Schedule = z.object({
  scheduleId: z.string(),
  /** therm, cooling, electricity, event … */
  type: z.string(),
  name: z.string(),
  selected: z.boolean(),
  isDefault: z.boolean(),
  awayC: z.number(),
  frostGuardC: z.number(),
  /** `m_offset`: minutes since Monday 00:00 at home, 0 to 10,079. */
  timetable: z.array(z.object({ zone_id: z.number(), m_offset: z.number() })),
  zones: z.array(Zone),
});
export type Schedule = z.infer<typeof Schedule>;

export const Person = z.object({
  personId: z.uuid(),
  /** Absent: a face that nobody has named. */
  pseudo: z.string().optional(),
  lastSeenEpochMs: z.number(),
  outOfSight: z.boolean(),
});
export type Person = z.infer<typeof Person>;

/** What `getevents` tells; as on the wire, newest first. */
export const HomeEvent = z.looseObject({
  id: z.string(),
  type: z.string(),
  time: z.number(),
  module_id: z.string().optional(),
  person_id: z.string().optional(),
});
export type HomeEvent = z.infer<typeof HomeEvent>;

export const ThermMode = z.enum(['schedule', 'away', 'hg']);

export const Home = z.object({
  homeId: z.string(),
  /** Whose it is; a home can have several users. */
  userIds: z.array(z.string()),
  name: z.string().optional(),
  altitude: z.number(),
  /** Longitude, then latitude. */
  coordinates: z.tuple([z.number(), z.number()]),
  country: z.string(),
  city: z.string(),
  timeZone: z.string(),
  thermMode: ThermMode,
  thermModeEndEpochMs: z.number().optional(),
  temperatureControlMode: z.enum(['heating', 'cooling']),
  /** How long a set point by hand lasts that names no end. */
  defaultDurationMinutes: z.number(),
  rooms: z.array(Room),
  modules: z.array(Module),
  schedules: z.array(Schedule),
  persons: z.array(Person),
  events: z.array(HomeEvent),
});
export type Home = z.infer<typeof Home>;

/** A change that `setstate` asked for and that takes effect later. */
export const DelayedWrite = z.object({
  homeId: z.string(),
  dueEpochMs: z.number(),
  commands: z.array(z.object({ moduleId: z.string(), key: z.string(), value: Json })),
});

export function moduleOf(home: Home, moduleId: string): Module | undefined {
  return home.modules.find((module) => module.moduleId === moduleId);
}

/** `NLIS#1` is a channel of the device before the sign, and is heard when that is. */
export function parentOf(home: Home, { moduleId }: Module): Module | undefined {
  const sign = moduleId.indexOf('#');
  return sign < 0 ? undefined : moduleOf(home, moduleId.slice(0, sign));
}

export function roomOf(home: Home, roomId: string): Room | undefined {
  return home.rooms.find((room) => room.roomId === roomId);
}

export function selectedSchedule(home: Home, type = 'therm'): Schedule | undefined {
  return home.schedules.find((schedule) => schedule.type === type && schedule.selected);
}
