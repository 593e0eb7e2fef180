/** The composition root: what the functions' actions need, made from the environment. */
import { randomUUID } from 'node:crypto';
import type { SessionOf } from '../actions/sync-dependencies.ts';
import { LatchkeyError } from '../domain/error.ts';
import type { ProviderName } from '../domain/provider-name.ts';
import { Retention } from '../domain/retention.ts';
import { createProviders } from '../providers/registry.ts';
import { sendOnce } from '../providers/request.ts';
import { createCallStanding } from '../quota/call-standing.ts';
import { createLedger } from '../quota/ledger.ts';
import { meteredSession } from '../quota/metered-session.ts';
import { createStore } from '../store/store.ts';
import { readAppSecret } from '../vault/app-secret.ts';
import { createGate } from '../vault/gate.ts';
import { createKeyRing } from '../vault/key-ring.ts';
import { sleep } from '../vault/patience.ts';
import { deriveKey } from '../vault/root-key.ts';
import { createTokenSets } from '../vault/token-sets.ts';
import { createVault } from '../vault/vault.ts';
import { connectSecrets, createDynamodb } from './clients.ts';
import { remainingMs } from './deadline.ts';
import { type Env, readEnv } from './env.ts';
import { createLog } from './log.ts';
import { noteSpent } from './spent-quota.ts';

/** Whoever may put readings has to know how long they are kept. */
export function connectStore(env: Env<'table'> & Partial<Env<'retention'>>) {
  const { table, retention } = env;
  return createStore(createDynamodb(), table.TABLE_NAME, retention && retentionOf({ retention }));
}

/** @throws {LatchkeyError} config_invalid – when a time is too short, by itself or for what is made of it */
export function retentionOf({ retention }: Env<'retention'>): Retention {
  const { success, data, error } = Retention.safeParse({
    raw: Number(retention.RETENTION_DAYS_RAW),
    '5min': Number(retention.RETENTION_DAYS_FIVE_MINUTES),
    '1hour': Number(retention.RETENTION_DAYS_HOUR),
    '1day': Number(retention.RETENTION_DAYS_DAY),
  });
  if (success) return data;
  const reasons = error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
  throw new LatchkeyError('config_invalid', `retention: ${reasons.join('; ')}`);
}

/** The providers with our application's credentials at each, and the keys derived from the root key. */
export async function connectProviders(env: Env<'app' | 'providers' | 'defaults'>) {
  const secrets = connectSecrets();
  const app = await readAppSecret(secrets, env.app.APP_SECRET_ID);
  const providerOf = createProviders({
    app,
    urls: env.providers,
    defaultTimeZone: env.defaults.DEFAULT_TIME_ZONE,
    callsPerHour: { allthingstalk: Number(env.defaults.ALLTHINGSTALK_CALLS_PER_HOUR) },
  });
  return {
    secrets,
    app,
    providerOf,
    factsOf: (name: ProviderName) => providerOf(name).oauth,
    hookKey: { key: deriveKey(app.rootKey, 'hook'), epoch: app.hookEpoch },
  };
}

/** All that it takes to act for linked accounts. */
export async function connectHome() {
  const env = readEnv(['table', 'app', 'vault', 'stack', 'providers', 'api', 'defaults', 'retention']);
  const store = connectStore(env);
  const log = createLog();
  const { secrets, app, providerOf, factsOf, hookKey } = await connectProviders(env);
  const { STACK_ID: stackId } = env.stack;
  const limitOf = (name: ProviderName) => factsOf(name).exchangeLimit;
  const vault = createVault({
    pointers: store.pointers,
    escrows: store.escrows,
    tokenSets: createTokenSets(secrets, env.vault.ACCOUNT_SECRET_PREFIX),
    kind: env.vault.VAULT,
    ring: createKeyRing(app),
    gate: createGate({ gates: store.gates, limitOf, now: Date.now }),
    stackId,
    factsOf,
    send: sendOnce,
    hashKey: deriveKey(app.rootKey, 'refresh hash'),
    escrowKey: deriveKey(app.rootKey, 'escrow'),
    now: Date.now,
    sleep,
    random: Math.random,
    remainingMs,
    holder: randomUUID(),
    log,
  });
  const ledger = createLedger({
    quotas: store.quotas,
    now: Date.now,
    sleep,
    remainingMs,
    onSpent: noteSpent,
  });
  const standing = createCallStanding(store, Date.now);
  const sessionOf: SessionOf = ({ accountId, provider }, purpose) =>
    meteredSession(vault.session(accountId), {
      ledger,
      standing,
      provider: providerOf(provider),
      purpose,
      onUnnoted: (of, { message }) =>
        log.warn('what an answer says was not noted', { accountId: of, reason: message }),
    });
  const publicUrl = env.api.PUBLIC_URL;
  return {
    store,
    retention: retentionOf(env),
    vault,
    sessionOf,
    providerOf,
    factsOf,
    hookKey,
    publicUrl,
    stackId,
    now: Date.now,
    sleep,
    remainingMs,
    log,
  };
}

export type Home = Awaited<ReturnType<typeof connectHome>>;
