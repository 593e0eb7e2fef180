import type { Device } from '../domain/device.ts';
import { LatchkeyError } from '../domain/error.ts';
import { accountOf } from '../domain/ids.ts';
import type { Module } from '../domain/module.ts';
import type { Plant } from '../domain/plant.ts';
import type { CapabilityName, Reading } from '../domain/reading.ts';
import { toUtc } from '../domain/time.ts';
import type { Item, Page, PageWish } from '../store/item.ts';
import type { Store } from '../store/store.ts';
import { pollState } from './poll-state.ts';
import type { SyncDependencies } from './sync-dependencies.ts';

export interface PlantWithModules {
  readonly plant: Plant;
  readonly modules: readonly Module[];
}

/** Which accounts a list is about: one, an owner's, or all. */
export interface Breadth {
  readonly account?: string | undefined;
  readonly owner?: string | undefined;
}

/** @throws {LatchkeyError} plant_unknown */
export async function showPlant({ store }: { store: Store }, plantId: string): Promise<PlantWithModules> {
  const accountId = accountOf(plantId);
  const [plant, modules] = await Promise.all([
    store.plants.get({ accountId, plantId }),
    store.modules.ofAccount(accountId),
  ]);
  if (!plant) throw new LatchkeyError('plant_unknown', `there is no plant ${plantId}`);
  return withModules(plant, modules);
}

/** In the order in which the provider names them. */
function withModules(plant: Plant, modules: readonly Module[]): PlantWithModules {
  const known = new Map(modules.map((module) => [module.moduleId, module]));
  return {
    plant,
    modules: plant.moduleIds.map((id) => known.get(id)).filter((module) => module !== undefined),
  };
}

/** Whole accounts a page: `limit` counts accounts, as nobody has thousands of plants. */
export async function listPlants(
  { store }: { store: Store },
  breadth: Breadth,
  page: PageWish,
): Promise<Page<PlantWithModules>> {
  return await overAccounts(store, breadth, page, async (accountId) => {
    const [plants, modules] = await Promise.all([
      store.plants.ofAccount(accountId),
      store.modules.ofAccount(accountId),
    ]);
    return plants.map((plant) => withModules(plant, modules));
  });
}

export async function listModules(
  { store }: { store: Store },
  breadth: Breadth & { plant?: string | undefined; device?: Device | undefined },
  page: PageWish,
): Promise<Page<Module>> {
  const { plant, device } = breadth;
  const account = plant === undefined ? breadth.account : accountOf(plant);
  return await overAccounts(store, { ...breadth, account }, page, async (accountId) => {
    const modules = await store.modules.ofAccount(accountId);
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
  deps: SyncDependencies,
  moduleId: string,
  maxAgeSeconds?: number,
): Promise<Module> {
  const accountId = accountOf(moduleId);
  const module = await deps.store.modules.get({ accountId, moduleId });
  if (!module) throw new LatchkeyError('module_unknown', `there is no module ${moduleId}`);
  if (maxAgeSeconds === undefined || ageSeconds(module, deps.now()) <= maxAgeSeconds) return module;
  await pollState(deps, accountId, module.plantId);
  return (await deps.store.modules.get({ accountId, moduleId })) ?? module;
}

export interface HistoryWish extends PageWish {
  readonly moduleId: string;
  readonly capability: CapabilityName;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

/** @throws {LatchkeyError} module_unknown */
export async function readHistory({ store }: { store: Store }, wish: HistoryWish): Promise<Page<Reading>> {
  const { moduleId, from, to } = wish;
  if (!(await store.modules.get({ accountId: accountOf(moduleId), moduleId }))) {
    throw new LatchkeyError('module_unknown', `there is no module ${moduleId}`);
  }
  // Times are compared as text, so they have to be written alike.
  return await store.readings.range({
    ...wish,
    from: from === undefined ? undefined : toUtc(Date.parse(from)),
    to: to === undefined ? undefined : toUtc(Date.parse(to)),
  });
}

/** Seconds since anything was last received from the module; infinite where nothing was. */
function ageSeconds({ readings }: Module, now: number): number {
  const received = Object.values(readings).map(({ receivedAt }) => Date.parse(receivedAt));
  return received.length === 0 ? Number.POSITIVE_INFINITY : (now - Math.max(...received)) / 1000;
}

async function overAccounts<T>(
  store: Store,
  { account, owner }: Breadth,
  page: PageWish,
  itemsOf: (accountId: string) => Promise<T[]>,
): Promise<Page<T>> {
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
