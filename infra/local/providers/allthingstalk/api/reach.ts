/** From a path to the device or asset that it names, for whoever may go there; 404 when it is unknown, else 403. */
import type { Answer } from '../../simulation/answer.ts';
import type { Asset } from '../house/asset.ts';
import type { Device } from '../house/device.ts';
import { findAsset, findDevice, type World } from '../world.ts';
import { mayReach, type Right } from './access.ts';
import type { ApiCall } from './gate.ts';
import { refusal } from './refusal.ts';

export interface Refused {
  readonly refused: Answer;
}

export interface ReachedAsset {
  readonly device: Device;
  readonly asset: Asset;
}

export function reachDevice(world: World, call: ApiCall, right: Right): { device: Device } | Refused {
  const device = namedDevice(world, call);
  if (!device) return { refused: refusal(world, 404, 'Device not found.') };
  return permitted(world, call, device, right) ?? { device };
}

/** By its own id, or by its name on a device. */
export function reachAsset(world: World, call: ApiCall, right: Right): ReachedAsset | Refused {
  const { assetId } = call.parameters;
  if (assetId !== undefined) {
    const found = findAsset(world, assetId);
    if (!found) return notFound(world);
    return permitted(world, call, found.device, right) ?? found;
  }
  const reached = reachDevice(world, call, right);
  if ('refused' in reached) return reached;
  const { device } = reached;
  const asset = device.assets.find(({ name }) => name === call.parameters.assetName);
  return asset ? { device, asset } : notFound(world);
}

/** One that was just made cannot be used for a while (contract 7). */
export function reachUsableAsset(world: World, call: ApiCall, right: Right): ReachedAsset | Refused {
  const reached = reachAsset(world, call, right);
  if ('refused' in reached) return reached;
  return isUsable(world, reached.asset) ? reached : notFound(world);
}

export function isUsable({ state, clock }: World, { createdEpochMs }: Asset): boolean {
  return createdEpochMs + state.settings.newAssetDelaySeconds * 1000 <= clock.now();
}

/** By its id, or by its name under a gateway: the one in the path, or the one that calls. */
function namedDevice(world: World, { parameters, access }: ApiCall): Device | undefined {
  const { deviceId, gatewayId, deviceName } = parameters;
  if (deviceId === undefined) return localDevice(world, gatewayId, deviceName);
  const known = findDevice(world, deviceId);
  return known ?? (access.kind === 'gateway' ? localDevice(world, access.gatewayId, deviceId) : undefined);
}

function localDevice({ state }: World, gatewayId: string | undefined, name: string | undefined) {
  return state.devices.find((device) => device.gatewayId === gatewayId && device.name === name);
}

function permitted(world: World, { access }: ApiCall, device: Device, right: Right): Refused | undefined {
  if (mayReach(world, access, device, right)) return undefined;
  return { refused: refusal(world, 403, 'You do not have access to this device.') };
}

function notFound(world: World): Refused {
  return { refused: refusal(world, 404, 'Asset not found.') };
}
