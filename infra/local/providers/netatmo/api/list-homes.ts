/** `homesdata`: what there is (contract 3.5). */
import type { Answer } from '../../simulation/answer.ts';
import { typeOf } from '../house/catalog.ts';
import type { Home, Schedule } from '../house/home.ts';
import type { Module } from '../house/module.ts';
import { mayRead } from '../scopes.ts';
import { epochSeconds, homesOf, type World } from '../world.ts';
import { successOf } from './envelope.ts';
import type { ApiMethod, Caller } from './gateway.ts';
import { ownHome } from './ownership.ts';

export function listHomesMethod(world: World): ApiMethod {
  return { operation: 'homesdata', scopes: [], handle: (caller) => listHomes(world, caller) };
}

function listHomes(world: World, caller: Caller): Answer {
  const homeId = caller.parameters.text('home_id');
  const owned = homeId === undefined ? undefined : ownHome(world, caller, homeId);
  if (owned && 'refused' in owned) return owned.refused;
  const homes = owned ? [owned.home] : homesOf(world, caller.userId);
  const none = world.faults.take('no_homes', 'homesdata') !== undefined;
  const user = world.state.users.find(({ userId }) => userId === caller.userId);
  return successOf(world, 'homesdata', {
    homes: none ? [] : describeAll(world, homes, caller),
    user: {
      id: caller.userId,
      email: user?.email,
      language: 'fr-FR',
      locale: 'fr-FR',
      feel_like_algorithm: 0,
      unit_pressure: 0,
      unit_system: 0,
      unit_wind: 0,
    },
  });
}

function describeAll({ faults }: World, homes: readonly Home[], caller: Caller): unknown[] {
  const missing = faults.take('modules_missing', 'homesdata');
  const nameless = faults.take('names_missing', 'homesdata') !== undefined;
  const roomKey = faults.take('zone_rooms_by_room_id', 'homesdata') ? 'room_id' : 'id';
  const gatewayTypes = caller.parameters.list('gateway_types');
  return homes.map((home) => {
    const visible = home.modules.filter(
      (module) => mayRead(caller.scopes, typeOf(module.type).family) && isBehind(home, module, gatewayTypes),
    );
    const modules = visible.map((module) => describeModule(home, module));
    const described = {
      ...describePlace(home),
      ...(visible.length > 0 && {
        ...describeRooms(home, visible),
        ...(missing ? missing.empty && { modules: [] } : { modules }),
        ...describeSchedules(home, caller.scopes, roomKey),
        ...describePersons(home, caller.scopes),
      }),
    };
    return nameless ? withoutNames(described) : described;
  });
}

/** The filter names the gateway's type; what is behind it comes along. */
function isBehind(home: Home, { type, bridge }: Module, gatewayTypes: readonly string[]): boolean {
  if (gatewayTypes.length === 0 || gatewayTypes.includes(type)) return true;
  const gateway = home.modules.find(({ moduleId }) => moduleId === bridge);
  return gateway !== undefined && gatewayTypes.includes(gateway.type);
}

function describePlace(home: Home) {
  return {
    id: home.homeId,
    name: home.name,
    altitude: home.altitude,
    coordinates: home.coordinates,
    country: home.country,
    timezone: home.timeZone,
  };
}

function describeRooms({ rooms }: Home, visible: readonly Module[]) {
  if (rooms.length === 0) return {};
  return {
    rooms: rooms.map(({ roomId, name, type }) => ({
      id: roomId,
      name,
      type,
      module_ids: visible.filter((module) => module.roomId === roomId).map(({ moduleId }) => moduleId),
    })),
  };
}

function describeModule(home: Home, module: Module) {
  const { moduleId, type, name, setupEpochMs, roomId, bridge, applianceType } = module;
  const bridged = home.modules.filter((other) => other.bridge === moduleId).map((other) => other.moduleId);
  return {
    id: moduleId,
    type,
    name,
    setup_date: epochSeconds(setupEpochMs),
    room_id: roomId,
    bridge,
    ...(bridged.length > 0 && { modules_bridged: bridged }),
    appliance_type: applianceType,
  };
}

type RoomKey = 'id' | 'room_id';

function describeSchedules(home: Home, scopes: readonly string[], roomKey: RoomKey) {
  const families = ['thermostat', 'smarther', 'magellan'] as const;
  if (home.schedules.length === 0 || !families.some((family) => mayRead(scopes, family))) return {};
  return {
    therm_setpoint_default_duration: home.defaultDurationMinutes,
    therm_mode: home.thermMode,
    temperature_control_mode: home.temperatureControlMode,
    ...(home.thermModeEndEpochMs !== undefined && {
      therm_mode_endtime: epochSeconds(home.thermModeEndEpochMs),
    }),
    ...(home.temperatureControlMode === 'cooling' && { cooling_mode: 'schedule' }),
    schedules: home.schedules.map((schedule) => describeSchedule(schedule, roomKey)),
  };
}

function describeSchedule(schedule: Schedule, roomKey: RoomKey) {
  return {
    id: schedule.scheduleId,
    type: schedule.type,
    name: schedule.name,
    selected: schedule.selected,
    default: schedule.isDefault,
    away_temp: schedule.awayC,
    hg_temp: schedule.frostGuardC,
    timetable: schedule.timetable,
    zones: schedule.zones.map((zone) => ({
      ...zone,
      rooms: zone.rooms.map(({ id, ...entry }) => ({ [roomKey]: id, ...entry })),
    })),
  };
}

function describePersons({ persons }: Home, scopes: readonly string[]) {
  if (persons.length === 0 || !mayRead(scopes, 'camera')) return {};
  return {
    persons: persons.map(({ personId, pseudo }) => ({
      id: personId,
      pseudo,
      url: `https://img.example.invalid/faces/${personId}.jpg`,
    })),
  };
}

/** Nothing below has a name either. */
export function withoutNames(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNames);
  if (typeof value !== 'object' || value === null) return value;
  const nameKeys = ['name', 'module_name', 'station_name', 'home_name'];
  const kept = Object.entries(value).filter(([key]) => !nameKeys.includes(key));
  return Object.fromEntries(kept.map(([key, inner]) => [key, withoutNames(inner)]));
}
