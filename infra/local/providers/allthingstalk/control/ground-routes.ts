import * as z from 'zod';
import { type ControlRoute, control } from '../../simulation/control/control-route.ts';
import type { Ground } from '../house/device.ts';
import { removeDevice } from '../house/remove-device.ts';
import { newObjectId } from '../ids.ts';
import { generateDevices } from '../seed/generate-devices.ts';
import { devicesOf, type World } from '../world.ts';
import type { Controls } from './controls.ts';
import { existingGround, existingUser } from './existing.ts';
import { dumpState } from './state-dump.ts';

const NewGround = z.strictObject({
  userId: z.string(),
  title: z.string().default('Generated'),
  devices: z.coerce.number().int().min(0).max(500).default(10),
  grounds: z.coerce.number().int().min(1).max(200).default(1),
});

const GroundChange = z.strictObject({
  groundId: z.string(),
  title: z.string().optional(),
  visibility: z.string().optional(),
  /** Id, user name or e-mail address of somebody with whom it is shared from now on. */
  memberId: z.string().optional(),
  role: z.enum(['viewer', 'editor', 'none']).default('viewer'),
});

export function groundRoutes({ world, house }: Controls): ControlRoute[] {
  const { state, clock } = world;
  return [
    control('GET', '/state', {
      summary: 'everything the cloud remembers, without secrets',
      handle: () => {
        house.compute();
        return dumpState(state);
      },
    }),
    control('POST', '/grounds', {
      summary: 'generates grounds with devices: {userId, title?, devices?: n each, grounds?: n}',
      body: NewGround,
      handle: ({ userId, title, devices, grounds }) => {
        const owner = existingUser(world, userId);
        const made = Array.from({ length: grounds }, (_, index) =>
          newGround(owner.userId, grounds === 1 ? title : `${title} ${index + 1}`),
        );
        state.grounds.push(...made);
        for (const { groundId } of made)
          state.devices.push(...generateDevices(groundId, devices, clock.now()));
        return { groundIds: made.map(({ groundId }) => groundId) };
      },
    }),
    control('POST', '/ground', {
      summary: 'a ground by hand: {groundId, title?, visibility?, memberId?, role?: viewer, editor or none}',
      body: GroundChange,
      handle: (change) => changeGround(world, change),
    }),
    control('DELETE', '/grounds/:groundId', {
      summary: 'removes a ground with its devices, tokens and rules',
      handle: (_, { parameters }) => {
        const { groundId } = existingGround(world, parameters.groundId);
        for (const device of devicesOf(world, groundId)) removeDevice(world, device);
        state.grounds = state.grounds.filter((ground) => ground.groundId !== groundId);
        state.gateways = state.gateways.filter((gateway) => gateway.groundId !== groundId);
        state.staticTokens = state.staticTokens.filter(({ ofId }) => ofId !== groundId);
      },
    }),
  ];
}

function newGround(ownerId: string, title: string): Ground {
  const name = title.toLowerCase().replaceAll(/\W+/g, '-');
  return { groundId: newObjectId(), name, title, ownerId, visibility: 'public', members: [] };
}

function changeGround(world: World, change: z.output<typeof GroundChange>): Ground {
  const ground = existingGround(world, change.groundId);
  if (change.title !== undefined) ground.title = change.title;
  if (change.visibility !== undefined) ground.visibility = change.visibility;
  if (change.memberId === undefined) return ground;
  const { userId } = existingUser(world, change.memberId);
  ground.members = ground.members.filter((member) => member.userId !== userId);
  if (change.role !== 'none') ground.members.push({ userId, role: change.role });
  return ground;
}
