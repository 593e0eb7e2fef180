import { KeptReading, type LateReading } from '../domain/late-reading.ts';
import { type CapabilityName, Reading } from '../domain/reading.ts';
import { expiryOf, type Retention } from '../domain/retention.ts';
import { toUtc, type UtcTime } from '../domain/time.ts';
import { type Expression, expression } from './expression.ts';
import { ItemKey, type Page, type PageWish, type Table } from './item.ts';
import { keys, prefixes, readingPartition } from './keys.ts';

export interface ReadingStore {
  /** The same reading twice is one; of two at the same time the one that was received later stays. */
  put(moduleId: string, capability: CapabilityName, reading: Reading): Promise<void>;
  /**
   * The same, with a mark that lets the stream tell of it; not where the history says so already. Said again, it must not
   * come before another word that its module has told and the history does not have yet.
   */
  putLate(reading: LateReading): Promise<void>;
  get(moduleId: string, capability: CapabilityName, observedAt: UtcTime): Promise<KeptReading | undefined>;
  /** What the history says of a time: the last reading up to then. */
  lastUpTo(moduleId: string, capability: CapabilityName, at: UtcTime): Promise<Reading | undefined>;
  /** Oldest first; `from` and `to` are inclusive, each with or without fractions of a second. */
  range(
    wish: PageWish & { moduleId: string; capability: CapabilityName; from?: string; to?: string },
  ): Promise<Page<Reading>>;
  /** Readings, and all that was made or fetched of a module's past. */
  deleteOf(moduleId: string): Promise<void>;
}

export function createReadingStore(table: Table, { raw }: Pick<Retention, 'raw'>): ReadingStore {
  async function keep(
    moduleId: string,
    capability: CapabilityName,
    reading: Reading,
    condition: Expression,
  ): Promise<void> {
    const observedAtMs = Date.parse(reading.observedAt);
    const key = keys.reading(moduleId, capability, toUtc(observedAtMs));
    await table.put(key, { ...reading, expiresAtEpoch: expiryOf(observedAtMs, raw) }, condition);
  }

  return {
    put: (moduleId, capability, reading) =>
      keep(
        moduleId,
        capability,
        reading,
        expression`attribute_not_exists(#pk) OR #receivedAt <= ${reading.receivedAt}`,
      ),

    putLate: (reading) =>
      keep(
        reading.moduleId,
        reading.capability,
        reading,
        expression`attribute_not_exists(#pk) OR (#receivedAt <= ${reading.receivedAt} AND (#value <> ${reading.value} OR #unit <> ${reading.unit}))`,
      ),

    get: (moduleId, capability, observedAt) =>
      table.get(keys.reading(moduleId, capability, observedAt), KeptReading),

    async lastUpTo(moduleId, capability, at) {
      const { pk, sk: last } = keys.reading(moduleId, capability, toUtc(Date.parse(at)));
      const first = `${prefixes.reading}${capability}#0`;
      const where = expression`#pk = ${pk} AND #sk BETWEEN ${first} AND ${last}`;
      const { items } = await table.query({ where, descending: true, limit: 1 }, Reading);
      return items[0];
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
