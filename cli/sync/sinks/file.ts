/**
 * Newline-delimited JSON in a folder: one file a collection, and `progress.json`, which says how much of the files that
 * are only added to counts. Whatever the program is killed at, the folder opens, and has all that was kept.
 */
import { mkdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import {
  type Document,
  noteCollections,
  type RecordCollection,
  recordCollections,
  type StateDocument,
  stateCollections,
  type VersionedCollection,
} from '../document.ts';
import { type Progress, type Sink, SinkProblem } from '../sink.ts';
import { type FolderLock, lockFolder } from './folder-lock.ts';
import { linesOf, readDocument, writeDocument, writeDurably } from './lines.ts';
import { openRecordFile, type RecordFile } from './record-file.ts';

const Lengths = z.partialRecord(z.enum(recordCollections), z.int());
const Kept = z.looseObject({
  /** Of the files that records are added to, bytes; what is behind them was not kept. */
  lengths: Lengths,
  /** Of files that were written anew, beside the old ones: they count, and may have to be put in their place yet. */
  renewed: Lengths.optional(),
});
type Kept = z.infer<typeof Kept>;

/** @param folder – made where it is missing */
export function fileSink(folder: string): Sink {
  const at = (name: string) => join(folder, name);
  const progressPath = at('progress.json');
  const pathOf = (collection: RecordCollection | VersionedCollection) => at(`${collection}.ndjson`);
  const files = new Map<RecordCollection, RecordFile>();
  const states = new Map<VersionedCollection, Map<string, StateDocument>>();
  const changed = new Set<VersionedCollection>();

  let lock: FolderLock | undefined;

  async function readState(collection: VersionedCollection): Promise<Map<string, StateDocument>> {
    const documents = new Map<string, StateDocument>();
    for await (const document of listFile(collection))
      documents.set(document.id, { version: 0, ...document });
    return documents;
  }

  /** @param kept – bytes that count; behind them, half a line is no damage */
  async function* listFile(
    collection: RecordCollection | VersionedCollection,
    kept = Number.POSITIVE_INFINITY,
  ): AsyncGenerator<Document> {
    for await (const { bytes, start, number } of linesOf(pathOf(collection))) {
      const document = readDocument(bytes.toString('utf8'));
      if (document) yield document;
      else if (start < kept) yield { id: `line ${number} of ${collection}.ndjson` };
    }
  }

  async function readKept(): Promise<Kept | undefined> {
    const text = await readIfThere(progressPath);
    if (text === undefined) return undefined;
    try {
      return Kept.parse(JSON.parse(text));
    } catch (cause) {
      throw new SinkProblem('refused', `${progressPath} cannot be read: it is damaged`, { cause });
    }
  }

  const keep = (kept: object) => replace(progressPath, `${JSON.stringify(kept, undefined, 2)}\n`);

  /** Ends what a program that was killed had begun: see `renew`. */
  async function settle(): Promise<Kept['lengths']> {
    const kept = await readKept();
    for (const collection of recordCollections) {
      const isWhole = kept?.renewed?.[collection] !== undefined;
      if (isWhole) await renameIfThere(`${pathOf(collection)}.new`, pathOf(collection));
      else await rm(`${pathOf(collection)}.new`, { force: true });
    }
    if (!kept?.renewed) return kept?.lengths ?? {};
    const { renewed, ...others } = kept;
    const lengths = { ...kept.lengths, ...renewed };
    await keep({ ...others, lengths });
    return lengths;
  }

  /**
   * Writes a file anew, without some of its documents and with others. Killed before the progress names the new file, the
   * old one counts; after that, the new one, whether it is in its place already or is put there when the folder is opened.
   * The others come first: what is known by its id are the last lines.
   */
  async function renew(
    collection: RecordCollection,
    without: ReadonlySet<string>,
    added: readonly Document[],
  ): Promise<void> {
    await lock?.assertHeld();
    const path = pathOf(collection);
    const file = recordFile(collection);
    async function* content() {
      for (const document of added) yield writeDocument(document);
      for await (const { bytes } of linesOf(path)) {
        const line = bytes.toString('utf8');
        const document = readDocument(line);
        if (document && !without.has(document.id)) yield `${line}\n`;
      }
    }
    const length = await writeDurably(`${path}.new`, content());
    const kept = await readKept();
    if (kept) await keep({ ...kept, renewed: { [collection]: length } });
    await file.close();
    await rename(`${path}.new`, path);
    files.set(collection, await openRecordFile(path, length));
    if (kept) await keep({ ...kept, lengths: { ...kept.lengths, [collection]: length } });
  }

  async function replaceStates(collections: readonly VersionedCollection[]): Promise<void> {
    for (const collection of collections) {
      if (!changed.has(collection)) continue;
      const lines = [...stateOf(collection).values()].map(writeDocument);
      await replace(pathOf(collection), lines.join(''));
      changed.delete(collection);
    }
  }

  const stateOf = (collection: VersionedCollection) => {
    const documents = states.get(collection);
    if (!documents) throw new TypeError('the sink is not open');
    return documents;
  };

  const recordFile = (collection: RecordCollection) => {
    const file = files.get(collection);
    if (!file) throw new TypeError('the sink is not open');
    return file;
  };

  return {
    name: folder,

    open: () =>
      writing(folder, async () => {
        await mkdir(folder, { recursive: true });
        lock ??= await lockFolder(folder);
        const lengths = await settle();
        for (const collection of recordCollections)
          files.set(collection, await openRecordFile(pathOf(collection), lengths[collection] ?? 0));
        for (const collection of [...stateCollections, ...noteCollections])
          states.set(collection, await readState(collection));
      }),

    addRecords: (collection, records) => writing(folder, () => recordFile(collection).add(records)),

    async *listRecords(collection) {
      yield* listFile(collection, (await readKept())?.lengths[collection] ?? 0);
    },

    replaceRecords: (collection, records) =>
      writing(folder, async () => {
        const byId = new Map(records.map((record) => [record.id, record]));
        await renew(collection, new Set(byId.keys()), [...byId.values()]);
      }),

    removeRecords: (collection, ids) => writing(folder, () => renew(collection, new Set(ids), [])),

    async putState(collection, documents) {
      const known = stateOf(collection);
      for (const document of documents) {
        if ((known.get(document.id)?.version ?? 0) > document.version) continue;
        known.set(document.id, document);
        changed.add(collection);
      }
    },

    async removeState(collection, ids) {
      for (const id of ids) if (stateOf(collection).delete(id)) changed.add(collection);
    },

    async *listState(collection) {
      yield* (states.get(collection) ?? (await readState(collection))).values();
    },

    async readProgress() {
      const kept = await readKept();
      if (!kept) return undefined;
      const { lengths: _, renewed: __, ...progress } = kept;
      return progress as unknown as Progress;
    },

    keepState: () =>
      writing(folder, async () => {
        await lock?.assertHeld();
        await replaceStates(stateCollections);
      }),

    keepProgress: (progress) =>
      writing(folder, async () => {
        await lock?.assertHeld();
        for (const file of files.values()) await file.datasync();
        await replaceStates(stateCollections);
        const lengths = Object.fromEntries(
          [...files].map(([collection, file]) => [collection, file.length()]),
        );
        await keep({ ...progress, lengths });
        // What they stand for counts from now on: before, a power cut could have left a note of records that are not there.
        await replaceStates(noteCollections);
      }),

    async close() {
      for (const file of files.values()) await file.close();
      files.clear();
      await lock?.release();
      lock = undefined;
    },
  };
}

/** Either the old content or the new is there, whenever the power fails. */
async function replace(path: string, content: string): Promise<void> {
  await writeDurably(`${path}.new`, [content]);
  await rename(`${path}.new`, path);
}

async function renameIfThere(from: string, to: string): Promise<void> {
  if (await stat(from).catch(() => undefined)) await rename(from, to);
}

async function readIfThere(path: string): Promise<string | undefined> {
  if (!(await stat(path).catch(() => undefined))) return undefined;
  return await readFile(path, 'utf8');
}

/** A disk that is full, or a folder that may not be written to, is for somebody to put right. */
async function writing<T>(folder: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (!(cause instanceof Error) || !('code' in cause)) throw cause;
    throw new SinkProblem('refused', `${folder} cannot be written: ${cause.message}`, { cause });
  }
}
