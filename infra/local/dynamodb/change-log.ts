/**
 * The table's stream, kept in the same LevelDB as the table: one ordered keyspace of records, sequence numbers that
 * only ever grow, and what consumers remember beside it. Everything written survives a killed process (it is with the
 * operating system before anybody is answered), though not a power cut: there is no fsync.
 */
import type { Level, Operation, Write } from './dynalite-view.ts';
import { type StreamRecord, type StreamShape, toStreamRecord } from './stream-record.ts';

const RECORDS = 'stream-record~';
const HEAD = 'stream-head';
const MEMORY = 'stream-memory~';
/** Sorts behind every sequence number and every name of a memory. */
const END = '~';
/** As long as DynamoDB keeps its streams. */
const RETENTION_MS = 24 * 60 * 60 * 1000;
/** Below every sequence number: a consumer that has seen nothing. */
export const TRIM_HORIZON = '';

export type ChangeLog = Awaited<ReturnType<typeof openChangeLog>>;

interface Pending {
  readonly operations: readonly Operation[];
  done(): void;
  failed(error: unknown): void;
}

export interface ChangeLogOptions {
  readonly level: Level;
  readonly shape: StreamShape;
  readonly now: () => number;
}

export async function openChangeLog({ level, shape, now }: ChangeLogOptions) {
  let head = await readHead(level);
  let pending: Pending[] = [];
  let draining: Promise<void> | undefined;
  const listeners = new Set<() => void>();

  /** One batch at a time, so that a record is never visible before the one with the lower number. */
  async function drain(): Promise<void> {
    while (pending.length > 0) {
      const group = pending;
      pending = [];
      try {
        await level.batch(group.flatMap(({ operations }) => operations));
        for (const { done } of group) done();
        for (const wake of listeners) wake();
      } catch (error) {
        for (const { failed } of group) failed(error);
      }
    }
    draining = undefined;
  }

  function store(operations: readonly Operation[]): Promise<void> {
    return new Promise((done, failed) => {
      pending.push({ operations, done, failed });
      draining ??= drain();
    });
  }

  return {
    /** Stores a write together with its record; a write that changes nothing has none. */
    commit(write: Write, userIdentity?: StreamRecord['userIdentity']): Promise<void> {
      const sequenceNumber = toSequenceNumber(head + 1n);
      const record = toStreamRecord(write, { shape, sequenceNumber, atEpochMs: now(), userIdentity });
      if (!record) return store(write.operations);
      head += 1n;
      return store([
        ...write.operations,
        { type: 'put', key: RECORDS + sequenceNumber, value: record },
        { type: 'put', key: HEAD, value: sequenceNumber },
      ]);
    },

    /** Records after a sequence number, oldest first. */
    async read(after: string, limit: number): Promise<StreamRecord[]> {
      const records: StreamRecord[] = [];
      const range = { gt: RECORDS + after, lt: RECORDS + END, limit };
      for await (const [, record] of level.iterator(range)) records.push(record as StreamRecord);
      return records;
    },

    /** Calls back whenever something was stored; returns how to stop that. */
    onStored(wake: () => void): () => void {
      listeners.add(wake);
      return () => listeners.delete(wake);
    },

    head: () => (head === 0n ? TRIM_HORIZON : toSequenceNumber(head)),

    /** What a consumer wants to find again after a restart, by name. */
    remember: (values: Readonly<Record<string, unknown>>) =>
      store(Object.entries(values).map(([name, value]) => ({ type: 'put', key: MEMORY + name, value }))),

    async recall(prefix: string): Promise<Map<string, unknown>> {
      const found = new Map<string, unknown>();
      const range = { gte: MEMORY + prefix, lt: MEMORY + prefix + END };
      for await (const [key, value] of level.iterator(range)) found.set(key.slice(MEMORY.length), value);
      return found;
    },

    /** Forgets records older than a day, up to and with the one that every consumer has passed. */
    async trim(passed: string): Promise<void> {
      const operations: Operation[] = [];
      const range = { gte: RECORDS, lte: RECORDS + passed };
      for await (const [key, record] of level.iterator(range)) {
        const { ApproximateCreationDateTime: atEpochSeconds } = (record as StreamRecord).dynamodb;
        if (now() - atEpochSeconds * 1000 < RETENTION_MS) break;
        operations.push({ type: 'del', key });
      }
      await store(operations);
    },

    /** Waits until everything begun is stored. */
    settled: async () => draining,
  };
}

/** Of one length, so that their order as text is their order as numbers; as long as the real ones, too. */
function toSequenceNumber(count: bigint): string {
  return `1${count.toString().padStart(20, '0')}`;
}

async function readHead(level: Level): Promise<bigint> {
  for await (const [, sequenceNumber] of level.iterator({ gte: HEAD, lte: HEAD })) {
    return BigInt(String(sequenceNumber).slice(1));
  }
  return 0n;
}
