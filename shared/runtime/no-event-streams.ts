/**
 * Stands in for `@smithy/core/event-streams` in the bundles: the SDK loads it for answers that are a stream of events,
 * which none of our calls has, and it would be 20 KB of every bundle.
 */

/** Has the name that the SDK imports. */
export class EventStreamSerde {
  constructor() {
    throw new TypeError('no call of Latchkey has a stream of events in its answer');
  }
}
