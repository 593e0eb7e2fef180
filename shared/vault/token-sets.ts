/** Where accounts' token sets are: one secret each, one version a set. */
import { LatchkeyError } from '../domain/error.ts';
import type { Secrets } from './secrets.ts';
import { TokenSet } from './token-set.ts';

export interface TokenSets {
  /** Exactly the version named; `undefined` when there is none. */
  read(accountId: string, versionId: string): Promise<TokenSet | undefined>;
  /** Adds a version to an account that has token sets; repeats are no-ops. */
  keep(accountId: string, versionId: string, set: TokenSet): Promise<'kept' | 'no_such_secret'>;
  /** The first set of an account, or one after a new consent. */
  keepConsented(accountId: string, versionId: string, set: TokenSet): Promise<void>;
  delete(accountId: string): Promise<void>;
}

/** Token sets by version never change, so a process keeps those it read; this many accounts' worth. */
const CACHE_SIZE = 500;

export function createTokenSets(secrets: Secrets, prefix: string): TokenSets {
  const cache = new Map<string, TokenSet>();
  const remember = (versionId: string, set: TokenSet) => {
    if (cache.size >= CACHE_SIZE) cache.delete(cache.keys().next().value ?? '');
    cache.set(versionId, set);
  };

  return {
    async read(accountId, versionId) {
      const cached = cache.get(versionId);
      if (cached) return cached;
      const text = await secrets.read(prefix + accountId, versionId);
      if (text === undefined) return undefined;
      const set = parse(text);
      remember(versionId, set);
      return set;
    },

    async keep(accountId, versionId, set) {
      const outcome = await secrets.put(prefix + accountId, JSON.stringify(set), versionId);
      if (outcome === 'kept') remember(versionId, set);
      return outcome;
    },

    async keepConsented(accountId, versionId, set) {
      await secrets.create(prefix + accountId, JSON.stringify(set), versionId);
      remember(versionId, set);
    },

    delete: (accountId) => secrets.delete(prefix + accountId),
  };
}

function parse(text: string): TokenSet {
  try {
    return TokenSet.parse(JSON.parse(text));
  } catch {
    // The cause would quote the secret.
    throw new LatchkeyError('config_invalid', 'a stored token set is malformed');
  }
}
