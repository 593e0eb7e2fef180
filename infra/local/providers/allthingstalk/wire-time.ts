/** Times as this cloud writes and reads them (contract 3.4). Pure: no clock. */

/** UTC, at most three fraction digits, zeros at the end dropped: `2025-03-04T09:20:31.45Z`. */
export function wireTime(epochMs: number): string {
  return new Date(epochMs).toISOString().replace(/\.?0+Z$/, 'Z');
}

const INPUT =
  /^(?<day>\d{4}-\d{2}-\d{2})(?:[T ](?<time>\d{2}:\d{2}(?::\d{2})?)(?:\.(?<fraction>\d+))?(?<zone>Z|[+-]\d{2}:?\d{2})?)?$/i;

/**
 * Epoch milliseconds; digits beyond are cut off, not rounded, and a time without a zone is UTC.
 * @returns undefined when it is no time, as one whose `+` was not encoded in a query
 */
export function readTime(text: string): number | undefined {
  const { day, time = '00:00', fraction = '', zone = 'Z' } = INPUT.exec(text.trim())?.groups ?? {};
  if (day === undefined) return undefined;
  const offset = /^[+-]\d{4}$/.test(zone) ? `${zone.slice(0, 3)}:${zone.slice(3)}` : zone.toUpperCase();
  const seconds = time.length === 5 ? `${time}:00` : time;
  const epochMs = Date.parse(`${day}T${seconds}.${fraction.padEnd(3, '0').slice(0, 3)}${offset}`);
  return Number.isNaN(epochMs) ? undefined : epochMs;
}
