/**
 * What one worker does next, for every history of answers it may have had. The real code runs once for each: it is
 * begun anew, given the answers of the history, and observed until it waits for the next one. So exploring needs no
 * copies of running code, only of the world around it.
 */
import { setImmediate } from 'node:timers/promises';
import type { Answer, Ask, Call } from './call.ts';
import type { StillProcess } from './still-process.ts';

/** An answer to the call of this number, and the time at which it came. */
interface Answered {
  readonly call: number;
  readonly answer: Answer;
  readonly nowMs: number;
}

/** A worker that waits, or that is through. */
export interface Moment {
  readonly id: string;
  /** Calls without an answer, by their numbers. */
  readonly calls: ReadonlyMap<number, Call>;
  /** What it came to, in a word or two. */
  readonly outcome: string | undefined;
}

/** What a worker does, in terms of the calls it makes; resolves to what it came to. */
export type Life = (ask: Ask, now: () => number) => Promise<string>;

export interface Biography {
  begin(nowMs: number): Promise<Moment>;
  after(moment: Moment, answered: Answered): Promise<Moment>;
}

interface Chapter extends Moment {
  /** Epoch ms. */
  readonly beginning: number;
  /** The calls as text, to recognise them by. */
  readonly seen: string;
  readonly history: readonly Answered[];
  readonly next: Map<string, Chapter>;
}

export function createBiography(name: string, life: Life, process: StillProcess): Biography {
  const beginnings = new Map<number, Chapter>();
  let chapters = 0;

  async function observe(
    beginning: number,
    history: readonly Answered[],
    former?: Chapter,
  ): Promise<Chapter> {
    process.use({ name, drawn: 0 });
    const run = await begin(life, beginning);
    for (const [index, answered] of history.entries()) {
      // Of the calls before only this can be told cheaply, and it was told of each of them in its turn.
      if (index === history.length - 1 && textOf(run.waiting) !== former?.seen)
        throw new Error(`${name} makes other calls than before: its answers do not determine it`);
      await run.goOn(answered);
    }
    const outcome = run.outcome();
    if (outcome === undefined && run.waiting.size === 0)
      throw new Error(`${name} waits for something that is no step`);
    const calls = new Map([...run.waiting].map(([number, { call }]) => [number, call]));
    const id = `${name}.${++chapters}`;
    return { id, calls, outcome, beginning, seen: textOf(run.waiting), history, next: new Map() };
  }

  return {
    async begin(nowMs) {
      const known = beginnings.get(nowMs);
      if (known) return known;
      const chapter = await observe(nowMs, []);
      beginnings.set(nowMs, chapter);
      return chapter;
    },

    async after(moment, answered) {
      const chapter = moment as Chapter;
      const key = JSON.stringify(answered);
      const known = chapter.next.get(key);
      if (known) return known;
      const next = await observe(chapter.beginning, [...chapter.history, answered], chapter);
      chapter.next.set(key, next);
      return next;
    },
  };
}

interface Waiting {
  readonly call: Call;
  readonly settle: (answer: Answer) => void;
}

/** Runs a life until it waits. */
async function begin(life: Life, beginning: number) {
  const waiting = new Map<number, Waiting>();
  let nowMs = beginning;
  let calls = 0;
  let outcome: string | undefined;

  const ask: Ask = (call) =>
    new Promise((settle) => {
      waiting.set(calls++, { call, settle });
    });
  life(ask, () => nowMs).then(
    (result) => {
      outcome = result;
    },
    (error: unknown) => {
      outcome = `threw ${error instanceof Error ? `${error.name}: ${error.message}` : String(error)}`;
    },
  );
  await everyoneWaits();

  return {
    waiting: waiting as ReadonlyMap<number, Waiting>,
    outcome: () => outcome,
    async goOn({ call, answer, nowMs: at }: Answered): Promise<void> {
      const step = waiting.get(call);
      if (!step) throw new RangeError(`no call ${call} waits for an answer`);
      nowMs = at;
      waiting.delete(call);
      step.settle(answer);
      await everyoneWaits();
    },
  };
}

/** Resolves when no microtask is left, so whoever could go on has gone on. */
async function everyoneWaits(): Promise<void> {
  await setImmediate();
}

function textOf(waiting: ReadonlyMap<number, Waiting>): string {
  return JSON.stringify([...waiting].map(([number, { call }]) => [number, contentOf(call)]));
}

function contentOf(call: Call): unknown {
  return 'command' in call ? [call.to, call.command.constructor.name, call.command.input] : call;
}
