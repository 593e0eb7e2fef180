/** What a copy on premises keeps of the feed: each event, and each reading that it tells. Pure: no I/O, no clock. */
import * as z from 'zod';
import type { FedEvent } from './event.ts';

export interface Document {
  readonly id: string;
  readonly [field: string]: unknown;
}

/** Where the document stands in the feed is not part of what it says: an event that is told twice has two places. */
export interface CopyRecord extends Document {
  readonly sequence: string;
}

/** The event as it is, but for what CloudEvents says of every event alike. */
export function eventDocument({ id, type, source, subject, time, sequence, data }: FedEvent): CopyRecord {
  return { id, type, source, subject, time, sequence, data };
}

const Changed = z.looseObject({
  moduleId: z.string(),
  plantId: z.string(),
  accountId: z.string(),
  device: z.string(),
  changes: z.array(
    z.looseObject({
      capability: z.string(),
      value: z.unknown(),
      unit: z.string().nullable(),
      observedAt: z.string(),
      receivedAt: z.string(),
    }),
  ),
});

const tellReadings = ['latchkey.module.changed', 'latchkey.module.late_readings'];

/** The readings that an event tells. Named by the event: a device counts seconds, and may say two things within one. */
export function readingDocuments({ id: eventId, type, sequence, data }: FedEvent): CopyRecord[] {
  const changed = tellReadings.includes(type) ? Changed.safeParse(data).data : undefined;
  if (!changed) return [];
  const { accountId, plantId, moduleId, device } = changed;
  return changed.changes.map(({ capability, value, unit, observedAt, receivedAt }) => ({
    id: `${eventId}:${capability}`,
    sequence,
    accountId,
    plantId,
    moduleId,
    device,
    capability,
    value,
    unit,
    observedAt,
    receivedAt,
  }));
}

/** What of a record is compared with that of the other side. */
export function comparedRecord({ sequence: _, ...document }: CopyRecord): object {
  return document;
}
