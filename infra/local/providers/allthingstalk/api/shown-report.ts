import type { Report } from '../house/asset.ts';

/** A value as it is told; with `asText` numbers are strings, as some clients send them. */
export function shownReport(report: Report, asText: boolean): Report {
  return asText && typeof report.value === 'number' ? { ...report, value: String(report.value) } : report;
}
