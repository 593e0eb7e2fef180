/** Five wrong or slow answers switch a hook off for a day (contract 4.2). Pure. */
import type { Hook, Settings } from '../state.ts';

const FAILURES_PER_BAN = 5;
const HOUR_MS = 3_600_000;

type BanRule = Pick<Settings, 'banRule' | 'banSeconds'>;

export function countAccepted(hook: Hook, { banRule }: BanRule): void {
  hook.accepted += 1;
  // Within an hour five are too many, whatever was between them.
  if (banRule === 'in_a_row') hook.failureEpochMs = [];
}

export function countFailure(hook: Hook, now: number, { banRule, banSeconds }: BanRule): void {
  const counted =
    banRule === 'in_a_row' ? hook.failureEpochMs : hook.failureEpochMs.filter((at) => at > now - HOUR_MS);
  hook.failureEpochMs = [...counted, now];
  if (hook.failureEpochMs.length < FAILURES_PER_BAN) return;
  hook.bans += 1;
  hook.bannedUntilEpochMs = now + banSeconds * 1000;
  hook.failureEpochMs = [];
}

export function isBanned({ bannedUntilEpochMs }: Hook, now: number): boolean {
  return bannedUntilEpochMs !== undefined && bannedUntilEpochMs > now;
}
