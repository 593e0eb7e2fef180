/** A file that records are only added to, one a line, each once: its last ones are known by their ids. */
import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import type { Document } from '../document.ts';
import { readDocument, writeDocument, writeWhole } from './lines.ts';

/** How many of the last records are known by their ids: the feed tells an event again soon, or not at all. */
const REMEMBERED = 20_000;
/** Read from the end of a file to know them again, bytes. */
const TAIL_BYTES = 16 * 1024 * 1024;

export interface RecordFile {
  /** Bytes, all of them of whole records. */
  length(): number;
  /** Leaves out what is known already. */
  add(records: readonly Document[]): Promise<void>;
  /** Once it resolves, what was added survives a power cut. */
  datasync(): Promise<void>;
  close(): Promise<void>;
}

/** @param kept – bytes that count: what is behind them is cut off */
export async function openRecordFile(path: string, kept: number): Promise<RecordFile> {
  const handle = await open(path, constants.O_RDWR | constants.O_CREAT);
  /** By where they are from, so that a long past does not drive out what the feed told last. */
  const known = new Map<unknown, Set<string>>();

  const whole = Math.min(kept, (await handle.stat()).size);
  const start = Math.max(0, whole - TAIL_BYTES);
  const tail = Buffer.alloc(whole - start);
  await handle.read(tail, 0, tail.length, start);
  // Behind what was kept there may be a part of what was being written when the program was stopped; and a file that
  // somebody has edited may end within a line there.
  let length = start + tail.lastIndexOf('\n') + 1;
  await handle.truncate(length);
  const lines = tail
    .subarray(0, length - start)
    .toString('utf8')
    .split('\n')
    .slice(start === 0 ? 0 : 1);
  for (const line of lines) {
    const document = readDocument(line);
    if (document) isNew(document);
  }

  /** Whether it is none of the last ones from there; from now on it is. */
  function isNew({ id, origin }: Document): boolean {
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

  return {
    length: () => length,

    async add(records) {
      const bytes = Buffer.from(records.filter(isNew).map(writeDocument).join(''));
      await writeWhole(handle, bytes, length);
      length += bytes.length;
    },

    datasync: () => handle.datasync(),
    close: () => handle.close(),
  };
}
