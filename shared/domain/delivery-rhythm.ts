/**
 * How often an account's webhooks come, learned from the account itself, and when their absence is strange. What counts
 * is the longest silence of late: a mean says nothing where a hand on a dial makes ten in a second and a night none.
 * Pure: no I/O, no clock.
 */
import type { SyncJob } from './sync-job.ts';
import { toUtc, type UtcTime } from './time.ts';

/** A silence counts half as long after each of these: a holiday is forgotten in some weeks. */
const HALF_LIFE_MS = 7 * 86_400_000;
/** An account is known after so many deliveries in so long. */
const KNOWN_DELIVERIES = 50;
const KNOWN_MS = 3 * 86_400_000;
/** One that is silent for longer, now and then, is not talkative: its silence says nothing. */
const TALKATIVE_MS = 12 * 3_600_000;
/** No silence is strange before it is so many times the longest, and so long. */
const STRANGE_FACTOR = 2;
const LEAST_STRANGE_MS = 2 * 3_600_000;

export type Rhythm = Pick<
  SyncJob,
  'deliveries' | 'firstDeliveryAt' | 'previousDeliveryAt' | 'lastDeliveryAt' | 'longestSilence'
>;

/** From when on the present silence is strange; `undefined`: never, for all that is known. */
export function strangeFrom(rhythm: Rhythm): UtcTime | undefined {
  const { deliveries = 0, firstDeliveryAt, lastDeliveryAt } = rhythm;
  if (firstDeliveryAt === undefined || lastDeliveryAt === undefined || deliveries < KNOWN_DELIVERIES)
    return undefined;
  const lastMs = Date.parse(lastDeliveryAt);
  const usualMs = usualSilenceMs(rhythm, lastMs);
  if (lastMs - Date.parse(firstDeliveryAt) < KNOWN_MS || usualMs > TALKATIVE_MS) return undefined;
  return toUtc(lastMs + Math.max(STRANGE_FACTOR * usualMs, LEAST_STRANGE_MS));
}

/**
 * The silence that has just ended, where it is the longest of late.
 * One that was strange counts as far as it was expected to go: it may have been a ban, or a quiet home after all, and
 * the second holiday in a row must not alarm as soon as the first.
 */
export function learnSilence(rhythm: Rhythm): NonNullable<SyncJob['longestSilence']> | undefined {
  const { previousDeliveryAt, lastDeliveryAt } = rhythm;
  if (previousDeliveryAt === undefined || lastDeliveryAt === undefined) return undefined;
  const silentMs = Date.parse(lastDeliveryAt) - Date.parse(previousDeliveryAt);
  const limit = strangeFrom({ ...rhythm, lastDeliveryAt: previousDeliveryAt });
  const limitMs =
    limit === undefined ? Number.POSITIVE_INFINITY : Date.parse(limit) - Date.parse(previousDeliveryAt);
  const learnedMs = Math.min(silentMs, limitMs);
  if (learnedMs <= usualSilenceMs(rhythm, Date.parse(lastDeliveryAt))) return undefined;
  return { seconds: Math.round(learnedMs / 1000), endedAt: lastDeliveryAt };
}

function usualSilenceMs({ longestSilence }: Rhythm, now: number): number {
  if (!longestSilence) return 0;
  const age = Math.max(0, now - Date.parse(longestSilence.endedAt));
  return longestSilence.seconds * 1000 * 2 ** (-age / HALF_LIFE_MS);
}
