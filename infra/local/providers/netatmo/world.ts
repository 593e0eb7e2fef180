import type { Clock } from '../simulation/clock.ts';
import type { Faults } from './faults/faults.ts';
import { type Home, moduleOf } from './house/home.ts';
import type { Module } from './house/module.ts';
import type { CloudState } from './state.ts';

/** What every part of the simulated cloud works on. */
export interface World {
  readonly state: CloudState;
  readonly clock: Clock;
  readonly faults: Faults;
  /** The cloud's own address, without a trailing slash. */
  readonly url: string;
}

export function homesOf({ state }: World, userId: string): Home[] {
  return state.homes.filter(({ userIds }) => userIds.includes(userId));
}

export function findHome({ state }: World, homeId: string): Home | undefined {
  return state.homes.find((home) => home.homeId === homeId);
}

export function findModule({ state }: World, moduleId: string): { home: Home; module: Module } | undefined {
  for (const home of state.homes) {
    const module = moduleOf(home, moduleId);
    if (module) return { home, module };
  }
  return undefined;
}

export function epochSeconds(epochMs: number): number {
  return Math.floor(epochMs / 1000);
}
