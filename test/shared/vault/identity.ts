/** An identity provider: publishes its keys over real HTTP and signs id tokens, good ones and others. */
import { exportJWK, generateKeyPair, importJWK, type JWTPayload, SignJWT } from 'jose';
import { listen } from '../../../infra/local/http-server.ts';

export type Identity = Awaited<ReturnType<typeof startIdentity>>;

export async function startIdentity(clientId: string) {
  const { publicKey, privateKey } = await generateKeyPair('RS256', { extractable: true });
  const otherwise = await importJWK(await exportJWK(privateKey), 'RS512');
  const foreign = await generateKeyPair('RS256');
  const keySet = { keys: [{ ...(await exportJWK(publicKey)), kid: 'key-1', use: 'sig' }] };
  const state = { status: 200, keys: JSON.stringify(keySet) };
  const server = await listen((request, response) => {
    const isDiscovery = request.url?.endsWith('openid-configuration');
    const discovery = JSON.stringify({ issuer: 'https://issuer.example', jwks_uri: `${server.url}/keys` });
    response.writeHead(state.status).end(isDiscovery ? discovery : state.keys);
  }, 0);

  const claimsAt = (nowMs: number): JWTPayload => ({
    iss: 'https://issuer.example',
    aud: clientId,
    sub: 'subject-1',
    iat: Math.floor(nowMs / 1000),
    exp: Math.floor(nowMs / 1000) + 3600,
  });
  const signWith = (key: Parameters<SignJWT['sign']>[0], alg: string, claims: JWTPayload) =>
    new SignJWT(claims).setProtectedHeader({ alg, kid: 'key-1' }).sign(key);
  const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url');

  return {
    state,
    discoveryUrl: `${server.url}/.well-known/openid-configuration`,
    claimsAt,
    sign: (claims: JWTPayload) => signWith(privateKey, 'RS256', claims),
    /** With the right key, but an algorithm that OpenID Connect does not have by default. */
    signOtherwise: (claims: JWTPayload) => signWith(otherwise, 'RS512', claims),
    signWithForeignKey: (claims: JWTPayload) => signWith(foreign.privateKey, 'RS256', claims),
    /** With the published key as the shared secret, as an attacker would. */
    signWithHmac: (claims: JWTPayload) =>
      signWith(Buffer.from(JSON.stringify(keySet.keys[0])), 'HS256', claims),
    leaveUnsigned: (claims: JWTPayload) => `${encode({ alg: 'none', kid: 'key-1' })}.${encode(claims)}.`,
    close: () => server.close(),
  };
}
