/** What every part of a comparison works with, and why it may refuse. */
import { ApiProblem } from '../api.ts';
import { type Sink, SinkProblem } from '../sync/sink.ts';
import type { Found } from './difference.ts';
import type { Original } from './original.ts';
import type { Patient } from './patience.ts';

export interface Comparing {
  readonly sink: Sink;
  readonly original: Original;
  readonly patient: Patient;
  /** Puts right what was found. */
  readonly mend: boolean;
  readonly found: Found;
  /** Aborts when the program is to stop. */
  readonly signal: AbortSignal;
  /** Tells how far it is. @throws {Stopped} */
  readonly step: (text: string, done: number, total?: number) => void;
}

/** Records read between two looks at whether to stop. */
export const STEP = 1_000;

export function seesTooLittle(what: string): ApiProblem {
  return new ApiProblem(
    403,
    `the access token does not see everything (${what}): to compare takes a token of the workspace with events.read, accounts.read and <system>.read of every system, and custom.read, gateway.read and unknown.read`,
  );
}

export function ofSomethingElse({ name }: Sink, reason: string): SinkProblem {
  return new SinkProblem('refused', `${name} is no copy of this Latchkey, but of another one: ${reason}`);
}
