import { createPrivateKey, createPublicKey, type JsonWebKey, sign, verify } from 'node:crypto';
import * as z from 'zod';
import type { CloudState } from '../state.ts';

type Keys = CloudState['keys'];

const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

/** A compact JWS with RS256 (RFC 7515). */
export function signJwt(keys: Keys, claims: Readonly<Record<string, unknown>>): string {
  const input = `${encode({ typ: 'JWT', alg: 'RS256', kid: keys.keyId })}.${encode(claims)}`;
  return `${input}.${sign('RSA-SHA256', Buffer.from(input), keys.signingPem).toString('base64url')}`;
}

const AccessClaims = z.object({
  aud: z.string(),
  oid: z.string(),
  exp: z.number(),
  scp: z.string(),
  grant: z.string(),
});
export type AccessClaims = z.infer<typeof AccessClaims>;

/** The claims of an access token that we signed; its times are the caller's to judge. */
export function readAccessToken(keys: Keys, token: string): AccessClaims | undefined {
  const [header, payload, signature, ...rest] = token.split('.');
  if (!header || !payload || !signature || rest.length > 0) return undefined;
  const key = createPublicKey(keys.signingPem);
  const genuine = verify(
    'RSA-SHA256',
    Buffer.from(`${header}.${payload}`),
    key,
    Buffer.from(signature, 'base64url'),
  );
  if (!genuine) return undefined;
  return AccessClaims.safeParse(JSON.parse(Buffer.from(payload, 'base64url').toString())).data;
}

export function publicJwk(keys: Keys): JsonWebKey {
  const jwk = createPublicKey(createPrivateKey(keys.signingPem)).export({ format: 'jwk' });
  return { ...jwk, kid: keys.keyId, use: 'sig', alg: 'RS256' };
}
