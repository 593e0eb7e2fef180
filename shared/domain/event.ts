import * as z from 'zod';
import { AccountId, eventIdFor } from './ids.ts';
import { CapabilityName, ReadingValue } from './reading.ts';
import { UtcTime } from './time.ts';

/** What happens at a module apart from what its readings say; providers tell it, none of it can be asked for later. */
export const HappeningType = z.enum([
  'latchkey.security.person_seen',
  'latchkey.security.person_arrived',
  'latchkey.security.person_left',
  'latchkey.security.movement',
  'latchkey.security.human',
  'latchkey.security.animal',
  'latchkey.security.vehicle',
  'latchkey.security.call_incoming',
  'latchkey.security.call_accepted',
  'latchkey.security.call_missed',
  'latchkey.security.door_opened',
  'latchkey.security.door_moved',
  'latchkey.security.alarm',
  'latchkey.security.siren',
  'latchkey.security.smoke',
  'latchkey.security.carbon_monoxide',
  'latchkey.security.tampered',
  'latchkey.security.condition',
  'latchkey.weather.threshold',
]);
export type HappeningType = z.infer<typeof HappeningType>;

export const EventType = z.enum([
  'latchkey.account.linked',
  'latchkey.account.reauth_required',
  'latchkey.account.owner_action_required',
  'latchkey.account.rotated',
  'latchkey.account.refresh_expiring',
  'latchkey.account.health_changed',
  'latchkey.account.unlinked',
  'latchkey.plant.changed',
  'latchkey.module.changed',
  'latchkey.module.late_readings',
  'latchkey.module.unreachable',
  'latchkey.module.reachable',
  'latchkey.command.finished',
  'latchkey.delivery.unreadable',
  'latchkey.webhook.suspected_ban',
  'latchkey.webhook.gap_repaired',
  ...HappeningType.options,
]);
export type EventType = z.infer<typeof EventType>;

/** One reading, in the data of `latchkey.module.changed` and, without what it was before, `latchkey.module.late_readings`. */
export const Change = z.object({
  capability: CapabilityName,
  value: ReadingValue,
  previous: ReadingValue.optional(),
  unit: z.string().nullable(),
  observedAt: UtcTime,
  /** Of two that were observed at the same time the one that was received later counts, in whatever order they are told. */
  receivedAt: UtcTime,
});
export type Change = z.infer<typeof Change>;

/**
 * One normalised fact in the feed.
 * @see CloudEvents 1.0.2, JSON event format
 */
export const Event = z.object({
  specversion: z.literal('1.0'),
  /** Stable: the same fact has the same id however often it is delivered. */
  id: z.string(),
  source: z.string(),
  type: EventType,
  /** Id of the module, plant, command or delivery that it is about. */
  subject: z.string(),
  time: UtcTime,
  datacontenttype: z.literal('application/json'),
  data: z.looseObject({ accountId: AccountId }),
});
export type Event = z.infer<typeof Event>;

/** As the feed tells it: with where it stands there. @see CloudEvents extension `sequence` */
export const FedEvent = Event.extend({ sequence: z.string() });
export type FedEvent = z.infer<typeof FedEvent>;

/** What an event is made of; everything else about it follows. */
export interface Fact {
  readonly type: EventType;
  readonly accountId: string;
  readonly subject: string;
  readonly time: UtcTime;
  /** What makes its id where the same fact can follow from several changes: the delivery that tells it. */
  readonly cause?: string;
  readonly data?: Readonly<Record<string, unknown>>;
}

/**
 * @param sequenceNumber – of the table change that the fact follows from. It makes the id unless the fact has a cause of
 * its own: a change delivered again is the same event, and what happens to an account that was unlinked and linked again
 * is a new one
 */
export function toEvent(
  { type, accountId, subject, time, cause, data }: Fact,
  sequenceNumber: string,
): Event {
  return {
    specversion: '1.0',
    id: eventIdFor(type, subject, cause ?? sequenceNumber),
    source: `/v1/accounts/${accountId}`,
    type,
    subject,
    time,
    datacontenttype: 'application/json',
    data: { accountId, ...data },
  };
}
