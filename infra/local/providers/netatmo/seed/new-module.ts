import { typeOf } from '../house/catalog.ts';
import type { Module } from '../house/module.ts';

export type ModuleFacts = Pick<Module, 'moduleId' | 'type'> &
  Partial<Pick<Module, 'name' | 'roomId' | 'bridge' | 'applianceType' | 'status' | 'silentSinceEpochMs'>> & {
    /** Millivolts; default: nearly full. */
    readonly batteryMv?: number;
  };

const YEAR_MS = 365 * 86_400_000;

/** A device as it is when its type knows nothing else, set up a year ago. */
export function createModule(facts: ModuleFacts, epochMs: number): Module {
  const { batteryMv, status, ...rest } = facts;
  const { battery, watts, status: usual, shutterStep } = typeOf(facts.type);
  const all = { ...usual, ...status };
  const module: Module = {
    ...rest,
    status: all,
    setupEpochMs: epochMs - YEAR_MS,
    outages: [],
    powerLog: [],
    ...(battery && { battery: { mv: batteryMv ?? battery.highMv + 200, epochMs } }),
    ...(shutterStep && { travel: { from: 100, to: 100, startedEpochMs: epochMs - 3_600_000 } }),
    ...(watts !== undefined && { watts }),
  };
  return module;
}
