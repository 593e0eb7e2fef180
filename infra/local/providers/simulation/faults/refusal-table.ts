import type { Answer } from '../answer.ts';
import type { FaultKinds, NameIn, ParametersIn } from './fault-kind.ts';

/** What each kind of refusal answers. */
export type RefusalTable<K extends FaultKinds, C extends readonly unknown[]> = {
  readonly [N in NameIn<K>]: (parameters: ParametersIn<K, N>, ...context: C) => Answer;
};

/** Of a cloud's switches, those that refuse. */
type Take<K extends FaultKinds> = <N extends NameIn<K>>(name: N) => ParametersIn<K, N> | undefined;

/** The answer of the first refusal that is switched on; `take` says so, and with which parameters. */
export function firstRefusal<K extends FaultKinds, C extends readonly unknown[]>(
  table: RefusalTable<K, C>,
  take: Take<K>,
  ...context: C
): Answer | undefined {
  for (const name of Object.keys(table) as NameIn<K>[]) {
    const answer = struck(table, take, name, context);
    if (answer) return answer;
  }
  return undefined;
}

function struck<K extends FaultKinds, C extends readonly unknown[], N extends NameIn<K>>(
  table: RefusalTable<K, C>,
  take: Take<K>,
  name: N,
  context: C,
): Answer | undefined {
  const parameters = take(name);
  return parameters && table[name](parameters, ...context);
}
