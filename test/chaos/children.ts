/** Processes of the matrix: some are always started ahead, for starting one takes longer than what it is needed for. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Order, Reply, Results, Task } from './orders.ts';

export interface Child {
  /** @throws {ChildDied} when the process ends before it is done, and when what it did failed */
  perform<T extends Task>(order: Order & { task: T }): Promise<Results[T['kind']]>;
  /** Resolves when the process is about to stop itself. */
  readonly stopping: Promise<void>;
  wake(): void;
  /** Resolves when the process is gone. */
  kill(): Promise<void>;
}

/** The process was killed, or killed itself. */
export class ChildDied extends Error {}

export type Children = ReturnType<typeof startChildren>;

const loopbackOnly = join(import.meta.dirname, '../loopback-only.ts');

interface Nursery {
  /** What a process runs. */
  readonly program: string;
  /** Where processes leave compiled code for one another; it must exist. */
  readonly cacheFolder: string;
  readonly spares: number;
}

export function startChildren({ program, cacheFolder, spares: wanted }: Nursery) {
  const alive = new Set<ChildProcess>();
  const spares: Promise<Child>[] = [];
  // One that was stopped would stay for ever if this process ended without a word.
  const killAll = () => alive.forEach((child) => void child.kill('SIGKILL'));
  process.on('exit', killAll);

  function start(): Promise<Child> {
    const child = fork(program, [], {
      execArgv: ['--require', loopbackOnly],
      env: { NODE_COMPILE_CACHE: cacheFolder, LOG_LEVEL: 'SILENT' },
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    alive.add(child);
    child.once('exit', () => alive.delete(child));
    return ready(child);
  }

  return {
    take(): Promise<Child> {
      while (spares.length < wanted) spares.push(start());
      spares.push(start());
      return spares.shift() ?? start();
    },
    async close(): Promise<void> {
      process.off('exit', killAll);
      const gone = [...alive].map((child) => once(child, 'exit'));
      killAll();
      await Promise.all([...gone, Promise.allSettled(spares)]);
    },
  };
}

function ready(child: ChildProcess): Promise<Child> {
  const started = Promise.withResolvers<Child>();
  const stopping = Promise.withResolvers<void>();
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  let waiting: PromiseWithResolvers<Results[Task['kind']]> | undefined;
  gone.then(() => {
    started.reject(new ChildDied('a process ended before it was ready'));
    waiting?.reject(new ChildDied('the process died'));
  });
  child.on('message', (reply: Reply) => {
    if (reply.kind === 'ready') started.resolve(handle);
    if (reply.kind === 'stopping') stopping.resolve();
    if (reply.kind === 'done') waiting?.resolve(reply.result);
    if (reply.kind === 'failed') waiting?.reject(new Error(reply.reason));
  });
  const handle: Child = {
    stopping: stopping.promise,
    perform<T extends Task>(order: Order & { task: T }) {
      waiting = Promise.withResolvers();
      child.send(order);
      return waiting.promise as Promise<Results[T['kind']]>;
    },
    wake: () => void child.kill('SIGCONT'),
    async kill() {
      child.kill('SIGKILL');
      await gone;
    },
  };
  return started.promise;
}
