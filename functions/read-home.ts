import { offeredHistory } from '../shared/actions/offered-history.ts';
import { readHistory } from '../shared/actions/read-history.ts';
import {
  listModules,
  listPlants,
  type ModuleOfAccount,
  showModule,
  showPlant,
} from '../shared/actions/read-home.ts';
import { seeing } from '../shared/actions/sight.ts';
import { Answered } from '../shared/api/answered.ts';
import { readCursor, writeCursor } from '../shared/api/cursor.ts';
import { presentHistory, presentModule, presentPlant } from '../shared/api/present.ts';
import { versionTag } from '../shared/api/version-tag.ts';
import { connectHome, type Home } from '../shared/runtime/dependencies.ts';
import { httpEntry } from '../shared/runtime/http-entry.ts';

function present({ providerOf, now }: Home, { module, account }: ModuleOfAccount) {
  const { history, polling } = providerOf(account.provider);
  return presentModule(module, polling.staleSeconds, history ? offeredHistory(history, module) : [], now());
}

export const handler = httpEntry('read-home', connectHome, {
  listPlants: async (deps, { query: { limit, after, ...breadth }, access }) => {
    const { items, next } = await listPlants(seeing(deps, access), breadth, {
      limit,
      after: readCursor(after),
    });
    return {
      items: items.map(({ plant, modules }) => presentPlant(plant, modules)),
      next: writeCursor(next),
    };
  },
  showPlant: async (deps, { params, access }) => {
    const { plant, modules } = await showPlant(seeing(deps, access), params.plantId);
    return presentPlant(plant, modules);
  },
  listModules: async (deps, { query: { limit, after, ...breadth }, access }) => {
    const { items, next } = await listModules(seeing(deps, access), breadth, {
      limit,
      after: readCursor(after),
    });
    return {
      items: items.map((found) => present(deps, found)),
      next: writeCursor(next),
    };
  },
  showModule: async (deps, { params, query, access }) => {
    const found = await showModule(seeing(deps, access), params.moduleId, query.maxAge);
    return new Answered(present(deps, found), { headers: { etag: versionTag(found.module.version) } });
  },
  readHistory: async (deps, { params, query: { limit, after, ...query }, access }) => {
    const wish = { ...params, ...query };
    const page = { limit, after: readCursor(after) };
    const past = await readHistory(seeing(deps, access), wish, page);
    return presentHistory(wish, past, writeCursor(past.next));
  },
});
