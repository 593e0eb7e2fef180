import type { Clock } from '../simulation/clock.ts';
import type { Faults } from './faults/faults.ts';
import type { Thermostat } from './house/thermostat.ts';
import type { CloudState, SimulatedPlant } from './state.ts';

/** What every part of the simulated cloud works on. */
export interface World {
  readonly state: CloudState;
  readonly clock: Clock;
  readonly faults: Faults;
  /** The cloud's own address, without a trailing slash. */
  readonly url: string;
}

export function findPlant({ state }: World, plantId: string): SimulatedPlant | undefined {
  return state.plants.find((plant) => plant.plantId === plantId);
}

export function findModule(
  { state }: World,
  moduleId: string,
): { plant: SimulatedPlant; thermostat: Thermostat } | undefined {
  for (const plant of state.plants) {
    const thermostat = plant.modules.find((module) => module.moduleId === moduleId);
    if (thermostat) return { plant, thermostat };
  }
  return undefined;
}
