/** A bundle in a process of its own, under the runtime's loop, as Lambda runs it. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { type Answered, startRuntimeApi } from './runtime-api.ts';

export interface Contender {
  readonly name: string;
  /** Folder with the bundle, `index.js`. */
  readonly folder: string;
  /** Where packages are found that the bundle leaves to the runtime, as Lambda's own SDK is. */
  readonly packages?: string;
}

export interface FunctionProcess {
  /** When the process was started, on the clock of `performance.now()`. */
  readonly startedAtMs: number;
  /** @throws {Error} when the answer is anything but 200, or the process ends */
  invoke(event: object): Promise<Answered>;
  stop(): Promise<void>;
}

export interface FunctionPlace {
  /** The runtime's loop as plain JavaScript. */
  readonly loop: string;
  /** All of the environment but what the runtime adds. */
  readonly environment: Readonly<Record<string, string>>;
}

export async function startFunction(contender: Contender, place: FunctionPlace): Promise<FunctionProcess> {
  const { name, folder, packages } = contender;
  const api = await startRuntimeApi();
  const startedAtMs = performance.now();
  const child = spawn(process.execPath, [place.loop], {
    env: {
      ...place.environment,
      AWS_LAMBDA_RUNTIME_API: api.address,
      LAMBDA_TASK_ROOT: folder,
      ...(packages !== undefined && { NODE_PATH: packages }),
    },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const ended = once(child, 'close');
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => {
    said += chunk.toString();
  });

  return {
    startedAtMs,
    async invoke(event) {
      const answered = await Promise.race([api.invoke(event), ended.then(() => undefined)]);
      if (!answered) throw new Error(`${name} ended before it answered: ${said}`);
      const { statusCode } = answered.answer as { statusCode?: number };
      if (statusCode !== 200) throw new Error(`${name} answered ${statusCode}: ${said}`);
      return answered;
    },
    async stop() {
      child.kill('SIGKILL');
      await ended;
      await api.close();
    },
  };
}
