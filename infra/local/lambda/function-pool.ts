import type { FunctionDefinition } from './function-definition.ts';
import { type FunctionError, type Invocation, openSandbox, type Sandbox } from './lambda-sandbox.ts';

/** About as long as Lambda keeps an idle sandbox. */
const IDLE_MS = 5 * 60_000;
/** Enough to see what went wrong lately; the rest is in the log file. */
const MAX_LAST_ERRORS = 10;

const stopped: FunctionError = {
  errorType: 'Runtime.Stopped',
  errorMessage: 'the local cloud is stopping',
  trace: [],
};

export interface FunctionState {
  readonly name: string;
  readonly sandboxes: number;
  readonly running: number;
  readonly waiting: number;
  readonly invocations: number;
  readonly errors: number;
  /** Newest last. */
  readonly lastErrors: readonly (FunctionError & { readonly at: string })[];
}

export interface FunctionPoolOptions {
  readonly definition: FunctionDefinition;
  readonly environment: Readonly<Record<string, string>>;
  readonly maxSandboxes: number;
  log(text: string): void;
}

export type FunctionPool = ReturnType<typeof createFunctionPool>;

/** One invocation at a time in a sandbox; as many sandboxes as needed up to a limit, then callers wait their turn. */
export function createFunctionPool({ definition, environment, maxSandboxes, log }: FunctionPoolOptions) {
  const idle = new Map<Sandbox, NodeJS.Timeout>();
  const busy = new Set<Sandbox>();
  const running = new Set<Promise<unknown>>();
  const waiting: (() => void)[] = [];
  const lastErrors: (FunctionError & { at: string })[] = [];
  let invocations = 0;
  let errors = 0;
  let isClosed = false;

  /** The one used last, because its code is warm; a worker may have ended by itself while it was idle. */
  function takeIdle(): Sandbox | undefined {
    for (const [sandbox, timer] of [...idle].reverse()) {
      clearTimeout(timer);
      idle.delete(sandbox);
      if (sandbox.isUsable()) return sandbox;
    }
    return undefined;
  }

  async function acquire(): Promise<Sandbox> {
    while (busy.size >= maxSandboxes) await new Promise<void>((resolve) => waiting.push(resolve));
    const sandbox = takeIdle() ?? openSandbox({ definition, environment, log });
    busy.add(sandbox);
    return sandbox;
  }

  function release(sandbox: Sandbox): void {
    busy.delete(sandbox);
    if (sandbox.isUsable()) {
      const retire = () => {
        idle.delete(sandbox);
        void sandbox.end();
      };
      idle.set(sandbox, setTimeout(retire, IDLE_MS).unref());
    }
    waiting.shift()?.();
  }

  async function run(event: unknown): Promise<Invocation> {
    const sandbox = await acquire();
    invocations += 1;
    const startedAt = performance.now();
    const invocation = await sandbox.invoke(event);
    log(`REPORT ${definition.name} ${invocation.kind} ${(performance.now() - startedAt).toFixed(1)} ms\n`);
    if (invocation.kind === 'failed') note(invocation.error);
    release(sandbox);
    return invocation;
  }

  function note(error: FunctionError): void {
    errors += 1;
    lastErrors.push({ at: new Date().toISOString(), ...error });
    if (lastErrors.length > MAX_LAST_ERRORS) lastErrors.shift();
    log(`ERROR ${JSON.stringify(error)}\n`);
  }

  return {
    async invoke(event: unknown): Promise<Invocation> {
      if (isClosed) return { kind: 'failed', error: stopped };
      const invocation = run(event);
      running.add(invocation);
      const finished = () => running.delete(invocation);
      invocation.then(finished, finished);
      return invocation;
    },
    state: (): FunctionState => ({
      name: definition.name,
      sandboxes: idle.size + busy.size,
      running: busy.size,
      waiting: waiting.length,
      invocations,
      errors,
      lastErrors: [...lastErrors],
    }),
    async close(graceMs: number): Promise<void> {
      isClosed = true;
      const grace = new Promise<void>((resolve) => setTimeout(resolve, graceMs).unref());
      await Promise.race([Promise.allSettled([...running]), grace]);
      for (const timer of idle.values()) clearTimeout(timer);
      await Promise.all([...idle.keys(), ...busy].map((sandbox) => sandbox.end()));
    },
  };
}
