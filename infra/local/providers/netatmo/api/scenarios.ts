/** `getscenarios`: what a Legrand gateway can play; little is known of it (contract 3.8). */
import type { World } from '../world.ts';
import { successOf } from './envelope.ts';
import type { ApiMethod } from './gateway.ts';
import { ownedHome } from './ownership.ts';

const scenarios = ['home', 'away', 'wake_up', 'bedtime'];

export function scenarioMethod(world: World): ApiMethod {
  return {
    operation: 'getscenarios',
    scopes: ['read_magellan'],
    handle: (caller) => {
      const owned = ownedHome(world, caller);
      if ('refused' in owned) return owned.refused;
      const listed = scenarios.map((id) => ({ id, type: id, category: 'multimedia', editable: false }));
      return successOf(world, 'getscenarios', { home: { id: owned.home.homeId, scenarios: listed } });
    },
  };
}
