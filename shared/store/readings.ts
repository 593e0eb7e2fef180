import { type CapabilityName, Reading } from '../domain/reading.ts';
import { expression } from './expression.ts';
import { ItemKey, type Page, type PageWish, type Table } from './item.ts';
import { keys, prefixes, readingPartition } from './keys.ts';

/** How long history is kept. */
const READING_LIFE_DAYS = 400;

export interface ReadingStore {
  /** The same reading twice is one. */
  put(moduleId: string, capability: CapabilityName, reading: Reading): Promise<void>;
  /** Oldest first; `from` and `to` are inclusive. */
  range(
    wish: PageWish & { moduleId: string; capability: CapabilityName; from?: string; to?: string },
  ): Promise<Page<Reading>>;
  deleteOf(moduleId: string): Promise<void>;
}

export function createReadingStore(table: Table): ReadingStore {
  return {
    async put(moduleId, capability, reading) {
      const expiresAtEpoch = Math.floor(Date.parse(reading.observedAt) / 1000) + READING_LIFE_DAYS * 86_400;
      await table.put(keys.reading(moduleId, capability, reading.observedAt), { ...reading, expiresAtEpoch });
    },

    range: ({ moduleId, capability, from = '0', to = '9', ...page }) => {
      const prefix = `${prefixes.reading}${capability}#`;
      return table.query(
        {
          where: expression`#pk = ${readingPartition(moduleId)} AND #sk BETWEEN ${prefix + from} AND ${prefix + to}`,
          ...page,
        },
        Reading,
      );
    },

    async deleteOf(moduleId) {
      const points = table.queryAll(expression`#pk = ${readingPartition(moduleId)}`, ItemKey);
      for await (const key of points) await table.delete(key);
    },
  };
}
