/** The vault: the only part of Latchkey that sees a refresh token. */
import { randomUUID } from 'node:crypto';
import type { PastedToken } from '../domain/credentials.ts';
import { LatchkeyError } from '../domain/error.ts';
import type { ProviderName } from '../domain/provider-name.ts';
import { toUtc } from '../domain/time.ts';
import type { TokenPointer } from '../domain/token-pointer.ts';
import type { LoginApi, Session } from '../providers/provider.ts';
import type { NextSet } from '../store/token-pointers.ts';
import type { Grant } from './grant.ts';
import { exchangeCode } from './grants.ts';
import { verifyIdToken } from './id-token.ts';
import { placementOf } from './keeping.ts';
import { isBeingUnlinked, LEASE_SECONDS, takeLease } from './lease.ts';
import { createMove, type Move } from './move.ts';
import { nextSet } from './next-set.ts';
import { patiently } from './patience.ts';
import { createRotation, type Rotate, type RotationDependencies } from './rotation.ts';
import type { RotationOutcome } from './rotation-outcome.ts';
import { openSession } from './session.ts';
import { type Challenged, examineToken, type SignInStep, signIn } from './sign-in.ts';
import { toTokenSet } from './token-set.ts';

export interface Vault {
  /**
   * Spends an authorization code and checks what came back.
   * @throws {LatchkeyError} link_refused – the provider refused the code, or the id token does not prove itself
   * @throws {LatchkeyError} provider_unavailable, provider_throttled, provider_unexpected, provider_rejected
   */
  redeem(provider: ProviderName, code: string, redirectUri: string): Promise<Grant>;
  /**
   * Sends a password, or the code that it led to; neither outlives the call.
   * @throws {LatchkeyError} credentials_refused – the provider does not accept it
   * @throws {LatchkeyError} provider_unavailable, provider_throttled, provider_unexpected, config_invalid
   */
  signIn(provider: ProviderName, login: LoginApi, step: SignInStep): Promise<Grant | Challenged>;
  /**
   * Makes a grant of a pasted token, once it has proved to be what it is said to be.
   * @throws {LatchkeyError} request_invalid, credentials_refused
   * @throws {LatchkeyError} provider_unavailable, provider_throttled, provider_unexpected
   */
  examine(provider: ProviderName, login: LoginApi, pasted: PastedToken): Promise<Grant>;
  /** Makes a grant the account's token set, whatever it had before. */
  adopt(accountId: string, grant: Grant): Promise<TokenPointer>;
  /** Access to the account's cloud; rotates on demand. */
  session(accountId: string): Session;
  /** Several callers of one process share one attempt. */
  readonly rotate: Rotate;
  /** Brings the account's token set into the vault in use, and seals it with the newest key. */
  readonly move: Move;
  /** Ends the account's tokens: no rotation starts after this, and the secret is gone. */
  forget(accountId: string): Promise<void>;
}

/** How long a link or unlink waits for a rotation in flight before it goes on; both are safe without waiting. */
const LEASE_PATIENCE_MS = 5_000;
const LEASE_PAUSE_MS = 250;
/** Other links, and rotations that finish at the same time, that a link lets pass before it gives up. */
const ADOPT_TRIES = 5;

export function createVault(deps: RotationDependencies): Vault {
  const { pointers, tokenSets, now } = deps;
  const rotate = shareFlights(createRotation(deps));

  return {
    rotate,
    move: createMove(deps),
    session: (accountId) => openSession({ ...deps, rotate }, accountId),
    signIn: (provider, login, step) => signIn(deps, provider, login, step),
    examine: (provider, login, pasted) => examineToken(deps, provider, login, pasted),

    async redeem(provider, code, redirectUri) {
      const facts = deps.factsOf(provider);
      const outcome = await exchangeCode(facts, { code, redirectUri }, deps.send, now);
      if (outcome.kind === 'invalid_grant') throw codeRefused(outcome.error);
      if (outcome.kind !== 'granted') throw outcome.error;
      const { answer, sentAtMs } = outcome;
      const { idToken, refreshToken, scopes } = answer;
      const subject = idToken ? await verifyIdToken(idToken, facts, deps.send, now()) : answer.subject;
      if (!subject || !refreshToken) {
        throw new LatchkeyError('provider_unexpected', 'the provider granted no refresh token, or to nobody');
      }
      const set = toTokenSet(answer, facts, { sentAtMs });
      return { provider, subject, ...(scopes !== undefined && { scopes }), set };
    },

    async adopt(accountId, { provider, set }) {
      const versionId = randomUUID();
      await acquireCalmly(accountId);
      if (deps.kind === 'secrets')
        await patiently(() => tokenSets.keepFirst(accountId, versionId, set), deps.sleep);
      for (let tries = 1; tries <= ADOPT_TRIES; tries++) {
        const current = await patiently(() => pointers.get(accountId), deps.sleep);
        // What it deletes may be what was just kept here; and who unlinks at this moment means it.
        if (current && isBeingUnlinked(current, now())) return await refuseBeside(accountId);
        const generation = (current?.generation ?? 0) + 1;
        const next = nextSet(
          deps.hashKey,
          placementOf(deps, { accountId, provider, generation }, versionId, set),
          set,
          {
            activity: 'active',
            spread: deps.random(),
          },
        );
        // Our own write, whose answer was lost. Not by the hash: a static token may be linked again.
        if (current?.versionId === versionId && current.lastAttempt?.outcome === 'linked') return current;
        const adopted = current
          ? await patiently(() => pointers.relink(current, next, deps.stackId), deps.sleep)
          : await createPointer({ accountId, provider, ...next });
        if (adopted !== 'refused') return adopted;
      }
      throw new LatchkeyError('token_contended', 'the account is being linked or unlinked at the same time');
    },

    async forget(accountId) {
      await acquireCalmly(accountId);
      // Before the secret goes, so that an answer which comes later finds nothing to belong to.
      await pointers.end(accountId, toUtc(now()));
      await tokenSets.delete(accountId);
    },
  };

  async function refuseBeside(accountId: string): Promise<never> {
    if (deps.kind === 'secrets') await tokenSets.delete(accountId);
    throw new LatchkeyError('token_contended', 'the account is being unlinked at the same time', {
      details: { remedy: 'Start the link again in a minute.', retryAfterSeconds: LEASE_SECONDS },
    });
  }

  /** Takes the account's lease if it can be had soon. */
  async function acquireCalmly(accountId: string): Promise<void> {
    const deadline = now() + LEASE_PATIENCE_MS;
    for (;;) {
      const pointer = await pointers.get(accountId);
      if (!pointer || now() > deadline || (await takeLease(deps, pointer)) !== 'refused') return;
      await deps.sleep(LEASE_PAUSE_MS);
    }
  }

  async function createPointer(
    first: Pick<TokenPointer, 'accountId' | 'provider'> & NextSet,
  ): Promise<TokenPointer | 'refused'> {
    const { rotatedAt: at, refreshHash: toRefreshHash } = first;
    const pointer: TokenPointer = {
      ...first,
      stackId: deps.stackId,
      lastAttempt: { attempt: 0, at, toRefreshHash, outcome: 'linked' },
      generation: 1,
      linkEpoch: 1,
      usedGeneration: 1,
      attempt: 0,
      health: { state: 'good', since: first.rotatedAt, strikes: 0 },
    };
    const created = await patiently(() => pointers.create(pointer), deps.sleep);
    return created === 'refused' ? 'refused' : pointer;
  }
}

function codeRefused(cause: LatchkeyError): LatchkeyError {
  return new LatchkeyError('link_refused', 'the provider refused the authorization code', {
    cause,
    details: { ...cause.details, remedy: 'Start the link again.' },
  });
}

/** Callers who want the same while it is being done get the same outcome; nothing is kept after. */
function shareFlights(rotate: Rotate): Rotate {
  const flights = new Map<string, Promise<RotationOutcome>>();
  return (accountId, wish) => {
    const key = JSON.stringify([accountId, wish.knownGeneration, wish.insist ?? false]);
    const inFlight = flights.get(key);
    if (inFlight) return inFlight;
    const flight = rotate(accountId, wish).finally(() => flights.delete(key));
    flights.set(key, flight);
    return flight;
  };
}
