import * as z from 'zod';
import { type ControlRoute, control } from '../../simulation/control/control-route.ts';
import { newObjectId, randomText } from '../ids.ts';
import type { World } from '../world.ts';
import { existingGround } from './existing.ts';

/** What the vendor's pages did for gateways that had announced themselves. */
export function gatewayRoutes(world: World): ControlRoute[] {
  const { state } = world;
  return [
    control('GET', '/gateways', {
      summary: 'gateways with their keys, and those that nobody has claimed',
      handle: () => ({ gateways: state.gateways, orphans: state.orphans }),
    }),
    control('POST', '/gateways', {
      summary: 'claims a gateway that announced itself: {uid, groundId}',
      body: z.strictObject({ uid: z.string(), groundId: z.string() }),
      handle: ({ uid, groundId }) => {
        const orphan = state.orphans.find((candidate) => candidate.uid === uid);
        if (!orphan) throw new RangeError(`no gateway ${uid} waits to be claimed`);
        existingGround(world, groundId);
        const { name } = orphan;
        const gateway = { gatewayId: newObjectId(), key: randomText(32), uid, name, title: name, groundId };
        state.orphans = state.orphans.filter((other) => other !== orphan);
        state.gateways.push(gateway);
        return gateway;
      },
    }),
  ];
}
