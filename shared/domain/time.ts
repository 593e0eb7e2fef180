import * as z from 'zod';

/** ISO-8601 UTC text ending in `Z`, the only form of a time that leaves the domain. */
export const UtcTime = z.iso.datetime();
export type UtcTime = z.infer<typeof UtcTime>;

export function toUtc(epochMs: number): UtcTime {
  return new Date(epochMs).toISOString();
}

/** An IANA zone (`Europe/Paris`) or a fixed offset (`+01:00`) where the provider tells no more. */
export const TimeZone = z.string().refine(isTimeZone, 'is not an IANA time zone or an offset such as +01:00');
export type TimeZone = z.infer<typeof TimeZone>;

function isTimeZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}
