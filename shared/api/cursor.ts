/** Cursors of lists: the key of the last item read, written so that nobody mistakes it for something to build on. */
import { LatchkeyError } from '../domain/error.ts';
import { parseJson } from '../domain/text.ts';

export function writeCursor(key: Readonly<Record<string, unknown>> | undefined): string | undefined {
  return key && Buffer.from(JSON.stringify(key)).toString('base64url');
}

/** @throws {LatchkeyError} request_invalid – when it is not a cursor */
export function readCursor(cursor: string | undefined): Record<string, string> | undefined {
  if (cursor === undefined) return undefined;
  const key = parseJson(Buffer.from(cursor, 'base64url').toString('utf8'));
  if (isKey(key)) return key;
  throw new LatchkeyError('request_invalid', 'the cursor is not one that this list gave', {
    details: { fields: { after: 'is not a cursor' } },
  });
}

function isKey(value: unknown): value is Record<string, string> {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    Object.values(value).every((part) => typeof part === 'string')
  );
}
