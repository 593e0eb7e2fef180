/** The vault: the only part of Latchkey that sees a refresh token. */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { LatchkeyError } from '../domain/error.ts';
import type { ProviderName } from '../domain/provider-name.ts';
import { toUtc } from '../domain/time.ts';
import type { TokenPointer } from '../domain/token-pointer.ts';
import type { Session } from '../providers/provider.ts';
import { exchangeCode } from './grants.ts';
import { verifyIdToken } from './id-token.ts';
import { LEASE_SECONDS } from './lease.ts';
import {
  createRotation,
  describeSet,
  type Rotate,
  type RotationDependencies,
  type RotationOutcome,
  rotationDueAt,
} from './rotation.ts';
import { openSession } from './session.ts';
import { type TokenSet, toTokenSet } from './token-set.ts';

/** What an owner's consent gave us; nothing of it is stored yet. */
export interface Grant {
  readonly provider: ProviderName;
  /** The provider's own id of the person. */
  readonly subject: string;
  readonly scopes: readonly string[];
  readonly set: TokenSet;
}

export interface Vault {
  /**
   * Spends an authorization code and checks what came back.
   * @throws {LatchkeyError} link_refused – the provider refused the code, or the id token does not prove itself
   * @throws {LatchkeyError} provider_unavailable, provider_throttled, provider_unexpected, provider_rejected
   */
  redeem(provider: ProviderName, code: string, redirectUri: string): Promise<Grant>;
  /** Makes a grant the account's token set, whatever it had before. */
  adopt(accountId: string, grant: Grant): Promise<TokenPointer>;
  /** Access to the account's cloud; rotates on demand. */
  session(accountId: string): Session;
  /** Several callers of one process share one attempt. */
  readonly rotate: Rotate;
  /** Ends the account's tokens: no rotation starts after this, and the secret is gone. */
  forget(accountId: string): Promise<void>;
}

/** How long a link or unlink waits for a rotation in flight before it goes on; both are safe without waiting. */
const LEASE_PATIENCE_MS = 5_000;
const LEASE_PAUSE_MS = 250;

export function createVault(deps: RotationDependencies): Vault {
  const { pointers, tokenSets, now } = deps;
  const rotate = shareFlights(createRotation(deps));
  const refusedGenerations = new Map<string, number>();

  return {
    rotate,
    session: (accountId) => openSession({ ...deps, rotate, refusedGenerations }, accountId),

    async redeem(provider, code, redirectUri) {
      const facts = deps.factsOf(provider);
      const outcome = await exchangeCode(facts, { code, redirectUri }, deps.send, now);
      if (outcome.kind === 'invalid_grant') {
        const message = 'the provider refused the authorization code';
        throw new LatchkeyError('link_refused', message, {
          cause: outcome.error,
          details: { ...outcome.error.details, remedy: 'Start the link again.' },
        });
      }
      if (outcome.kind !== 'granted') throw outcome.error;
      const { answer, sentAtMs } = outcome;
      const subject = answer.idToken ? await verifyIdToken(answer.idToken, facts, deps.send) : answer.subject;
      if (!subject || !answer.refreshToken) {
        throw new LatchkeyError('provider_unexpected', 'the provider granted no refresh token, or to nobody');
      }
      return {
        provider,
        subject,
        scopes: answer.scopes ?? facts.scopes,
        set: toTokenSet(answer, facts, { sentAtMs }),
      };
    },

    async adopt(accountId, { provider, set }) {
      const versionId = randomUUID();
      const current = await acquireCalmly(accountId);
      await tokenSets.keepConsented(accountId, versionId, set);
      const next = {
        ...describeSet(deps.hashKey, versionId, set),
        dueAt: rotationDueAt(set, 'active', deps.random()),
      };
      const adopted = current
        ? await pointers.relink(current, next)
        : await createPointer({ accountId, provider, ...next });
      if (adopted !== 'refused') return adopted;
      // Another link, or a rotation that finished between the two writes: the newest consent wins all the same.
      const moved = await pointers.get(accountId);
      const relinked = moved ? await pointers.relink(moved, next) : 'refused';
      if (relinked !== 'refused') return relinked;
      throw new LatchkeyError('token_contended', 'the account is being linked or unlinked at the same time');
    },

    async forget(accountId) {
      await acquireCalmly(accountId);
      await tokenSets.delete(accountId);
    },
  };

  /** Takes the account's lease if it can be had soon; the pointer as it then is. */
  async function acquireCalmly(accountId: string): Promise<TokenPointer | undefined> {
    const deadline = now() + LEASE_PATIENCE_MS;
    for (;;) {
      const pointer = await pointers.get(accountId);
      if (!pointer || now() > deadline) return pointer;
      const until = toUtc(now() + LEASE_SECONDS * 1000);
      const held = await pointers.acquire(pointer, { owner: deps.holder, until, now: now() });
      if (held !== 'refused') return held;
      await sleep(LEASE_PAUSE_MS);
    }
  }

  async function createPointer(
    first: Pick<TokenPointer, 'accountId' | 'provider' | 'dueAt'> & ReturnType<typeof describeSet>,
  ): Promise<TokenPointer | 'refused'> {
    const pointer: TokenPointer = {
      ...first,
      generation: 1,
      linkEpoch: 1,
      usedGeneration: 1,
      attempt: 0,
      health: { state: 'good', since: first.rotatedAt, strikes: 0 },
    };
    return (await pointers.create(pointer)) === 'refused' ? 'refused' : pointer;
  }
}

/** Callers who want the same account rotated while it is being rotated get the same outcome; nothing is kept after. */
function shareFlights(rotate: Rotate): Rotate {
  const flights = new Map<string, Promise<RotationOutcome>>();
  return (accountId, wish) => {
    const inFlight = flights.get(accountId);
    if (inFlight) return inFlight;
    const flight = rotate(accountId, wish).finally(() => flights.delete(accountId));
    flights.set(accountId, flight);
    return flight;
  };
}
