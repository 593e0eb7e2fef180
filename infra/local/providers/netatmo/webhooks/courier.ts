import type { Journal } from '../../simulation/journal.ts';
import { type Courier, createCourier } from '../../simulation/webhooks/courier.ts';
import { post } from '../../simulation/webhooks/post.ts';
import type { WaitingPush } from '../state.ts';
import type { World } from '../world.ts';
import { countAccepted, countFailure, isBanned } from './ban.ts';
import type { SeenAttempt } from './seen-attempt.ts';

/** @param save called after every outcome, so that a restart neither forgets nor repeats more than it must */
export function createPushCourier(world: World, journal: Journal<SeenAttempt>, save: () => void): Courier {
  const { state, clock } = world;

  /** There is one attempt for each push: no evidence of a second was ever seen (contract 4.2). */
  async function attempt({ pushId, userId, url, body, signature }: WaitingPush): Promise<void> {
    const outcome = await post(url, body, {
      deadlineMs: state.settings.webhookDeadlineMs,
      ...(signature !== undefined && { headers: { 'X-Netatmo-secret': signature } }),
    });
    const delivered = outcome.status === 200;
    const hook = state.hooks.find((held) => held.userId === userId && held.url === url);
    if (hook && delivered) countAccepted(hook, state.settings);
    // Those that were already on their way do not make a ban longer.
    else if (hook && !isBanned(hook, clock.now())) countFailure(hook, clock.now(), state.settings);
    const at = new Date(clock.now()).toISOString();
    journal.noteAttempt({ at, userId, pushId, url, delivered, ...outcome });
    save();
  }

  return createCourier(state, clock, attempt);
}
