import { LatchkeyError } from '../domain/error.ts';
import { toUtc } from '../domain/time.ts';
import { isAccessTokenUsable, isStatic, type TokenPointer } from '../domain/token-pointer.ts';
import type { Session } from '../providers/provider.ts';
import type { ProviderAnswer } from '../providers/request.ts';
import { rotationDueAt } from './next-set.ts';
import type { Rotate, RotationDependencies } from './rotation.ts';
import { openSealedSet, sealSet } from './sealed-set.ts';
import type { TokenSet } from './token-set.ts';

/** How long a caller without a usable token waits for whoever is rotating. */
const CONTENTION_PATIENCE_MS = 10_000;
const CONTENTION_PAUSE_MS = 200;

interface OpenToken {
  readonly pointer: TokenPointer;
  readonly set: TokenSet;
}

export interface SessionDependencies extends RotationDependencies {
  readonly rotate: Rotate;
}

export function openSession(deps: SessionDependencies, accountId: string): Session {
  const { rotate, pointers, tokenSets, now } = deps;

  return {
    accountId,
    async send(request) {
      const first = await usableToken();
      const { isAccessTokenRefused } = deps.factsOf(first.pointer.provider);
      const ask = async ({ set }: OpenToken) => {
        await request.beforeSend?.();
        return await deps.send({
          ...request,
          headers: { ...request.headers, authorization: `Bearer ${set.accessToken}` },
        });
      };

      const answer = await ask(first);
      if (isStatic(first.pointer)) {
        await noteStanding(first.pointer, answer, isAccessTokenRefused(answer));
        return answer;
      }
      const { generation, refusedGeneration } = first.pointer;
      // A wrong subscription key or a lost plant is answered with 401 as well, and rotating again would not mend that.
      if (!isAccessTokenRefused(answer) || refusedGeneration === generation) return answer;
      const second = await open(await newerThan(generation));
      const repeated = await ask(second);
      if (isAccessTokenRefused(repeated)) await pointers.markRefused(second.pointer);
      return repeated;
    },
  };

  /** A static token has no exchange that would tell whether it is alive: every call does, and the last one counts. */
  async function noteStanding(
    pointer: TokenPointer,
    { status }: ProviderAnswer,
    isRefused: boolean,
  ): Promise<void> {
    const isDead = pointer.health.state === 'dead';
    const since = toUtc(now());
    if (isRefused && !isDead)
      await pointers.judge(pointer, { state: 'dead', cause: 'token_deleted', since, strikes: 1 });
    if (status >= 200 && status < 300 && isDead)
      await pointers.judge(pointer, { state: 'good', since, strikes: 0 });
  }

  async function usableToken(): Promise<OpenToken> {
    const pointer = await pointers.get(accountId);
    if (!pointer) throw new LatchkeyError('account_unlinked', 'the account has no tokens');
    return await open(isAccessTokenUsable(pointer, now()) ? pointer : await newerThan(pointer.generation));
  }

  /** A token of a later generation than the one that is of no more use. */
  async function newerThan(generation: number): Promise<TokenPointer> {
    const deadline = now() + CONTENTION_PATIENCE_MS;
    for (;;) {
      const outcome = await rotate(accountId, { knownGeneration: generation });
      if (outcome.kind === 'failed' || outcome.kind === 'held_back') throw outcome.error;
      if (outcome.kind !== 'contended') return outcome.pointer;
      if (now() + CONTENTION_PAUSE_MS > Math.min(deadline, now() + deps.remainingMs())) {
        throw new LatchkeyError('token_contended', 'the account is being rotated by somebody else', {
          details: { retryAfterSeconds: 10 },
        });
      }
      await deps.sleep(CONTENTION_PAUSE_MS);
    }
  }

  async function open(pointer: TokenPointer): Promise<OpenToken> {
    const set = await openNamed(pointer);
    if (pointer.usedGeneration !== pointer.generation) await noteUse(pointer, set);
    return { pointer, set };
  }

  async function openNamed(pointer: TokenPointer): Promise<TokenSet> {
    const { sealed } = pointer;
    if (!sealed) return await tokenSets.readNamed(accountId, pointer.versionId, deps.sleep);
    const set = openSealedSet(deps.ring, pointer, sealed);
    // Lazily, with whoever uses the account next: that is how an old key runs out of what it is needed for.
    if (!deps.ring.isFresh(sealed.text))
      await pointers.reseal(pointer, sealSet(deps.ring, pointer, pointer.generation, set));
    return set;
  }

  /** An account that is used again leaves the slow rhythm of idle ones. */
  async function noteUse(pointer: TokenPointer, set: TokenSet): Promise<void> {
    // Would be refused, with every call anew.
    if (pointer.leaseUntil !== undefined || pointer.retryAt !== undefined) return;
    const due = rotationDueAt(set, 'active', deps.random());
    const at = toUtc(now());
    await pointers.markUsed(pointer, due > at ? due : at);
  }
}
