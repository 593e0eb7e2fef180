import type { Clock } from '../simulation/clock.ts';
import type { Faults } from './faults/faults.ts';
import type { Asset } from './house/asset.ts';
import type { Device, Ground } from './house/device.ts';
import type { CloudState, User } from './state.ts';

/** What every part of the simulated cloud works on. */
export interface World {
  readonly state: CloudState;
  readonly clock: Clock;
  readonly faults: Faults;
  /** The cloud's own address, without a trailing slash. */
  readonly url: string;
}

export function findGround({ state }: World, groundId: string): Ground | undefined {
  return state.grounds.find((ground) => ground.groundId === groundId);
}

export function findDevice({ state }: World, deviceId: string): Device | undefined {
  return state.devices.find((device) => device.deviceId === deviceId);
}

export function devicesOf({ state }: World, groundId: string): Device[] {
  return state.devices.filter((device) => device.groundId === groundId);
}

export function findAsset({ state }: World, assetId: string): { device: Device; asset: Asset } | undefined {
  for (const device of state.devices) {
    const asset = device.assets.find((candidate) => candidate.assetId === assetId);
    if (asset) return { device, asset };
  }
  return undefined;
}

export function findUserById({ state }: World, userId: string | undefined): User | undefined {
  return state.users.find((user) => user.userId === userId);
}
