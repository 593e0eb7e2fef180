import * as z from 'zod';
import { Reach } from './access.ts';
import { TokenId } from './ids.ts';
import { Scope } from './scope.ts';
import { UtcTime } from './time.ts';

/** Every access token begins with it, so that one that has leaked is found. */
export const TOKEN_PREFIX = 'lk_';

/** What an HTTP client presents to Latchkey; its secret is shown once and only the hash is kept. */
export const AccessToken = z.object({
  tokenId: TokenId,
  reach: Reach,
  scopes: z.array(Scope),
  /** What it is for, in its maker's words. */
  label: z.string(),
  secretHash: z.string(),
  createdAt: UtcTime,
  expiresAt: UtcTime.optional(),
  /** Not exact: written at most once an hour. */
  lastUsedAt: UtcTime.optional(),
});
export type AccessToken = z.infer<typeof AccessToken>;

/** Seconds between two notes of a token's use. */
export const USE_NOTED_SECONDS = 3_600;

/** What a client presents. The id in it is no secret: it says which item to look into. */
export function writeBearer(tokenId: string, secret: string): string {
  return `${TOKEN_PREFIX}${tokenId.slice(4)}_${secret}`;
}

/** The parts of what a client presented; `undefined` where it has not that form. */
export function readBearer(text: string): { tokenId: string; secret: string } | undefined {
  const [, key, secret] = /^lk_([0-9a-z]{26})_([\w-]{43})$/.exec(text) ?? [];
  return key === undefined || secret === undefined ? undefined : { tokenId: `tok_${key}`, secret };
}

/** How a token shows itself without its secret. */
export function shownPrefix({ tokenId }: Pick<AccessToken, 'tokenId'>): string {
  return `${TOKEN_PREFIX}${tokenId.slice(4)}_`;
}
