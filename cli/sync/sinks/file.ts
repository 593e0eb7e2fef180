/** Newline-delimited JSON in a folder: one file a collection, and `progress.json`. */
import { constants } from 'node:fs';
import { type FileHandle, mkdir, open, readFile, rename, stat } from 'node:fs/promises';
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

/** How many of the last records of a file are known by their id: the feed tells an event again soon, or not at all. */
const REMEMBERED = 20_000;
/** Read from the end of a file to know them again, bytes. */
const TAIL_BYTES = 16 * 1024 * 1024;

const Kept = z.looseObject({ lengths: z.partialRecord(z.enum(recordCollections), z.int()) });
const Line = z.looseObject({ id: z.string(), origin: z.string().optional() });
const StateLine = z.looseObject({ id: z.string(), version: z.int() });

interface RecordFile {
  readonly handle: FileHandle;
  length: number;
  /** By where they are from, so that a long past does not drive out what the feed told last. */
  readonly known: Map<unknown, Set<string>>;
}

/** @param folder – made where it is missing */
export function fileSink(folder: string): Sink {
  const at = (name: string) => join(folder, name);
  const progressPath = at('progress.json');
  const files = new Map<RecordCollection, RecordFile>();
  const states = new Map<VersionedCollection, Map<string, StateDocument>>();
  const changed = new Set<VersionedCollection>();

  async function openRecords(collection: RecordCollection, length: number): Promise<RecordFile> {
    const handle = await open(at(`${collection}.ndjson`), constants.O_RDWR | constants.O_CREAT);
    // Behind what was kept there may be a part of what was being written when the program was stopped.
    await handle.truncate(length);
    const start = Math.max(0, length - TAIL_BYTES);
    const tail = Buffer.alloc(length - start);
    await handle.read(tail, 0, tail.length, start);
    const lines = tail
      .toString('utf8')
      .split('\n')
      .slice(start === 0 ? 0 : 1);
    const file = { handle, length, known: new Map() };
    for (const line of lines) if (line !== '') remember(file, Line.parse(JSON.parse(line)));
    return file;
  }

  async function readState(collection: VersionedCollection): Promise<Map<string, StateDocument>> {
    const text = await readIfThere(at(`${collection}.ndjson`));
    const lines = (text ?? '').split('\n').filter((line) => line !== '');
    return new Map(lines.map((line) => StateLine.parse(JSON.parse(line))).map((each) => [each.id, each]));
  }

  async function replaceStates(collections: readonly VersionedCollection[]): Promise<void> {
    for (const collection of collections) {
      if (!changed.has(collection)) continue;
      const lines = [...stateOf(collection).values()].map((document) => `${JSON.stringify(document)}\n`);
      await replace(at(`${collection}.ndjson`), lines.join(''));
      changed.delete(collection);
    }
  }

  const stateOf = (collection: VersionedCollection) => {
    const documents = states.get(collection);
    if (!documents) throw new TypeError('the sink is not open');
    return documents;
  };

  return {
    name: folder,

    open: () =>
      writing(folder, async () => {
        await mkdir(folder, { recursive: true });
        const kept = await readIfThere(progressPath);
        const { lengths } = kept === undefined ? { lengths: {} } : Kept.parse(JSON.parse(kept));
        for (const collection of recordCollections)
          files.set(collection, await openRecords(collection, lengths[collection] ?? 0));
        for (const collection of [...stateCollections, ...noteCollections])
          states.set(collection, await readState(collection));
      }),

    addRecords: (collection, records) =>
      writing(folder, async () => {
        const file = files.get(collection);
        if (!file) throw new TypeError('the sink is not open');
        const fresh = records.filter((record) => remember(file, record));
        const bytes = Buffer.from(fresh.map((record) => `${JSON.stringify(record)}\n`).join(''));
        await file.handle.write(bytes, 0, bytes.length, file.length);
        file.length += bytes.length;
      }),

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
      const kept = await readIfThere(progressPath);
      if (kept === undefined) return undefined;
      const { lengths: _, ...progress } = JSON.parse(kept);
      return progress as Progress;
    },

    keepProgress: (progress) =>
      writing(folder, async () => {
        for (const { handle } of files.values()) await handle.datasync();
        await replaceStates(stateCollections);
        const lengths = Object.fromEntries(
          [...files].map(([collection, { length }]) => [collection, length]),
        );
        await replace(progressPath, `${JSON.stringify({ ...progress, lengths }, undefined, 2)}\n`);
        // What they stand for counts from now on: before, a power cut could have left a note of records that are not there.
        await replaceStates(noteCollections);
      }),

    async close() {
      for (const { handle } of files.values()) await handle.close();
      files.clear();
    },
  };
}

/** Whether it is none of the last ones from there. */
function remember({ known }: RecordFile, { id, origin }: Document): boolean {
  const ids = known.get(origin) ?? new Set<string>();
  known.set(origin, ids);
  if (ids.has(id)) return false;
  ids.add(id);
  for (const oldest of ids) {
    if (ids.size <= REMEMBERED) break;
    ids.delete(oldest);
  }
  return true;
}

/** Either the old content or the new is there, whenever the power fails. */
async function replace(path: string, content: string): Promise<void> {
  const handle = await open(`${path}.new`, 'w');
  try {
    await handle.writeFile(content);
    await handle.datasync();
  } finally {
    await handle.close();
  }
  await rename(`${path}.new`, path);
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
