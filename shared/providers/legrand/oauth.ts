/** What OAuth is at Legrand: facts and pure readings; the vault runs the grants. */
import * as z from 'zod';
import { LatchkeyError } from '../../domain/error.ts';
import { parseJson } from '../../domain/text.ts';
import type { OauthFacts, TokenAnswer } from '../provider.ts';
import { isAccessTokenRefused, judgeGrantRefusal } from './errors.ts';
import { TokenSet } from './wire.ts';

/** What Legrand documents, for an answer that does not say. */
const ACCESS_LIFE_SECONDS = 3_600;
const REFRESH_LIFE_SECONDS = 7_776_000;

const SCOPES = ['comfort.read', 'comfort.write'];

/** Legrand documents none for its token endpoint; 20 a second keep 50,000 active accounts alive. */
const EXCHANGE_LIMIT = { count: 200, windowSeconds: 10 } as const;

export interface ClientCredentials {
  readonly clientId: string;
  readonly clientSecret: string;
}

/** @param loginUrl – Legrand's login host, without a trailing slash */
export function legrandOauth(loginUrl: string, { clientId, clientSecret }: ClientCredentials): OauthFacts {
  return {
    clientId,
    clientSecret,
    authorizationUrl: `${loginUrl}/authorize`,
    tokenUrl: `${loginUrl}/token`,
    // Legrand puts the client id first in the path.
    discoveryUrl: `${loginUrl}/${encodeURIComponent(clientId)}/.well-known/openid-configuration`,
    scopes: SCOPES,
    scopesOf: (systems) => (systems.includes('comfort') ? SCOPES : []),
    withoutPasswords: 'Legrand has no grant for passwords: its owners sign in on its own page',
    refreshLifeSeconds: REFRESH_LIFE_SECONDS,
    exchangeLimit: EXCHANGE_LIMIT,
    readTokenAnswer,
    judgeRefusal: judgeGrantRefusal,
    isAccessTokenRefused,
  };
}

/**
 * Reads a 200 answer; `expires_in` and `expires_on` have both been seen missing (observed May 2025), and both as text.
 * @throws {LatchkeyError} provider_unexpected – when there is no access token in it
 */
function readTokenAnswer(body: unknown): TokenAnswer {
  const result = TokenSet.safeParse(body);
  if (!result.success) {
    throw new LatchkeyError('provider_unexpected', "Legrand's token answer has no access token");
  }
  const answer = result.data;
  const subject = subjectOf(answer.id_token, answer.access_token);
  const isLifeStated = answer.expires_in !== undefined || answer.expires_on !== undefined;
  const expiresInSeconds = isLifeStated ? answer.expires_in : ACCESS_LIFE_SECONDS;
  return {
    accessToken: answer.access_token,
    ...(answer.refresh_token !== undefined && { refreshToken: answer.refresh_token }),
    ...(expiresInSeconds !== undefined && { expiresInSeconds }),
    ...(answer.expires_on !== undefined && { expiresOn: answer.expires_on }),
    ...(answer.refresh_token_expires_in !== undefined && {
      refreshExpiresInSeconds: answer.refresh_token_expires_in,
    }),
    ...(answer.scope !== undefined && { scopes: answer.scope.split(/\s+/) }),
    ...(answer.id_token !== undefined && { idToken: answer.id_token }),
    ...(subject !== undefined && { subject }),
  };
}

const Claims = z.object({ oid: z.string().min(1), sub: z.string().min(1) }).partial();

/** The object id first, in whichever token it is: it is what Legrand calls the user by in its webhooks (`receiver`). */
function subjectOf(...tokens: (string | undefined)[]): string | undefined {
  const claims = tokens.map((token) => (token === undefined ? {} : claimsOf(token)));
  return claims.find(({ oid }) => oid)?.oid ?? claims.find(({ sub }) => sub)?.sub;
}

function claimsOf(token: string): z.infer<typeof Claims> {
  const payload = Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8');
  return Claims.safeParse(parseJson(payload)).data ?? {};
}
