/** Legrand's part of `receive-webhook`: no schemas, no I/O, nothing to load. */
import type { IncomingDelivery, Intake } from '../intake.ts';

/** Each delivery costs a write within the 750 ms; only arrays of one event have been seen. */
const MAX_EVENTS = 10;
/** Levels of lists and objects in each other; Legrand's events have nine. */
const MAX_DEPTH = 100;
/** Event ids are UUIDs; anything longer is not one of Legrand's. */
const MAX_EVENT_ID_LENGTH = 128;
const VALIDATION_EVENT = 'Microsoft.EventGrid.SubscriptionValidationEvent';

export const legrandIntake: Intake = {
  answerWithinMs: 750,
  failuresToBan: 20,

  split(body) {
    const parsed = parse(body);
    if (Array.isArray(parsed) && parsed.length === 1) return [delivery(parsed[0], body)];
    return splitEvents(parsed, body) ?? [delivery(parsed, body)];
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

/** The events of an array, each by itself; `undefined` where they are better kept together. */
function splitEvents(parsed: unknown, body: string): IncomingDelivery[] | undefined {
  if (!Array.isArray(parsed) || parsed.length < 2 || parsed.length > MAX_EVENTS) return undefined;
  // JSON.parse reads nesting of any depth, JSON.stringify overflows its stack.
  if (isDeeper(parsed, MAX_DEPTH)) return undefined;
  const events = parsed.map((event) => delivery(event, JSON.stringify(event)));
  // Written again, `1e20` is five times as long: such an event might fit into no item of the table.
  return events.every(({ raw }) => raw.length <= body.length) ? events : undefined;
}

function isDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some((member) => isDeeper(member, levels - 1));
}

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

/** As it came, to the half character: it is written again as one delivery by event. */
function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
