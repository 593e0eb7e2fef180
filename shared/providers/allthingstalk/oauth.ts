/** What AllThingsTalk's tokens are: facts and pure readings; the vault spends and keeps them. */
import * as z from 'zod';
import { LatchkeyError } from '../../domain/error.ts';
import type { OauthFacts, TokenAnswer } from '../provider.ts';
import { isAccessTokenRefused, judgeGrantRefusal } from './errors.ts';

/** What AllThingsTalk documents (contract 2.1). */
const ACCESS_LIFE_SECONDS = 3_599;
const REFRESH_LIFE_SECONDS = 60 * 86_400;
const EXCHANGE_LIMIT = { count: 200, windowSeconds: 10 } as const;

/** @param url – base URL without a trailing slash */
export function allthingstalkOauth(url: string, { clientId }: { readonly clientId: string }): OauthFacts {
  return {
    clientId,
    clientSecret: '',
    tokenUrl: `${url}/login`,
    scopes: [],
    scopesOf: () => [],
    withoutPasswords: 'AllThingsTalk asks for the password on the page of the link',
    refreshLifeSeconds: REFRESH_LIFE_SECONDS,
    exchangeLimit: EXCHANGE_LIMIT,
    readTokenAnswer,
    judgeRefusal: judgeGrantRefusal,
    isAccessTokenRefused,
  };
}

/**
 * `.expires` counts only where `expires_in` is missing: in the vendor's own sample it is a day later, and wrong
 * (contract 2.2).
 */
const TokenSet = z.object({
  access_token: z.string().min(1),
  refresh_token: z.string().min(1).optional().catch(undefined),
  expires_in: z.coerce.number().positive().optional().catch(undefined),
  '.expires': z.string().optional().catch(undefined),
});

/** @throws {LatchkeyError} provider_unexpected – when there is no access token in it */
function readTokenAnswer(body: unknown): TokenAnswer {
  const result = TokenSet.safeParse(body);
  if (!result.success) {
    throw new LatchkeyError('provider_unexpected', "AllThingsTalk's token answer has no access token");
  }
  const { access_token: accessToken, refresh_token: refreshToken, expires_in: life } = result.data;
  const expiresOn = Date.parse(result.data['.expires'] ?? '') / 1_000;
  const byClock = Number.isFinite(expiresOn) ? { expiresOn } : { expiresInSeconds: ACCESS_LIFE_SECONDS };
  return {
    accessToken,
    ...(life === undefined ? byClock : { expiresInSeconds: life }),
    ...(refreshToken !== undefined && { refreshToken }),
  };
}
