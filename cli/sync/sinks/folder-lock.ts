/**
 * Takes a folder for the programs of one process. Each process that wants it leaves a file of a name of its own, and only
 * then looks for those of others: so of two, at least one sees the other, and no file is ever taken over. Nothing needs
 * to be cleaned up after a process that was killed: the next one sees that it is gone.
 */
import { readdir, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { SinkProblem } from '../sink.ts';

export interface FolderLock {
  /** @throws {SinkProblem} refused – another process took this one for dead, after it had stood still for long */
  assertHeld(): Promise<void>;
  release(): Promise<void>;
}

/** A file says this often that its process lives: its number may belong to another by now, or mean nothing here. */
const REFRESH_MS = 10_000;
/** And counts no more once it has not for this long. */
const STALE_MS = 60_000;

const LOCK = /^(?<host>.+)\.(?<pid>\d+)\.lock$/;
const host = hostname().replaceAll(/[^\w.-]/g, '_');

/** How often this process has taken each folder, by the file that says so. */
const taken = new Map<string, number>();

/** @throws {SinkProblem} refused – another process has it */
export async function lockFolder(folder: string): Promise<FolderLock> {
  const own = `${host}.${process.pid}.lock`;
  const path = join(folder, own);
  if (!taken.has(path)) await takeFile(folder, own);
  taken.set(path, (taken.get(path) ?? 0) + 1);
  const refresh = () => utimes(path, new Date(), new Date()).catch(() => undefined);
  const timer = setInterval(refresh, REFRESH_MS).unref();
  return {
    async assertHeld() {
      if (await mtimeOf(path)) return;
      throw new SinkProblem('refused', `${folder} was taken over by another process; start this one again`);
    },
    async release() {
      clearInterval(timer);
      const times = (taken.get(path) ?? 0) - 1;
      if (times > 0) taken.set(path, times);
      else if (taken.delete(path)) await rm(path, { force: true });
    },
  };
}

async function takeFile(folder: string, own: string): Promise<void> {
  const path = join(folder, own);
  await writeFile(path, '');
  const nowMs = (await stat(path)).mtimeMs;
  for (const name of await readdir(folder)) {
    const { host: where, pid = '' } = LOCK.exec(name)?.groups ?? {};
    if (where === undefined || name === own) continue;
    const isFresh = nowMs - ((await mtimeOf(join(folder, name))) ?? 0) < STALE_MS;
    if (!isFresh || (where === host && !isRunning(Number(pid)))) {
      await rm(join(folder, name), { force: true });
      continue;
    }
    await rm(path, { force: true });
    const place = where === host ? '' : ` on ${where}`;
    throw new SinkProblem('refused', `${folder} is being written by process ${pid}${place}: stop it first`);
  }
}

async function mtimeOf(path: string): Promise<number | undefined> {
  return (await stat(path).catch(() => undefined))?.mtimeMs;
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // It is there, and somebody else's.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
