/** What is known of an account's token set without opening it, and the rules of time around it. Pure. */
import * as z from 'zod';
import { AccountId } from './ids.ts';
import { ProviderName } from './provider-name.ts';
import { UtcTime } from './time.ts';

/** An access token is not used any more when less than this is left of its life: the call has to arrive as well. */
export const HARD_MARGIN_MS = 60_000;

/** An active account rotates when this share of its access token's life has passed, spread evenly between the two. */
const ACTIVE_SHARE = { from: 0.6, to: 0.8 } as const;
/** An idle account rotates only to keep its refresh token alive. */
const IDLE_SHARE = 1 / 3;

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

/**
 * What rotation thinks of the grant. `good`; `delayed`: the provider cannot answer now; `refused`: our application is
 * refused; `suspect`: the provider calls the grant invalid, for less than a day; `dead`: final until the owner links
 * again; `owner_action`: the owner has to act in the provider's app.
 */
export const GrantHealth = z.object({
  state: z.enum(['good', 'delayed', 'refused', 'suspect', 'dead', 'owner_action']),
  cause: z.string().optional(),
  since: UtcTime,
  /** Failed attempts in a row. */
  strikes: z.int(),
});
export type GrantHealth = z.infer<typeof GrantHealth>;

export const TokenPointer = z.object({
  accountId: AccountId,
  provider: ProviderName,
  /** +1 with every token set. */
  generation: z.int(),
  /** +1 with every link by the owner. */
  linkEpoch: z.int(),
  /** The secret's version that holds the token set. */
  versionId: z.string(),
  /** Keyed hash of the refresh token in that version. */
  refreshHash: z.string(),
  accessExpiresAt: UtcTime,
  refreshExpiresAt: UtcTime,
  rotatedAt: UtcTime,
  /** The last generation whose access token was asked for: an account is active while this keeps up. */
  usedGeneration: z.int(),
  /** Attempts to rotate so far; makes every planned version id a new one. */
  attempt: z.int(),
  leaseOwner: z.string().optional(),
  leaseUntil: UtcTime.optional(),
  intent: Intent.optional(),
  /** Not before this time: the provider asked for patience, or an attempt failed. */
  retryAt: UtcTime.optional(),
  dueAt: UtcTime,
  health: GrantHealth,
});
export type TokenPointer = z.infer<typeof TokenPointer>;

export function isAccessTokenUsable(pointer: Pick<TokenPointer, 'accessExpiresAt'>, now: number): boolean {
  return Date.parse(pointer.accessExpiresAt) - HARD_MARGIN_MS > now;
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
