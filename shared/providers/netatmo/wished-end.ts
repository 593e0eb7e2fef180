/** When what was wished is to end. Pure: no I/O, no clock. */
import { toUtc, type UtcTime } from '../../domain/time.ts';
import { refuseField } from '../refuse-wish.ts';

export interface WishedEnd {
  /** As Netatmo has it. */
  readonly epochSeconds: number;
  /** As it will be read. */
  readonly utc: UtcTime;
}

export function endAt(epochMs: number): WishedEnd {
  const epochSeconds = Math.floor(epochMs / 1000);
  return { epochSeconds, utc: toUtc(epochSeconds * 1000) };
}

/** @throws {LatchkeyError} request_invalid – when it has passed */
export function endOf(until: UtcTime, now: number): WishedEnd {
  const end = endAt(Date.parse(until));
  return end.epochSeconds * 1000 > now ? end : refuseField('until', 'must be in the future');
}
