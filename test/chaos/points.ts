/** Where a rotation can be cut off: every call that the servers saw, three times, told by what has happened by then. */
import type { Call } from './calls.ts';

/**
 * `before`: the call is on its way and never arrives; `done`: it is carried out and durable, and its answer never
 * comes back; `answered`: the answer has come back, and nothing is done with it.
 */
export const phases = ['before', 'done', 'answered'] as const;
export type Phase = (typeof phases)[number];

export interface Point {
  readonly call: Call;
  readonly phase: Phase;
}

export const moments = [
  'before the lease',
  'lease taken, before arming',
  'armed, before sending',
  'sent, never arrived',
  'server committed, answer in flight',
  'answer in memory, before Keep',
  'during Keep',
  'after Keep, before Commit',
  'after Commit',
] as const;
export type Moment = (typeof moments)[number];

/** Where the answer is nowhere but with the process that dies: the only losses that no client can prevent. */
export const answerInHand: readonly Moment[] = [
  'server committed, answer in flight',
  'answer in memory, before Keep',
];

export function pointsOf(calls: readonly Call[]): Point[] {
  return calls.flatMap((call) => phases.map((phase) => ({ call, phase })));
}

/**
 * Tells the moment of each point of an undisturbed rotation by the steps that its calls are.
 * @throws {RangeError} – where a step is missing: what was recorded is no whole rotation
 */
export function createMomentOf(calls: readonly Call[]): (point: Point) => Moment {
  const indexesOf = (action: string, subject: string) =>
    calls.filter((call) => call.action === action && call.subject === subject).map(({ index }) => index);
  const [exchange] = indexesOf('POST', '/token');
  const [acquire] = indexesOf('UpdateItem', 'TOKEN');
  const commit = indexesOf('UpdateItem', 'TOKEN').at(-1);
  if (exchange === undefined || acquire === undefined || commit === undefined || commit < exchange)
    throw new RangeError('the undisturbed run did not rotate');
  // A sealed token set comes with the pointer, and is kept by the commit itself.
  const arm = indexesOf('GetSecretValue', 'account secret').at(-1) ?? acquire;
  const keep = indexesOf('PutSecretValue', 'account secret')[0] ?? commit;

  /** The first moment whose end is later than the point. */
  const ends: readonly (readonly [Moment, number])[] = [
    ['before the lease', timeOf(acquire, 'done')],
    ['lease taken, before arming', timeOf(arm, 'answered')],
    ['armed, before sending', timeOf(exchange, 'before')],
    ['sent, never arrived', timeOf(exchange, 'done')],
    ['server committed, answer in flight', timeOf(exchange, 'answered')],
    ['answer in memory, before Keep', timeOf(keep, 'done')],
    ['during Keep', keep === commit ? 0 : timeOf(keep, 'answered')],
    ['after Keep, before Commit', timeOf(commit, 'done')],
  ];
  return ({ call, phase }) => ends.find(([, end]) => timeOf(call.index, phase) < end)?.[0] ?? 'after Commit';
}

function timeOf(index: number, phase: Phase): number {
  return index * phases.length + phases.indexOf(phase);
}

/** In words, in the order of the calls: those cut off in every phase by name, others with the phases. */
export function describePoints(points: readonly Point[]): string {
  const byCall = [...Map.groupBy(points, ({ call }) => call.index).values()];
  const texts = byCall.map((ofCall) => {
    const [{ call } = { call: undefined }] = ofCall;
    const name = `\`${call?.action} ${call?.subject}\``;
    if (ofCall.length === phases.length) return name;
    return `${name} ${ofCall.map(({ phase }) => phaseWords[phase]).join(' or ')}`;
  });
  return countRuns(texts).join(', ');
}

const phaseWords: Record<Phase, string> = { before: 'not arrived', done: 'done', answered: 'answered' };

/** `a, a, b` → `a ×2, b`. */
function countRuns(texts: readonly string[]): string[] {
  const runs: { text: string; count: number }[] = [];
  for (const text of texts) {
    const last = runs.at(-1);
    if (last?.text === text) last.count += 1;
    else runs.push({ text, count: 1 });
  }
  return runs.map(({ text, count }) => (count === 1 ? text : `${text} ×${count}`));
}
