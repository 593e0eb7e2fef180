/** Editing the schedules of a home (contract 3.7). */
import { randomBytes } from 'node:crypto';
import * as z from 'zod';
import type { Answer } from '../../simulation/answer.ts';
import { type Home, type Schedule, selectedSchedule } from '../house/home.ts';
import type { House } from '../house.ts';
import { schedulePush } from '../webhooks/pushes.ts';
import type { World } from '../world.ts';
import { apiError, success } from './envelope.ts';
import type { ApiMethod, Caller } from './gateway.ts';
import { ownedHome } from './ownership.ts';

const RoomTemp = z.looseObject({
  id: z.union([z.string(), z.number()]).transform(String).optional(),
  room_id: z.union([z.string(), z.number()]).transform(String).optional(),
  therm_setpoint_temperature: z.number().optional(),
  temp: z.number().optional(),
});
/** A zone names its rooms `rooms`, or, as the vendor's page has it, `rooms_temp`. */
const SentZone = z.looseObject({
  id: z.number(),
  type: z.number().optional(),
  name: z.string().optional(),
  rooms: z.array(RoomTemp).optional(),
  rooms_temp: z.array(RoomTemp).optional(),
});
const Plan = z.object({
  zones: z.array(SentZone).min(1),
  timetable: z.array(z.object({ zone_id: z.number(), m_offset: z.number().min(0).max(10_079) })).min(1),
  hg_temp: z.coerce.number(),
  away_temp: z.coerce.number(),
});
type Plan = z.output<typeof Plan>;

const scopes = ['write_thermostat', 'write_smarther'];

type Edit = (world: World, house: House, home: Home, caller: Caller) => Answer;

export function scheduleMethods(world: World, house: House): ApiMethod[] {
  const method = (operation: ApiMethod['operation'], edit: Edit): ApiMethod => ({
    operation,
    scopes,
    handle: (caller) => {
      house.compute();
      const owned = ownedHome(world, caller);
      return 'refused' in owned ? owned.refused : edit(world, house, owned.home, caller);
    },
  });
  return [
    method('synchomeschedule', synchronize),
    method('createnewhomeschedule', create),
    method('renamehomeschedule', rename),
    method('deletehomeschedule', remove),
  ];
}

function synchronize(world: World, house: House, home: Home, caller: Caller): Answer {
  const schedule = scheduleOf(home, caller) ?? selectedSchedule(home);
  if (!schedule || hasUnknownId(home, caller)) return apiError(21, 'Invalid schedule_id');
  const plan = readPlan(caller);
  if (!plan) return apiError(10, 'Missing parameters');
  Object.assign(schedule, planned(plan));
  const name = caller.parameters.text('name');
  if (name !== undefined) schedule.name = name;
  house.announce(home, schedulePush(home));
  return success(world);
}

function create(world: World, _: House, home: Home, caller: Caller): Answer {
  const plan = readPlan(caller);
  if (!plan) return apiError(10, 'Missing parameters');
  const scheduleId = randomBytes(12).toString('hex');
  home.schedules.push({
    scheduleId,
    type: 'therm',
    name: caller.parameters.text('name') ?? 'Schedule',
    selected: false,
    isDefault: false,
    ...planned(plan),
  });
  const inBody = world.faults.take('schedule_id_in_body', 'createnewhomeschedule');
  return success(world, inBody ? { body: { schedule_id: scheduleId } } : { schedule_id: scheduleId });
}

function rename(world: World, _: House, home: Home, caller: Caller): Answer {
  const schedule = scheduleOf(home, caller);
  const name = caller.parameters.text('name');
  if (!schedule) return apiError(21, 'Invalid schedule_id');
  if (name === undefined) return apiError(10, 'Missing name');
  schedule.name = name;
  return success(world);
}

function remove(world: World, _: House, home: Home, caller: Caller): Answer {
  const schedule = scheduleOf(home, caller);
  if (!schedule) return apiError(21, 'Invalid schedule_id');
  if (schedule.selected) return apiError(13, 'Operation is forbidden');
  home.schedules = home.schedules.filter((other) => other !== schedule);
  return success(world);
}

function scheduleOf(home: Home, { parameters }: Caller): Schedule | undefined {
  return home.schedules.find(({ scheduleId }) => scheduleId === parameters.text('schedule_id'));
}

function hasUnknownId(home: Home, caller: Caller): boolean {
  return caller.parameters.text('schedule_id') !== undefined && !scheduleOf(home, caller);
}

function readPlan({ parameters }: Caller): Plan | undefined {
  const names = ['zones', 'timetable', 'hg_temp', 'away_temp'];
  return Plan.safeParse(Object.fromEntries(names.map((name) => [name, parameters.json(name)]))).data;
}

function planned({ zones, timetable, hg_temp, away_temp }: Plan) {
  return {
    awayC: away_temp,
    frostGuardC: hg_temp,
    timetable,
    zones: zones.map(({ rooms_temp, rooms, ...zone }) => ({
      ...zone,
      rooms: (rooms ?? rooms_temp ?? []).map((entry) => ({
        id: entry.id ?? entry.room_id ?? '',
        therm_setpoint_temperature: entry.therm_setpoint_temperature ?? entry.temp,
      })),
    })),
  };
}
