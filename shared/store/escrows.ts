import * as z from 'zod';
import { UtcTime } from '../domain/time.ts';
import { expression } from './expression.ts';
import type { Table } from './item.ts';
import { accountPartition, keys } from './keys.ts';

/** No refresh token lives longer; until then an answer that could not be put in place may be the only live one. */
const ESCROW_LIFE_SECONDS = 365 * 86_400;
/** One that was put in place is kept a little longer, for an operator who wants to understand what happened. */
const SETTLED_LIFE_SECONDS = 7 * 86_400;

/** An answer of a token endpoint that no vault took, sealed. */
export const Escrow = z.object({
  accountId: z.string(),
  fromRefreshHash: z.string(),
  attempt: z.int(),
  sealed: z.string(),
  keptAt: UtcTime,
});
export type Escrow = z.infer<typeof Escrow>;

export interface EscrowStore {
  put(escrow: Escrow): Promise<void>;
  /** The escrows of answers that spent this refresh token, newest attempt last; of all, without a hash. */
  of(accountId: string, fromRefreshHash?: string): Promise<Escrow[]>;
  /** Lets an escrow go, a while after its answer has been put in place. */
  settle(escrow: Escrow, at: UtcTime): Promise<void>;
}

export function createEscrowStore(table: Table): EscrowStore {
  return {
    async put(escrow) {
      const { accountId, fromRefreshHash, attempt, keptAt } = escrow;
      const expiresAtEpoch = endOf(keptAt, ESCROW_LIFE_SECONDS);
      await table.put(keys.escrow(accountId, fromRefreshHash, attempt), { ...escrow, expiresAtEpoch });
    },

    async of(accountId, fromRefreshHash) {
      const page = await table.query(
        {
          where: expression`#pk = ${accountPartition(accountId)}
            AND begins_with(#sk, ${fromRefreshHash === undefined ? 'ESCROW#' : `ESCROW#${fromRefreshHash}#`})`,
          limit: 100,
        },
        Escrow,
      );
      return page.items.sort((a, b) => a.attempt - b.attempt);
    },

    async settle({ accountId, fromRefreshHash, attempt }, at) {
      await table.update(
        keys.escrow(accountId, fromRefreshHash, attempt),
        expression`SET #expiresAtEpoch = ${endOf(at, SETTLED_LIFE_SECONDS)}`,
        Escrow,
        expression`attribute_exists(#pk)`,
      );
    },
  };
}

function endOf(from: UtcTime, lifeSeconds: number): number {
  return Math.floor(Date.parse(from) / 1000) + lifeSeconds;
}
