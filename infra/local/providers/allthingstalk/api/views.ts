/** Grounds, devices, gateways and assets as they stand in answers (contract 3.1 and 3.2). */
import type { Asset, Report } from '../house/asset.ts';
import type { Device, Gateway, Ground } from '../house/device.ts';
import { readCurrent } from '../house.ts';
import type { Settings } from '../settings.ts';
import { wireTime } from '../wire-time.ts';
import { findGround, type World } from '../world.ts';

export function groundView({ groundId, name, title, ownerId, visibility }: Ground) {
  return { id: groundId, name, title, ownerId, visibility };
}

export function deviceView(world: World, device: Device, withAssets: boolean) {
  const found = findGround(world, device.groundId);
  const ground = found && groundView(found);
  return {
    id: device.deviceId,
    name: device.name,
    title: device.title,
    type: device.type,
    description: device.description,
    ownerId: ground?.ownerId ?? null,
    gatewayId: device.gatewayId,
    groundId: device.groundId,
    ground,
    grounds: ground ? [ground] : [],
    activityEnabled: device.activityEnabled,
    createdBy: ground?.ownerId ?? null,
    updatedBy: ground?.ownerId ?? null,
    createdOn: wireTime(device.createdEpochMs),
    updatedOn: wireTime(device.updatedEpochMs),
    lastActiveAt: device.lastActiveEpochMs === null ? null : wireTime(device.lastActiveEpochMs),
    meta: device.meta,
    networks: device.networkId === undefined ? [] : [networkView(device.networkId)],
    assets: withAssets ? device.assets.map((asset) => assetView(world, device, asset)) : [],
    control: null,
  };
}

function networkView(networkId: string) {
  return { networkId, data: { imei: '000000000000000', imsi: null, sim: null } };
}

export function assetView(world: World, { deviceId }: Device, asset: Asset) {
  const { settings } = world.state;
  // What is inside of other documents is cached, and may be older still (contract 3.2).
  const lagSeconds = Math.max(settings.embeddedLagSeconds, settings.readDelaySeconds);
  const state = reportView(settings, readCurrent(world, asset, lagSeconds));
  return {
    deviceId,
    thing: null,
    id: asset.assetId,
    name: asset.name,
    title: asset.title,
    is: asset.is,
    description: asset.description,
    createdOn: wireTime(asset.createdEpochMs),
    updatedOn: wireTime(asset.updatedEpochMs),
    createdBy: asset.createdBy,
    updatedBy: asset.createdBy,
    profile: asset.profile,
    control: { name: '' },
    ...(state !== undefined && { state }),
    style: asset.style,
  };
}

/** Undefined: the member is left out (contract 8.17). */
export function reportView({ neverReported }: Pick<Settings, 'neverReported'>, report: Report | undefined) {
  if (report) return { at: wireTime(report.atEpochMs), value: report.value };
  const views = { null: null, null_members: { at: null, value: null }, missing: undefined };
  return views[neverReported];
}

export function gatewayView(world: World, gateway: Gateway, withDevices: boolean) {
  const { gatewayId, uid, name, title, groundId } = gateway;
  const behind = world.state.devices.filter((device) => device.gatewayId === gatewayId);
  return {
    id: gatewayId,
    uid,
    name,
    title,
    groundId,
    assets: [],
    ...(withDevices && { devices: behind.map((device) => deviceView(world, device, true)) }),
  };
}
