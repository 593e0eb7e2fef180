/** What a caller may look at and change: the store, narrowed to what the access token is about. */
import { type Access, allows, assertAllows, isWithin, operatorAccess } from '../domain/access.ts';
import type { Command } from '../domain/command.ts';
import { Device } from '../domain/device.ts';
import type { Event } from '../domain/event.ts';
import { accountOf } from '../domain/ids.ts';
import type { Module } from '../domain/module.ts';
import type { Plant } from '../domain/plant.ts';
import { Scope, type Verb } from '../domain/scope.ts';
import type { Store } from '../store/store.ts';

/** Beyond what a token is about, everything looks as if it did not exist. */
export interface Sight {
  /** The one account that there is anything to see of; absent where it may be any. */
  readonly accountId?: string;
  /** @throws {LatchkeyError} access_forbidden – the token is about it, but lacks the scope */
  module(moduleId: string, verb: Verb): Promise<Module | undefined>;
  /** @throws {LatchkeyError} access_forbidden – the token lacks the scope for devices of this kind */
  assertAllowed(device: Device, verb: Verb): void;
  modulesOf(accountId: string): Promise<Module[]>;
  plant(plantId: string): Promise<Plant | undefined>;
  plantsOf(accountId: string): Promise<Plant[]>;
  /** Whether it was sent to a module that is seen; one whose module is gone is seen from the whole workspace only. */
  command(command: Pick<Command, 'moduleId'>): Promise<boolean>;
  event(event: Event): Promise<boolean>;
}

/** What acting for somebody needs beside everything else. */
export interface Seeing {
  readonly sight: Sight;
}

export type SightStore = Pick<Store, 'modules' | 'plants'>;

export function createSight(store: SightStore, access: Access): Sight {
  const { reach, scopes } = access;
  const about = reach.kind === 'workspace' ? undefined : accountOf(aboutId(reach));
  const seesAll = reach.kind === 'workspace' && Scope.options.every((scope) => scopes.includes(scope));
  const isElsewhere = (accountId: string) => about !== undefined && about !== accountId;
  const mayReadPlant = (plantId: string) =>
    reach.kind === 'workspace' || (reach.kind === 'plant' && reach.plantId === plantId);
  const modules = new Map<string, Promise<Module | undefined>>();

  /** For events, which are many and of few modules. */
  function remembered(moduleId: string): Promise<Module | undefined> {
    const known = modules.get(moduleId) ?? store.modules.get({ accountId: accountOf(moduleId), moduleId });
    modules.set(moduleId, known);
    return known;
  }

  return {
    ...(about !== undefined && { accountId: about }),

    async module(moduleId, verb) {
      const accountId = accountOf(moduleId);
      if (isElsewhere(accountId)) return undefined;
      const module = await store.modules.get({ accountId, moduleId });
      if (!module || !isWithin(access, module)) return undefined;
      assertAllows(access, module.device, verb);
      return module;
    },

    assertAllowed: (device, verb) => assertAllows(access, device, verb),

    async modulesOf(accountId) {
      if (isElsewhere(accountId)) return [];
      const all = await store.modules.ofAccount(accountId);
      return all.filter((module) => isWithin(access, module) && allows(access, module.device, 'read'));
    },

    plant: async (plantId) =>
      mayReadPlant(plantId) ? await store.plants.get({ accountId: accountOf(plantId), plantId }) : undefined,

    async plantsOf(accountId) {
      if (isElsewhere(accountId)) return [];
      return (await store.plants.ofAccount(accountId)).filter(({ plantId }) => mayReadPlant(plantId));
    },

    async command({ moduleId }) {
      const accountId = accountOf(moduleId);
      if (seesAll) return true;
      const module = isElsewhere(accountId) ? undefined : await store.modules.get({ accountId, moduleId });
      if (!module) return reach.kind === 'workspace';
      return isWithin(access, module) && allows(access, module.device, 'read');
    },

    async event({ data }) {
      if (seesAll) return true;
      if (isElsewhere(data.accountId)) return false;
      const { moduleId, plantId } = data;
      if (typeof moduleId === 'string') {
        const module = await remembered(moduleId);
        // One that is gone is still told of by what its events say of it.
        const told = typeof plantId === 'string' ? plantId : '';
        const device = Device.safeParse(data.device).data ?? 'unknown';
        const { plantId: of, device: kind } = module ?? { plantId: told, device };
        return isWithin(access, { moduleId, plantId: of }) && allows(access, kind, 'read');
      }
      return typeof plantId === 'string' ? mayReadPlant(plantId) : reach.kind === 'workspace';
    },
  };
}

/** What it takes to act for the caller. */
export function seeing<D extends { readonly store: SightStore }>(deps: D, access: Access): D & Seeing {
  return { ...deps, sight: createSight(deps.store, access) };
}

/** What the program itself sees when it acts on its own. */
export function fullSight(store: SightStore): Sight {
  return createSight(store, operatorAccess);
}

function aboutId(reach: Exclude<Access['reach'], { kind: 'workspace' }>): string {
  return reach.kind === 'plant' ? reach.plantId : reach.moduleId;
}
