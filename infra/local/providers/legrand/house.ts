import { stepAir } from '../simulation/indoor-air.ts';
import { type Announce, advanceThermostat, announceChange } from './house/advance-thermostat.ts';
import { applyChange, demandOf, type Thermostat, type ThermostatChange } from './house/thermostat.ts';
import type { SimulatedPlant } from './state.ts';
import { findModule, type World } from './world.ts';

/** All homes together, computed no further than they are asked for. */
export interface House {
  /** Brings every thermostat to the present. */
  compute(): void;
  /** Tells a thermostat something new, now or later, as the API or a hand on the wall does. */
  change(moduleId: string, change: ThermostatChange, delaySeconds?: number): void;
  /** Puts a room into another state, as an open window does. */
  disturb(moduleId: string, room: Partial<Thermostat['room']>): void;
  /** When the next delayed change is due, epoch milliseconds. */
  nextDue(): number;
}

export type AnnounceChange = (plant: SimulatedPlant, thermostat: Thermostat, epochMs: number) => void;

export function createHouse(world: World, announce: AnnounceChange): House {
  const { state, clock } = world;
  const announcing =
    (plant: SimulatedPlant): Announce =>
    (thermostat, epochMs) => {
      if (thermostat.reachable) announce(plant, thermostat, epochMs);
    };

  function compute(): void {
    for (const plant of state.plants) {
      for (const thermostat of plant.modules)
        advanceThermostat(thermostat, plant.timeZone, clock.now(), announcing(plant));
    }
    const due = state.delayedChanges.filter(({ dueEpochMs }) => dueEpochMs <= clock.now());
    state.delayedChanges = state.delayedChanges.filter((delayed) => !due.includes(delayed));
    for (const { moduleId, change } of due) alter(moduleId, (thermostat) => applyChange(thermostat, change));
  }

  /** The relay answers at once, and the webhook tells both. */
  function alter(moduleId: string, apply: (thermostat: Thermostat) => void): void {
    const found = findModule(world, moduleId);
    if (!found) return;
    const { plant, thermostat } = found;
    apply(thermostat);
    const now = clock.now();
    thermostat.room = stepAir(thermostat.room, demandOf(thermostat, now, plant.timeZone), 0, 0);
    announceChange(thermostat, plant.timeZone, now, announcing(plant));
  }

  return {
    compute,
    change(moduleId, change, delaySeconds = 0) {
      compute();
      if (delaySeconds === 0) alter(moduleId, (thermostat) => applyChange(thermostat, change));
      else state.delayedChanges.push({ moduleId, change, dueEpochMs: clock.now() + delaySeconds * 1000 });
    },
    disturb(moduleId, room) {
      compute();
      alter(moduleId, (thermostat) => {
        thermostat.room = { ...thermostat.room, ...room };
      });
    },
    nextDue: () => Math.min(...state.delayedChanges.map(({ dueEpochMs }) => dueEpochMs)),
  };
}
