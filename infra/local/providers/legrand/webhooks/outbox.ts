import { randomUUID } from 'node:crypto';
import type { Thermostat } from '../house/thermostat.ts';
import type { SimulatedPlant, SimulatedSubscription } from '../state.ts';
import type { World } from '../world.ts';
import { bannedUntil, countLost } from './ban.ts';
import { composeBodies } from './compose.ts';
import { validationEvent } from './envelope.ts';

/** What is still to be told, in the state and therefore safe; sending is the courier's. */
export interface Outbox {
  /** Tells every subscription of the plant how a thermostat is. */
  announce(plant: SimulatedPlant, thermostat: Thermostat, epochMs: number): void;
  /** Sends a body as it is to every subscription of a plant; returns to how many. */
  broadcast(plantId: string, body: string): number;
  /** Sends a validation event to one subscription. */
  greet(subscription: SimulatedSubscription): void;
  /** Forgets a subscription and what was to be sent to it. */
  removeSubscription(subscriptionId: string): void;
  /** When the next attempt is due, epoch milliseconds. */
  nextDue(): number;
}

export function createOutbox({ state, clock, faults }: World): Outbox {
  function enqueue({ subscriptionId, endPointUrl }: SimulatedSubscription, body: string): void {
    const now = clock.now();
    // Changes during a ban are lost, never replayed.
    if (bannedUntil(state, endPointUrl, now) !== undefined) {
      countLost(state, endPointUrl);
      return;
    }
    state.undelivered.push({
      notificationId: randomUUID(),
      subscriptionId,
      url: endPointUrl,
      body,
      createdEpochMs: now,
      attempts: 0,
      nextAttemptEpochMs: now,
    });
  }

  function broadcast(plantId: string, body: string): number {
    const subscriptions = state.subscriptions.filter((held) => held.plantId === plantId && held.ours);
    for (const subscription of subscriptions) enqueue(subscription, body);
    return subscriptions.length;
  }

  return {
    broadcast,
    announce(plant, thermostat, epochMs) {
      // Nobody listens: the faults that strike a number of times wait for somebody who does.
      if (!state.subscriptions.some(({ plantId }) => plantId === plant.plantId)) return;
      for (const body of composeBodies({ plant, thermostat, epochMs }, faults))
        broadcast(plant.plantId, body);
    },
    greet(subscription) {
      const event = validationEvent(randomUUID(), randomUUID(), clock.now());
      enqueue(subscription, JSON.stringify([event]));
    },
    removeSubscription(subscriptionId) {
      const others = (held: { subscriptionId: string }) => held.subscriptionId !== subscriptionId;
      state.subscriptions = state.subscriptions.filter(others);
      state.undelivered = state.undelivered.filter(others);
    },
    nextDue: () => Math.min(...state.undelivered.map(({ nextAttemptEpochMs }) => nextAttemptEpochMs)),
  };
}
