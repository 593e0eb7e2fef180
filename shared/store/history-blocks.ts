import { type BlockAddress, HistoryBlock, READING_LIFE_DAYS } from '../domain/history.ts';
import { toUtc } from '../domain/time.ts';
import { expression } from './expression.ts';
import type { Table } from './item.ts';
import { keys } from './keys.ts';

/** What was fetched of modules' past; it goes with their readings. */
export interface HistoryBlockStore {
  get(address: BlockAddress): Promise<HistoryBlock | undefined>;
  /** Unless somebody has put one meanwhile of which more is final. */
  put(block: HistoryBlock): Promise<void>;
}

export function createHistoryBlockStore(table: Table): HistoryBlockStore {
  const keyOf = ({ moduleId, capability, resolution, fromEpochMs }: BlockAddress) =>
    keys.historyBlock(moduleId, capability, resolution, toUtc(fromEpochMs));
  return {
    get: (address) => table.get(keyOf(address), HistoryBlock),

    async put(block) {
      const expiresAtEpoch = Math.floor(block.readAtEpochMs / 1000) + READING_LIFE_DAYS * 86_400;
      await table.put(
        keyOf(block),
        { ...block, expiresAtEpoch },
        expression`attribute_not_exists(#pk) OR #finalToEpochMs <= ${block.finalToEpochMs}`,
      );
    },
  };
}
