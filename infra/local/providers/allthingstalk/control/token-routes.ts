import * as z from 'zod';
import { type ControlRoute, control } from '../../simulation/control/control-route.ts';
import { addToken, deleteToken } from '../login/static-tokens.ts';
import type { World } from '../world.ts';
import { existingDevice, existingGround } from './existing.ts';

const NewToken = z.union([
  z.strictObject({ groundId: z.string() }),
  z.strictObject({ deviceId: z.string() }),
]);

/** What the vendor's pages do for the tokens of grounds and devices; programs have no way to it. */
export function tokenRoutes(world: World): ControlRoute[] {
  const { state } = world;
  return [
    control('GET', '/tokens', {
      summary: 'the tokens of grounds and devices, as the settings pages show them',
      handle: () => state.staticTokens,
    }),
    control('POST', '/tokens', {
      summary: 'another token: {groundId} or {deviceId}',
      body: NewToken,
      handle: (wanted) => {
        if ('groundId' in wanted)
          return addToken(world, 'ground', existingGround(world, wanted.groundId).groundId);
        return addToken(world, 'device', existingDevice(world, wanted.deviceId).deviceId);
      },
    }),
    control('DELETE', '/tokens/:tokenId', {
      summary: 'deletes a token: it is refused from now on',
      handle: (_, { parameters }) => deleteToken(world, parameters.tokenId),
    }),
  ];
}
