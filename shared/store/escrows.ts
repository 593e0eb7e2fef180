import * as z from 'zod';
import { UtcTime } from '../domain/time.ts';
import { expression } from './expression.ts';
import type { Table } from './item.ts';
import { accountPartition, keys } from './keys.ts';

/** Long enough for an operator to come back from a holiday weekend; rolled-forward ones are of no more use. */
const ESCROW_LIFE_SECONDS = 7 * 86_400;

/** An answer of a token endpoint that the vault refused to take, sealed. */
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
  /** The escrows of answers that spent this refresh token, newest attempt last. */
  of(accountId: string, fromRefreshHash: string): Promise<Escrow[]>;
}

export function createEscrowStore(table: Table): EscrowStore {
  return {
    async put(escrow) {
      const { accountId, fromRefreshHash, attempt, keptAt } = escrow;
      const expiresAtEpoch = Math.floor(Date.parse(keptAt) / 1000) + ESCROW_LIFE_SECONDS;
      await table.put(keys.escrow(accountId, fromRefreshHash, attempt), { ...escrow, expiresAtEpoch });
    },

    async of(accountId, fromRefreshHash) {
      const page = await table.query(
        {
          where: expression`#pk = ${accountPartition(accountId)}
            AND begins_with(#sk, ${`ESCROW#${fromRefreshHash}#`})`,
          limit: 100,
        },
        Escrow,
      );
      return page.items.sort((a, b) => a.attempt - b.attempt);
    },
  };
}
