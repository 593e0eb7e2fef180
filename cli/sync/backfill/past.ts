/** The providers' past of what is linked, read over the API. */
import { pages } from '../../../shared/api/pages.ts';
import { AccountView, HistoryView, ModuleView } from '../../../shared/api/views.ts';
import { DAY_MS, type TimeSpan } from '../../../shared/domain/history.ts';
import { toUtc } from '../../../shared/domain/time.ts';
import { type Api, ApiProblem } from '../../api.ts';
import type { ReadPast, Series } from './series.ts';

export interface LinkedAccount {
  readonly accountId: string;
  readonly provider: AccountView['provider'];
  readonly linkedAt: string;
}

/** What an account may still call at its provider. */
export type QuotaLeft = AccountView['quota'];

export interface Past {
  accounts(): Promise<LinkedAccount[]>;
  /** Throws for an account that is gone. */
  quota(accountId: string): Promise<QuotaLeft>;
  /** All that the provider keeps a past of, in an order that stays. */
  series(account: LinkedAccount): Promise<Series[]>;
  /** When what Latchkey itself kept begins, epoch milliseconds; `undefined`: there is nothing. No provider is asked. */
  border(series: Series, now: number): Promise<number | undefined>;
  /**
   * The past of a time before the border; asks the provider, within the budget of its calls.
   * @param after – where the answer before this one said that it goes on
   * @throws {ApiProblem} – at once, whatever it is
   */
  read(series: Series, span: TimeSpan, after: string | undefined): Promise<ReadPast>;
}

/** Points of one answer. */
const PAGE = 1_000;
/** What was kept first may be so old because what was before it has gone; a series that reports seldom counts too. */
const ABOUT_TO_GO = 0.9;

export function createPast(api: Api): Past {
  const historyOf = ({ moduleId, capability }: Series, more: Readonly<Record<string, string>>) =>
    `/v1/modules/${moduleId}/history?${new URLSearchParams({ capability, resolution: 'raw', ...more })}`;

  return {
    async accounts() {
      const found: LinkedAccount[] = [];
      for await (const { id, provider, linkedAt } of pages(api, '/v1/accounts', AccountView))
        found.push({ accountId: id, provider, linkedAt });
      return found;
    },

    quota: async (accountId) => (await api.get(`/v1/accounts/${accountId}`, AccountView)).quota,

    async series({ accountId, linkedAt }) {
      const found: Series[] = [];
      for await (const module of pages(api, `/v1/modules?account=${accountId}`, ModuleView)) {
        const { id: moduleId, plantId, device } = module;
        for (const { capability, rawStepSeconds } of module.history)
          found.push({ accountId, linkedAt, plantId, moduleId, device, capability, rawStepSeconds });
      }
      return found.toSorted((a, b) => compare(a.moduleId, b.moduleId) || compare(a.capability, b.capability));
    },

    async border(series, now) {
      try {
        const { items, keptDays = 0 } = await api.get(historyOf(series, { limit: '1' }), HistoryView);
        const first = items[0] && Date.parse(items[0].time);
        // Readings go after a while. The feed still tells of those that went, since the account was linked.
        const hasGone = first !== undefined && first < now - ABOUT_TO_GO * keptDays * DAY_MS;
        return hasGone ? Math.min(first, Date.parse(series.linkedAt)) : first;
      } catch (error) {
        if (error instanceof ApiProblem && error.code === 'request_invalid') return undefined;
        throw error;
      }
    },

    async read(series, { fromEpochMs, toEpochMs }, after) {
      const question = {
        from: toUtc(fromEpochMs),
        to: toUtc(toEpochMs),
        limit: String(PAGE),
        ...(after !== undefined && { after }),
      };
      const { unit, items, next } = await api.get(historyOf(series, question), HistoryView, { tries: 1 });
      return { unit, points: items, askedToEpochMs: toEpochMs, next };
    },
  };
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
