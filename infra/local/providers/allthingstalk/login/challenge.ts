/** The second step of a login: the code of the authenticator app (contract 2.2). */
import { randomUUID } from 'node:crypto';
import type { Challenge, User } from '../state.ts';
import { findUserById, type World } from '../world.ts';
import { isCode } from './authenticator.ts';

export function openChallenge({ state, clock }: World, { userId }: User, clientId: string): Challenge {
  const now = clock.now();
  const challenge: Challenge = {
    mfaUid: randomUUID(),
    userId,
    clientId,
    expiresEpochMs: now + state.settings.mfaChallengeLifeSeconds * 1000,
    wrongCodes: 0,
  };
  state.challenges = [...state.challenges.filter(({ expiresEpochMs }) => expiresEpochMs > now), challenge];
  return challenge;
}

export interface Attempt {
  readonly mfaUid: string;
  readonly userId: string;
  readonly code: string;
}

/** Who has proved to be themselves; a challenge counts once, and dies of too many wrong codes. */
export function meetChallenge(
  world: World,
  { mfaUid, userId, code }: Attempt,
): { user: User; challenge: Challenge } | { refused: string } {
  const { state, clock } = world;
  const challenge = state.challenges.find((open) => open.mfaUid === mfaUid && open.userId === userId);
  const user = findUserById(world, challenge?.userId);
  if (!challenge || !user || challenge.expiresEpochMs <= clock.now())
    return { refused: 'The verification has expired. Sign in again.' };
  const close = () => {
    state.challenges = state.challenges.filter((open) => open !== challenge);
  };
  if (user.authenticatorSecret === undefined || !isCode(user.authenticatorSecret, code, clock.now())) {
    challenge.wrongCodes += 1;
    if (challenge.wrongCodes >= state.settings.mfaAttempts) close();
    return { refused: 'The verification code is incorrect.' };
  }
  close();
  return { user, challenge };
}
