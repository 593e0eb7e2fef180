/**
 * Explores every order of the steps of a few workers over the real vault, with what may go wrong between them. Breadth
 * first, so that the trace given for a loss is a shortest one; equal states are explored once.
 */
import { createAftermath } from './aftermath.ts';
import { breachesAtEnd, breachesOfStep, createBreachCheck, isPointedAt } from './breaches.ts';
import { type Choice, choicesIn, type FaultyCalls } from './choices.ts';
import { type Company, type CompanyWish, gather } from './company.ts';
import { createCloudNames, keyOf, type State } from './state.ts';
import { type StillProcess, stillProcess } from './still-process.ts';
import type { ProviderRules } from './token-endpoint.ts';
import { createTraces, describe, type Trace } from './traces.ts';
import { follow } from './transition.ts';

export interface ExplorationWish extends CompanyWish {
  readonly faultyCalls: FaultyCalls;
}

export interface Exploration {
  /** Different runs from beginning to end that the states stand for. */
  readonly runs: number;
  /** Different states. */
  readonly states: number;
  /** Different ends of runs. */
  readonly ends: number;
  /** Ends at which the account is lost, by where its answer was. */
  readonly losses: readonly Loss[];
  /** What must never happen, with a shortest way to it. */
  readonly breaches: readonly Breach[];
}

export interface Loss {
  /** `elsewhere`: not because of an answer in flight or in memory. */
  readonly at: 'answer in flight' | 'answer in memory' | 'elsewhere';
  readonly ends: number;
  readonly trace: Trace;
}

export interface Breach {
  readonly what: string;
  readonly trace: Trace;
}

const PROGRESS_STATES = 100_000;

/**
 * One at a time in a process: what is random in it stands still meanwhile.
 * @param progress – takes the number of states explored so far, now and then
 */
export async function exploreInterleavings(
  wish: ExplorationWish,
  progress: (states: number) => void = () => undefined,
): Promise<Exploration> {
  const process = stillProcess();
  try {
    return await explore(wish, process, progress);
  } finally {
    process.release();
  }
}

async function explore(
  wish: ExplorationWish,
  process: StillProcess,
  progress: (states: number) => void,
): Promise<Exploration> {
  const { company, first } = await gather(wish, process);
  const { rules } = company;
  const aftermath = createAftermath({ ...wish, rules }, process);
  const nameOf = createCloudNames();
  const breachesIn = createBreachCheck(wish);
  const traces = createTraces();
  const findings = collect((number) => retrace(company, first, traces.wayTo(number)));
  let ends = 0;

  const states: (State | undefined)[] = [first];
  traces.add(keyOf(first, nameOf(first.cloud)));
  for (let number = 0; number < states.length; number++) {
    const state = states[number] as State;
    // Millions of them would not fit.
    states[number] = undefined;
    if (number > 0 && number % PROGRESS_STATES === 0) progress(number);
    await findings.breach(number, breachesIn(state, nameOf(state.cloud)));
    const choices = choicesIn(state, wish.faultyCalls);
    for (const choice of choices) {
      const next = await follow(company, state, choice);
      const reached = traces.add(keyOf(next, nameOf(next.cloud)), { from: number, choice });
      await findings.breach(reached, breachesOfStep(state, choice));
      if (reached === states.length) states.push(next);
    }
    if (choices.length > 0) continue;
    ends++;
    await findings.breach(number, breachesAtEnd(rules, state, wish));
    const fate = await aftermath(state, nameOf(state.cloud));
    if (fate === 'left behind') await findings.breach(number, ['tokens are left behind after an unlink']);
    if (fate === 'lost') await findings.lose(number, excuseOf(rules, state) ?? 'elsewhere');
  }
  return { runs: traces.countRuns(), states: states.length, ends, ...findings.all() };
}

/** Goes a way again, and says what happens on it. */
async function retrace(company: Company, first: State, way: readonly Choice[]): Promise<Trace> {
  const lines: string[] = [];
  let state = first;
  for (const choice of way) {
    lines.push(describe(state, choice));
    state = await follow(company, state, choice);
  }
  return lines;
}

/** Only where a spent token gives nothing, and only while the pointer still names the token whose answer is gone. */
function excuseOf({ mode }: ProviderRules, { burnt, cloud }: State): Loss['at'] | undefined {
  if (!burnt || mode === 'grace' || mode === 'reissue') return undefined;
  return isPointedAt(cloud, burnt.spent) ? burnt.at : undefined;
}

/** Of each kind one trace: the first is a shortest. */
function collect(traceTo: (number: number) => Promise<Trace>) {
  const losses = new Map<Loss['at'], Loss>();
  const breaches = new Map<string, Breach>();
  return {
    async lose(number: number, at: Loss['at']): Promise<void> {
      const known = losses.get(at);
      losses.set(at, { at, ends: (known?.ends ?? 0) + 1, trace: known?.trace ?? (await traceTo(number)) });
    },
    async breach(number: number, found: readonly string[]): Promise<void> {
      for (const what of found)
        if (!breaches.has(what)) breaches.set(what, { what, trace: await traceTo(number) });
    },
    all: () => ({ losses: [...losses.values()], breaches: [...breaches.values()] }),
  };
}
