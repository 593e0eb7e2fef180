/** What is copied, read over the API. */
import * as z from 'zod';
import { AccountView, EventPage, ModuleView, PlantView } from '../../shared/api/views.ts';
import type { Event } from '../../shared/domain/event.ts';
import { type Api, ApiProblem } from '../api.ts';
import type { Document, StateCollection, StateDocument } from './document.ts';
import { pages } from './pages.ts';

export interface Source {
  /** The feed after a cursor; waits up to so many seconds for something to happen. */
  events(cursor: string | undefined, limit: number, waitSeconds: number): Promise<z.infer<typeof EventPage>>;
  /** Everything of a collection, as it is now. */
  all(collection: StateCollection): AsyncGenerator<StateDocument>;
  /** One document as it is now; `undefined` when it is gone. */
  one(collection: StateCollection, id: string): Promise<StateDocument | undefined>;
  modulesOf(plantId: string): Promise<StateDocument[]>;
}

export function createSource(api: Api): Source {
  function reader<T>(path: string, view: z.ZodType<T>, toDocument: (view: T) => StateDocument) {
    return {
      async *all(query = '') {
        for await (const found of pages(api, path + query, view)) yield toDocument(found);
      },
      async one(id: string) {
        try {
          return toDocument(await api.get(`${path}/${id}`, view));
        } catch (error) {
          if (error instanceof ApiProblem && error.status === 404) return undefined;
          throw error;
        }
      },
    };
  }

  const readers = {
    accounts: reader('/v1/accounts', AccountView, accountDocument),
    plants: reader('/v1/plants', PlantView, plantDocument),
    modules: reader('/v1/modules', ModuleView, moduleDocument),
  };

  return {
    events(cursor, limit, waitSeconds) {
      const query = new URLSearchParams({ limit: String(limit), wait: String(waitSeconds) });
      if (cursor !== undefined) query.set('after', cursor);
      return api.get(`/v1/events?${query}`, EventPage);
    },
    all: (collection) => readers[collection].all(),
    one: (collection, id) => readers[collection].one(id),
    async modulesOf(plantId) {
      const found: StateDocument[] = [];
      for await (const module of readers.modules.all(`?plant=${plantId}`)) found.push(module);
      return found;
    },
  };
}

/** What belongs to one moment (quota, token times, ages) is left out: it would be out of date as soon as it is written. */
function accountDocument(view: AccountView): StateDocument {
  const { id, version, provider, owner, status, scopes, linkedAt } = view;
  const { state, cause, actor, since } = view.health;
  return { id, version, provider, owner, status, health: { state, cause, actor, since }, scopes, linkedAt };
}

function plantDocument({
  id,
  version,
  accountId,
  name,
  timeZone,
  ambients,
  modules,
}: PlantView): StateDocument {
  return { id, version, accountId, name, timeZone, ambients, moduleIds: modules.map((module) => module.id) };
}

/** Lists, since names of capabilities have dots, which databases take for a path. */
function moduleDocument({ readings, profiles, history: _, ...view }: ModuleView): StateDocument {
  return {
    ...view,
    profiles: Object.entries(profiles).map(([capability, profile]) => ({ capability, ...profile })),
    readings: readings.map(({ ageSeconds: _age, stale: _stale, ...reading }) => reading),
  };
}

/** The event as it is, but for what CloudEvents says of every event alike. */
export function eventDocument({ id, type, source, subject, time, data }: Event): Document {
  return { id, type, source, subject, time, data };
}

const Changed = z.looseObject({
  moduleId: z.string(),
  plantId: z.string(),
  accountId: z.string(),
  device: z.string(),
  changes: z.array(
    z.looseObject({
      capability: z.string(),
      value: z.unknown(),
      unit: z.string().nullable(),
      observedAt: z.string(),
    }),
  ),
});

/** The readings that an event tells. Named by the event: a device counts seconds, and may say two things within one. */
export function readingDocuments({ id: eventId, type, data }: Event): Document[] {
  const changed = type === 'latchkey.module.changed' ? Changed.safeParse(data).data : undefined;
  if (!changed) return [];
  const { accountId, plantId, moduleId, device } = changed;
  return changed.changes.map(({ capability, value, unit, observedAt }) => ({
    id: `${eventId}:${capability}`,
    accountId,
    plantId,
    moduleId,
    device,
    capability,
    value,
    unit,
    observedAt,
  }));
}
