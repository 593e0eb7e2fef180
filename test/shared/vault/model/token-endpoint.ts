/** The provider: a token endpoint in one of four modes and an API, as a function of what happened to it before. Pure. */
import { legrandOauth } from '../../../../shared/providers/legrand/oauth.ts';
import type { ProviderAnswer, ProviderRequest } from '../../../../shared/providers/request.ts';
import { createTokenFamilies, type RotationMode, type TokenPair } from '../token-family.ts';

/** Everything that happened at the token endpoint, in order: the refresh tokens that were presented. */
export type Presented = readonly string[];

const PROVIDER_URL = 'https://provider.example';
export const API_URL = `${PROVIDER_URL}/api`;
export const providerFacts = legrandOauth(PROVIDER_URL, {
  clientId: 'client',
  clientSecret: 'client-secret',
});

const ACCESS_LIFE_SECONDS = 3_600;
const MOST_RELINKS = 3;

export interface ProviderRules {
  readonly mode: RotationMode;
  /** Whether the access token of the first link has stopped working, so that a session sees a 401. */
  readonly isFirstAccessTokenRefused: boolean;
}

/** The refresh token that a request presents at the token endpoint. */
export function presentedBy({ url, body }: ProviderRequest): string | undefined {
  if (url !== providerFacts.tokenUrl) return undefined;
  return new URLSearchParams(body).get('refresh_token') ?? undefined;
}

/** What the owner consented to: once for the first link, and once more for each worker that may link again. */
export function consents(rules: ProviderRules): { first: TokenPair; fresh: readonly TokenPair[] } {
  const { first, fresh } = familiesAfter(rules, []);
  return { first, fresh };
}

export function callProvider(
  rules: ProviderRules,
  presented: Presented,
  request: ProviderRequest,
): { presented: Presented; value: ProviderAnswer } {
  const refreshToken = presentedBy(request);
  if (refreshToken === undefined) {
    const accessToken = request.headers?.authorization?.replace('Bearer ', '') ?? '';
    const isGood = isAccessTokenGood(rules, presented, accessToken);
    const body = isGood ? 'welcome' : '{"message":"Unauthorized"}';
    return { presented, value: { status: isGood ? 200 : 401, headers: {}, body } };
  }
  const pair = familiesAfter(rules, presented).spend(refreshToken);
  return { presented: [...presented, refreshToken], value: pair ? granted(pair) : invalidGrant };
}

export function isAccessTokenGood(rules: ProviderRules, presented: Presented, accessToken: string): boolean {
  return familiesAfter(rules, presented).isAccessTokenGood(accessToken);
}

const invalidGrant: ProviderAnswer = { status: 400, headers: {}, body: '{"error":"invalid_grant"}' };

function granted({ accessToken, refreshToken }: TokenPair): ProviderAnswer {
  const body = { access_token: accessToken, refresh_token: refreshToken, expires_in: ACCESS_LIFE_SECONDS };
  return { status: 200, headers: {}, body: JSON.stringify(body) };
}

/** Always the same tokens after the same history. */
function familiesAfter({ mode, isFirstAccessTokenRefused }: ProviderRules, presented: Presented) {
  let ids = 0;
  const families = createTokenFamilies(mode, () => String(++ids));
  const first = families.consent();
  if (isFirstAccessTokenRefused) families.expireAccessTokens();
  const fresh = Array.from({ length: MOST_RELINKS }, () => families.consent());
  for (const refreshToken of presented) families.spend(refreshToken);
  return { ...families, first, fresh };
}
