import * as z from 'zod';
import { type ControlRoute, control } from '../../simulation/control/control-route.ts';
import { isBanned } from '../webhooks/ban.ts';
import { pushKinds } from '../webhooks/push-kinds.ts';
import { bodyText, sign } from '../webhooks/signature.ts';
import { homesOf } from '../world.ts';
import type { Controls } from './controls.ts';
import { existingHome } from './home-routes.ts';
import { findUser } from './user-routes.ts';

const PushOrder = z.strictObject({
  /** Id or e-mail address. */
  userId: z.string(),
  /** One of the list, such as `NACamera-person` or `display_change/set_point`. */
  kind: z.string().optional(),
  /** Of which home a kind tells; default: the user's first. */
  homeId: z.string().optional(),
  /** Laid over what the kind says. */
  fields: z.record(z.string(), z.unknown()).optional(),
  /** Instead of a kind: sent as it is when it is text, else as JSON. */
  body: z.unknown().optional(),
  signature: z.enum(['right', 'wrong', 'none']).default('right'),
  times: z.coerce.number().int().min(1).max(100).default(1),
});

export function webhookRoutes(controls: Controls): ControlRoute[] {
  const { world } = controls;
  const { state, clock } = world;
  return [
    control('GET', '/webhooks', {
      summary: 'all hooks, with what was counted for and against them',
      handle: () => state.hooks.map((hook) => ({ ...hook, banned: isBanned(hook, clock.now()) })),
    }),
    control('DELETE', '/webhooks/:userId', {
      summary: 'removes a hook behind the back of whoever added it',
      handle: (_, { parameters }) => {
        controls.outbox.dropHook(findUser(world, parameters.userId).userId);
      },
    }),
    control('POST', '/webhooks/:userId/lift-ban', {
      summary: 'lifts a ban, as the button of the portal does',
      handle: (_, { parameters }) => {
        const { userId } = findUser(world, parameters.userId);
        for (const hook of state.hooks) if (hook.userId === userId) hook.bannedUntilEpochMs = undefined;
      },
    }),
    control('GET', '/push-kinds', {
      summary: 'every kind of push that can be sent, with what it says',
      handle: () => pushKinds(state.homes[0]),
    }),
    control('POST', '/push', {
      summary:
        'sends a push: {userId, kind, homeId?, fields?} or {userId, body}; signature?: right, wrong or none; times?',
      body: PushOrder,
      handle: (order) => sendPush(controls, order),
    }),
  ];
}

function sendPush({ world, outbox }: Controls, order: z.output<typeof PushOrder>) {
  const { userId } = findUser(world, order.userId);
  const { clientSecret } = world.state.application;
  const body = order.body === undefined ? bodyText(composed()) : rawText(order.body);
  const right = sign(body, clientSecret);
  const signature = { right, wrong: sign(body, `${clientSecret}x`), none: undefined }[order.signature];
  let taken = false;
  for (let round = 0; round < order.times; round += 1) taken = outbox.sendRaw(userId, { body, signature });
  return { body, hooks: taken ? 1 : 0 };

  function composed() {
    const home = order.homeId === undefined ? homesOf(world, userId)[0] : existingHome(world, order.homeId);
    const kind = pushKinds(home)[order.kind ?? 'webhook_activation'];
    if (!kind)
      throw new RangeError(`there is no kind ${order.kind}, only ${Object.keys(pushKinds(home)).join(', ')}`);
    const about = kind.push_type === 'webhook_activation' ? undefined : home;
    return { ...outbox.compose(userId, kind, about), ...order.fields };
  }
}

function rawText(body: unknown): string {
  return typeof body === 'string' ? body : bodyText(body);
}
