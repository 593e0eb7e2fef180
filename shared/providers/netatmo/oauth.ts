/** What OAuth is at Netatmo: facts and pure readings; the vault runs the grants. */
import * as z from 'zod';
import { LatchkeyError } from '../../domain/error.ts';
import type { OauthFacts, TokenAnswer } from '../provider.ts';
import { isAccessTokenRefused, judgeGrantRefusal } from './errors.ts';
import { scopes, scopesOfSystems } from './scopes.ts';

/** What Netatmo documents, for an answer that does not say. */
const ACCESS_LIFE_SECONDS = 10_800;
/** Netatmo documents none; a user speaks of a year (contract 8.3). */
const REFRESH_LIFE_SECONDS = 31_536_000;

/** Netatmo documents none for its token endpoint. */
const EXCHANGE_LIMIT = { count: 200, windowSeconds: 10 } as const;

export interface ClientCredentials {
  readonly clientId: string;
  readonly clientSecret: string;
}

/** @param url – base URL without a trailing slash */
export function netatmoOauth(url: string, { clientId, clientSecret }: ClientCredentials): OauthFacts {
  return {
    clientId,
    clientSecret,
    authorizationUrl: `${url}/oauth2/authorize`,
    tokenUrl: `${url}/oauth2/token`,
    scopes,
    scopesOf: scopesOfSystems,
    withoutPasswords:
      'Netatmo announced the end of its password grant for October 2022 and switched it off in 2023; ' +
      'it answers unauthorized_client since then, and owners consent on its own page',
    refreshLifeSeconds: REFRESH_LIFE_SECONDS,
    exchangeLimit: EXCHANGE_LIMIT,
    readTokenAnswer,
    judgeRefusal: judgeGrantRefusal,
    isAccessTokenRefused,
  };
}

/** Numbers were seen as text too. */
const seconds = z.coerce.number().positive().optional().catch(undefined);
const word = z.string().catch('');
const TokenSet = z.object({
  access_token: z.string().min(1),
  refresh_token: z.string().min(1).optional().catch(undefined),
  /** One of two spellings is missing at times. */
  expires_in: seconds,
  expire_in: seconds,
  /** A list, unlike RFC 6749 §5.1 has it; some clients got a text, and Netatmo's own page shows none. */
  scope: z
    .union([z.array(word), z.string().transform((text) => text.split(/[\s,]+/))])
    .transform((words) => words.filter((scope) => scope !== ''))
    .optional()
    .catch(undefined),
});

/** @throws {LatchkeyError} provider_unexpected – when there is no access token in it */
function readTokenAnswer(body: unknown): TokenAnswer {
  const result = TokenSet.safeParse(body);
  if (!result.success) {
    throw new LatchkeyError('provider_unexpected', "Netatmo's token answer has no access token");
  }
  const { access_token: accessToken, refresh_token: refreshToken, scope: scopes, ...life } = result.data;
  const subject = subjectOf(accessToken);
  return {
    accessToken,
    expiresInSeconds: life.expires_in ?? life.expire_in ?? ACCESS_LIFE_SECONDS,
    ...(refreshToken !== undefined && { refreshToken }),
    // No consent is empty, so an empty list tells no more than none.
    ...(scopes !== undefined && scopes.length > 0 && { scopes }),
    ...(subject !== undefined && { subject }),
  };
}

/** A token is `<user id>|<random>`. */
function subjectOf(accessToken: string): string | undefined {
  return /^([0-9a-f]{24})\|/.exec(accessToken)?.[1];
}
