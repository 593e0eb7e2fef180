/** What the pointer says of a token set, and when it is to be rotated. Pure. */
import { toUtc, type UtcTime } from '../domain/time.ts';
import { NEVER, rotationDueMs } from '../domain/token-pointer.ts';
import type { NextSet, Placement } from '../store/token-pointers.ts';
import { hashTokenSet, isRotating, type TokenSet } from './token-set.ts';

/** @param spread – between 0 and 1; keeps accounts from moving in step */
export function nextSet(
  hashKey: Buffer,
  placement: Placement,
  set: TokenSet,
  rhythm: { activity: 'active' | 'idle'; spread: number },
): NextSet {
  return {
    ...placement,
    refreshHash: hashTokenSet(hashKey, set),
    ...(isRotating(set) && { accessExpiresAt: set.accessExpiresAt, refreshExpiresAt: set.refreshExpiresAt }),
    rotatedAt: set.obtainedAt,
    dueAt: rotationDueAt(set, rhythm.activity, rhythm.spread),
  };
}

export function rotationDueAt(set: TokenSet, activity: 'active' | 'idle', spread: number): UtcTime {
  if (!isRotating(set)) return NEVER;
  const times = {
    rotatedAtMs: Date.parse(set.obtainedAt),
    accessExpiresMs: Date.parse(set.accessExpiresAt),
    refreshExpiresMs: Date.parse(set.refreshExpiresAt),
  };
  return toUtc(rotationDueMs(times, activity, spread));
}
