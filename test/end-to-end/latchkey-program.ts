/** `latchkey` as it is started from a command line. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach } from 'vitest';
import { awsCredentials } from '../cli/sync/databases.ts';
import type { Bench } from './bench.ts';

export const program = join(import.meta.dirname, '../../cli/latchkey.ts');

export interface LatchkeyProgram {
  start(target: string, ...args: string[]): ChildProcess;
  /** Until it ends by itself. */
  run(target: string, ...args: string[]): Promise<{ exitCode: number | null; out: string; err: string }>;
}

/** Programs on the bench of the file that calls this; what is left of them ends with each test. */
export function useLatchkey({ api, token }: Pick<Bench, 'api' | 'token'>): LatchkeyProgram {
  const running = new Set<ChildProcess>();
  afterEach(() => {
    for (const child of running) child.kill('SIGKILL');
  });
  const start = (target: string, ...args: string[]) => {
    const child = spawn(
      process.execPath,
      [program, '--to', target, '--api', api, '--token', token, ...args],
      { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...awsCredentials } },
    );
    running.add(child);
    child.once('close', () => running.delete(child));
    return child;
  };
  return {
    start,
    async run(target, ...args) {
      const child = start(target, ...args);
      if (!child.stdout || !child.stderr) throw new Error('no output');
      const [out, err] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
      return { exitCode: child.exitCode, out, err };
    },
  };
}
