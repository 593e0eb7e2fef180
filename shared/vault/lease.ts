/** The lease on an account's tokens: its arithmetic, which a test holds the functions' timeouts against, and taking it. */
import { randomUUID } from 'node:crypto';
import { toUtc } from '../domain/time.ts';
import type { TokenPointer } from '../domain/token-pointer.ts';
import type { TokenPointerStore } from '../store/token-pointers.ts';

/** How long a lease holds, seconds: longer than any function that rotates may run (29), and a clock's error. */
export const LEASE_SECONDS = 40;

/** Difference of clocks between two workers that is allowed for, seconds. */
export const CLOCK_ALLOWANCE_SECONDS = 2;

/** Total time for one exchange at a token endpoint, milliseconds. */
export const EXCHANGE_TIMEOUT_MS = 8_000;

/** An exchange is not begun with less than this left of the function's time: exchange, keep and commit must fit. */
export const EXCHANGE_NEEDS_MS = 12_000;

/** Of which this is left alone by the keeping in Secrets Manager: for the escrow if that fails, or for the commit. */
export const COMMIT_NEEDS_MS = 2_000;

export interface LeaseDependencies {
  readonly pointers: TokenPointerStore;
  readonly now: () => number;
  /** Names this worker in leases. */
  readonly holder: string;
}

/** Takes the lease on a pointer as read; `plannedVersionId` is where the answer of an exchange will be kept. */
export async function takeLease(
  { pointers, now, holder }: LeaseDependencies,
  pointer: TokenPointer,
  plannedVersionId?: string,
): Promise<TokenPointer | 'refused'> {
  const owner = `${holder}/${randomUUID()}`;
  const held = await pointers.acquire(pointer, {
    owner,
    now: now(),
    until: toUtc(now() + LEASE_SECONDS * 1000),
    clockAllowanceMs: CLOCK_ALLOWANCE_SECONDS * 1000,
    ...(plannedVersionId !== undefined && { plannedVersionId }),
  });
  if (held !== 'refused') return held;
  // Our own write is refused as well when its answer was lost and the SDK sent it again.
  const current = await pointers.get(pointer.accountId);
  return current?.leaseOwner === owner ? current : 'refused';
}

export function isLeased(pointer: Pick<TokenPointer, 'leaseUntil'>, now: number): boolean {
  return pointer.leaseUntil !== undefined && Date.parse(pointer.leaseUntil) > now;
}

/** Whether an unlink has ended the account's tokens. */
export function isEnded({ endedAt }: TokenPointer): boolean {
  return endedAt !== undefined;
}

/** Whether that unlink may still be at it; the platform ends a function before its lease would end. */
export function isBeingUnlinked({ endedAt }: TokenPointer, now: number): boolean {
  return endedAt !== undefined && now - Date.parse(endedAt) < LEASE_SECONDS * 1000;
}
