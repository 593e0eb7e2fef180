import { type BlockAddress, HistoryBlock } from '../domain/history.ts';
import { expiryOf, type Retention } from '../domain/retention.ts';
import { toUtc } from '../domain/time.ts';
import { expression } from './expression.ts';
import type { Table } from './item.ts';
import { keys } from './keys.ts';

/** What was fetched of modules' past; it goes with their readings, and as long after it was fetched as they are kept. */
export interface HistoryBlockStore {
  /** The last that begins at `fromEpochMs` or later, and no later than a time, epoch milliseconds. */
  lastBefore(address: BlockAddress, atEpochMs: number): Promise<HistoryBlock | undefined>;
  /** Unless somebody has put one meanwhile of which more is final. */
  put(block: HistoryBlock): Promise<void>;
}

export function createHistoryBlockStore(table: Table, { raw }: Pick<Retention, 'raw'>): HistoryBlockStore {
  const keyOf = ({ moduleId, capability, resolution, fromEpochMs }: BlockAddress) =>
    keys.historyBlock(moduleId, capability, resolution, toUtc(fromEpochMs));
  return {
    async lastBefore(address, atEpochMs) {
      const { pk, sk: first } = keyOf(address);
      const { sk: last } = keyOf({ ...address, fromEpochMs: atEpochMs });
      const where = expression`#pk = ${pk} AND #sk BETWEEN ${first} AND ${last}`;
      const { items } = await table.query({ where, descending: true, limit: 1 }, HistoryBlock);
      return items[0];
    },

    async put(block) {
      await table.put(
        keyOf(block),
        { ...block, expiresAtEpoch: expiryOf(block.readAtEpochMs, raw) },
        expression`attribute_not_exists(#pk) OR #finalToEpochMs <= ${block.finalToEpochMs}`,
      );
    },
  };
}
