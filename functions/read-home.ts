import { offeredHistory } from '../shared/actions/offered-history.ts';
import { readHistory } from '../shared/actions/read-history.ts';
import { listModules, listPlants, showModule, showPlant } from '../shared/actions/read-home.ts';
import { seeing } from '../shared/actions/sight.ts';
import { Answered } from '../shared/api/answered.ts';
import { readCursor, writeCursor } from '../shared/api/cursor.ts';
import { presentHistory, presentModule, presentPlant } from '../shared/api/present.ts';
import { versionTag } from '../shared/api/version-tag.ts';
import { connectHome, type Home } from '../shared/runtime/dependencies.ts';
import { httpEntry } from '../shared/runtime/http-entry.ts';

async function present(deps: Home, module: Awaited<ReturnType<typeof showModule>>) {
  const account = await deps.store.accounts.get(module.accountId);
  const provider = account && deps.providerOf(account.provider);
  const history = provider?.history ? offeredHistory(provider.history, module) : [];
  return presentModule(module, provider?.polling.staleSeconds ?? 0, history, deps.now());
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
      items: await Promise.all(items.map((module) => present(deps, module))),
      next: writeCursor(next),
    };
  },
  showModule: async (deps, { params, query, access }) => {
    const module = await showModule(seeing(deps, access), params.moduleId, query.maxAge);
    return new Answered(await present(deps, module), { headers: { etag: versionTag(module.version) } });
  },
  readHistory: async (deps, { params, query: { limit, after, ...query }, access }) => {
    const wish = { ...params, ...query };
    const page = { limit, after: readCursor(after) };
    const past = await readHistory(seeing(deps, access), wish, page);
    return presentHistory(wish, past, writeCursor(past.next));
  },
});
