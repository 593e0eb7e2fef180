import { randomBytes } from 'node:crypto';
import { advanceRoom, decideRelay, followHome } from './house/advance-room.ts';
import { type ApplyCommand, applyCommand } from './house/apply-command.ts';
import type { Json } from './house/catalog/device-type.ts';
import { type Home, moduleOf, selectedSchedule } from './house/home.ts';
import type { Module } from './house/module.ts';
import type { PilotWire, Room, SetpointMode } from './house/room.ts';
import {
  devicePush,
  type Push,
  personsPush,
  schedulePush,
  setPointPush,
  thermModePush,
} from './webhooks/pushes.ts';
import { epochSeconds, findHome, type World } from './world.ts';

export interface SetpointChange {
  readonly mode: SetpointMode;
  readonly temperatureC?: number | undefined;
  readonly pilotWire?: PilotWire | undefined;
  readonly endEpochMs?: number | undefined;
}

/** All homes together, computed no further than they are asked for; what really changes is announced. */
export interface House {
  /** Brings every room to the present, and does what was to happen by then. */
  compute(): void;
  setRoom(home: Home, room: Room, change: SetpointChange): void;
  setHomeMode(home: Home, mode: Home['thermMode'], endEpochMs?: number): void;
  selectSchedule(home: Home, scheduleId: string): void;
  /** Tells a module something; what it means for others behind the same gateway follows. */
  command(home: Home, module: Module, key: string, value: Json): void;
  /** Somebody is at home, or has left; without ids: everybody has left. */
  movePersons(home: Home, where: 'home' | 'away', personIds?: readonly string[]): void;
  /** Says what happened beside all that. */
  announce(home: Home, push: Push): void;
  /** When something happens at a time of its own, epoch milliseconds. */
  nextDue(): number;
}

export function createHouse(world: World, announce: (home: Home, push: Push) => void): House {
  const { state, clock } = world;

  function tellRoom(home: Home, room: Room): void {
    const push = room.climate && setPointPush(home, room, room.climate);
    if (push) announce(home, push);
  }

  function compute(): void {
    const now = clock.now();
    for (const home of state.homes) {
      for (const room of home.rooms) advanceRoom(home, room, now, () => tellRoom(home, room));
      if (home.thermModeEndEpochMs !== undefined && home.thermModeEndEpochMs <= now)
        setHomeMode(home, 'schedule');
    }
    const due = state.delayedWrites.filter(({ dueEpochMs }) => dueEpochMs <= now);
    state.delayedWrites = state.delayedWrites.filter((write) => !due.includes(write));
    for (const { homeId, commands } of due) {
      const home = findHome(world, homeId);
      for (const { moduleId, key, value } of commands) {
        const module = home && moduleOf(home, moduleId);
        if (home && module) command(home, module, key, value);
      }
    }
  }

  function setHomeMode(home: Home, mode: Home['thermMode'], endEpochMs?: number): void {
    const previous = home.thermMode;
    home.thermMode = mode;
    home.thermModeEndEpochMs = endEpochMs;
    // A new mode of the home ends what was chosen by hand.
    for (const { climate } of home.rooms) if (climate) followHome(climate, clock.now());
    for (const room of home.rooms) settle(home, room);
    if (previous !== mode) announce(home, thermModePush(home, previous));
  }

  function settle(home: Home, room: Room): void {
    if (room.climate) decideRelay(home, room, room.climate, clock.now());
  }

  function command(home: Home, module: Module, key: string, value: Json): void {
    const applied: ApplyCommand = { home, module, key, value, epochMs: clock.now() };
    if (!applyCommand(applied)) return;
    if (key !== 'monitoring') return;
    tellEvent(home, module, String(value), `Monitoring is ${value}`);
    announce(home, devicePush(module, String(value)));
  }

  function tellEvent(home: Home, module: Module | undefined, type: string, message: string): void {
    home.events.unshift({
      id: randomBytes(12).toString('hex'),
      type,
      time: epochSeconds(clock.now()),
      ...(module && { module_id: module.moduleId }),
      message,
    });
    home.events = home.events.slice(0, 200);
  }

  return {
    compute,
    announce,
    setHomeMode,
    command,
    setRoom(home, room, { mode, temperatureC, pilotWire, endEpochMs }) {
      const { climate } = room;
      if (!climate) return;
      climate.mode = mode;
      climate.startEpochMs = clock.now();
      climate.endEpochMs = mode === 'home' ? undefined : endEpochMs;
      if (temperatureC !== undefined) climate.manualC = temperatureC;
      if (pilotWire !== undefined) climate.pilotWire = pilotWire;
      settle(home, room);
      tellRoom(home, room);
    },
    selectSchedule(home, scheduleId) {
      const wanted = home.schedules.find((schedule) => schedule.scheduleId === scheduleId);
      const previous = selectedSchedule(home, wanted?.type);
      for (const schedule of home.schedules)
        if (schedule.type === wanted?.type) schedule.selected = schedule === wanted;
      for (const room of home.rooms) settle(home, room);
      if (previous && previous.scheduleId !== scheduleId)
        announce(home, schedulePush(home, { scheduleId, previousId: previous.scheduleId }));
    },
    movePersons(home, where, personIds) {
      const moved = home.persons.filter(({ personId }) => personIds?.includes(personId) ?? true);
      for (const person of moved) {
        person.outOfSight = where === 'away';
        if (where === 'home') person.lastSeenEpochMs = clock.now();
      }
      const camera = home.modules.find(({ type }) => type === 'NACamera');
      if (!camera || moved.length === 0) return;
      tellEvent(home, camera, `person_${where}`, moved.map(({ pseudo }) => pseudo ?? 'Unknown').join(', '));
      announce(home, personsPush(camera, `person_${where}`, moved));
    },
    nextDue: () =>
      Math.min(
        ...state.delayedWrites.map(({ dueEpochMs }) => dueEpochMs),
        ...state.homes.flatMap((home) => [
          home.thermModeEndEpochMs ?? Number.POSITIVE_INFINITY,
          ...home.rooms.map(({ climate }) => climate?.endEpochMs ?? Number.POSITIVE_INFINITY),
        ]),
      ),
  };
}
