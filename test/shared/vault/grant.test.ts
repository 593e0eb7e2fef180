/** What an authorization code is worth. */
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Vault } from '../../../shared/vault/vault.ts';
import { type Identity, startIdentity } from './identity.ts';
import { startTokenServer, type TokenFault, type TokenServer } from './token-server.ts';
import { useVaultBench } from './vault-bench.ts';

let server: TokenServer;
const bench = useVaultBench(() => server);
beforeEach(async () => {
  server = await startTokenServer('strict');
});
afterEach(() => server.close());

let identity: Identity;
beforeAll(async () => {
  identity = await startIdentity('client-1');
});
afterAll(() => identity.close());

const identifyingVault = () =>
  bench.newVault(() => ({ factsOf: () => ({ ...server.facts, discoveryUrl: identity.discoveryUrl }) }));
const redeem = (vault: Vault, code = server.newCode()) => vault.redeem('legrand', code, 'https://reply');
const claims = () => identity.claimsAt(bench.clock.now);

test('a grant is what the code is worth, to whom the id token names', async () => {
  server.state.idToken = await identity.sign({ ...claims(), oid: 'object-1' });
  const grant = await redeem(identifyingVault());
  expect(grant).toMatchObject({ provider: 'legrand', subject: 'object-1', scopes: ['comfort.read'] });
  expect(server.isAccessTokenGood(grant.set.accessToken)).toBe(true);
  expect(grant.set.parentHash).toBeNull();
});

test('a grant is refused with an id token that proves nothing', async () => {
  server.state.idToken = await identity.signWithForeignKey(claims());
  await expect(redeem(identifyingVault())).rejects.toMatchObject({ code: 'link_refused' });
});

test('a grant is refused when nobody is named at all', async () => {
  await expect(redeem(bench.newVault())).rejects.toMatchObject({ code: 'provider_unexpected' });
});

test('a grant is refused without a refresh token', async () => {
  server.state.idToken = await identity.sign(claims());
  const facts = { ...server.facts, discoveryUrl: identity.discoveryUrl };
  const readTokenAnswer: typeof facts.readTokenAnswer = (body) => {
    const { refreshToken: _, ...answer } = facts.readTokenAnswer(body);
    return answer;
  };
  const vault = bench.newVault(() => ({ factsOf: () => ({ ...facts, readTokenAnswer }) }));
  await expect(redeem(vault)).rejects.toMatchObject({ code: 'provider_unexpected' });
});

test('a grant comes of a code once', async () => {
  server.state.idToken = await identity.sign(claims());
  const code = server.newCode();
  await redeem(identifyingVault(), code);
  const again = redeem(identifyingVault(), code);
  await expect(again).rejects.toMatchObject({
    code: 'link_refused',
    details: { remedy: 'Start the link again.' },
  });
});

test.each([
  ['throttled', 'provider_throttled'],
  ['unavailable', 'provider_unavailable'],
  ['html', 'provider_unavailable'],
  ['hang', 'provider_unavailable'],
  ['junk', 'provider_unexpected'],
  ['invalid_client', 'config_invalid'],
  ['terms_changed', 'owner_action_required'],
] satisfies [TokenFault, string][])(
  'a grant is not to be had when the server answers %s: %s',
  async (fault, code) => {
    server.failNext(fault);
    await expect(redeem(bench.newVault())).rejects.toMatchObject({ code });
  },
);
