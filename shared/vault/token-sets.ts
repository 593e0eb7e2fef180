/** The secret vault: one secret an account, one version a token set. */
import { LatchkeyError } from '../domain/error.ts';
import type { Sleep } from './patience.ts';
import type { Secrets } from './secrets.ts';
import { parseTokenSet, type TokenSet } from './token-set.ts';

/** A token set, and the version that holds it. */
export interface KeptSet {
  readonly versionId: string;
  readonly set: TokenSet;
}

export interface TokenSets {
  /** Exactly the version named; `undefined` when there is none. */
  read(accountId: string, versionId: string): Promise<TokenSet | undefined>;
  /**
   * The version that a pointer names, and that therefore exists.
   * @throws {LatchkeyError} store_unavailable – when it cannot be found for a second
   */
  readNamed(accountId: string, versionId: string, pause: Sleep): Promise<TokenSet>;
  /**
   * The version named, past the cache, for who is about to spend it: `isLast` is false where the account's secret has
   * a version that was written after it, which the pointer does not know of; `undefined` when it is not there for a
   * second.
   */
  readToSpend(
    accountId: string,
    versionId: string,
    pause: Sleep,
  ): Promise<{ set: TokenSet; isLast: boolean } | undefined>;
  /** Whether the account has any token set here. */
  exists(accountId: string): Promise<boolean>;
  /** Every token set that the account's secret still has, in no order. */
  all(accountId: string): Promise<KeptSet[]>;
  /** Adds a version to an account that has token sets here; repeats are no-ops. */
  keep(
    accountId: string,
    versionId: string,
    set: TokenSet,
    signal?: AbortSignal,
  ): Promise<'kept' | 'no_such_secret'>;
  /** Adds a version, and makes the secret if there is none: after a consent, or for one that came from elsewhere. */
  keepFirst(accountId: string, versionId: string, set: TokenSet, signal?: AbortSignal): Promise<void>;
  /** Resolves also when there is none. */
  delete(accountId: string): Promise<void>;
}

/** Token sets by version never change, so a process keeps those it read; this many accounts' worth. */
const CACHE_SIZE = 500;
/** Secrets Manager is eventually consistent: a version just written may be unknown for a moment. */
const READ_TRIES = 5;
const READ_PAUSE_MS = 200;

export function createTokenSets(secrets: Secrets, prefix: string): TokenSets {
  const cache = new Map<string, TokenSet>();
  const remember = (versionId: string, set: TokenSet) => {
    if (cache.size >= CACHE_SIZE) cache.delete(cache.keys().next().value ?? '');
    cache.set(versionId, set);
  };

  const sets: TokenSets = {
    async read(accountId, versionId) {
      const cached = cache.get(versionId);
      if (cached) return cached;
      const text = await secrets.read(prefix + accountId, versionId);
      if (text === undefined) return undefined;
      const set = parseTokenSet(text);
      remember(versionId, set);
      return set;
    },

    async readNamed(accountId, versionId, pause) {
      const set = await insistently(() => sets.read(accountId, versionId), pause);
      if (set) return set;
      throw new LatchkeyError('store_unavailable', 'the token set that the pointer names cannot be read');
    },

    async readToSpend(accountId, versionId, pause) {
      const version = await insistently(() => secrets.readVersion(prefix + accountId, versionId), pause);
      return version && { set: parseTokenSet(version.text), isLast: version.isLast };
    },

    exists: async (accountId) => (await secrets.versionIds(prefix + accountId)).length > 0,

    async all(accountId) {
      const versionIds = await secrets.versionIds(prefix + accountId);
      const kept = await Promise.all(
        versionIds.map(async (versionId) => {
          const set = await sets.read(accountId, versionId);
          return set && { versionId, set };
        }),
      );
      return kept.filter((each) => each !== undefined);
    },

    async keep(accountId, versionId, set, signal) {
      const outcome = await secrets.put(prefix + accountId, JSON.stringify(set), versionId, signal);
      if (outcome === 'kept') remember(versionId, set);
      return outcome;
    },

    async keepFirst(accountId, versionId, set, signal) {
      await secrets.create(prefix + accountId, JSON.stringify(set), versionId, signal);
      remember(versionId, set);
    },

    delete: (accountId) => secrets.delete(prefix + accountId),
  };
  return sets;
}

async function insistently<T>(read: () => Promise<T | undefined>, pause: Sleep): Promise<T | undefined> {
  for (let tries = 1; ; tries++) {
    const found = await read();
    if (found !== undefined || tries === READ_TRIES) return found;
    await pause(READ_PAUSE_MS);
  }
}
