import { type Answer, empty, json } from '../../simulation/answer.ts';
import type { SimulatedPlant } from '../state.ts';
import type { World } from '../world.ts';
import type { ApiRoute } from './gateway.ts';
import { ownedPlant } from './ownership.ts';

/** Plants and topology (contract 3.2 and 3.3). */
export function plantRoutes(world: World): ApiRoute[] {
  return [
    {
      method: 'GET',
      path: '/plants',
      operation: 'plants',
      scope: 'comfort.read',
      handle: (_, userId) => listPlants(world, userId),
    },
    {
      method: 'GET',
      path: '/plants/:plantId/topology',
      operation: 'topology',
      scope: 'comfort.read',
      handle: (call, userId) => {
        const owned = ownedPlant(world, call, userId);
        return 'refused' in owned ? owned.refused : json(200, topology(world, owned.plant));
      },
    },
  ];
}

function listPlants({ state }: World, userId: string): Answer {
  const plants = state.plants.filter((plant) => plant.userId === userId);
  if (plants.length === 0) return empty(204);
  return json(200, { plants: plants.map(({ plantId, name, type }) => ({ id: plantId, name, type })) });
}

const reported = [
  'function',
  'mode',
  'setPoint',
  'programs',
  'activationTime',
  'temperatureFormat',
  'loadState',
];

const capabilities = [
  ...reported.map((capability) => ({
    capability,
    canDo: { command: { do: capability !== 'loadState' }, request: { do: true }, notification: { do: true } },
  })),
  {
    capability: 'time',
    canDo: { command: { do: false }, request: { do: true }, notification: { do: false } },
  },
];

function topology({ faults }: World, { plantId, name, modules }: SimulatedPlant) {
  const without = faults.take('plant_without_modules', 'topology');
  const listed = modules.map((module) => ({
    device: 'chronothermostat',
    id: module.moduleId,
    name: module.name,
    capabilities,
  }));
  return {
    plant: { id: plantId, name, ...(without?.missing ? {} : { modules: without ? [] : listed }) },
  };
}
