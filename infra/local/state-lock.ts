import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ClassicLevel } from 'classic-level';
import { LatchkeyError } from '../../shared/domain/error.ts';

const LOCK = 'lock';

export interface StateLock {
  /** Deletes everything in the folder. */
  forget(): void;
  release(): Promise<void>;
}

/**
 * Makes a state folder and takes it for this process alone. The lock is LevelDB's own, which the operating system
 * gives back when a process ends in whatever way, so there are no stale ones.
 * @throws {LatchkeyError} config_invalid – when another process has it, or it cannot be written
 */
export async function lockState(statePath: string): Promise<StateLock> {
  const lock = new ClassicLevel(join(statePath, LOCK));
  try {
    mkdirSync(statePath, { recursive: true });
    await lock.open();
  } catch (cause) {
    throw new LatchkeyError('config_invalid', `state folder ${statePath}: ${reasonOf(cause)}`, { cause });
  }
  return {
    forget() {
      for (const name of readdirSync(statePath)) {
        if (name !== LOCK) rmSync(join(statePath, name), { recursive: true });
      }
    },
    release: () => lock.close(),
  };
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause = error } = error;
  if (!(cause instanceof Error)) return error.message;
  const isLocked = 'code' in cause && cause.code === 'LEVEL_LOCKED';
  return isLocked ? 'another local cloud is using it' : cause.message;
}
