import { createHash } from 'node:crypto';
import { LatchkeyError } from '../domain/error.ts';
import type { CommandDependencies } from './command-dependencies.ts';

/** An idempotency key as it came with a request. */
export interface CommandKey {
  /** Whose key it is: keys of two access tokens never meet. */
  readonly tokenId: string;
  /** Absent where the client sent none: then every request is a new one. */
  readonly key: string | undefined;
  /** Of the request, path and body: the same key with another is a mistake of the client's. */
  readonly fingerprint: string;
}

export function fingerprintOf(...request: unknown[]): string {
  return createHash('sha256').update(JSON.stringify(request, inOrder)).digest('base64url');
}

/** The id that the key stands for, if it was claimed within 24 hours. @throws {LatchkeyError} command_conflict */
export async function findKey(
  { store, now }: Pick<CommandDependencies, 'store' | 'now'>,
  { tokenId, key, fingerprint }: CommandKey,
): Promise<string | undefined> {
  if (key === undefined) return undefined;
  const record = await store.commands.findKey({ tokenId, key, now: now() });
  if (record) refuseOther(record.fingerprint, fingerprint);
  return record?.commandId;
}

/** The id that the key stands for from now on: of any number of calls with one key, all get the same. */
export async function claimKey(
  { store, now }: Pick<CommandDependencies, 'store' | 'now'>,
  { tokenId, key, fingerprint }: CommandKey,
  commandId: string,
): Promise<string> {
  if (key === undefined) return commandId;
  const record = await store.commands.claimKey({ tokenId, key, commandId, fingerprint, now: now() });
  refuseOther(record.fingerprint, fingerprint);
  return record.commandId;
}

function refuseOther(claimed: string, fingerprint: string): void {
  if (claimed === fingerprint) return;
  throw new LatchkeyError(
    'command_conflict',
    'the idempotency key was used for another command within 24 hours',
  );
}

/** The order of a body's fields says nothing. */
function inOrder(_key: string, value: unknown): unknown {
  const isMap = typeof value === 'object' && value !== null && !Array.isArray(value);
  return isMap ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))) : value;
}
