import type { CallPurpose, CallWindow } from '../domain/call-limits.ts';
import { emptyQuota, mostUsed, partOf, Quota, type QuotaRefusal, spend } from '../domain/quota.ts';
import { toUtc } from '../domain/time.ts';
import { attribute, type Expression, type ExpressionValue, expression } from './expression.ts';
import type { Table } from './item.ts';
import { keys } from './keys.ts';

export interface Spending {
  readonly accountId: string;
  readonly windows: readonly CallWindow[];
  readonly purpose: CallPurpose;
  /** Epoch ms. */
  readonly now: number;
}

export type QuotaNote = Pick<Quota, 'blockedUntil' | 'refused'>;

export interface QuotaStore {
  get(accountId: string): Promise<Quota | undefined>;
  /** Takes one call of every window, or none: of any number of callers at once, no more get one than there are. */
  spend(spending: Spending): Promise<{ spent: Quota } | { refused: QuotaRefusal }>;
  /** Changes what is noted beside the counts, however often somebody else comes first. */
  note(accountId: string, change: (quota: Quota) => QuotaNote): Promise<void>;
}

export function createQuotaStore(table: Table): QuotaStore {
  const write = (known: Quota | undefined, next: Quota) =>
    table.put(
      keys.quota(next.accountId),
      { ...next, ...expiryOf(next) },
      known ? expression`#version = ${known.version}` : expression`attribute_not_exists(#pk)`,
    );

  const store: QuotaStore = {
    get: (accountId) => table.get(keys.quota(accountId), Quota),

    async spend(spending) {
      const { accountId, windows, purpose, now } = spending;
      for (;;) {
        // While the parts of the windows last, a call costs one write and nothing is read.
        const counted = await table.update(
          keys.quota(accountId),
          oneMore(windows),
          Quota,
          isWithin(spending),
        );
        if (counted !== 'refused') return { spent: counted };
        const known = await store.get(accountId);
        const outcome = spend(known ?? emptyQuota(accountId), windows, purpose, now);
        if ('refused' in outcome) return outcome;
        if ((await write(known, outcome.spent)) === 'written') return outcome;
      }
    },

    async note(accountId, change) {
      for (;;) {
        const known = await store.get(accountId);
        const next = known ?? emptyQuota(accountId);
        const noted = { ...next, ...change(next), version: next.version + 1 };
        if ((await write(known, noted)) === 'written') return;
      }
    },
  };
  return store;
}

function oneMore(windows: readonly CallWindow[]): Expression {
  return windows
    .map(({ name }) => {
      const window = attribute(name);
      return expression`, #windows.${window}.#used = #windows.${window}.#used + ${1},
        #windows.${window}.#current = #windows.${window}.#current + ${1}`;
    })
    .reduce(joined, expression`SET #version = #version + ${1}`);
}

function isWithin({ windows, purpose, now }: Spending): Expression {
  return windows
    .map((window) => {
      const name = attribute(window.name);
      return expression` AND #windows.${name}.#part = ${partOf(window, now)}
        AND #windows.${name}.#used <= ${mostUsed(window, purpose)}`;
    })
    .reduce(
      joined,
      expression`attribute_exists(#pk) AND (attribute_not_exists(#blockedUntil) OR #blockedUntil <= ${toUtc(now)})`,
    );
}

/** Calls that are over when their account is forgotten leave such an item behind; nothing in it counts for so long. */
const KEPT_SECONDS = 30 * 86_400;

function expiryOf({ blockedUntil, countedAt }: Quota): { expiresAtEpoch?: number } {
  const latest = [blockedUntil, countedAt]
    .filter((time) => time !== undefined)
    .map((time) => Date.parse(time));
  return latest.length === 0 ? {} : { expiresAtEpoch: Math.ceil(Math.max(...latest) / 1000) + KEPT_SECONDS };
}

function joined(one: Expression, other: Expression): Expression {
  const joint = `${one.parts.at(-1) ?? ''}${other.parts[0] ?? ''}`;
  const inserted: ExpressionValue[] = [...one.inserted, ...other.inserted];
  return { parts: [...one.parts.slice(0, -1), joint, ...other.parts.slice(1)], inserted };
}
