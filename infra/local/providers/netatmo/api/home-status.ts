/** `homestatus`: how a home is now (contract 3.6). */
import type { Answer } from '../../simulation/answer.ts';
import { typeOf } from '../house/catalog.ts';
import type { Home } from '../house/home.ts';
import { isReachable, type Module } from '../house/module.ts';
import { mayRead } from '../scopes.ts';
import { epochSeconds, type World } from '../world.ts';
import { success, successOf } from './envelope.ts';
import type { ApiMethod, Caller } from './gateway.ts';
import { moduleStatus } from './module-status.ts';
import { ownedHome } from './ownership.ts';
import { roomStatus } from './room-status.ts';

export function homeStatusMethod(world: World): ApiMethod {
  return {
    operation: 'homestatus',
    scopes: [],
    handle: (caller) => {
      const owned = ownedHome(world, caller);
      return 'refused' in owned ? owned.refused : homeStatus(world, owned.home, caller);
    },
  };
}

function homeStatus(world: World, home: Home, caller: Caller): Answer {
  const { faults } = world;
  const now = world.clock.now();
  const types = caller.parameters.list('device_types');
  const visible = home.modules.filter(
    ({ type }) => mayRead(caller.scopes, typeOf(type).family) && (types.length === 0 || types.includes(type)),
  );
  // Neither time_exec nor body where nothing has a status.
  if (visible.length === 0 || faults.take('home_missing', 'homestatus'))
    return success(world, { time_exec: undefined });

  const dead = visible.filter((module) => module.bridge === undefined && !isReachable(module, now));
  const isHidden = (module: Module) =>
    dead.some(({ moduleId }) => moduleId === module.moduleId || moduleId === module.bridge);
  const stepKey = faults.take('step_key_with_underscore', 'homestatus')
    ? 'target_position_step'
    : 'target_position:step';
  const modules = visible
    .filter((module) => !isHidden(module))
    .map((module) => moduleStatus(home, module, now, stepKey));
  const missing = faults.take('modules_missing', 'homestatus');
  const errors = dead.map(({ moduleId }) => ({ code: 6, id: moduleId }));
  const body = {
    home: {
      id: home.homeId,
      ...roomsOf(home, caller, now),
      ...(missing ? missing.empty && { modules: [] } : { modules }),
      ...personsOf(home, caller),
    },
    ...(errors.length > 0 && { errors }),
  };
  return successOf(world, 'homestatus', body, { timeExec: false });
}

function roomsOf(home: Home, { scopes }: Caller, now: number) {
  const rooms = home.rooms.flatMap((room) => roomStatus(home, room, now, scopes) ?? []);
  return rooms.length > 0 && { rooms };
}

function personsOf({ persons }: Home, { scopes }: Caller) {
  if (persons.length === 0 || !mayRead(scopes, 'camera')) return {};
  return {
    persons: persons.map(({ personId, lastSeenEpochMs, outOfSight }) => ({
      id: personId,
      last_seen: epochSeconds(lastSeenEpochMs),
      out_of_sight: outOfSight,
    })),
  };
}
