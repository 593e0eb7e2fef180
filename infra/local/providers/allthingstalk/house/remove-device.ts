import type { World } from '../world.ts';
import type { Device } from './device.ts';

/** Its tokens and rules go with it. */
export function removeDevice({ state }: World, device: Device): void {
  const assetIds = device.assets.map(({ assetId }) => assetId);
  state.devices = state.devices.filter((other) => other !== device);
  state.staticTokens = state.staticTokens.filter(({ ofId }) => ofId !== device.deviceId);
  state.rules = state.rules.filter(({ assetId }) => !assetIds.includes(assetId));
}
