/** Numbers the states of an exploration, and remembers how each was reached. */
import { type Call, isRead } from './call.ts';
import type { Choice } from './choices.ts';
import { exchangedBy, type State } from './state.ts';

/** What happened, a line each. */
export type Trace = readonly string[];

interface Arrival {
  readonly from: number;
  readonly choice: Choice;
}

export function createTraces() {
  const numbers = new Map<string, number>();
  const arrivals: (Arrival | undefined)[] = [];
  const edges: number[][] = [];

  return {
    /** The state's number, which is a new one if the state is new. */
    add(key: string, arrival?: Arrival): number {
      const known = numbers.get(key);
      const number = known ?? numbers.size;
      if (known === undefined) {
        numbers.set(key, number);
        arrivals.push(arrival);
        edges.push([]);
      }
      if (arrival) edges[arrival.from]?.push(number);
      return number;
    },

    /** The choices that led to a state, from the first state on. */
    wayTo(number: number): Choice[] {
      const way: Choice[] = [];
      for (let at = arrivals[number]; at; at = arrivals[at.from]) way.push(at.choice);
      return way.reverse();
    },

    /** Different ways from the first state to one from which nothing goes on. */
    countRuns: () => countPaths(edges),
  };
}

export function describe({ workers }: State, choice: Choice): string {
  if (choice.kind === 'rest') return 'time passes beyond every lease';
  const { name = '', moment } = workers[choice.worker] ?? {};
  if (choice.kind !== 'step') return `${name} ${choice.kind === 'die' ? 'dies' : 'begins'}`;
  const call = moment?.calls.get(choice.call);
  const how = choice.fate === 'works' ? '' : `: ${choice.fate}`;
  return `${name} ${call && nameOf(call)}${how}`;
}

function nameOf(call: Call): string {
  if (call.to === 'clock') return 'wakes up';
  if (call.to === 'provider')
    return exchangedBy(call) === undefined ? 'calls the API' : 'exchanges the refresh token';
  const { Key, Item, UpdateExpression = '', ...input }: NamingFields = call.command.input;
  const secret = [input.SecretId ?? input.Name, input.VersionId ?? input.ClientRequestToken].filter(Boolean);
  const what = Key?.sk?.S ?? Item?.sk?.S ?? secret.join(' ');
  const action = isRead(call) ? 'reads' : call.command.constructor.name;
  return `${action} ${what} ${UpdateExpression.replaceAll(/\s+/g, ' ')}`.trim();
}

/** What of a call to AWS tells a reader which it is. */
interface NamingFields {
  readonly Key?: { readonly sk?: { readonly S?: string } };
  readonly Item?: { readonly sk?: { readonly S?: string } };
  readonly UpdateExpression?: string;
  readonly SecretId?: string;
  readonly Name?: string;
  readonly VersionId?: string;
  readonly ClientRequestToken?: string;
}

/** Of a graph without cycles, by its edges. */
function countPaths(edges: readonly (readonly number[])[]): number {
  const counts: (number | undefined)[] = Array(edges.length);
  const open = [0];
  while (open.length > 0) {
    const at = open[open.length - 1] ?? 0;
    const next = edges[at] ?? [];
    const unknown = next.filter((to) => counts[to] === undefined);
    if (unknown.length > 0) {
      open.push(...new Set(unknown));
      continue;
    }
    counts[at] ??= next.length === 0 ? 1 : next.reduce((sum, to) => sum + (counts[to] ?? 0), 0);
    open.pop();
  }
  return counts[0] ?? 0;
}
