/** What discovery and polls find at the simulated cloud, by Netatmo's ids. */
import type { Module } from '../../../../shared/domain/module.ts';
import type {
  DiscoveredModule,
  DiscoveredPlant,
  PlantModules,
  Provider,
  Report,
  Session,
} from '../../../../shared/providers/provider.ts';
import { sim } from '../../../infra/local/providers/sim.ts';
import { toModules, toPlant } from '../linked-home.ts';
import type { NetatmoBench } from './netatmo-bench.ts';

export const MAISON = '65aa00000000000000000001';
export const LOFT = '65aa00000000000000000002';
export const CASA = '65aa00000000000000000003';
export const PALAZZO = '65aa00000000000000000004';
/** Nothing stands on it. */
export const TERRAIN = '65aa00000000000000000009';
/** Bruno's, who has invited Claire to his station. */
export const WOHNUNG = '65aa00000000000000000005';
/** Where the station is that Claire only looks at. */
export const HARBOUR = '65aa00000000000000000006';
export const SALON = '1000000001';
export const CHAMBRE = '1000000002';
export const ALEX = '0a0a0a0a-1111-4222-8333-444455556666';

/** Behind Legrand's gateway in the house. */
export const wired = (suffix: string) => `00:04:74:00:00:aa:bb:${suffix}`;

export function discover({ provider, session, account, now }: NetatmoBench): Promise<DiscoveredPlant[]> {
  return provider.plants(session, account, now());
}

export function plantOf(plants: readonly DiscoveredPlant[], id: string): DiscoveredPlant {
  const plant = plants.find(({ nativeId }) => nativeId === id);
  if (plant === undefined) throw new Error(`there is no plant ${id}`);
  return plant;
}

export function moduleOf(plants: readonly DiscoveredPlant[], id: string): DiscoveredModule {
  const module = plants.flatMap(({ modules }) => modules).find(({ nativeId }) => nativeId === id);
  if (module === undefined) throw new Error(`there is no module ${id}`);
  return module;
}

/** As Latchkey would keep them. */
export function keep(
  { account, now }: Pick<NetatmoBench, 'account' | 'now'>,
  plants: readonly DiscoveredPlant[],
): PlantModules[] {
  return plants.map((discovered) => {
    const plant = toPlant(account.accountId, discovered, now());
    return { plant, modules: toModules(plant, discovered) };
  });
}

/** What a poll reports of each module, by its id. */
export async function poll(
  { provider, session }: { readonly provider: Provider; readonly session: Session },
  plants: readonly PlantModules[],
): Promise<ReadonlyMap<string, Report>> {
  const reports = await Array.fromAsync(provider.state(session, plants));
  return new Map(reports.map((report) => [report.moduleNativeId, report]));
}

/** Discovers and polls. */
export async function readEverything(bench: NetatmoBench): Promise<ReadonlyMap<string, Report>> {
  return poll(bench, keep(bench, await discover(bench)));
}

/** Something happens to a module other than through the API. */
export async function changeModule(
  { cloud }: NetatmoBench,
  change: { readonly moduleId: Module['nativeId'] } & Record<string, unknown>,
): Promise<void> {
  await control(cloud, '/module', change);
}

/** @throws {Error} when the control route refuses */
export async function control(
  cloud: { readonly url: string },
  path: string,
  body: unknown,
): Promise<unknown> {
  const answer = await sim(cloud, 'POST', path, body);
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${text}`);
  return text === '' ? undefined : JSON.parse(text);
}
