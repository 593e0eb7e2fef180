/** Newline-delimited JSON as it is found in a file, also where somebody or something has damaged it. */
import { createReadStream } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import * as z from 'zod';
import type { Document } from '../document.ts';

const CHUNK_BYTES = 256 * 1024;
const NEWLINE = 0x0a;

const DocumentLine = z.looseObject({ id: z.string() });

export interface Line {
  /** Without the newline. */
  readonly bytes: Buffer;
  /** Where it begins in the file, bytes. */
  readonly start: number;
  /** The first is 1. */
  readonly number: number;
}

/** The lines of a file; none where there is no file. What is behind the last newline is being written, and is left out. */
export async function* linesOf(path: string): AsyncGenerator<Line> {
  let [rest, start, number] = [Buffer.alloc(0), 0, 0];
  try {
    for await (const chunk of createReadStream(path, { highWaterMark: CHUNK_BYTES })) {
      const content = Buffer.concat([rest, chunk as Buffer]);
      let from = 0;
      for (let to = content.indexOf(NEWLINE); to !== -1; to = content.indexOf(NEWLINE, from)) {
        yield { bytes: content.subarray(from, to), start: start + from, number: ++number };
        from = to + 1;
      }
      rest = content.subarray(from);
      start += from;
    }
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
  }
}

/** `undefined`: the line holds no document. */
export function readDocument(line: string): Document | undefined {
  try {
    return DocumentLine.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined;
  }
}

export function writeDocument(document: Document): string {
  return `${JSON.stringify(document)}\n`;
}

/** All of it, or an error: the last write that fits on a disk is a short one, and only the next says that it is full. */
export async function writeWhole(handle: FileHandle, bytes: Buffer, position: number): Promise<void> {
  for (let written = 0; written < bytes.length; ) {
    const { bytesWritten } = await handle.write(bytes, written, bytes.length - written, position + written);
    written += bytesWritten;
  }
}

/** Writes a file whose content survives a power cut; its length, bytes. */
export async function writeDurably(
  path: string,
  content: Iterable<string> | AsyncIterable<string>,
): Promise<number> {
  const handle = await open(path, 'w');
  let length = 0;
  let waiting: string[] = [];
  let waitingLength = 0;
  const flush = async () => {
    const bytes = Buffer.from(waiting.join(''));
    [waiting, waitingLength] = [[], 0];
    await writeWhole(handle, bytes, length);
    length += bytes.length;
  };
  try {
    for await (const part of content) {
      waiting.push(part);
      waitingLength += part.length;
      if (waitingLength >= CHUNK_BYTES) await flush();
    }
    await flush();
    await handle.datasync();
  } finally {
    await handle.close();
  }
  return length;
}
