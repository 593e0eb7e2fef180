import { moduleIdFor, plantIdFor } from '../../../shared/domain/ids.ts';
import type { Module } from '../../../shared/domain/module.ts';
import type { Plant } from '../../../shared/domain/plant.ts';
import { type CapabilityName, type Readings, unitOf } from '../../../shared/domain/reading.ts';
import { toUtc } from '../../../shared/domain/time.ts';
import type { DiscoveredPlant, Report } from '../../../shared/providers/provider.ts';
import type { ProviderBench } from './provider-setup.ts';

/** The first plant of a bench with its modules and their readings, as Latchkey would keep them. */
export interface LinkedHome {
  readonly plant: Plant;
  readonly modules: readonly Module[];
  /** The first module. */
  readonly module: Module;
}

export async function readHome({ provider, session, account, now }: ProviderBench): Promise<LinkedHome> {
  const [discovered] = await provider.plants(session, account, now());
  if (discovered === undefined) throw new Error('the account has no plant');
  const plant = toPlant(account.accountId, discovered, now());
  const described = toModules(plant, discovered);
  const reports = await Array.fromAsync(provider.state(session, [{ plant, modules: described }]));
  const modules = described.map((module) => withReadings(module, reports, now()));
  const [module] = modules;
  if (module === undefined) throw new Error('the plant has no module');
  return { plant, modules, module };
}

/** A discovered plant as Latchkey would keep it. */
export function toPlant(accountId: string, discovered: DiscoveredPlant, now: number): Plant {
  const { modules, ...rest } = discovered;
  return {
    ...rest,
    plantId: plantIdFor(accountId, discovered.nativeId),
    accountId,
    moduleIds: modules.map(({ nativeId }) => moduleIdFor(accountId, nativeId)),
    version: 1,
    discoveredAt: toUtc(now),
  };
}

/** Its modules likewise, before anything is read. */
export function toModules({ accountId, plantId }: Plant, { modules }: DiscoveredPlant): Module[] {
  return modules.map((module) => ({
    profiles: {},
    withheld: [],
    native: {},
    ...module,
    moduleId: moduleIdFor(accountId, module.nativeId),
    accountId,
    plantId,
    readings: {},
    reachable: null,
    version: 0,
    awaited: {},
  }));
}

function withReadings(module: Module, reports: readonly Report[], now: number): Module {
  const readings: Readings = {};
  for (const { moduleNativeId, values, observedAt } of reports) {
    if (moduleNativeId !== module.nativeId) continue;
    for (const [name, value] of Object.entries(values)) {
      const capability = name as CapabilityName;
      if (value === undefined) continue;
      readings[capability] = {
        value,
        unit: unitOf(capability, module.profiles),
        observedAt: observedAt ?? toUtc(now),
        receivedAt: toUtc(now),
      };
    }
  }
  return { ...module, readings, reachable: toldOf(reports, module.nativeId).reachable ?? null };
}

/** All that was reported of a module, and what of it counts: the latest. */
export function toldOf(reports: readonly Report[], nativeId: string) {
  const own = reports.filter(({ moduleNativeId }) => moduleNativeId === nativeId);
  return {
    values: Object.assign({}, ...own.map(({ values }) => values)) as Report['values'],
    reachable: own.findLast(({ reachable }) => reachable !== undefined)?.reachable,
  };
}
