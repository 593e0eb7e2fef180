import { randomUUID } from 'node:crypto';

/**
 * A webhook's body that is kept like any other and says nothing of a home: it changes no module and makes no event, so
 * that it can be sent to an account that is in use.
 */
export function measurementBody(): Buffer {
  const event = {
    id: randomUUID(),
    eventType: 'Latchkey.Measurement',
    eventTime: new Date().toISOString(),
    data: { padding: 'x'.repeat(800) },
  };
  return Buffer.from(JSON.stringify([event]));
}
