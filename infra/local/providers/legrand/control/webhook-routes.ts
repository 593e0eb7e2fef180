import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import { type ControlRoute, control } from '../../simulation/control/control-route.ts';
import { findPlant, type World } from '../world.ts';
import type { Controls } from './controls.ts';

const Emit = z.strictObject({
  plantId: z.string(),
  /** Which thermostat speaks, without a `body`; default: the first. */
  moduleId: z.string().optional(),
  /** Sent as it is when it is text, else as JSON. */
  body: z.unknown().optional(),
  times: z.coerce.number().int().min(1).max(100).default(1),
});

const Foreign = z.strictObject({ plantId: z.string(), url: z.url() });

export function webhookRoutes(controls: Controls): ControlRoute[] {
  const { world, outbox } = controls;
  const { state } = world;
  return [
    control('GET', '/subscriptions', {
      summary: 'all subscriptions, with what was counted against their addresses',
      handle: () =>
        state.subscriptions.map((held) => ({
          ...held,
          endPoint: state.endPoints.find(({ url }) => url === held.endPointUrl),
        })),
    }),
    control('POST', '/subscriptions', {
      summary: 'a subscription of another application: {plantId, url}; it is listed, and never called',
      body: Foreign,
      handle: ({ plantId, url }) => {
        const { plantId: known } = existingPlant(world, plantId);
        const foreign = { subscriptionId: randomUUID(), plantId: known, endPointUrl: url, ours: false };
        state.subscriptions.push(foreign);
        return foreign;
      },
    }),
    control('DELETE', '/subscriptions/:subscriptionId', {
      summary: 'removes a subscription behind the back of whoever made it (a ghost remains there)',
      handle: (_, { parameters }) => outbox.removeSubscription(parameters.subscriptionId ?? ''),
    }),
    control('POST', '/emit', {
      summary:
        "a webhook to a plant's subscriptions: {plantId, body?, times?}, or its state: {plantId, moduleId?}",
      body: Emit,
      handle: (wanted) => emit(controls, wanted),
    }),
    control('GET', '/end-points', {
      summary: 'every address called so far: answers for and against it, bans, what was lost in them',
      handle: () => state.endPoints,
    }),
    control('DELETE', '/end-points', {
      summary: 'forgets all failures and bans',
      handle: () => {
        state.endPoints = [];
      },
    }),
  ];
}

function emit({ world, outbox }: Controls, wanted: z.output<typeof Emit>) {
  const { body } = wanted;
  const plant = existingPlant(world, wanted.plantId);
  const thermostat = plant.modules.find(({ moduleId }) => moduleId === (wanted.moduleId ?? moduleId));
  if (body === undefined && !thermostat) throw new RangeError('the plant has no such module');
  for (let round = 0; round < wanted.times; round += 1) {
    if (body !== undefined)
      outbox.broadcast(plant.plantId, typeof body === 'string' ? body : JSON.stringify(body));
    else if (thermostat) outbox.announce(plant, thermostat, world.clock.now());
  }
  return {
    subscriptions: world.state.subscriptions.filter((held) => held.plantId === plant.plantId && held.ours)
      .length,
  };
}

function existingPlant(world: World, plantId: string) {
  const plant = findPlant(world, plantId);
  if (!plant) throw new RangeError(`there is no plant ${plantId}`);
  return plant;
}
