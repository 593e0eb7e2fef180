/** What callers of a cloud get, whatever the state of the account's tokens. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { VaultKind } from '../../../shared/domain/vault-kind.ts';
import type { Vault } from '../../../shared/vault/vault.ts';
import { times } from '../store/use-store.ts';
import { startTokenServer, type TokenServer } from './token-server.ts';
import { useVaultBench } from './vault-bench.ts';

describe.each(VaultKind.options)('with the vault «%s»', (kind) => {
  let server: TokenServer;
  const bench = useVaultBench(() => server, kind);
  let accountId = '';
  beforeEach(async () => {
    server = await startTokenServer('strict');
    accountId = (await bench.linked()).accountId;
  });
  afterEach(() => {
    bench.faults.clear();
    return server.close();
  });

  const ask = (vault: Vault) => vault.session(accountId).send({ method: 'GET', url: server.apiUrl });
  const statusesOf = async (calls: Promise<{ status: number }>[]) =>
    (await Promise.all(calls)).map(({ status }) => status);
  const expireAccessToken = () => bench.advance(3_600_000 - 60_000);

  test('asks with the stored access token while that is usable, and rotates nothing', async () => {
    const vault = bench.newVault();
    expect(await ask(vault)).toMatchObject({ status: 200, body: 'welcome' });
    bench.advance(3_600_000 - 60_001);
    expect(await ask(vault)).toMatchObject({ status: 200 });
    expect(server.counts.exchanges).toBe(0);
  });

  test('rotates when less than a minute is left of the access token’s life', async () => {
    expireAccessToken();
    expect(await ask(bench.newVault())).toMatchObject({ status: 200 });
    expect(server.counts.exchanges).toBe(1);
  });

  test('makes one exchange for two callers of a process', async () => {
    expireAccessToken();
    const vault = bench.newVault();
    expect(await statusesOf(times(2, () => ask(vault)))).toEqual([200, 200]);
    expect(server.counts.exchanges).toBe(1);
  });

  test('makes one exchange for twenty callers of four processes, and all get through', async () => {
    expireAccessToken();
    const vaults = times(4, () => bench.newVault());
    const calls = vaults.flatMap((vault) => times(5, () => ask(vault)));
    expect(new Set(await statusesOf(calls))).toEqual(new Set([200]));
    expect(server.counts).toMatchObject({ exchanges: 1, mostInFlight: 1 });
  });

  test('rotates once and repeats once when the access token is refused', async () => {
    server.expireAccessTokens();
    expect(await ask(bench.newVault())).toMatchObject({ status: 200 });
    expect(server.counts).toMatchObject({ exchanges: 1, calls: 2 });
  });

  test('collapses a storm of twenty refusals into one exchange', async () => {
    server.expireAccessTokens();
    const vaults = times(4, () => bench.newVault());
    const calls = vaults.flatMap((vault) => times(5, () => ask(vault)));
    expect(new Set(await statusesOf(calls))).toEqual(new Set([200]));
    expect(server.counts).toMatchObject({ exchanges: 1, mostInFlight: 1 });
  });

  test('does not rotate with every call for a refusal that rotating does not mend, in whatever process', async () => {
    server.state.isKeyRefused = true;
    const vaults = times(3, () => bench.newVault());
    for (const vault of [...vaults, ...vaults, ...vaults])
      expect(await ask(vault)).toMatchObject({ status: 401 });
    expect(server.counts).toMatchObject({ exchanges: 1, calls: 10 });
    server.state.isKeyRefused = false;
    expect(await ask(bench.newVault())).toMatchObject({ status: 200 });
    expect(server.counts.exchanges).toBe(1);
  });

  test('rotates for a later refusal again', async () => {
    const vault = bench.newVault();
    for (const exchanges of [1, 2]) {
      server.expireAccessTokens();
      expect(await ask(vault)).toMatchObject({ status: 200 });
      expect(server.counts.exchanges).toBe(exchanges);
    }
  });

  test('serves the access token to its hard margin although the refresh token is lost', async () => {
    server.failNext('reset', 'invalid_grant');
    const vault = bench.newVault();
    await vault.rotate(accountId, { knownGeneration: 1 });
    bench.outliveLease();
    await vault.rotate(accountId, { knownGeneration: 1 });
    expect((await bench.pointerOf(accountId)).health.cause).toBe('rotation_outcome_lost');
    expect(await ask(vault)).toMatchObject({ status: 200 });
    expireAccessToken();
    await expect(ask(vault)).rejects.toMatchObject({ code: 'account_unlinked' });
    expect(server.counts).toMatchObject({ exchanges: 2, calls: 1 });
  });

  test('calls before anything leaves, and sends nothing when that refuses', async () => {
    const beforeSend = () => {
      throw new Error('too late');
    };
    const asking = bench
      .newVault()
      .session(accountId)
      .send({ method: 'GET', url: server.apiUrl, beforeSend });
    await expect(asking).rejects.toThrow('too late');
    expect(server.counts.calls).toBe(0);
  });

  test.each([
    ['throttled', 'provider_throttled', 'provider_unavailable'],
    ['terms_changed', 'owner_action_required', 'owner_action_required'],
    ['invalid_grant', 'account_unlinked', 'account_unlinked'],
    ['invalid_client', 'config_invalid', 'provider_unavailable'],
  ] as const)(
    'with no usable token and %s says %s, and %s to whoever asks next',
    async (fault, first, next) => {
      expireAccessToken();
      server.failNext(fault);
      const vault = bench.newVault();
      await expect(ask(vault)).rejects.toMatchObject({ code: first });
      await expect(ask(vault)).rejects.toMatchObject({ code: next });
      expect(server.counts).toMatchObject({ exchanges: 1, calls: 0 });
    },
  );

  test('waits ten seconds for whoever rotates, and then says so', async () => {
    expireAccessToken();
    const release = server.hold();
    const rotating = bench.newVault().rotate(accountId, { knownGeneration: 1 });
    await expect.poll(() => server.counts.exchanges).toBe(1);
    const impatient = bench.newVault(() => ({ sleep: bench.passTime }));
    const startedAt = bench.clock.now;
    await expect(ask(impatient)).rejects.toMatchObject({ code: 'token_contended' });
    expect(bench.clock.now - startedAt).toBeGreaterThan(9_000);
    expect(bench.clock.now - startedAt).toBeLessThanOrEqual(10_000);
    release();
    expect((await rotating).kind).toBe('rotated');
  });

  test('does not wait when its own function has too little time left to rotate', async () => {
    expireAccessToken();
    const vault = bench.newVault(() => ({ remainingMs: () => 5_000, sleep: bench.passTime }));
    const startedAt = bench.clock.now;
    await expect(ask(vault)).rejects.toMatchObject({ code: 'token_contended' });
    expect(bench.clock.now).toBe(startedAt);
  });

  test('says that an account is not linked once it is forgotten', async () => {
    const vault = bench.newVault();
    await vault.forget(accountId);
    await bench.store().accounts.forget(accountId);
    await expect(ask(vault)).rejects.toMatchObject({ code: 'account_unlinked' });
  });

  test('leaves the next try where it is when a dead account’s last access token is used', async () => {
    const vault = bench.newVault();
    await vault.rotate(accountId, { knownGeneration: 1 });
    server.failNext('junk');
    await vault.rotate(accountId, { knownGeneration: 2 });
    const { dueAt } = await bench.pointerOf(accountId);
    await ask(vault).catch(() => undefined);
    expect((await bench.pointerOf(accountId)).dueAt).toBe(dueAt);
    const due = await Array.fromAsync(bench.store().pointers.due('legrand', bench.clock.now + 1_800_000));
    expect(due.map((pointer) => pointer.accountId)).not.toContain(accountId);
  });
});
