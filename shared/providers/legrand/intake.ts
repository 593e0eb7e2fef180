/** Legrand's part of `receive-webhook`: no schemas, no I/O, nothing to load. */
import type { IncomingDelivery, Intake } from '../intake.ts';

/** Each delivery costs a write within the 750 ms; only arrays of one event have been seen. */
const MAX_EVENTS = 10;
/** Event ids are UUIDs; anything longer is not one of Legrand's. */
const MAX_EVENT_ID_LENGTH = 128;
const VALIDATION_EVENT = 'Microsoft.EventGrid.SubscriptionValidationEvent';

export const legrandIntake: Intake = {
  answerWithinMs: 750,

  split(body) {
    const parsed = parse(body);
    if (!Array.isArray(parsed) || parsed.length < 2 || parsed.length > MAX_EVENTS) {
      return [delivery(Array.isArray(parsed) && parsed.length === 1 ? parsed[0] : parsed, body)];
    }
    return parsed.map((event) => delivery(event, JSON.stringify(event)));
  },

  /**
   * The answer to Event Grid's handshake. Receivers of 2019 answered `validationResponse`, an older text of Legrand's
   * asks for `validationCode`: both are sent.
   */
  reply(body) {
    if (!body.includes(VALIDATION_EVENT)) return undefined;
    const parsed = parse(body);
    for (const event of Array.isArray(parsed) ? parsed : [parsed]) {
      const code = validationCode(event);
      if (code !== undefined) return { validationResponse: code, validationCode: code };
    }
    return undefined;
  },
};

function delivery(event: unknown, raw: string): IncomingDelivery {
  // A bare notification has no id of its own, and an `id` without an event type would not be one.
  if (!isRecord(event) || typeof event.id !== 'string' || typeof event.eventType !== 'string') return { raw };
  return event.id !== '' && event.id.length <= MAX_EVENT_ID_LENGTH ? { eventId: event.id, raw } : { raw };
}

function validationCode(event: unknown): string | undefined {
  if (!isRecord(event) || event.eventType !== VALIDATION_EVENT || !isRecord(event.data)) return undefined;
  const { validationCode: code } = event.data;
  return typeof code === 'string' ? code : undefined;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
