import { createHash, createHmac } from 'node:crypto';
import * as z from 'zod';
import { toUtc, UtcTime } from '../domain/time.ts';
import type { OauthFacts, TokenAnswer } from '../providers/provider.ts';

/** A provider's access and refresh token with their times, as one version of an account's secret holds it. */
export const TokenSet = z.object({
  accessToken: z.string().min(1),
  refreshToken: z.string().min(1),
  obtainedAt: UtcTime,
  accessExpiresAt: UtcTime,
  refreshExpiresAt: UtcTime,
  /** Hash of the refresh token that was spent for this set; `null` after a consent. The store describes itself. */
  parentHash: z.string().nullable(),
});
export type TokenSet = z.infer<typeof TokenSet>;

/** What a token endpoint's answer leaves to assume where it says nothing (contract Legrand 1.4). */
const DEFAULT_ACCESS_LIFE_SECONDS = 3600;

/**
 * Turns an answer into a token set. Lives count from the moment the request was sent, and where the provider names
 * both a duration and a time, the earlier counts: a token is never used too long, whoever's clock is wrong.
 */
export function toTokenSet(
  answer: TokenAnswer,
  facts: OauthFacts,
  context: { sentAtMs: number; spent?: { refreshToken: string; hash: string; expiresAt: string } },
): TokenSet {
  const { sentAtMs, spent } = context;
  const bySpan = sentAtMs + (answer.expiresInSeconds ?? DEFAULT_ACCESS_LIFE_SECONDS) * 1000;
  const byClock = answer.expiresOn === undefined ? bySpan : answer.expiresOn * 1000;
  const accessExpiresMs = answer.expiresInSeconds === undefined ? byClock : Math.min(bySpan, byClock);
  const refreshLifeSeconds = answer.refreshExpiresInSeconds ?? facts.refreshLifeSeconds;
  // A server that sends no new refresh token does not rotate: the old one, with its old end, goes on.
  const rotated = answer.refreshToken !== undefined || spent === undefined;
  return {
    accessToken: answer.accessToken,
    refreshToken: answer.refreshToken ?? spent?.refreshToken ?? '',
    obtainedAt: toUtc(sentAtMs),
    accessExpiresAt: toUtc(accessExpiresMs),
    refreshExpiresAt: rotated ? toUtc(sentAtMs + refreshLifeSeconds * 1000) : spent.expiresAt,
    parentHash: spent?.hash ?? null,
  };
}

/** Keyed, so that the pointer in the table proves nothing to whoever may read the table. */
export function hashRefreshToken(key: Buffer, refreshToken: string): string {
  return createHmac('sha256', key).update(refreshToken).digest('base64url');
}

/**
 * The id under which an attempt will keep its answer: known before the exchange, so that whoever takes over knows
 * where to look, and repeating the write is a no-op. Written as a UUID because `ClientRequestToken` wants one.
 */
export function plannedVersionId(accountId: string, generation: number, attempt: number): string {
  const hex = createHash('sha256')
    .update(JSON.stringify([accountId, generation, attempt]))
    .digest('hex');
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    `8${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join('-');
}
