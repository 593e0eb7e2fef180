import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import * as z from 'zod';

export interface StateFile {
  /** Writes the state if it changed, synchronously: an answer that follows is never ahead of the file. */
  save(): void;
}

export interface StateForm<S extends z.ZodType> {
  readonly schema: S;
  /** Whose state it is, for people. */
  readonly cloud: string;
}

/**
 * @returns undefined when there is no such file yet
 * @throws {TypeError} when the file is not a state of this simulator
 */
export function readState<S extends z.ZodType>(
  path: string,
  { schema, cloud }: StateForm<S>,
): z.output<S> | undefined {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
  try {
    return schema.parse(JSON.parse(text));
  } catch (cause) {
    const reason = cause instanceof z.ZodError ? z.prettifyError(cause) : 'it is not JSON';
    throw new TypeError(`${path} is not a state of the ${cloud} simulator: ${reason}`, { cause });
  }
}

/** Without a path nothing outlives the process. */
export function createStateFile(state: object, path: string | undefined): StateFile {
  if (path === undefined) return { save: () => undefined };
  mkdirSync(dirname(path), { recursive: true });
  let written = '';
  return {
    save() {
      const text = JSON.stringify(state);
      if (text === written) return;
      // A rename is atomic: a process killed here leaves the old state or the new one, never half of it.
      writeFileSync(`${path}.next`, text, { mode: 0o600 });
      renameSync(`${path}.next`, path);
      written = text;
    },
  };
}
