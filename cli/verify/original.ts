/** What a copy is compared with, read over the API: digests first, and of the rest only what is asked for. */
import * as z from 'zod';
import {
  accountDocument,
  moduleDocument,
  plantDocument,
  type StateDocument,
} from '../../shared/api/copy-documents.ts';
import { pages } from '../../shared/api/pages.ts';
import {
  AccountDigestView,
  AccountView,
  EventPage,
  FeedDigestView,
  ModuleView,
  PlantView,
} from '../../shared/api/views.ts';
import type { FedEvent } from '../../shared/domain/event.ts';
import { type Api, ApiProblem } from '../api.ts';
import type { StateCollection } from '../sync/document.ts';

const PAGE = 1_000;

const Ranges = z.object({ items: z.array(FeedDigestView) });

export type AccountState = Readonly<Record<StateCollection, readonly StateDocument[]>>;

export interface Original {
  /** The ranges that one consists of; without it, the highest ones of a shard up to a cursor. */
  ranges(
    until: string,
    shard: number,
    of?: Pick<FeedDigestView, 'level' | 'range'>,
  ): Promise<FeedDigestView[]>;
  /** The events from one cursor to another, as many as the token may see. */
  between(after: string, until: string): AsyncGenerator<readonly FedEvent[]>;
  /** Whether the feed tells anything of an account after a cursor. */
  hasNewsOf(accountId: string, cursor: string): Promise<boolean>;
  /** Events after a cursor, a thousand at most, and whether there are more. */
  newest(cursor: string): Promise<Pick<EventPage, 'events' | 'more'>>;
  accounts(): AsyncGenerator<AccountDigestView>;
  /** Nothing where there is no such account. */
  stateOf(accountId: string): Promise<AccountState>;
  /** Whether there is such a module that the token may not see. */
  isHidden(moduleId: string): Promise<boolean>;
}

export function createOriginal(api: Api): Original {
  const news = (after: string, more: Readonly<Record<string, string>>) =>
    api.get(`/v1/events?${new URLSearchParams({ after, limit: String(PAGE), ...more })}`, EventPage);

  return {
    async ranges(until, shard, of) {
      const query = new URLSearchParams({ until, shard: String(shard) });
      if (of) for (const field of ['level', 'range'] as const) query.set(field, String(of[field]));
      return (await api.get(`/v1/digests/feed?${query}`, Ranges)).items;
    },

    async *between(after, until) {
      for (let from = after; from !== until; ) {
        const { events, next } = await news(from, { until });
        yield events;
        if (events.length === 0 && next === from) return;
        from = next;
      }
    },

    async hasNewsOf(account, cursor) {
      // An answer may be empty since it took long to look for the account's events; then it goes on from there.
      for (let from = cursor; ; ) {
        const page = await known(() => news(from, { account, limit: '1' }));
        if (page === undefined || page.events.length > 0) return page !== undefined;
        if (page.next === from) return false;
        from = page.next;
      }
    },

    newest: (cursor) => news(cursor, {}),
    accounts: () => pages(api, '/v1/digests/accounts', AccountDigestView),

    async stateOf(accountId) {
      const id = encodeURIComponent(accountId);
      const account = await known(() => api.get(`/v1/accounts/${id}`, AccountView));
      if (!account) return { accounts: [], plants: [], modules: [] };
      const plants: StateDocument[] = [];
      for await (const plant of pages(api, `/v1/plants?account=${id}`, PlantView))
        plants.push(plantDocument(plant));
      const modules: StateDocument[] = [];
      for await (const module of pages(api, `/v1/modules?account=${id}`, ModuleView))
        modules.push(moduleDocument(module));
      return { accounts: [accountDocument(account)], plants, modules };
    },

    async isHidden(moduleId) {
      try {
        await known(() => api.get(`/v1/modules/${encodeURIComponent(moduleId)}`, ModuleView));
        return false;
      } catch (error) {
        if (error instanceof ApiProblem && error.status === 403) return true;
        throw error;
      }
    },
  };
}

/** `undefined` where there is no such thing, or what a copy has is no id of one. */
async function known<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof ApiProblem && (error.status === 404 || error.status === 400)) return undefined;
    throw error;
  }
}
