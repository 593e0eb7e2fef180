/** The three sides of a copy, each a process of its own that can be killed without warning and started again. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { awsCredentials } from '../../cli/sync/databases.ts';
import { type Running, run } from '../../end-to-end/run.ts';

export interface Killable {
  /** At once, as a power cut does; resolves when it is gone. */
  kill(): Promise<void>;
  start(): Promise<void>;
}

export interface Source extends Killable {
  /** Of the one that runs now. */
  running(): Running;
}

export async function startSource(folder: string, port: number): Promise<Source> {
  let running = await run(folder, port);
  return {
    running: () => running,
    kill: () => running.kill(),
    async start() {
      running = await run(folder, port);
    },
  };
}

export async function startTarget(folder: string, port: number): Promise<Killable> {
  const script = join(import.meta.dirname, 'target-server.ts');
  let child: ChildProcess;
  const start = async () => {
    child = spawn(process.execPath, [script, folder, String(port)], { stdio: ['ignore', 'pipe', 'inherit'] });
    const ended = once(child, 'close').then(() => {
      throw new Error('the target ended before it was ready');
    });
    ended.catch(() => undefined);
    if (child.stdout) await Promise.race([once(child.stdout, 'data'), ended]);
  };
  await start();
  return { start, kill: () => end(child) };
}

const program = join(import.meta.dirname, '../../../cli/latchkey.ts');
/** What any DynamoDB-compatible store is asked with; this one takes everybody. */
Object.assign(process.env, awsCredentials);

/** `latchkey sync`, and whether it ever ended by itself. */
export function startProgram(args: readonly string[]): Killable & { endings: () => string[] } {
  let child: ChildProcess | undefined;
  const endings: string[] = [];
  return {
    endings: () => endings,
    async start() {
      const started = spawn(process.execPath, [program, 'sync', ...args], {
        stdio: ['ignore', 'ignore', 'pipe'],
      });
      child = started;
      const said = started.stderr ? text(started.stderr) : Promise.resolve('');
      started.once('close', async (code) => {
        if (code !== null) endings.push(`${code}: ${await said}`);
      });
    },
    kill: async () => child && (await end(child)),
  };
}

/** Runs the program to its end. */
export async function runProgram(
  ...args: string[]
): Promise<{ exitCode: number | null; out: string; err: string }> {
  const child = spawn(process.execPath, [program, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  const [out, err] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  return { exitCode: child.exitCode, out, err };
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'close');
  child.kill('SIGKILL');
  await ended;
}
