import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { OauthFacts } from '../../../shared/providers/provider.ts';
import { sendOnce } from '../../../shared/providers/request.ts';
import { verifyIdToken } from '../../../shared/vault/id-token.ts';
import { NOW_MS } from '../store/samples.ts';
import { type Identity, startIdentity } from './identity.ts';

let identity: Identity;
let keys = '';
beforeAll(async () => {
  identity = await startIdentity('client-1');
  keys = identity.state.keys;
});
beforeEach(() => {
  Object.assign(identity.state, { status: 200, keys });
});
afterAll(() => identity.close());

type Claims = ReturnType<Identity['claimsAt']>;
const claims = (changes: Claims = {}): Claims => ({ ...identity.claimsAt(NOW_MS), ...changes });
const verify = (idToken: string, changes: Partial<OauthFacts> = {}) => {
  const facts = { clientId: 'client-1', discoveryUrl: identity.discoveryUrl, ...changes } as OauthFacts;
  return verifyIdToken(idToken, facts, sendOnce, NOW_MS);
};
const epoch = NOW_MS / 1000;

test('gives the person’s id, the one that is the same for every application if there is one', async () => {
  expect(await verify(await identity.sign(claims()))).toBe('subject-1');
  expect(await verify(await identity.sign(claims({ oid: 'object-1' })))).toBe('object-1');
});

test('forgives a minute between the clocks', async () => {
  expect(await verify(await identity.sign(claims({ exp: epoch - 59 })))).toBe('subject-1');
  expect(await verify(await identity.sign(claims({ nbf: epoch + 59 })))).toBe('subject-1');
});

test.each([
  ['for another audience', () => identity.sign(claims({ aud: 'client-2' }))],
  ['of another issuer', () => identity.sign(claims({ iss: 'https://other.example' }))],
  ['that has expired', () => identity.sign(claims({ exp: epoch - 61 }))],
  ['that never expires', () => identity.sign(claims({ exp: undefined }))],
  ['that is not valid yet', () => identity.sign(claims({ nbf: epoch + 61 }))],
  ['that names nobody', () => identity.sign(claims({ sub: undefined }))],
  ['signed with a key that is not published', () => identity.signWithForeignKey(claims())],
  ['signed by another algorithm', () => identity.signOtherwise(claims())],
  ['signed with the published key as a password', () => identity.signWithHmac(claims())],
  ['that is not signed', () => identity.leaveUnsigned(claims())],
  ['whose claims were changed', async () => tamper(await identity.sign(claims()))],
  ['that is none', () => 'junk'],
])('refuses an id token %s', async (_, make) => {
  const idToken = await make();
  const error = await verify(idToken).catch((caught) => caught);
  expect(error).toMatchObject({ code: 'link_refused', details: { remedy: expect.any(String) } });
  expect(error.message).not.toContain(idToken);
});

/** Somebody else's id under a good signature. */
function tamper(idToken: string): string {
  const [header, , signature] = idToken.split('.');
  const payload = Buffer.from(JSON.stringify(claims({ sub: 'subject-2' }))).toString('base64url');
  return `${header}.${payload}.${signature}`;
}

test('cannot judge without the keys', async () => {
  const idToken = await identity.sign(claims());
  identity.state.status = 503;
  await expect(verify(idToken)).rejects.toMatchObject({ code: 'provider_unavailable' });
  identity.state.status = 404;
  await expect(verify(idToken)).rejects.toMatchObject({ code: 'provider_unexpected' });
  Object.assign(identity.state, { status: 200, keys: '<html>' });
  await expect(verify(idToken)).rejects.toMatchObject({ code: 'provider_unexpected' });
  identity.state.keys = '{"keys":[]}';
  await expect(verify(idToken)).rejects.toMatchObject({ code: 'link_refused' });
  const silent = verifyIdToken(idToken, { clientId: 'client-1' } as OauthFacts, sendOnce, NOW_MS);
  await expect(silent).rejects.toMatchObject({ code: 'provider_unexpected' });
});

test('does not take a broken key for the person’s fault', async () => {
  const idToken = await identity.sign(claims());
  identity.state.keys = '{"keys":[{"kty":"RSA","kid":"key-1","alg":"RS256","n":"!","e":7}]}';
  await expect(verify(idToken)).rejects.toMatchObject({ code: 'provider_unexpected' });
});
