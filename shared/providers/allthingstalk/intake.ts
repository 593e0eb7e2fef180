/** AllThingsTalk's part of `receive-webhook`: no schemas, no I/O, nothing to load. */
import type { Intake } from '../intake.ts';

export const allthingstalkIntake: Intake = {
  /** Assumed: nobody knows how long a rule waits (contract 8.24). */
  answerWithinMs: 10_000,
  /** No rule was ever seen to give an address up. */
  failuresToBan: Number.POSITIVE_INFINITY,

  /**
   * One call of a rule a body. It has neither an id nor a time, and a value that comes back is said in the same words as
   * before; that a call is repeated is not known, and would say what is so at that time (contract 6).
   */
  split: (body) => [{ raw: body, isOneOfTwins: true }],
};
