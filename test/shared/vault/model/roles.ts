/** What the workers of a model run do, each in a process of its own, all for one account. */
import { LatchkeyError } from '../../../../shared/domain/error.ts';
import { accountIdFor } from '../../../../shared/domain/ids.ts';
import type { Grant } from '../../../../shared/vault/grant.ts';
import { toTokenSet } from '../../../../shared/vault/token-set.ts';
import type { Vault } from '../../../../shared/vault/vault.ts';
import type { TokenPair } from '../token-family.ts';
import type { Life } from './biography.ts';
import { API_URL, consents, type ProviderRules, providerFacts } from './token-endpoint.ts';
import { createVaultUnderTest, type VaultWish } from './vault-under-test.ts';

export const ACCOUNT_ID = accountIdFor('legrand', 'owner', 'subject');
export const STARTED_AT_MS = Date.parse('2026-01-05T08:00:00Z');

/**
 * `rotate`: rotates the token set of the link; `session`: calls the API, whose access token is refused; `busy`: does
 * both at once, in one process; `relink`: adopts a fresh consent of the owner's; `unlink`: ends the
 * account's tokens.
 */
export type Role = 'rotate' | 'session' | 'busy' | 'relink' | 'unlink';

/** Outcomes that say that the wish was granted; everything else is a refusal, an error or somebody else's success. */
export const UNLINKED = 'unlinked';
export const LINKED = 'linked';
export const ROTATED = 'rotated';

type Wish = VaultWish & { readonly rules: ProviderRules };

/** @param index – where the worker stands: those that link again have a consent each */
export function lifeOf(role: Role, holder: string, wish: Wish, index = 0): Life {
  if (role === 'rotate') return lifeToRotate(1, holder, wish);
  if (role === 'session') return life(holder, wish, callApi);
  if (role === 'busy') return life(holder, wish, beBusy);
  if (role === 'relink') return lifeToLink(consents(wish.rules).fresh[index], holder, wish);
  return life(holder, wish, async (vault) => {
    await vault.forget(ACCOUNT_ID);
    return UNLINKED;
  });
}

export function lifeToRotate(knownGeneration: number, holder: string, wish: Wish): Life {
  return life(holder, wish, (vault) => rotate(vault, knownGeneration));
}

export function lifeToLink(consent: TokenPair | undefined, holder: string, wish: Wish): Life {
  if (!consent) throw new RangeError('the owner has not consented so often');
  return life(holder, wish, async (vault, now) => {
    await vault.adopt(ACCOUNT_ID, grantOf(consent, now()));
    return LINKED;
  });
}

function life(holder: string, wish: Wish, act: (vault: Vault, now: () => number) => Promise<string>): Life {
  return async (ask, now) => {
    try {
      return await act(createVaultUnderTest(ask, now, holder, wish), now);
    } catch (error) {
      if (error instanceof LatchkeyError) return `refused: ${error.code}`;
      throw error;
    }
  };
}

async function rotate(vault: Vault, knownGeneration: number): Promise<string> {
  const outcome = await vault.rotate(ACCOUNT_ID, { knownGeneration });
  return outcome.kind === 'failed' ? `failed: ${outcome.error.code}` : outcome.kind;
}

/** Whatever fails, all of it comes to its end: a process does not stop because one of its callers has failed. */
async function beBusy(vault: Vault): Promise<string> {
  const ends = await Promise.allSettled([callApi(vault), rotate(vault, 1)]);
  const failed = ends.find((end) => end.status === 'rejected');
  if (failed) throw failed.reason;
  return 'was busy';
}

async function callApi(vault: Vault): Promise<string> {
  const answer = await vault.session(ACCOUNT_ID).send({ method: 'GET', url: API_URL });
  return `answered ${answer.status}`;
}

function grantOf({ accessToken, refreshToken }: TokenPair, sentAtMs: number): Grant {
  const answer = { accessToken, refreshToken, expiresInSeconds: 3_600 };
  const set = toTokenSet(answer, providerFacts, { sentAtMs });
  return { provider: 'legrand', subject: 'subject', scopes: [], set };
}
