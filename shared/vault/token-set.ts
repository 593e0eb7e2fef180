import { createHash, createHmac } from 'node:crypto';
import * as z from 'zod';
import { LatchkeyError } from '../domain/error.ts';
import { toUtc, UtcTime } from '../domain/time.ts';
import { HARD_MARGIN_MS, type TokenPointer } from '../domain/token-pointer.ts';
import type { OauthFacts, TokenAnswer } from '../providers/provider.ts';

/** An access and a refresh token with their times: each exchange replaces both. */
export const RotatingSet = z.object({
  accessToken: z.string().min(1),
  refreshToken: z.string().min(1),
  obtainedAt: UtcTime,
  accessExpiresAt: UtcTime,
  refreshExpiresAt: UtcTime,
  /** Hash of the refresh token that was spent for this set; `null` after a consent. The store describes itself. */
  parentHash: z.string().nullable(),
});
export type RotatingSet = z.infer<typeof RotatingSet>;

/** A token that a person made at the cloud and gave us: it stays as it is until it is deleted there. */
export const StaticSet = z.object({
  accessToken: z.string().min(1),
  obtainedAt: UtcTime,
  parentHash: z.null(),
});
export type StaticSet = z.infer<typeof StaticSet>;

/** What an account's secret or pointer holds of its provider's tokens. */
export const TokenSet = z.union([RotatingSet, StaticSet]);
export type TokenSet = z.infer<typeof TokenSet>;

export function isRotating(set: TokenSet): set is RotatingSet {
  return 'refreshToken' in set;
}

export function toStaticSet(accessToken: string, obtainedAtMs: number): StaticSet {
  return { accessToken, obtainedAt: toUtc(obtainedAtMs), parentHash: null };
}

/** @throws {LatchkeyError} config_invalid – when it is not what Latchkey writes; the text is never quoted */
export function parseTokenSet(text: string): TokenSet {
  try {
    return TokenSet.parse(JSON.parse(text));
  } catch {
    throw new LatchkeyError('config_invalid', 'a stored token set is malformed');
  }
}

/** What a token endpoint's answer leaves to assume where it says nothing (contract Legrand 1.4). */
const DEFAULT_ACCESS_LIFE_SECONDS = 3600;
/** No token is believed to live longer, seconds: a year. */
const LONGEST_LIFE_SECONDS = 365 * 86_400;

export interface GrantContext {
  readonly sentAtMs: number;
  /** What was spent; absent where an owner's consent was. */
  readonly spent?: Pick<RotatingSet, 'refreshToken' | 'refreshExpiresAt'>;
  readonly parentHash?: string;
}

/** Turns an answer into a token set. Lives count from the moment the request was sent. */
export function toTokenSet(answer: TokenAnswer, facts: OauthFacts, context: GrantContext): RotatingSet {
  const { sentAtMs, spent, parentHash = null } = context;
  // A server that sends no new refresh token does not rotate: the old one, with its old end, goes on.
  const kept = answer.refreshToken ? undefined : spent;
  const refreshLifeSeconds = answer.refreshExpiresInSeconds ?? facts.refreshLifeSeconds;
  return {
    accessToken: answer.accessToken,
    refreshToken: kept?.refreshToken ?? answer.refreshToken ?? '',
    obtainedAt: toUtc(sentAtMs),
    accessExpiresAt: toUtc(accessEndMs(answer, sentAtMs)),
    refreshExpiresAt: kept?.refreshExpiresAt ?? toUtc(endMs(sentAtMs, refreshLifeSeconds)),
    parentHash,
  };
}

/**
 * Where the provider names both a duration and a time, the earlier counts, so that a token is never used too long,
 * whoever's clock is wrong. But a time at which a new token is of no use already is a wrong clock, and believing it
 * would mean to rotate with every call.
 */
function accessEndMs({ expiresInSeconds, expiresOn }: TokenAnswer, sentAtMs: number): number {
  const bySpan = endMs(sentAtMs, expiresInSeconds ?? DEFAULT_ACCESS_LIFE_SECONDS);
  const byClock = endMs(0, expiresOn ?? 0, sentAtMs / 1000 + LONGEST_LIFE_SECONDS);
  if (byClock - HARD_MARGIN_MS <= sentAtMs) return bySpan;
  return expiresInSeconds === undefined ? byClock : Math.min(bySpan, byClock);
}

/** Bounded, because a life that no calendar can write must not cost us the token. */
function endMs(fromMs: number, seconds: number, mostSeconds = LONGEST_LIFE_SECONDS): number {
  return Math.round(fromMs + Math.max(0, Math.min(seconds, mostSeconds)) * 1000);
}

/** Of what the set lives by: its refresh token, or the one token it is. */
export function hashTokenSet(key: Buffer, set: TokenSet): string {
  return hashRefreshToken(key, isRotating(set) ? set.refreshToken : set.accessToken);
}

/** Keyed, so that the pointer in the table proves nothing to whoever may read the table. */
export function hashRefreshToken(key: Buffer, refreshToken: string): string {
  return createHmac('sha256', key).update(refreshToken).digest('base64url');
}

/**
 * The id under which an attempt will keep its answer: known before the exchange, so that whoever takes over knows
 * where to look, and repeating the write is a no-op. The refresh token's hash is in it because generations start
 * again when an account is unlinked and linked, and ids of versions must never come back.
 * Written as a UUID because `ClientRequestToken` wants one.
 */
export function plannedVersionId(pointer: TokenPointer): string {
  const { accountId, refreshHash, generation, attempt } = pointer;
  const hex = createHash('sha256')
    .update(JSON.stringify([accountId, refreshHash, generation, attempt + 1]))
    .digest('hex');
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    `8${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join('-');
}
