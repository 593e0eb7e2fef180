/** Netatmo's part of `receive-webhook`: no schemas, no I/O, nothing to load. */
import type { Intake } from '../intake.ts';
import { isSignedWith } from '../signature.ts';

export const netatmoIntake: Intake = {
  answerWithinMs: 10_000,
  failuresToBan: 5,

  signature: { header: 'x-netatmo-secret', isRight: isSignedWith },

  /**
   * One push a body. An event of a camera or an alarm has an id, but shares it with its parts (an `incoming_call` and
   * what became of it): the whole text tells them apart, and twins of it are one. What has no id may well be said twice,
   * such as the same set point after another; that Netatmo ever repeats a push by itself is not known (contract 4.2).
   */
  split: (body) => [hasEventId(body) ? { raw: body } : { raw: body, isOneOfTwins: true }],
};

function hasEventId(body: string): boolean {
  try {
    const { event_id: eventId } = JSON.parse(body) ?? {};
    return typeof eventId === 'string' && eventId !== '';
  } catch {
    return false;
  }
}
