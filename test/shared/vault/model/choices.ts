/** What may happen next in a state: a step, a death, a call that goes wrong, or time that passes. */
import { type Call, isRead } from './call.ts';
import { exchangedBy, isRunning, type State } from './state.ts';

/**
 * How a call goes. `works`: as it should; `never arrives`: no effect and no answer; `answer lost`: its effect, and no
 * answer; `not connected`: no effect, and the caller knows; `repeated`: sent again by the SDK because the first answer
 * was lost, so that the caller gets the second; `refused from now on`: Secrets Manager takes no writes any more.
 */
export type Fate =
  | 'works'
  | 'never arrives'
  | 'answer lost'
  | 'not connected'
  | 'repeated'
  | 'refused from now on';

export type Choice =
  | { readonly kind: 'begin'; readonly worker: number }
  | { readonly kind: 'step'; readonly worker: number; readonly call: number; readonly fate: Fate }
  | { readonly kind: 'die'; readonly worker: number }
  | { readonly kind: 'rest' };

/** Which calls may go wrong: those that exchange a refresh token, or every one. */
export type FaultyCalls = 'exchanges' | 'every call';

export function choicesIn(state: State, faultyCalls: FaultyCalls): Choice[] {
  const choices: Choice[] = [];
  state.workers.forEach((worker, index) => {
    if (worker.phase === 'unstarted' && isNextOfItsKind(state, index))
      choices.push({ kind: 'begin', worker: index });
    if (!isRunning(worker)) return;
    for (const [number, call] of worker.moment.calls) {
      const fates = state.faultsLeft > 0 ? fatesOf(call, faultyCalls) : [];
      for (const fate of ['works' as const, ...fates])
        choices.push({ kind: 'step', worker: index, call: number, fate });
    }
    if (state.crashesLeft > 0) choices.push({ kind: 'die', worker: index });
  });
  if (canRest(state)) choices.push({ kind: 'rest' });
  return choices;
}

/** Workers of one role are the same until they begin, so they begin in the order in which they stand. */
function isNextOfItsKind({ workers }: State, index: number): boolean {
  const { role } = workers[index] ?? {};
  return workers.findIndex((worker) => worker.phase === 'unstarted' && worker.role === role) === index;
}

/** Time beyond a lease outlives every function that has begun, so it passes when none is left. */
function canRest({ workers, isRested }: State): boolean {
  const phases = new Set(workers.map(({ phase }) => phase));
  return !isRested && !phases.has('running') && phases.has('unstarted') && phases.size > 1;
}

function fatesOf(call: Call, faultyCalls: FaultyCalls): readonly Fate[] {
  if (exchangedBy(call) !== undefined)
    return faultyCalls === 'exchanges'
      ? ['never arrives', 'answer lost']
      : ['never arrives', 'answer lost', 'not connected'];
  if (faultyCalls === 'exchanges' || call.to === 'clock' || call.to === 'provider') return [];
  if (isRead(call)) return ['never arrives'];
  const writes = ['never arrives', 'answer lost', 'repeated'] as const;
  return call.to === 'secrets' ? [...writes, 'refused from now on'] : writes;
}
