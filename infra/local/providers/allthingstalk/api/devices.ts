/** Devices and the older way to them through gateways (contract 4.2 and 4.6). */
import { type Answer, empty, json } from '../../simulation/answer.ts';
import type { Device } from '../house/device.ts';
import { createDevice } from '../house/new-device.ts';
import { removeDevice } from '../house/remove-device.ts';
import type { World } from '../world.ts';
import { lowerNames, readObject } from './body-fields.ts';
import type { ApiCall, ApiRoute } from './gate.ts';
import { reachDevice } from './reach.ts';
import { refusal } from './refusal.ts';
import { refuseToken } from './users-only.ts';
import { deviceView } from './views.ts';

export function deviceRoutes(world: World): ApiRoute[] {
  const read = (call: ApiCall) => readDevice(world, call);
  return [
    { method: 'GET', path: '/device/:deviceId', operation: 'device', handle: read },
    { method: 'GET', path: '/gateway/:gatewayId/device/:deviceName', operation: 'device', handle: read },
    {
      method: 'PUT',
      path: '/device/:deviceId',
      operation: 'update_device',
      handle: (call) => change(world, call, updateDevice, putLocalDevice),
    },
    {
      method: 'DELETE',
      path: '/device/:deviceId',
      operation: 'delete_device',
      handle: (call) => change(world, call, deleteDevice, deleteDevice),
    },
  ];
}

type Change = (world: World, call: ApiCall) => Answer;

/** Users change devices, and gateways those behind them; other tokens only what is in a device. */
function change(world: World, call: ApiCall, byUser: Change, byGateway: Change): Answer {
  if (call.access.kind === 'user') return byUser(world, call);
  return call.access.kind === 'gateway' ? byGateway(world, call) : refuseToken(world);
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

/** A gateway makes devices by their local names, and changes them in the same way (contract 4.6). */
function putLocalDevice(world: World, call: ApiCall): Answer {
  const { access, parameters } = call;
  const gateway = world.state.gateways.find(
    ({ gatewayId }) => access.kind === 'gateway' && access.gatewayId === gatewayId,
  );
  const fields = lowerNames(readObject(call.body));
  if (!gateway || !fields) return refusal(world, 400, 'The request is invalid.');
  if ('device' in reachDevice(world, call, 'write')) return updateDevice(world, call);
  const { gatewayId, groundId } = gateway;
  const name = parameters.deviceId ?? '';
  const type = typeof fields.type === 'string' ? fields.type : 'custom';
  const device = createDevice(groundId, { name, title: name, gatewayId, type }, world.clock.now());
  world.state.devices.push(device);
  return updateDevice(world, call);
}

function recordOf(value: Device['meta'][string] | undefined): Device['meta'] | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;
}

function deleteDevice(world: World, call: ApiCall): Answer {
  const reached = reachDevice(world, call, 'write');
  if ('refused' in reached) return reached.refused;
  removeDevice(world, reached.device);
  return empty(204);
}
