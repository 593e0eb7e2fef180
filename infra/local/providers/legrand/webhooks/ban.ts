/** The failure counter and the ban it leads to (contract 4). Pure. */
import type { CloudState, EndPointRecord } from '../state.ts';

const FAILURES_PER_BAN = 20;
const BAN_MS_PER_SET = 60_000;
const LONGEST_BAN_MS = 20 * 60_000;
/** When the counter starts again is not documented (contract 9.7); a day without a failure is assumed. */
const FORGIVEN_AFTER_MS = 24 * 3_600_000;

/** Counts one failure of an address; every twentieth begins a ban, each longer by a minute. */
export function countFailure(state: CloudState, url: string, now: number): EndPointRecord {
  const record = recordOf(state, url);
  if (now - record.lastFailureEpochMs > FORGIVEN_AFTER_MS) record.failures = 0;
  record.failures += 1;
  record.lastFailureEpochMs = now;
  if (record.failures % FAILURES_PER_BAN === 0) {
    const sets = record.failures / FAILURES_PER_BAN;
    record.bans += 1;
    record.bannedUntilEpochMs = now + Math.min(sets * BAN_MS_PER_SET, LONGEST_BAN_MS);
  }
  return record;
}

export function countAccepted(state: CloudState, url: string): void {
  recordOf(state, url).accepted += 1;
}

/** Counts what is never told, because the address was banned when it happened. */
export function countLost(state: CloudState, url: string): void {
  recordOf(state, url).lost += 1;
}

/** Until when an address is banned, if it is. */
export function bannedUntil(state: CloudState, url: string, now: number): number | undefined {
  const until = state.endPoints.find((record) => record.url === url)?.bannedUntilEpochMs;
  return until !== undefined && until > now ? until : undefined;
}

function recordOf(state: CloudState, url: string): EndPointRecord {
  const held = state.endPoints.find((record) => record.url === url);
  if (held) return held;
  const record: EndPointRecord = { url, accepted: 0, failures: 0, lastFailureEpochMs: 0, bans: 0, lost: 0 };
  state.endPoints.push(record);
  return record;
}
