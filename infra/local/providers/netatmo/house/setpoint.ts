/** What a room is to be, from its own mode, the home's mode and the week's schedule (contract 3.5 to 3.7). Pure. */
import { zonedAt } from '../../simulation/wall-clock.ts';
import { type Home, type Schedule, selectedSchedule } from './home.ts';
import type { Climate, PilotWire, Room } from './room.ts';

/** `max` (contract 3.7). */
const MAX_C = 30;
const FROST_GUARD_C = 7;
const AWAY_C = 14;
const DAY_C = 19;
const pilotWireC: Readonly<Record<PilotWire, number | undefined>> = {
  comfort: 20,
  comfort_1: 19,
  comfort_2: 18,
  away: 16,
  frost_guard: 7,
  stand_by: undefined,
};

/** Undefined: nothing is to be heated. */
export function setPointC(home: Home, room: Room, climate: Climate, epochMs: number): number | undefined {
  if (climate.kind === 'pilot' && climate.pilotWire && climate.mode === 'manual')
    return pilotWireC[climate.pilotWire];
  const schedule = selectedSchedule(home, home.temperatureControlMode === 'cooling' ? 'cooling' : 'therm');
  switch (climate.mode) {
    case 'manual':
      return climate.manualC;
    case 'max':
      return MAX_C;
    case 'hg':
      return schedule?.frostGuardC ?? FROST_GUARD_C;
    case 'away':
      return schedule?.awayC ?? AWAY_C;
    case 'off':
      return undefined;
    default:
      return homeSetPointC(home, room, schedule, epochMs);
  }
}

function homeSetPointC(home: Home, room: Room, schedule: Schedule | undefined, epochMs: number): number {
  if (home.thermMode === 'away') return schedule?.awayC ?? AWAY_C;
  if (home.thermMode === 'hg') return schedule?.frostGuardC ?? FROST_GUARD_C;
  const zone = schedule && zoneAt(schedule, minuteOfWeek(epochMs, home.timeZone));
  const entry = zone?.rooms.find(({ id }) => id === room.roomId);
  return entry?.therm_setpoint_temperature ?? DAY_C;
}

function zoneAt({ timetable, zones }: Schedule, minute: number): Schedule['zones'][number] | undefined {
  const inOrder = timetable.toSorted((a, b) => a.m_offset - b.m_offset);
  // Before the first entry of the week the last one of the week before holds.
  const current = inOrder.findLast(({ m_offset }) => m_offset <= minute) ?? inOrder.at(-1);
  return zones.find(({ id }) => id === current?.zone_id);
}

/** Since Monday 00:00 on the clocks of the home. */
function minuteOfWeek(epochMs: number, timeZone: string): number {
  const local = zonedAt(epochMs, timeZone);
  return (local.dayOfWeek - 1) * 1440 + local.hour * 60 + local.minute;
}
