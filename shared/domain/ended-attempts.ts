import type { RotationRecord } from './rotation-record.ts';
import type { TokenPointer } from './token-pointer.ts';

/**
 * The attempts that ended between two states of a pointer, oldest first: one whose holder disappeared, which shows in
 * that somebody else began the next, and the one that tells of itself. Pure.
 */
export function endedAttempts(before: TokenPointer | undefined, after: TokenPointer): RotationRecord[] {
  const ended: RotationRecord[] = [];
  if (before && after.attempt > before.attempt && isUnended(before)) {
    const { attempt, refreshHash: fromRefreshHash } = before;
    const at = before.intent?.startedAt ?? before.rotatedAt;
    ended.push({ attempt, at, fromRefreshHash, outcome: 'vanished' });
  }
  const { lastAttempt } = after;
  const isNews = JSON.stringify(lastAttempt) !== JSON.stringify(before?.lastAttempt);
  if (lastAttempt && isNews) ended.push(lastAttempt);
  return ended;
}

/** Whether somebody holds the lease to rotate and has said nothing yet of how it went. */
function isUnended({ attempt, intent, leaseOwner, lastAttempt }: TokenPointer): boolean {
  return intent !== undefined && leaseOwner !== undefined && lastAttempt?.attempt !== attempt;
}
