import { randomBytes, randomUUID } from 'node:crypto';
import type { Home } from '../house/home.ts';
import type { Hook } from '../state.ts';
import type { World } from '../world.ts';
import { isBanned } from './ban.ts';
import type { Push } from './pushes.ts';
import { bodyText, sign } from './signature.ts';

export interface RawPush {
  readonly body: string;
  /** Undefined: sent without one. */
  readonly signature: string | undefined;
  readonly delayMs?: number;
}

/** What is still to be told, in the state and therefore safe; sending is the courier's. */
export interface Outbox {
  /** In place of the user's hook before, if there was one; its bans are forgotten. */
  addHook(userId: string, url: string): void;
  /** @returns whether there was one */
  dropHook(userId: string): boolean;
  /** Tells every user of a home who listens. */
  announce(home: Home, push: Push): void;
  /** Sends bytes as they are to one user; returns whether a hook was there to take them. */
  sendRaw(userId: string, push: RawPush): boolean;
  /** What a push of a home looks like to one user. */
  compose(userId: string, push: Push, home?: Home): Record<string, unknown>;
  /** When the next attempt is due, epoch milliseconds. */
  nextDue(): number;
}

export function createOutbox({ state, clock, faults }: World): Outbox {
  const hookOf = (userId: string) => state.hooks.find((hook) => hook.userId === userId);

  function compose(userId: string, push: Push, home?: Home): Record<string, unknown> {
    const email = state.users.find((user) => user.userId === userId)?.email;
    const isEvent = push.event_type !== undefined;
    return {
      user_id: userId,
      user: { id: userId, email },
      ...(isEvent && { event_id: randomBytes(12).toString('hex') }),
      ...push,
      ...(home && { home_id: home.homeId, ...(home.name !== undefined && { home_name: home.name }) }),
    };
  }

  function enqueue(hook: Hook, { body, signature, delayMs = 0 }: RawPush): void {
    const now = clock.now();
    // A banned hook hears nothing, and is told of nothing afterwards.
    if (isBanned(hook, now)) {
      hook.lost += 1;
      return;
    }
    const { userId, url } = hook;
    const dueEpochMs = now + delayMs;
    state.waiting.push({
      pushId: randomUUID(),
      userId,
      url,
      body,
      ...(signature !== undefined && { signature }),
      dueEpochMs,
    });
  }

  function tell(hook: Hook, composed: Record<string, unknown>): void {
    if (faults.take('push_lost', 'webhook')) return;
    const push = bent(composed);
    const body = faults.take('push_junk', 'webhook')?.body ?? bodyText(push);
    const delayMs = (faults.take('push_late', 'webhook')?.seconds ?? 0) * 1000;
    const signature = signatureOf(body);
    const rounds = faults.take('push_repeated', 'webhook')?.count ?? 1;
    for (let round = 0; round < rounds; round += 1) enqueue(hook, { body, signature, delayMs });
  }

  function bent(composed: Record<string, unknown>): Record<string, unknown> {
    if (faults.take('push_bare', 'webhook'))
      return { user_id: composed.user_id, push_type: composed.push_type };
    if (!faults.take('push_stale_ids', 'webhook')) return composed;
    const [homeId, deviceId] = ['5e00000000000000000000ff', '70:ee:50:00:00:ff'];
    return {
      ...composed,
      home_id: homeId,
      ...('home' in composed && { home: { ...(composed.home as object), id: homeId } }),
      ...('device_id' in composed && { device_id: deviceId, camera_id: deviceId }),
    };
  }

  function signatureOf(body: string): string | undefined {
    if (faults.take('push_unsigned', 'webhook')) return undefined;
    const { clientSecret } = state.application;
    const wrong = faults.take('push_wrongly_signed', 'webhook')?.wrong;
    if (wrong === 'secret') return sign(body, `${clientSecret}x`);
    return sign(wrong === 'body' ? body.replaceAll('\\/', '/') : body, clientSecret);
  }

  return {
    compose,
    addHook(userId, url) {
      const hook: Hook = {
        userId,
        url,
        addedEpochMs: clock.now(),
        accepted: 0,
        failureEpochMs: [],
        bans: 0,
        lost: 0,
      };
      state.hooks = [...state.hooks.filter((other) => other.userId !== userId), hook];
      tell(hook, compose(userId, { push_type: 'webhook_activation' }));
    },
    dropHook(userId) {
      const had = hookOf(userId) !== undefined;
      state.hooks = state.hooks.filter((hook) => hook.userId !== userId);
      state.waiting = state.waiting.filter((push) => push.userId !== userId);
      return had;
    },
    announce(home, push) {
      for (const userId of home.userIds) {
        const hook = hookOf(userId);
        // Nobody listens: faults that strike a number of times wait for somebody who does.
        if (hook) tell(hook, compose(userId, push, home));
      }
    },
    sendRaw(userId, push) {
      const hook = hookOf(userId);
      if (hook) enqueue(hook, push);
      return hook !== undefined;
    },
    nextDue: () => Math.min(...state.waiting.map(({ dueEpochMs }) => dueEpochMs)),
  };
}
