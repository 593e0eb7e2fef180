import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { listAccounts, showAccount } from '../../../shared/actions/manage-accounts.ts';
import type { SyncDependencies } from '../../../shared/actions/sync-dependencies.ts';
import type { Account } from '../../../shared/domain/account.ts';
import { healthWords } from '../../../shared/domain/account-health.ts';
import { toUtc } from '../../../shared/domain/time.ts';
import { netatmo } from '../../../shared/providers/netatmo/driver.ts';
import type { Session } from '../../../shared/providers/provider.ts';
import type { Vault } from '../../../shared/vault/vault.ts';
import { anAccount } from '../store/samples.ts';
import { openStoreBench, providerOf, type StoreBench } from './store-bench.ts';

const NOW = Date.parse('2026-01-05T08:00:00Z');
const shared = { application: 'netatmo' } as const;
/** Of this driver, only its limits are used. */
const driver = netatmo({
  url: 'http://127.0.0.1:9',
  credentials: { clientId: 'client', clientSecret: 'secret' },
  defaultTimeZone: 'Europe/Paris',
});

let bench: StoreBench;
let deps: SyncDependencies;
let account: Account;
beforeAll(async () => {
  bench = await openStoreBench(() => NOW);
  deps = {
    store: bench.store,
    vault: {} as Vault,
    sessionOf: ({ accountId }) => ({ accountId }) as Session,
    providerOf: (name) => (name === 'netatmo' ? driver : providerOf()),
    hookKey: { key: Buffer.alloc(32), epoch: 1 },
    publicUrl: 'http://127.0.0.1:9',
    stackId: 'stack-1',
    now: () => NOW,
    log: { info: () => {}, warn: () => {}, error: () => {} },
  };
});
afterAll(() => bench.close());
beforeEach(async () => {
  await bench.store.quotas.note(shared, () => ({ blockedUntil: undefined }));
  account = anAccount({ provider: 'netatmo' });
  await bench.store.accounts.create(account);
});

test('shows the account its own windows, and in words that it is the application that has no calls left', async () => {
  const windows = driver.limits.application?.(1) ?? [];
  for (let calls = 0; calls < 50; calls++)
    await bench.store.quotas.spend({ holder: shared, windows, purpose: 'command', now: NOW });

  const { health, quota } = await showAccount(deps, account.accountId);
  expect(quota.windows).toMatchObject([
    { name: 'burst', calls: 50, remaining: 50 },
    { name: 'hour', calls: 500, remaining: 500 },
  ]);
  expect(health).toMatchObject({
    state: 'degraded',
    cause: 'quota_used_up',
    actor: 'operator',
    limit: { of: 'application', window: 'burst' },
    nextActionAt: toUtc(NOW + 11_000),
  });
  expect(healthWords(health).explanation).toContain(
    `whole application of this burst are spent until ${toUtc(NOW + 11_000)}`,
  );
});

test('shows it on every account of the list that the cloud wants no calls of the application', async () => {
  const other = anAccount({ provider: 'netatmo' });
  const legrand = anAccount();
  for (const each of [other, legrand]) await bench.store.accounts.create(each);
  const blockedUntil = toUtc(NOW + 60_000);
  await bench.store.quotas.note(shared, () => ({ blockedUntil }));

  const { items } = await listAccounts(deps, {}, { limit: 100 });
  const shownOf = ({ accountId }: Account) =>
    items.find((item) => item.account.accountId === accountId)?.health;
  for (const each of [account, other])
    expect(shownOf(each)).toMatchObject({ limit: { of: 'application' }, nextActionAt: blockedUntil });
  expect(shownOf(legrand)).toMatchObject({ state: 'good' });
});
