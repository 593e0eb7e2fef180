/** What is known of an account's token set without opening it, and the rules of time around it. Pure. */
import * as z from 'zod';
import { GrantHealth } from './grant-health.ts';
import { AccountId } from './ids.ts';
import { ProviderName } from './provider-name.ts';
import { RotationRecord } from './rotation-record.ts';
import { UtcTime } from './time.ts';

/** An access token is not used any more when less than this is left of its life: the call has to arrive as well. */
export const HARD_MARGIN_MS = 60_000;

/** An active account rotates when this share of its access token's life has passed, spread evenly between the two. */
const ACTIVE_SHARE = { from: 0.6, to: 0.8 } as const;
/** An idle account rotates only to keep its refresh token alive. */
const IDLE_SHARE = 1 / 3;

/** Days before a refresh token would expire unused at which whoever reads the feed is warned; most urgent first. */
export const WARNING_DAYS = [1, 7, 21] as const;
const DAY_MS = 86_400_000;

/** When the pointer is due of an account whose tokens only the owner can change: for who asks what is due, never. */
export const NEVER = '9999-12-31T23:59:59.999Z';

/** What a holder is about to do, noted before it does it: whoever finds it after a crash knows where to look. */
export const Intent = z.object({
  fromRefreshHash: z.string(),
  /** Where the answer will be kept. */
  plannedVersionId: z.string(),
  /** Where answers of attempts before this one, whose outcome is not known, may have been kept. */
  earlierVersionIds: z.array(z.string()),
  startedAt: UtcTime,
});
export type Intent = z.infer<typeof Intent>;

/** A token set sealed for the pointer of one generation, and of no other. */
export const SealedSet = z.object({ generation: z.int(), text: z.string() });
export type SealedSet = z.infer<typeof SealedSet>;

export const TokenPointer = z.object({
  accountId: AccountId,
  provider: ProviderName,
  /** The deployment whose accounts these are: a copy of the table must not spend the tokens of the original's. */
  stackId: z.string(),
  /** +1 with every token set. */
  generation: z.int(),
  /** +1 with every link by the owner. */
  linkEpoch: z.int(),
  /** Names the token set: where it is not sealed, the version of the account's secret that holds it. */
  versionId: z.string(),
  /** The token set itself, in the sealed vault; absent where it is in Secrets Manager. */
  sealed: SealedSet.optional(),
  /** The sealed token set before it, with which an operator can undo a broken write or the loss of a key. */
  sealedBefore: SealedSet.optional(),
  /** Keyed hash of the refresh token in the token set; of the one token where it is static. */
  refreshHash: z.string(),
  /** Both absent: the token is static, and ends when it is deleted at the cloud. */
  accessExpiresAt: UtcTime.optional(),
  refreshExpiresAt: UtcTime.optional(),
  rotatedAt: UtcTime,
  /** The last generation whose access token was asked for: an account is active while this keeps up. */
  usedGeneration: z.int(),
  /** The generation whose access token was refused although it was new; gone with the next one. */
  refusedGeneration: z.int().optional(),
  /** Attempts to rotate so far; makes every planned version id a new one. */
  attempt: z.int(),
  /** How the last attempt that ended did so. */
  lastAttempt: RotationRecord.optional(),
  leaseOwner: z.string().optional(),
  leaseUntil: UtcTime.optional(),
  intent: Intent.optional(),
  /** When an unlink ended the account's tokens: from then on its secret is being deleted. */
  endedAt: UtcTime.optional(),
  /** Not before this time: the provider asked for patience, or an attempt failed. */
  retryAt: UtcTime.optional(),
  dueAt: UtcTime,
  health: GrantHealth,
  /** The most urgent of {@link WARNING_DAYS} that was warned of; gone with the next token set. */
  warnedDays: z.int().optional(),
});
export type TokenPointer = z.infer<typeof TokenPointer>;

/** Whether there is nothing to exchange, at whatever time. */
export function isStatic({ refreshExpiresAt }: Pick<TokenPointer, 'refreshExpiresAt'>): boolean {
  return refreshExpiresAt === undefined;
}

export function isAccessTokenUsable(
  { accessExpiresAt }: Pick<TokenPointer, 'accessExpiresAt'>,
  now: number,
): boolean {
  return accessExpiresAt === undefined || Date.parse(accessExpiresAt) - HARD_MARGIN_MS > now;
}

/** When the token set is to be rotated, epoch ms. `spread` is between 0 and 1 and keeps accounts from moving in step. */
export function rotationDueMs(
  set: { rotatedAtMs: number; accessExpiresMs: number; refreshExpiresMs: number },
  activity: 'active' | 'idle',
  spread: number,
): number {
  const accessLifeMs = set.accessExpiresMs - set.rotatedAtMs;
  const refreshLifeMs = set.refreshExpiresMs - set.rotatedAtMs;
  const share = ACTIVE_SHARE.from + (ACTIVE_SHARE.to - ACTIVE_SHARE.from) * spread;
  return Math.round(
    set.rotatedAtMs + (activity === 'active' ? accessLifeMs * share : refreshLifeMs * IDLE_SHARE),
  );
}

/**
 * The warning that is due for a token set that could not be rotated: one of {@link WARNING_DAYS}; `undefined` while
 * there is time, or when that warning has been given.
 */
export function expiryWarning(
  { refreshExpiresAt, warnedDays }: Pick<TokenPointer, 'refreshExpiresAt' | 'warnedDays'>,
  now: number,
): number | undefined {
  if (refreshExpiresAt === undefined) return undefined;
  const daysLeft = (Date.parse(refreshExpiresAt) - now) / DAY_MS;
  const due = WARNING_DAYS.find((days) => daysLeft <= days);
  return due !== undefined && (warnedDays === undefined || due < warnedDays) ? due : undefined;
}
