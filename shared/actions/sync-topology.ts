import { moduleIdFor, plantIdFor } from '../domain/ids.ts';
import type { ModuleDescription } from '../domain/module.ts';
import { isPlantAlike, type Plant } from '../domain/plant.ts';
import { toUtc } from '../domain/time.ts';
import type { DiscoveredPlant } from '../providers/provider.ts';
import type { SyncDependencies } from './sync-dependencies.ts';

/**
 * Reads the account's plants and modules from its cloud; what is gone there goes here, with its history kept.
 * @returns `changed` when plants or their modules came or went, or are called otherwise
 */
export async function syncTopology(
  deps: SyncDependencies,
  accountId: string,
): Promise<'changed' | undefined> {
  const { store, sessionOf, now } = deps;
  const account = await store.accounts.get(accountId);
  if (!account) return undefined;
  const session = sessionOf(account, 'topology');
  const discovered = await deps.providerOf(account.provider).plants(session, account, now());
  const before = await store.plants.ofAccount(accountId);
  const known = new Map(before.map((plant) => [plant.plantId, plant]));
  const kept = new Set<string>();
  let changed = discovered.length !== before.length;

  for (const found of discovered) {
    const plant = describePlant(accountId, found, toUtc(now()));
    // Modules first: a plant never names a module that is not there.
    for (const module of describeModules(plant, found)) {
      kept.add(module.moduleId);
      await store.modules.describe(module);
    }
    const former = known.get(plant.plantId);
    known.delete(plant.plantId);
    if (former && isPlantAlike(former, plant)) continue;
    changed = true;
    await store.plants.put({ ...plant, version: (former?.version ?? 0) + 1 });
  }
  for (const plant of known.values()) await store.plants.delete(plant);
  for (const module of await store.modules.ofAccount(accountId)) {
    if (!kept.has(module.moduleId)) await store.modules.delete(module);
  }
  return changed ? 'changed' : undefined;
}

function describePlant(accountId: string, found: DiscoveredPlant, discoveredAt: string): Plant {
  return {
    accountId,
    plantId: plantIdFor(accountId, found.nativeId),
    nativeId: found.nativeId,
    name: found.name,
    timeZone: found.timeZone,
    ambients: [...found.ambients],
    moduleIds: found.modules.map(({ nativeId }) => moduleIdFor(accountId, nativeId)),
    version: 1,
    discoveredAt,
  };
}

function describeModules({ accountId, plantId }: Plant, found: DiscoveredPlant): ModuleDescription[] {
  return found.modules.map((module) => ({
    profiles: {},
    withheld: [],
    native: {},
    ...module,
    accountId,
    plantId,
    moduleId: moduleIdFor(accountId, module.nativeId),
  }));
}
