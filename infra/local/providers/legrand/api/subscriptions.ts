import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import { type Answer, empty, json } from '../../simulation/answer.ts';
import type { Call } from '../../simulation/router.ts';
import { refusal } from '../refusals.ts';
import type { Outbox } from '../webhooks/outbox.ts';
import type { World } from '../world.ts';
import type { ApiRoute } from './gateway.ts';
import { ownedPlant, uuid } from './ownership.ts';

const loopbackHosts = ['127.0.0.1', 'localhost', '[::1]'];

/** https only, as in the real cloud, except to this machine, where nobody has a certificate. */
const EndPointUrl = z.string().refine((text) => {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname } = new URL(text);
  return protocol === 'https:' || (protocol === 'http:' && loopbackHosts.includes(hostname));
}, 'must be an https URL');

/** The capital E, P and U are Legrand's. */
const Subscribe = z.object({ EndPointUrl, description: z.string().optional() });

/** Contract 3.8. */
export function subscriptionRoutes(world: World, outbox: Outbox): ApiRoute[] {
  return [
    {
      method: 'POST',
      path: '/plants/:plantId/subscription',
      operation: 'subscribe',
      scope: 'comfort.read',
      handle: (call, userId) => subscribe(world, outbox, call, userId),
    },
    {
      method: 'GET',
      path: '/subscription',
      operation: 'subscriptions',
      scope: 'comfort.read',
      handle: (_, userId) => list(world, userId),
    },
    {
      method: 'DELETE',
      path: '/plants/:plantId/subscription/:subscriptionId',
      operation: 'unsubscribe',
      scope: 'comfort.read',
      handle: (call, userId) => unsubscribe(world, outbox, call, userId),
    },
  ];
}

function subscribe(world: World, outbox: Outbox, call: Call, userId: string): Answer {
  const owned = ownedPlant(world, call, userId);
  if ('refused' in owned) return owned.refused;
  const body = readSubscribe(call.body);
  if (!body) return refusal(400, 'Bad request: EndPointUrl must be an https URL');
  const { plantId } = owned.plant;
  const { state, faults } = world;
  const ofPlant = state.subscriptions.filter((held) => held.plantId === plantId && held.ours);
  const limit = faults.take('subscription_limit', 'subscribe');
  if (ofPlant.some(({ endPointUrl }) => endPointUrl === body.EndPointUrl))
    return refusal(409, 'Subscription already exists');
  if (limit && ofPlant.length >= limit.maximum)
    return refusal(409, 'The maximum number of subscriptions of this plant is reached');

  const subscription = { subscriptionId: randomUUID(), plantId, endPointUrl: body.EndPointUrl, ours: true };
  state.subscriptions.push(subscription);
  if (faults.take('validation_event', 'subscribe')) outbox.greet(subscription);
  if (faults.take('subscribe_without_json', 'subscribe'))
    return { status: 201, headers: { 'content-type': 'text/html' }, body: '<html>Created</html>' };
  return json(201, { subscriptionId: subscription.subscriptionId });
}

function readSubscribe(text: string): z.output<typeof Subscribe> | undefined {
  try {
    return Subscribe.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

/** All of the user's, over all plants and of all applications. */
function list({ state, faults }: World, userId: string): Answer {
  const plantIds = state.plants.filter((plant) => plant.userId === userId).map(({ plantId }) => plantId);
  const rows = state.subscriptions
    .filter(({ plantId }) => plantIds.includes(plantId))
    .map((held) => ({
      plantId: held.plantId,
      subscriptionId: held.subscriptionId,
      EndPointUrl: held.endPointUrl,
    }));
  const foreign = faults.take('foreign_subscriptions', 'subscriptions');
  for (let index = 0; index < (foreign?.count ?? 0); index += 1) {
    rows.push({
      plantId: plantIds[0] ?? randomUUID(),
      subscriptionId: `f02e1640-0000-4000-8000-${String(index + 1).padStart(12, '0')}`,
      EndPointUrl: `https://voice-assistant-${index + 1}.example.net/legrand`,
    });
  }
  return rows.length > 0 ? json(200, rows) : empty(204);
}

function unsubscribe(world: World, outbox: Outbox, call: Call, userId: string): Answer {
  const owned = ownedPlant(world, call, userId);
  if ('refused' in owned) return owned.refused;
  const { subscriptionId = '' } = call.parameters;
  if (!uuid.test(subscriptionId)) return refusal(400, 'Bad request: subscriptionId is not a UUID');
  const held = world.state.subscriptions.find(
    (candidate) => candidate.subscriptionId === subscriptionId && candidate.plantId === owned.plant.plantId,
  );
  if (!held) return refusal(404, 'Resource not found');
  outbox.removeSubscription(subscriptionId);
  return empty(200);
}
