import type { Answer } from '../../simulation/answer.ts';
import type { Call } from '../../simulation/router.ts';
import type { Thermostat } from '../house/thermostat.ts';
import { refusal } from '../refusals.ts';
import type { SimulatedPlant } from '../state.ts';
import { findPlant, type World } from '../world.ts';

export const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Legrand: a plant of somebody else is 401, not 404 (contract 5, 401). */
export function ownedPlant(
  world: World,
  { parameters: { plantId = '' } }: Call,
  userId: string,
): { plant: SimulatedPlant } | { refused: Answer } {
  if (!uuid.test(plantId)) return { refused: refusal(400, 'Bad request: plantId is not a UUID') };
  const plant = findPlant(world, plantId);
  if (!plant) return { refused: refusal(404, 'Resource not found') };
  return plant.userId === userId ? { plant } : { refused: refusal(401, 'Unauthorized') };
}

export function ownedThermostat(
  world: World,
  call: Call,
  userId: string,
): { plant: SimulatedPlant; thermostat: Thermostat } | { refused: Answer } {
  const owned = ownedPlant(world, call, userId);
  if ('refused' in owned) return owned;
  const { moduleId = '' } = call.parameters;
  if (!uuid.test(moduleId)) return { refused: refusal(400, 'Bad request: moduleId is not a UUID') };
  const thermostat = owned.plant.modules.find((module) => module.moduleId === moduleId);
  if (!thermostat) return { refused: refusal(404, 'Resource not found') };
  if (!thermostat.reachable) return { refused: refusal(404, 'Gateway Offline') };
  return { plant: owned.plant, thermostat };
}
