import { READING_LIFE_DAYS } from '../domain/history.ts';
import { type CapabilityName, Reading } from '../domain/reading.ts';
import { toUtc } from '../domain/time.ts';
import { expression } from './expression.ts';
import { ItemKey, type Page, type PageWish, type Table } from './item.ts';
import { keys, prefixes, readingPartition } from './keys.ts';

export interface ReadingStore {
  /** The same reading twice is one; of two at the same time the one that was received later stays. */
  put(moduleId: string, capability: CapabilityName, reading: Reading): Promise<void>;
  /** Oldest first; `from` and `to` are inclusive, each with or without fractions of a second. */
  range(
    wish: PageWish & { moduleId: string; capability: CapabilityName; from?: string; to?: string },
  ): Promise<Page<Reading>>;
  deleteOf(moduleId: string): Promise<void>;
}

export function createReadingStore(table: Table): ReadingStore {
  return {
    async put(moduleId, capability, reading) {
      const observedAtMs = Date.parse(reading.observedAt);
      const expiresAtEpoch = Math.floor(observedAtMs / 1000) + READING_LIFE_DAYS * 86_400;
      await table.put(
        keys.reading(moduleId, capability, toUtc(observedAtMs)),
        { ...reading, expiresAtEpoch },
        expression`attribute_not_exists(#pk) OR #receivedAt <= ${reading.receivedAt}`,
      );
    },

    range: ({ moduleId, capability, from, to, ...page }) => {
      const prefix = `${prefixes.reading}${capability}#`;
      const first = prefix + (from === undefined ? '0' : toUtc(Date.parse(from)));
      const last = prefix + (to === undefined ? '9' : toUtc(Date.parse(to)));
      return table.query(
        {
          where: expression`#pk = ${readingPartition(moduleId)} AND #sk BETWEEN ${first} AND ${last}`,
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
