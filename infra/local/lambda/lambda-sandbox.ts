import { randomUUID } from 'node:crypto';
import { Worker } from 'node:worker_threads';
import { functionArn } from '../template/local-identity.ts';
import type { FunctionDefinition } from './function-definition.ts';

export interface FunctionError {
  readonly errorType: string;
  readonly errorMessage: string;
  readonly trace: readonly string[];
}

/** What an invocation came to: the handler's answer, or how it failed. */
export type Invocation =
  | { readonly kind: 'answered'; readonly payload: unknown }
  | { readonly kind: 'failed'; readonly error: FunctionError };

export interface SandboxTask {
  readonly file: string;
  readonly exportName: string;
  readonly context: Readonly<Record<string, unknown>>;
}

export interface ToWorker {
  readonly requestId: string;
  /** JSON text. */
  readonly event: string;
  readonly deadlineEpochMs: number;
}

export type FromWorker =
  | { readonly kind: 'ready' }
  | { readonly kind: 'unusable'; readonly error: FunctionError }
  | { readonly kind: 'answered'; readonly payload: string }
  | { readonly kind: 'thrown'; readonly error: FunctionError };

export interface Sandbox {
  /** One at a time. Never rejects: whatever the function does to itself comes back as `failed`. */
  invoke(event: unknown): Promise<Invocation>;
  /** False once the worker has ended, by its own doing or because it was too late. */
  isUsable(): boolean;
  end(): Promise<void>;
}

/** Lambda gives a bundle ten seconds to load; the function's own time counts from there. */
const INIT_TIMEOUT_MS = 10_000;
/** Lambda's own limit. */
const MAX_ANSWER_BYTES = 6_291_556;

export interface SandboxOptions {
  readonly definition: FunctionDefinition;
  /** All of the function's environment; nothing of this process' is added. */
  readonly environment: Readonly<Record<string, string>>;
  /** What the function writes to stdout and stderr. */
  log(text: string): void;
}

type Verdict = FromWorker | { readonly kind: 'ended'; readonly error: FunctionError };

/** Starts a worker for a function; it loads the bundle while the first event is on its way. */
export function openSandbox({ definition, environment, log }: SandboxOptions): Sandbox {
  const worker = startWorker(definition, environment);
  worker.stdout.on('data', (chunk: Buffer) => log(chunk.toString('utf8')));
  worker.stderr.on('data', (chunk: Buffer) => log(chunk.toString('utf8')));

  let isEnded = false;
  let settle: (verdict: Verdict) => void = () => {};
  const end = (error: FunctionError) => {
    isEnded = true;
    settle({ kind: 'ended', error });
  };
  worker.on('message', (message: FromWorker) => settle(message));
  worker.on('error', (error: Error) => end(uncaught(error)));
  worker.on('exit', (code: number) => end(exited(code)));

  /** The worker's next word, or why there will be none. */
  function next(timeoutMs: number, late: () => FunctionError): Promise<Verdict> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        end(late());
        void worker.terminate();
      }, timeoutMs);
      settle = (verdict) => {
        clearTimeout(timer);
        settle = () => {};
        resolve(verdict);
      };
    });
  }

  const started = next(INIT_TIMEOUT_MS, () => timedOut('init', INIT_TIMEOUT_MS));

  return {
    async invoke(event) {
      const loaded = await started;
      if (loaded.kind !== 'ready') {
        // A worker whose bundle cannot be loaded is of no use to anybody.
        isEnded = true;
        void worker.terminate();
        return failed(loaded);
      }
      if (isEnded) return { kind: 'failed', error: exited(0) };
      const requestId = randomUUID();
      const { timeoutMs } = definition;
      const verdict = next(timeoutMs, () => timedOut(requestId, timeoutMs));
      const deadlineEpochMs = Date.now() + timeoutMs;
      worker.postMessage({
        requestId,
        event: JSON.stringify(event ?? null),
        deadlineEpochMs,
      } satisfies ToWorker);
      const settled = await verdict;
      return settled.kind === 'answered' ? answered(settled.payload) : failed(settled);
    },
    isUsable: () => !isEnded,
    async end() {
      isEnded = true;
      await worker.terminate();
    },
  };
}

function startWorker(definition: FunctionDefinition, env: Readonly<Record<string, string>>): Worker {
  const workerData: SandboxTask = { ...definition.entry, context: contextOf(definition) };
  return new Worker(new URL('./lambda-worker.ts', import.meta.url), {
    name: definition.name,
    workerData,
    env: { ...env },
    stdin: false,
    stdout: true,
    stderr: true,
    // Without a limit a leak would end the whole process; with one it ends the worker.
    resourceLimits: { maxOldGenerationSizeMb: definition.memoryMb },
  });
}

function contextOf(definition: FunctionDefinition) {
  return {
    functionName: definition.name,
    functionVersion: '$LATEST',
    invokedFunctionArn: functionArn(definition.name),
    memoryLimitInMB: String(definition.memoryMb),
    logGroupName: `/aws/lambda/${definition.name}`,
    logStreamName: 'local',
  };
}

function answered(payload: string): Invocation {
  if (Buffer.byteLength(payload) <= MAX_ANSWER_BYTES)
    return { kind: 'answered', payload: JSON.parse(payload) };
  const errorMessage = `Response payload size exceeded maximum allowed payload size (${MAX_ANSWER_BYTES} bytes).`;
  return { kind: 'failed', error: { errorType: 'Function.ResponseSizeTooLarge', errorMessage, trace: [] } };
}

function failed(verdict: Verdict): Invocation {
  return { kind: 'failed', error: 'error' in verdict ? verdict.error : exited(0) };
}

function timedOut(requestId: string, timeoutMs: number): FunctionError {
  const errorMessage = `${new Date().toISOString()} ${requestId} Task timed out after ${(timeoutMs / 1000).toFixed(2)} seconds`;
  return { errorType: 'Sandbox.Timedout', errorMessage, trace: [] };
}

function exited(code: number): FunctionError {
  const errorMessage = `Runtime exited with ${code === 0 ? 'no error: exit status 0' : `error: exit status ${code}`}`;
  return { errorType: 'Runtime.ExitError', errorMessage, trace: [] };
}

function uncaught(error: Error): FunctionError {
  return { errorType: error.name, errorMessage: error.message, trace: error.stack?.split('\n') ?? [] };
}
