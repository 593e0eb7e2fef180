/**
 * A part of a bench in a process of its own, so that its CPU time and its memory are its own; asked over IPC.
 * What it prints goes to standard error: standard output belongs to the bench's result.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';

/** What a child can be asked, by name; a child exports the type of its own, and its parent asks by that type. */
export type Questions = Record<string, (input: never) => unknown>;

export interface Child<Q extends Questions> {
  ask<N extends keyof Q & string>(name: N, ...input: Parameters<Q[N]>): Promise<Awaited<ReturnType<Q[N]>>>;
  close(): Promise<void>;
}

type Answer = { readonly id: number } & ({ readonly result: unknown } | { readonly failure: string });

export interface ChildOptions {
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Options of Node itself, beside those of this process. */
  readonly execArgv?: readonly string[];
}

/** @param file – absolute; it calls {@link answerParent} once it is ready */
export async function startChild<Q extends Questions>(
  file: string,
  { args = [], env = {}, execArgv = [] }: ChildOptions = {},
): Promise<Child<Q>> {
  const child = fork(file, args, {
    env: { ...process.env, ...env },
    execArgv: [...process.execArgv, ...execArgv],
    serialization: 'advanced',
    stdio: ['ignore', process.stderr, process.stderr, 'ipc'],
  });
  const waiting = new Map<number, PromiseWithResolvers<unknown>>();
  const ready = Promise.withResolvers<unknown>();
  waiting.set(READY, ready);
  const ended = once(child, 'exit').then(() => {
    for (const { reject } of waiting.values()) reject(new Error(`${file} has ended`));
    waiting.clear();
  });
  child.on('message', (answer: Answer) => {
    const question = waiting.get(answer.id);
    waiting.delete(answer.id);
    if ('failure' in answer) question?.reject(new Error(answer.failure));
    else question?.resolve(answer.result);
  });
  await ready.promise;

  let lastId = READY;
  return {
    ask(name, ...[input]) {
      const question = Promise.withResolvers<unknown>();
      waiting.set(++lastId, question);
      child.send({ id: lastId, name, input });
      return question.promise as Promise<never>;
    },
    async close() {
      if (child.connected) child.disconnect();
      await ended;
    },
  };
}

/** The id of the answer that nobody asked for: the child is ready. */
const READY = 0;

/** Answers the parent until it goes, and then ends this process. */
export function answerParent(questions: Questions): void {
  process.on('message', async ({ id, name, input }: { id: number; name: string; input: never }) => {
    try {
      process.send?.({ id, result: await questions[name]?.(input) });
    } catch (error) {
      process.send?.({
        id,
        failure: error instanceof Error ? (error.stack ?? error.message) : String(error),
      });
    }
  });
  process.on('disconnect', () => process.exit(0));
  process.send?.({ id: READY, result: undefined });
}

/** CPU time of this process since the last call, milliseconds. */
export function createCpuClock(): () => number {
  let last = process.cpuUsage();
  return () => {
    const { user, system } = process.cpuUsage(last);
    last = process.cpuUsage();
    return (user + system) / 1000;
  };
}
