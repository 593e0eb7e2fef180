import type { Home, Schedule } from '../house/home.ts';
import type { Module } from '../house/module.ts';
import { notePower } from '../house/power.ts';
import type { Room } from '../house/room.ts';

type HomeFacts = Pick<Home, 'homeId' | 'userIds'> &
  Partial<Omit<Home, 'homeId' | 'userIds'>> & {
    readonly rooms?: Room[];
    readonly modules?: Module[];
  };

/** A home in Lille unless it says otherwise. */
export function createHome(facts: HomeFacts): Home {
  const home: Home = {
    altitude: 35,
    coordinates: [3.06, 50.63],
    country: 'FR',
    city: 'Lille',
    timeZone: 'Europe/Paris',
    thermMode: 'schedule',
    temperatureControlMode: 'heating',
    defaultDurationMinutes: 180,
    rooms: [],
    modules: [],
    schedules: [],
    persons: [],
    events: [],
    ...facts,
  };
  // What draws power has done so ever since it was set up.
  for (const module of home.modules) notePower(module, module.setupEpochMs);
  return { ...home, schedules: facts.schedules ?? usualSchedules(home) };
}

/** A week with days and nights, and one for holidays, where there is something to heat. */
function usualSchedules({ homeId, rooms }: Home): Schedule[] {
  const heated = rooms.filter(({ climate }) => climate !== undefined);
  if (heated.length === 0) return [];
  const zone = (id: number, type: number, name: string, temperatureC: number) => ({
    id,
    type,
    name,
    rooms: heated.map(({ roomId }) => ({ id: roomId, therm_setpoint_temperature: temperatureC })),
  });
  const days = [0, 1, 2, 3, 4, 5, 6];
  const timetable = days.flatMap((day) => [
    { zone_id: 1, m_offset: day * 1440 },
    { zone_id: 0, m_offset: day * 1440 + 390 },
    { zone_id: 1, m_offset: day * 1440 + 1320 },
  ]);
  const idOf = (digit: string) => `${homeId.slice(0, 22).replace(/^65aa/, '65bb')}${digit}`;
  const schedule = (id: string, name: string, dayC: number, nightC: number, selected: boolean): Schedule => ({
    scheduleId: idOf(id),
    type: 'therm',
    name,
    selected,
    isDefault: selected,
    awayC: 14,
    frostGuardC: 7,
    timetable,
    zones: [zone(0, 0, 'Confort', dayC), zone(1, 1, 'Nuit', nightC)],
  });
  return [schedule('a1', 'Semaine', 20, 16.5, true), schedule('a2', 'Vacances', 17, 15, false)];
}
