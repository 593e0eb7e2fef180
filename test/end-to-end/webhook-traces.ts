/** What became of a home's webhooks: at Legrand, in the table, in the feed and in the module. */
import type { LegrandControls } from '../../infra/local/demo/legrand/controls.ts';
import type { Event } from '../../shared/domain/event.ts';
import { accountPartition, prefixes } from '../../shared/store/keys.ts';
import type { Bench } from './bench.ts';
import { eventsOf, firstModule, type Home, isChange, readingOf } from './home.ts';
import type { Item, Kept } from './kept.ts';

/** What an accepted webhook is answered with. */
export const ACCEPTED = { status: 200, text: '' };

/** The deliveries kept for a home. */
export async function deliveriesOf({ kept }: { kept: Kept }, { accountId }: Home): Promise<Item[]> {
  const items = await kept.partition(accountPartition(accountId));
  return items.filter(({ sk }) => String(sk).startsWith(prefixes.delivery));
}

/** The events that say that a reading of the first module became this. */
export async function changesOf(
  bench: Bench,
  home: Home,
  capability: string,
  value: unknown,
): Promise<Event[]> {
  await bench.inside.settle();
  const { moduleId } = firstModule(home);
  return (await eventsOf(bench, home.accountId)).filter(isChange(moduleId, capability, value));
}

/** The present temperature of the first module. */
export async function temperatureOf({ client, inside }: Bench, home: Home): Promise<unknown> {
  await inside.settle();
  return readingOf(await client.module(firstModule(home).moduleId), 'temperature');
}

/** All temperatures that the first module had, oldest first. */
export async function temperaturesOf({ client }: Bench, home: Home): Promise<unknown[]> {
  const { moduleId } = firstModule(home);
  const answer = await client.call('GET', `/v1/modules/${moduleId}/history?capability=temperature`);
  const { items } = (await answer.json()) as { items: { value: unknown }[] };
  return items.map(({ value }) => value);
}

/** Outcomes of Legrand's attempts to tell of a home, oldest first. */
export async function attemptsOf({ legrand }: { legrand: LegrandControls }, { plantNativeId }: Home) {
  const held = (await legrand.subscriptions()).filter(({ plantId }) => plantId === plantNativeId);
  const ids = held.map(({ subscriptionId }) => subscriptionId);
  return (await legrand.attempts()).filter(({ subscriptionId }) => ids.includes(subscriptionId));
}
