/** What is copied, read over the API. */
import type * as z from 'zod';
import {
  accountDocument,
  moduleDocument,
  plantDocument,
  type StateDocument,
} from '../../shared/api/copy-documents.ts';
import { pages } from '../../shared/api/pages.ts';
import { AccountView, EventPage, ModuleView, PlantView } from '../../shared/api/views.ts';
import { type Api, ApiProblem } from '../api.ts';
import type { StateCollection } from './document.ts';

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
