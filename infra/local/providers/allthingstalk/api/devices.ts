/** Devices and the older way to them through gateways (contract 4.2 and 4.6). */
import { type Answer, empty, json } from '../../simulation/answer.ts';
import type { Device } from '../house/device.ts';
import type { World } from '../world.ts';
import { mayReachGround } from './access.ts';
import { lowerNames, readObject } from './body-fields.ts';
import type { ApiCall, ApiRoute } from './gate.ts';
import { reachDevice } from './reach.ts';
import { refusal } from './refusal.ts';
import { refuseOthers } from './users-only.ts';
import { deviceView, gatewayView } from './views.ts';

export function deviceRoutes(world: World): ApiRoute[] {
  const read = (call: ApiCall) => readDevice(world, call);
  return [
    { method: 'GET', path: '/device/:deviceId', operation: 'device', handle: read },
    { method: 'GET', path: '/gateway/:gatewayId/device/:deviceName', operation: 'device', handle: read },
    {
      method: 'PUT',
      path: '/device/:deviceId',
      operation: 'update_device',
      handle: (call) => refuseOthers(world, call) ?? updateDevice(world, call),
    },
    {
      method: 'DELETE',
      path: '/device/:deviceId',
      operation: 'delete_device',
      handle: (call) => refuseOthers(world, call) ?? deleteDevice(world, call),
    },
    {
      method: 'GET',
      path: '/gateway/:gatewayId',
      operation: 'gateway',
      handle: (call) => readGateway(world, call),
    },
  ];
}

function readDevice(world: World, call: ApiCall): Answer {
  const reached = reachDevice(world, call, 'read');
  return 'refused' in reached ? reached.refused : json(200, deviceView(world, reached.device, true));
}

function updateDevice(world: World, call: ApiCall): Answer {
  const reached = reachDevice(world, call, 'write');
  if ('refused' in reached) return reached.refused;
  const { device } = reached;
  const fields = lowerNames(readObject(call.body));
  if (!fields) return refusal(world, 400, 'The request is invalid.');
  if (typeof fields.name === 'string') device.name = fields.name;
  if (typeof fields.title === 'string') device.title = fields.title;
  if (typeof fields.description === 'string') device.description = fields.description;
  if (typeof fields.activityenabled === 'boolean') device.activityEnabled = fields.activityenabled;
  if (world.state.settings.metaWritable) device.meta = recordOf(fields.meta) ?? device.meta;
  device.updatedEpochMs = world.clock.now();
  return json(200, deviceView(world, device, true));
}

function recordOf(value: Device['meta'][string] | undefined): Device['meta'] | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;
}

/** Its tokens and rules go with it. */
function deleteDevice(world: World, call: ApiCall): Answer {
  const reached = reachDevice(world, call, 'write');
  if ('refused' in reached) return reached.refused;
  removeDevice(world, reached.device);
  return empty(204);
}

export function removeDevice({ state }: World, device: Device): void {
  const assetIds = device.assets.map(({ assetId }) => assetId);
  state.devices = state.devices.filter((other) => other !== device);
  state.staticTokens = state.staticTokens.filter(({ ofId }) => ofId !== device.deviceId);
  state.rules = state.rules.filter(({ assetId }) => !assetIds.includes(assetId));
}

function readGateway(world: World, call: ApiCall): Answer {
  const gateway = world.state.gateways.find(({ gatewayId }) => gatewayId === call.parameters.gatewayId);
  if (!gateway) return refusal(world, 404, 'Gateway not found.');
  if (!mayReachGround(world, call.access, gateway.groundId, 'read'))
    return refusal(world, 403, 'You do not have access to this gateway.');
  return json(200, gatewayView(world, gateway, isTrue(call.query, 'includeDevices')));
}

/** `true` and `True`, under a name in any case. */
export function isTrue(query: URLSearchParams, wanted: string): boolean {
  return [...query].some(
    ([name, value]) => name.toLowerCase() === wanted.toLowerCase() && value.toLowerCase() === 'true',
  );
}
