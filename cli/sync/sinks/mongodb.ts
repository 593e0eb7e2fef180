/** MongoDB, through its official driver: collections of the database that the URL names, and `progress`. */
import { type AnyBulkWriteOperation, type Db, MongoBulkWriteError, MongoClient, MongoError } from 'mongodb';
import type { Document, StateDocument } from '../document.ts';
import { batches, type Progress, type Sink, SinkProblem } from '../sink.ts';

const BATCH = 1_000;
const DUPLICATE_KEY = 11_000;
const PROGRESS_ID = 'sync';
const PATIENCE_MS = 10_000;

interface Stored {
  readonly _id: string;
  readonly version?: number;
  readonly [field: string]: unknown;
}

/** The database that a connection string names; the driver does not tell a name from none, which it takes for `test`. */
const DATABASE = /^mongodb(?:\+srv)?:\/\/[^/]+\/(?<name>[^/?]+)/;

/**
 * @param url – a MongoDB connection string with the name of a database, such as `mongodb://127.0.0.1/latchkey`
 * @throws {MongoError} – it is none
 */
export function mongodbSink(url: string): Sink {
  const client = new MongoClient(url, { serverSelectionTimeoutMS: PATIENCE_MS, ignoreUndefined: true });
  const name = DATABASE.test(url) ? client.options.dbName : 'latchkey';
  const database = (): Db => client.db(name);
  const of = (collection: string) => database().collection<Stored>(collection);

  async function reaching<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (cause) {
      if (!(cause instanceof MongoError)) throw cause;
      // The server's own errors have a number; what keeps us from reaching it has none.
      const kind =
        cause.code === undefined || cause.hasErrorLabel('RetryableWriteError') ? 'unavailable' : 'refused';
      throw new SinkProblem(kind, `MongoDB: ${cause.message}`, { cause });
    }
  }

  async function write(collection: string, operations: AnyBulkWriteOperation<Stored>[]): Promise<void> {
    try {
      await of(collection).bulkWrite(operations, {
        ordered: false,
        writeConcern: { w: 'majority', journal: true },
      });
    } catch (error) {
      // A record that is there already, or a document that is newer there.
      const errors = error instanceof MongoBulkWriteError ? [error.writeErrors].flat() : [];
      if (errors.length === 0 || errors.some(({ code }) => code !== DUPLICATE_KEY)) throw error;
    }
  }

  async function* list(collection: string): AsyncGenerator<Document> {
    const found = of(collection).find();
    try {
      for (;;) {
        const stored = await reaching(() => found.next());
        if (!stored) return;
        yield fromStored(stored);
      }
    } finally {
      await found.close();
    }
  }

  const remove = (collection: string, ids: readonly string[]) =>
    reaching(async () => {
      const options = { writeConcern: { w: 'majority', journal: true } } as const;
      await of(collection).deleteMany({ _id: { $in: [...ids] } }, options);
    });

  return {
    name: `MongoDB ${client.options.hosts.join(',')}/${name}`,

    open: () =>
      reaching(async () => {
        await client.connect();
        await database().command({ ping: 1 });
      }),

    addRecords: (collection, records) =>
      reaching(async () => {
        for (const batch of batches(records, BATCH))
          await write(
            collection,
            batch.map((record) => ({ insertOne: { document: toStored(record) } })),
          );
      }),

    listRecords: list,

    replaceRecords: (collection, records) =>
      reaching(async () => {
        for (const batch of batches(records, BATCH))
          await write(
            collection,
            batch.map((record) => ({
              replaceOne: { filter: { _id: record.id }, replacement: toStored(record), upsert: true },
            })),
          );
      }),

    removeRecords: remove,

    putState: (collection, documents) =>
      reaching(async () => {
        for (const batch of batches(documents, BATCH))
          await write(
            collection,
            batch.map((document) => ({
              replaceOne: {
                // Where a newer one is there, this finds nothing, and the insert meets its key.
                filter: { _id: document.id, version: { $lte: document.version } },
                replacement: toStored(document),
                upsert: true,
              },
            })),
          );
      }),

    removeState: remove,
    listState: (collection) => list(collection) as AsyncGenerator<StateDocument>,

    readProgress: () =>
      reaching(async () => {
        const stored = await of('progress').findOne({ _id: PROGRESS_ID });
        if (!stored) return undefined;
        const { id: _, ...progress } = fromStored(stored);
        return progress as unknown as Progress;
      }),

    // Whatever is written is durable at once.
    keepState: async () => undefined,

    keepProgress: (progress) =>
      reaching(async () => {
        const options = { upsert: true, writeConcern: { w: 'majority', journal: true } } as const;
        await of('progress').replaceOne({ _id: PROGRESS_ID }, { ...progress, _id: PROGRESS_ID }, options);
      }),

    close: () => client.close(),
  };
}

function toStored({ id, ...fields }: Document): Stored {
  return { ...fields, _id: id };
}

function fromStored({ _id, ...fields }: Stored): Document {
  return { id: _id, ...fields };
}
