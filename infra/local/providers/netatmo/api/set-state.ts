/** `setstate`: everything that can be switched, turned and moved (contract 3.8). */
import type { Answer } from '../../simulation/answer.ts';
import type { Home } from '../house/home.ts';
import type { House } from '../house.ts';
import type { World } from '../world.ts';
import { apiError, success } from './envelope.ts';
import type { ApiMethod, Caller } from './gateway.ts';
import { ownHome } from './ownership.ts';
import { type ModuleCommand, type PartialError, readModules } from './read-modules.ts';
import { applyRooms, type RoomCommand, readRooms } from './read-rooms.ts';
import { SentState } from './sent-state.ts';

export function setStateMethod(world: World, house: House): ApiMethod {
  return {
    operation: 'setstate',
    scopes: [
      'write_magellan',
      'write_bubendorff',
      'write_thermostat',
      'write_smarther',
      'write_camera',
      'write_presence',
      'write_mhs1',
      'write_mx',
    ],
    handle: (caller) => setState(world, house, caller),
  };
}

function setState(world: World, house: House, caller: Caller): Answer {
  house.compute();
  const sent = SentState.safeParse(caller.parameters.json('home'));
  if (!sent.success) return apiError(10, 'Missing home');
  const owned = ownHome(world, caller, sent.data.id);
  if ('refused' in owned) return owned.refused;
  const { home } = owned;
  const refused = world.faults.take('command_refused', 'setstate');
  if (refused) {
    const errors = (sent.data.modules ?? []).map(({ id }) => ({ code: refused.code, id }));
    return answerWith(world, home, errors);
  }
  const modules = readModules(world, home, caller, sent.data.modules ?? []);
  if ('refused' in modules) return modules.refused;
  const rooms = readRooms(world, home, caller, sent.data.rooms ?? []);
  if ('refused' in rooms) return rooms.refused;
  const { commands, errors } = modules;
  if (commands.length + rooms.commands.length + errors.length === 0) return apiError(7, 'Nothing to update');
  carryOut(world, house, home, commands, rooms.commands);
  return answerWith(world, home, errors);
}

function carryOut(
  world: World,
  house: House,
  home: Home,
  commands: readonly ModuleCommand[],
  rooms: readonly RoomCommand[],
): void {
  const { faults, clock, state } = world;
  if (faults.take('command_lost', 'setstate')) return;
  applyRooms(house, home, rooms);
  const slow = faults.take('slow_apply', 'setstate');
  if (slow) {
    const later = commands.map(({ module, key, value }) => ({ moduleId: module.moduleId, key, value }));
    const dueEpochMs = clock.now() + slow.seconds * 1000;
    state.delayedWrites.push({ homeId: home.homeId, dueEpochMs, commands: later });
    return;
  }
  for (const { module, key, value } of commands) house.command(home, module, key, value);
}

function answerWith(world: World, { homeId }: Home, errors: readonly PartialError[]): Answer {
  const body = { home: { id: homeId }, errors };
  return success(world, { time_exec: undefined, ...(errors.length > 0 && { body }) });
}
