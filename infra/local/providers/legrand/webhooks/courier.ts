import type { Journal } from '../../simulation/journal.ts';
import { type PostOutcome, post } from '../../simulation/webhooks/post.ts';
import type { UndeliveredNotification } from '../state.ts';
import type { World } from '../world.ts';
import { bannedUntil, countAccepted, countFailure } from './ban.ts';
import type { SeenAttempt } from './seen-attempt.ts';

/** After the first attempt; the last interval repeats until the notification expires (contract 4 and 9.7). */
const RETRY_AFTER_SECONDS = [10, 30, 60, 300, 600];
const LIFE_MS = 24 * 3_600_000;
const DEADLINE_MS = 750;

export interface Courier {
  /** Makes every attempt that is due, all at once, and resolves when each has its outcome. */
  deliverDue(): Promise<void>;
}

/** @param save called after every outcome, so that a restart neither forgets nor repeats more than it must */
export function createCourier(world: World, journal: Journal<SeenAttempt>, save: () => void): Courier {
  const { state, clock } = world;
  const underWay = new Map<string, Promise<void>>();

  async function attempt(notification: UndeliveredNotification): Promise<void> {
    // Not due again while it is under way.
    notification.nextAttemptEpochMs = clock.now() + 2 * DEADLINE_MS;
    const outcome = await post(notification.url, notification.body, { deadlineMs: DEADLINE_MS });
    notification.attempts += 1;
    settle(world, notification, outcome);
    journal.noteAttempt({
      at: new Date(clock.now()).toISOString(),
      subscriptionId: notification.subscriptionId,
      notificationId: notification.notificationId,
      attempt: notification.attempts,
      delivered: isAccepted(outcome),
      ...outcome,
    });
    underWay.delete(notification.notificationId);
    save();
  }

  return {
    async deliverDue() {
      const now = clock.now();
      state.undelivered = state.undelivered.filter(({ createdEpochMs }) => now - createdEpochMs < LIFE_MS);
      for (const notification of state.undelivered) {
        const { notificationId, nextAttemptEpochMs, url } = notification;
        if (nextAttemptEpochMs > now || underWay.has(notificationId)) continue;
        const banEnd = bannedUntil(state, url, now);
        if (banEnd === undefined) underWay.set(notificationId, attempt(notification));
        else notification.nextAttemptEpochMs = banEnd;
      }
      await Promise.all(underWay.values());
    },
  };
}

/** Any status below 300 within the deadline. */
function isAccepted({ status }: PostOutcome): boolean {
  return status !== undefined && status >= 200 && status < 300;
}

function settle({ state, clock }: World, notification: UndeliveredNotification, outcome: PostOutcome): void {
  if (isAccepted(outcome)) {
    countAccepted(state, notification.url);
    state.undelivered = state.undelivered.filter((other) => other !== notification);
    return;
  }
  countFailure(state, notification.url, clock.now());
  const index = Math.min(notification.attempts, RETRY_AFTER_SECONDS.length) - 1;
  notification.nextAttemptEpochMs = clock.now() + (RETRY_AFTER_SECONDS[index] ?? 0) * 1000;
}
