/** Where accounts' token sets are: one secret each, one version a set. */
import { LatchkeyError } from '../domain/error.ts';
import type { Sleep } from './patience.ts';
import type { Secrets } from './secrets.ts';
import { TokenSet } from './token-set.ts';

export interface TokenSets {
  /** Exactly the version named; `undefined` when there is none. */
  read(accountId: string, versionId: string): Promise<TokenSet | undefined>;
  /**
   * The version that a pointer names, and that therefore exists.
   * @throws {LatchkeyError} store_unavailable – when it cannot be found for a second
   */
  readNamed(accountId: string, versionId: string, pause: Sleep): Promise<TokenSet>;
  /** Adds a version to an account that has token sets; repeats are no-ops. */
  keep(
    accountId: string,
    versionId: string,
    set: TokenSet,
    signal?: AbortSignal,
  ): Promise<'kept' | 'no_such_secret'>;
  /** The first set of an account, or one after a new consent. */
  keepConsented(accountId: string, versionId: string, set: TokenSet): Promise<void>;
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
      const set = parse(text);
      remember(versionId, set);
      return set;
    },

    async readNamed(accountId, versionId, pause) {
      for (let tries = 1; ; tries++) {
        const set = await sets.read(accountId, versionId);
        if (set) return set;
        if (tries === READ_TRIES)
          throw new LatchkeyError('store_unavailable', 'the token set that the pointer names cannot be read');
        await pause(READ_PAUSE_MS);
      }
    },

    async keep(accountId, versionId, set, signal) {
      const outcome = await secrets.put(prefix + accountId, JSON.stringify(set), versionId, signal);
      if (outcome === 'kept') remember(versionId, set);
      return outcome;
    },

    async keepConsented(accountId, versionId, set) {
      await secrets.create(prefix + accountId, JSON.stringify(set), versionId);
      remember(versionId, set);
    },

    delete: (accountId) => secrets.delete(prefix + accountId),
  };
  return sets;
}

function parse(text: string): TokenSet {
  try {
    return TokenSet.parse(JSON.parse(text));
  } catch {
    // The cause would quote the secret.
    throw new LatchkeyError('config_invalid', 'a stored token set is malformed');
  }
}
