/** What a control route names, or a refusal that says what there is not. */
import type { Asset } from '../house/asset.ts';
import type { Device, Ground } from '../house/device.ts';
import type { User } from '../state.ts';
import { findDevice, findGround, type World } from '../world.ts';

/** By id, user name or e-mail address. */
export function existingUser({ state }: World, key: string | undefined): User {
  const user = state.users.find(
    ({ userId, userName, email }) => userId === key || userName === key || email === key,
  );
  if (!user) throw new RangeError(`there is no user ${key}`);
  return user;
}

export function existingGround(world: World, groundId: string | undefined): Ground {
  const ground = findGround(world, groundId ?? '');
  if (!ground) throw new RangeError(`there is no ground ${groundId}`);
  return ground;
}

export function existingDevice(world: World, deviceId: string | undefined): Device {
  const device = findDevice(world, deviceId ?? '');
  if (!device) throw new RangeError(`there is no device ${deviceId}`);
  return device;
}

/** By name or id. */
export function existingAsset({ assets, title }: Device, key: string): Asset {
  const asset = assets.find(({ name, assetId }) => name === key || assetId === key);
  if (!asset) throw new RangeError(`${title} has no asset ${key}`);
  return asset;
}
