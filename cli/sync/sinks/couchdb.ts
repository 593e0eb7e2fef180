/** CouchDB, over its HTTP API: one database a collection, `<name>_events` and so on, and `<name>_progress`. */
import * as z from 'zod';
import { type Collection, collections, type Document, type StateDocument } from '../document.ts';
import { batches, type Progress, type Sink, SinkProblem } from '../sink.ts';

const BATCH = 1_000;
/** Another program that writes the same document in between; then it is looked at again. */
const TRIES = 5;
const TIMEOUT_MS = 60_000;
const PROGRESS_ID = 'sync';

const Written = z.array(
  z.looseObject({ id: z.string(), error: z.string().optional(), reason: z.string().optional() }),
);
const Stored = z.looseObject({ _id: z.string(), _rev: z.string() });
/** Rows of documents that were asked for by ids that there are not have none. */
const Rows = z.object({
  rows: z.array(z.looseObject({ id: z.string().optional(), doc: Stored.nullish() })),
});

/**
 * @param url – of the server and the name, such as `http://user:password@127.0.0.1:5984/latchkey`; a server behind a proxy
 * may be at a path of it
 */
export function couchdbSink(url: URL): Sink {
  const { server, name, headers } = readUrl(url);
  const databaseOf = (collection: Collection | 'progress') => `/${name}_${collection}`;

  async function call(
    method: string,
    path: string,
    body?: unknown,
  ): Promise<{ status: number; json: unknown }> {
    let response: Response;
    let text: string;
    try {
      response = await fetch(server + path, {
        method,
        headers: { ...headers, ...(body !== undefined && { 'content-type': 'application/json' }) },
        signal: AbortSignal.timeout(TIMEOUT_MS),
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
      text = await response.text();
    } catch (cause) {
      throw new SinkProblem('unavailable', `${server} gives no answer`, { cause });
    }
    const { status } = response;
    if (status === 429 || (status >= 500 && status !== 507))
      throw new SinkProblem('unavailable', `${server} answers ${status}`);
    if ([401, 403, 507].includes(status)) throw refused(path, status, text);
    return { status, json: parse(text) };
  }

  async function writeAll(collection: Collection | 'progress', docs: readonly object[]) {
    const path = `${databaseOf(collection)}/_bulk_docs`;
    const { status, json } = await call('POST', path, { docs });
    const written = Written.safeParse(json);
    if (!written.success) throw refused(path, status, JSON.stringify(json));
    const failed = written.data.filter(({ error }) => error !== undefined);
    const other = failed.find(({ error }) => error !== 'conflict');
    if (other) throw refused(path, status, `${other.id}: ${other.reason ?? other.error}`);
    return new Set(failed.map(({ id }) => id));
  }

  async function stored(collection: Collection | 'progress', ids: readonly string[]) {
    const path = `${databaseOf(collection)}/_all_docs?include_docs=true`;
    const { status, json } = await call('POST', path, { keys: ids });
    if (status === 404) return new Map<string, z.infer<typeof Stored>>();
    const found = Rows.safeParse(json);
    if (!found.success) throw refused(path, status, JSON.stringify(json));
    const docs = found.data.rows.flatMap(({ doc }) => doc ?? []);
    return new Map(docs.map((doc) => [doc._id, doc]));
  }

  /** Looks what is there, and writes what `decide` makes of it, until nobody else came in between. */
  async function revise(
    collection: Collection | 'progress',
    ids: readonly string[],
    decide: (id: string, known: z.infer<typeof Stored> | undefined) => object | undefined,
  ): Promise<void> {
    let left = ids;
    for (let tries = 1; left.length > 0; tries++) {
      const known = await stored(collection, left);
      const docs = left.flatMap((id) => decide(id, known.get(id)) ?? []);
      const conflicts = docs.length === 0 ? new Set<string>() : await writeAll(collection, docs);
      left = left.filter((id) => conflicts.has(id));
      if (tries === TRIES && left.length > 0)
        throw new SinkProblem(
          'unavailable',
          `${server}${databaseOf(collection)} is written by somebody else`,
        );
    }
  }

  async function* list(collection: Collection): AsyncGenerator<Document> {
    for (let after: string | undefined; ; ) {
      const start = after === undefined ? '' : `&startkey=${encodeURIComponent(JSON.stringify(after))}`;
      const path = `${databaseOf(collection)}/_all_docs?include_docs=true&limit=${BATCH}${start}`;
      const { status, json } = await call('GET', path);
      if (status === 404) return;
      const found = Rows.safeParse(json);
      if (!found.success) throw refused(path, status, JSON.stringify(json));
      // The page begins with the document that the one before ended with, unless that was removed in between.
      for (const { id, doc } of found.data.rows) if (doc && isOurs(doc) && id !== after) yield fromDoc(doc);
      if (found.data.rows.length < BATCH) return;
      after = found.data.rows.at(-1)?.id;
    }
  }

  async function remove(collection: Collection, ids: readonly string[]): Promise<void> {
    for (const batch of batches(ids, BATCH))
      await revise(
        collection,
        batch,
        (_, known) => known && { _id: known._id, _rev: known._rev, _deleted: true },
      );
  }

  return {
    name: `${server}/${name}`,

    async open() {
      for (const collection of [...collections, 'progress'] as const) {
        const path = databaseOf(collection);
        const { status, json } = await call('PUT', path);
        // 412: it is there already.
        if (![201, 202, 412].includes(status)) throw refused(path, status, JSON.stringify(json));
      }
    },

    async addRecords(collection, records) {
      // What is there already is refused as a conflict, and is the same: records never change.
      for (const batch of batches(records, BATCH)) await writeAll(collection, batch.map(toDoc));
    },

    listRecords: list,

    async replaceRecords(collection, records) {
      for (const batch of batches(records, BATCH)) {
        const byId = new Map(batch.map((record) => [record.id, record]));
        await revise(collection, [...byId.keys()], (id, known) => {
          const record = byId.get(id);
          return record && { ...toDoc(record), ...(known && { _rev: known._rev }) };
        });
      }
    },

    removeRecords: remove,

    async putState(collection, documents) {
      for (const batch of batches(documents, BATCH)) {
        const byId = new Map(batch.map((document) => [document.id, document]));
        await revise(collection, [...byId.keys()], (id, known) => {
          const document = byId.get(id);
          if (!document || Number(known?.version ?? 0) > document.version) return undefined;
          return { ...toDoc(document), ...(known && { _rev: known._rev }) };
        });
      }
    },

    removeState: remove,
    listState: (collection) => list(collection) as AsyncGenerator<StateDocument>,

    async readProgress() {
      const doc = (await stored('progress', [PROGRESS_ID])).get(PROGRESS_ID);
      if (!doc) return undefined;
      const { id: _, ...progress } = fromDoc(doc);
      return progress as unknown as Progress;
    },

    // Whatever is written is durable at once.
    keepState: async () => undefined,

    keepProgress: (progress) =>
      revise('progress', [PROGRESS_ID], (_id, known) => ({
        ...progress,
        _id: PROGRESS_ID,
        ...(known && { _rev: known._rev }),
      })),

    close: async () => undefined,
  };

  function refused(path: string, status: number, words: string): SinkProblem {
    return new SinkProblem('refused', `${server}${path} answers ${status}: ${words.slice(0, 300)}`);
  }
}

/** Views and rules that somebody keeps in the database are not. */
function isOurs({ _id }: z.infer<typeof Stored>): boolean {
  return !_id.startsWith('_');
}

function toDoc({ id, ...fields }: Document): object {
  return { ...fields, _id: id };
}

function fromDoc({ _id, _rev, ...fields }: z.infer<typeof Stored>): Document {
  return { id: _id, ...fields };
}

function readUrl(url: URL): { server: string; name: string; headers: Record<string, string> } {
  const { username, password, origin, pathname } = url;
  const segments = pathname.split('/').filter((segment) => segment !== '');
  const name = segments.pop() ?? 'latchkey';
  const credentials = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  const authorization = `Basic ${Buffer.from(credentials).toString('base64')}`;
  return {
    server: [origin, ...segments].join('/'),
    name,
    headers: { accept: 'application/json', ...(username !== '' && { authorization }) },
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
