import { RotationRecord } from '../domain/rotation-record.ts';
import { expression } from './expression.ts';
import type { Table } from './item.ts';
import { accountPartition, keys, prefixes, REMEMBERED_ATTEMPTS } from './keys.ts';

/** As long as history is kept; longer than fifty attempts of an idle account matter to anybody. */
const RECORD_LIFE_SECONDS = 400 * 86_400;

export interface RotationRecordStore {
  /** Puts the attempt into its slot; the same again changes nothing. */
  put(accountId: string, record: RotationRecord): Promise<void>;
  /** The last attempts, newest first. */
  of(accountId: string): Promise<RotationRecord[]>;
}

export function createRotationRecordStore(table: Table): RotationRecordStore {
  return {
    async put(accountId, record) {
      await table.put(
        keys.rotationRecord(accountId, record.attempt),
        { ...record, expiresAtEpoch: Math.floor(Date.parse(record.at) / 1000) + RECORD_LIFE_SECONDS },
        // A batch of the stream that comes again late must not put an old attempt over a newer one.
        expression`attribute_not_exists(#attempt) OR #attempt <= ${record.attempt}`,
      );
    },

    async of(accountId) {
      const where = expression`#pk = ${accountPartition(accountId)}
        AND begins_with(#sk, ${prefixes.rotationRecord})`;
      const { items } = await table.query({ where, limit: REMEMBERED_ATTEMPTS }, RotationRecord);
      return items.sort((a, b) => b.attempt - a.attempt);
    },
  };
}
