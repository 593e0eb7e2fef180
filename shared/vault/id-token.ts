import { createLocalJWKSet, errors, jwtVerify } from 'jose';
import * as z from 'zod';
import { LatchkeyError } from '../domain/error.ts';
import { parseJson } from '../domain/text.ts';
import type { OauthFacts } from '../providers/provider.ts';
import type { Send } from '../providers/request.ts';

const Discovery = z.looseObject({ issuer: z.string(), jwks_uri: z.url() });
const KeySet = z.looseObject({ keys: z.array(z.looseObject({ kty: z.string() })) });
/** `oid` is Azure AD B2C's id of a user, the same for every application; `sub` may be one per application. */
const Claims = z.looseObject({ sub: z.string(), oid: z.string().optional() });

/** Difference of clocks that is forgiven, seconds. */
const CLOCK_TOLERANCE_SECONDS = 60;

/**
 * Checks an id token (signature RS256 by the provider's published keys, issuer, audience, times) and returns the
 * provider's own id of the person.
 * @throws {LatchkeyError} link_refused – when it does not prove what it claims
 * @throws {LatchkeyError} provider_unavailable, provider_unexpected – when the keys cannot be had
 * @see OpenID Connect Core 1.0 §3.1.3.7
 */
export async function verifyIdToken(
  idToken: string,
  facts: OauthFacts,
  send: Send,
  now: number,
): Promise<string> {
  if (facts.discoveryUrl === undefined) {
    throw new LatchkeyError('provider_unexpected', 'an id token came from a provider that publishes no keys');
  }
  const { issuer, jwks_uri } = await fetchJson(facts.discoveryUrl, Discovery, send);
  const keySet = await fetchJson(jwks_uri, KeySet, send);
  try {
    const { payload } = await jwtVerify(
      idToken,
      createLocalJWKSet(keySet as Parameters<typeof createLocalJWKSet>[0]),
      {
        algorithms: ['RS256'],
        issuer,
        audience: facts.clientId,
        requiredClaims: ['exp', 'iat'],
        clockTolerance: CLOCK_TOLERANCE_SECONDS,
        currentDate: new Date(now),
      },
    );
    const { oid, sub } = Claims.parse(payload);
    return oid ?? sub;
  } catch (cause) {
    throw refused(cause);
  }
}

function refused(cause: unknown): LatchkeyError {
  const isAboutToken = cause instanceof errors.JOSEError || cause instanceof z.ZodError;
  // What is left is a published key that no library can use.
  if (!isAboutToken)
    return new LatchkeyError('provider_unexpected', "the provider's sign-in keys cannot be used", { cause });
  const reason = cause instanceof errors.JOSEError ? cause.code : 'it names no person';
  return new LatchkeyError('link_refused', `the provider's id token was refused (${reason})`, {
    cause,
    details: {
      remedy: 'Start the link again; if it happens again, the operator has to look at the application.',
    },
  });
}

async function fetchJson<T>(url: string, schema: z.ZodType<T>, send: Send): Promise<T> {
  const { status, body } = await send({ method: 'GET', url, headers: { accept: 'application/json' } });
  if (status === 429 || status >= 500) {
    throw new LatchkeyError('provider_unavailable', `the provider's sign-in keys answered ${status}`);
  }
  const parsed = status === 200 ? schema.safeParse(parseJson(body)) : undefined;
  if (parsed?.success) return parsed.data;
  const message = `the provider's sign-in keys cannot be read (status ${status})`;
  throw new LatchkeyError('provider_unexpected', message, { cause: parsed?.error });
}
