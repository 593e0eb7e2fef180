import type { CallPurpose, CallWindow } from '../domain/call-limits.ts';
import {
  emptyQuota,
  mostUsed,
  partOf,
  Quota,
  type QuotaHolder,
  type QuotaRefusal,
  spend,
} from '../domain/quota.ts';
import { toUtc } from '../domain/time.ts';
import { attribute, type Expression, type ExpressionValue, expression } from './expression.ts';
import type { Table } from './item.ts';
import { type Key, keys } from './keys.ts';

export interface Spending {
  readonly holder: QuotaHolder;
  readonly windows: readonly CallWindow[];
  readonly purpose: CallPurpose;
  /** Epoch ms. */
  readonly now: number;
}

export type QuotaNote = Partial<Pick<Quota, 'blockedUntil' | 'refused' | 'linked'>>;

export interface QuotaStore {
  get(holder: QuotaHolder): Promise<Quota | undefined>;
  /**
   * Takes one call of every window, or none: of any number of callers at once, no more get one than there are. It is
   * tried again for as long as others come first, which is bounded: each of those has taken a call.
   */
  spend(spending: Spending): Promise<{ spent: Quota } | { refused: QuotaRefusal }>;
  /**
   * Gives a call back that was not made, unless somebody has come since: one too many counted does no harm, one too few
   * would, and what has not changed cannot be given back twice.
   */
  giveBack(spending: Pick<Spending, 'holder' | 'windows'>, spent: Quota): Promise<void>;
  /** Changes what is noted beside the counts, however often somebody else comes first. */
  note(holder: QuotaHolder, change: (quota: Quota) => QuotaNote): Promise<void>;
}

export function createQuotaStore(table: Table): QuotaStore {
  const write = (holder: QuotaHolder, known: Quota | undefined, next: Quota) =>
    table.put(
      keyOf(holder),
      { ...next, ...expiryOf(next) },
      known ? expression`#version = ${known.version}` : expression`attribute_not_exists(#pk)`,
    );

  const store: QuotaStore = {
    get: (holder) => table.get(keyOf(holder), Quota),

    async spend(spending) {
      const { holder, windows, purpose, now } = spending;
      for (;;) {
        // While the parts of the windows last, a call costs one write and nothing is read.
        const counted = await table.update(keyOf(holder), counting(windows, 1), Quota, isWithin(spending));
        if (counted !== 'refused') return { spent: counted };
        const known = await store.get(holder);
        const outcome = spend(known ?? emptyQuota, windows, purpose, now);
        if ('refused' in outcome) return outcome;
        if ((await write(holder, known, outcome.spent)) === 'written') return outcome;
      }
    },

    async giveBack({ holder, windows }, { version }) {
      await table.update(keyOf(holder), counting(windows, -1), Quota, expression`#version = ${version}`);
    },

    async note(holder, change) {
      for (;;) {
        const known = await store.get(holder);
        const next = known ?? emptyQuota;
        const noted = { ...next, ...change(next), version: next.version + 1 };
        if ((await write(holder, known, noted)) === 'written') return;
      }
    },
  };
  return store;
}

function keyOf(holder: QuotaHolder): Key {
  return 'accountId' in holder ? keys.quota(holder.accountId) : keys.applicationQuota(holder.application);
}

function counting(windows: readonly CallWindow[], calls: number): Expression {
  return windows
    .map(({ name }) => {
      const window = attribute(name);
      return expression`, #windows.${window}.#used = #windows.${window}.#used + ${calls},
        #windows.${window}.#current = #windows.${window}.#current + ${calls}`;
    })
    .reduce(joined, expression`SET #version = #version + ${1}`);
}

/** Whoever has a clock that is behind goes on in the part that others have begun. */
function isWithin({ windows, purpose, now }: Spending): Expression {
  return windows
    .map((window) => {
      const name = attribute(window.name);
      return expression` AND #windows.${name}.#part >= ${partOf(window, now)}
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
