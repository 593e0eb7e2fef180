import type { Account } from '../domain/account.ts';
import type { Device } from '../domain/device.ts';
import { LatchkeyError } from '../domain/error.ts';
import { accountOf } from '../domain/ids.ts';
import type { Module } from '../domain/module.ts';
import type { Plant } from '../domain/plant.ts';
import { jsonBytes } from '../domain/text.ts';
import type { Page, PageWish } from '../store/item.ts';
import { findModule, unknownModule } from './find-module.ts';
import { type Breadth, type Listing, overAccounts } from './over-accounts.ts';
import { pollState } from './poll-state.ts';
import type { Seeing } from './sight.ts';
import type { SyncDependencies } from './sync-dependencies.ts';

export interface PlantWithModules {
  readonly plant: Plant;
  readonly modules: readonly Module[];
}

/** @throws {LatchkeyError} plant_unknown */
export async function showPlant({ sight }: Seeing, plantId: string): Promise<PlantWithModules> {
  const [plant, modules] = await Promise.all([sight.plant(plantId), sight.modulesOf(accountOf(plantId))]);
  if (!plant) throw new LatchkeyError('plant_unknown', `there is no plant ${plantId}`);
  return withModules(plant, modules);
}

/** In the order in which the provider names them. */
export function withModules(plant: Plant, modules: readonly Module[]): PlantWithModules {
  const known = new Map(modules.map((module) => [module.moduleId, module]));
  return {
    plant,
    modules: plant.moduleIds.map((id) => known.get(id)).filter((module) => module !== undefined),
  };
}

/** Bytes that a plant's view takes for each module. */
const MODULE_OF_PLANT = 200;

export async function listPlants(
  deps: Listing,
  breadth: Breadth,
  page: PageWish,
): Promise<Page<PlantWithModules>> {
  const { sight } = deps;
  return await overAccounts(deps, breadth, page, {
    async ofAccount({ accountId }) {
      const [plants, modules] = await Promise.all([sight.plantsOf(accountId), sight.modulesOf(accountId)]);
      return plants.map((plant) => withModules(plant, modules));
    },
    idOf: ({ plant }) => plant.plantId,
    bytesOf: ({ plant, modules }) => jsonBytes(plant) + modules.length * MODULE_OF_PLANT,
  });
}

/** A module, and the account that it is of. */
export interface ModuleOfAccount {
  readonly module: Module;
  readonly account: Account;
}

export async function listModules(
  deps: Listing,
  breadth: Breadth & { plant?: string | undefined; device?: Device | undefined },
  page: PageWish,
): Promise<Page<ModuleOfAccount>> {
  const { plant, device } = breadth;
  const account = plant === undefined ? breadth.account : accountOf(plant);
  return await overAccounts(deps, { ...breadth, account }, page, {
    async ofAccount(account) {
      const modules = await deps.sight.modulesOf(account.accountId);
      return modules
        .filter(
          (module) =>
            (breadth.account === undefined || module.accountId === breadth.account) &&
            (plant === undefined || module.plantId === plant) &&
            (device === undefined || module.device === device),
        )
        .map((module) => ({ module, account }));
    },
    idOf: ({ module }) => module.moduleId,
    bytesOf: ({ module }) => jsonBytes(module),
  });
}

/**
 * One module; with `maxAgeSeconds`, the provider is asked first when a reading is older.
 * @throws {LatchkeyError} module_unknown
 * @throws {LatchkeyError} – what the provider answered when it had to be asked
 */
export async function showModule(
  deps: SyncDependencies & Seeing,
  moduleId: string,
  maxAgeSeconds?: number,
): Promise<ModuleOfAccount> {
  const accountId = accountOf(moduleId);
  const [module, account] = await Promise.all([
    findModule(deps, moduleId),
    deps.store.accounts.get(accountId),
  ]);
  // Its account is being unlinked, and goes last.
  if (!account) throw unknownModule(moduleId);
  if (maxAgeSeconds === undefined || ageSeconds(module, deps.now()) <= maxAgeSeconds)
    return { module, account };
  await pollState(deps, accountId, module.plantId);
  return { module: (await deps.store.modules.get({ accountId, moduleId })) ?? module, account };
}

/** Seconds since anything was last received from the module; infinite where nothing was. */
function ageSeconds({ readings }: Module, now: number): number {
  const received = Object.values(readings).flatMap((reading) =>
    reading ? Date.parse(reading.receivedAt) : [],
  );
  return received.length === 0 ? Number.POSITIVE_INFINITY : (now - Math.max(...received)) / 1000;
}
