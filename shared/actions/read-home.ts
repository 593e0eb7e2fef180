import type { Device } from '../domain/device.ts';
import { LatchkeyError } from '../domain/error.ts';
import { accountOf } from '../domain/ids.ts';
import type { Module } from '../domain/module.ts';
import type { Plant } from '../domain/plant.ts';
import type { Item, Page, PageWish } from '../store/item.ts';
import type { Store } from '../store/store.ts';
import { findModule } from './find-module.ts';
import { pollState } from './poll-state.ts';
import type { Seeing } from './sight.ts';
import type { SyncDependencies } from './sync-dependencies.ts';

export interface PlantWithModules {
  readonly plant: Plant;
  readonly modules: readonly Module[];
}

type Listing = Seeing & { readonly store: Pick<Store, 'accounts'> };

/** Which accounts a list is about: one, an owner's, or all. */
export interface Breadth {
  readonly account?: string | undefined;
  readonly owner?: string | undefined;
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

/** Whole accounts a page: `limit` counts accounts, as nobody has thousands of plants. */
export async function listPlants(
  deps: Listing,
  breadth: Breadth,
  page: PageWish,
): Promise<Page<PlantWithModules>> {
  const { sight } = deps;
  return await overAccounts(deps, breadth, page, async (accountId) => {
    const [plants, modules] = await Promise.all([sight.plantsOf(accountId), sight.modulesOf(accountId)]);
    return plants.map((plant) => withModules(plant, modules));
  });
}

export async function listModules(
  deps: Listing,
  breadth: Breadth & { plant?: string | undefined; device?: Device | undefined },
  page: PageWish,
): Promise<Page<Module>> {
  const { plant, device } = breadth;
  const account = plant === undefined ? breadth.account : accountOf(plant);
  return await overAccounts(deps, { ...breadth, account }, page, async (accountId) => {
    const modules = await deps.sight.modulesOf(accountId);
    return modules.filter(
      (module) =>
        (breadth.account === undefined || module.accountId === breadth.account) &&
        (plant === undefined || module.plantId === plant) &&
        (device === undefined || module.device === device),
    );
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
): Promise<Module> {
  const accountId = accountOf(moduleId);
  const module = await findModule(deps, moduleId);
  if (maxAgeSeconds === undefined || ageSeconds(module, deps.now()) <= maxAgeSeconds) return module;
  await pollState(deps, accountId, module.plantId);
  return (await deps.store.modules.get({ accountId, moduleId })) ?? module;
}

/** Seconds since anything was last received from the module; infinite where nothing was. */
function ageSeconds({ readings }: Module, now: number): number {
  const received = Object.values(readings).flatMap((reading) =>
    reading ? Date.parse(reading.receivedAt) : [],
  );
  return received.length === 0 ? Number.POSITIVE_INFINITY : (now - Math.max(...received)) / 1000;
}

async function overAccounts<T>(
  { store, sight }: Listing,
  { account: asked, owner }: Breadth,
  page: PageWish,
  itemsOf: (accountId: string) => Promise<T[]>,
): Promise<Page<T>> {
  // What is asked for elsewhere is seen by nobody, and found empty.
  const account = asked ?? sight.accountId;
  if (account !== undefined) {
    const known = await store.accounts.get(account);
    const visible = known && (owner === undefined || known.owner === owner);
    return { items: visible ? await itemsOf(account) : [] };
  }
  const accounts = await store.accounts.list({ ...page, ...(owner !== undefined && { owner }) });
  const items = await Promise.all(accounts.items.map(({ accountId }) => itemsOf(accountId)));
  const next: Item | undefined = accounts.next;
  return { items: items.flat(), ...(next && { next }) };
}
