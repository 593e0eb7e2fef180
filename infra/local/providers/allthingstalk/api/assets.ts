/** Assets, by id or by device and name (contract 4.3 and 4.4). */
import { type Answer, empty, json } from '../../simulation/answer.ts';
import type { Asset } from '../house/asset.ts';
import type { Device } from '../house/device.ts';
import { createAsset } from '../house/new-device.ts';
import type { World } from '../world.ts';
import type { Access } from './access.ts';
import { type AssetBody, readAssetBody } from './asset-body.ts';
import type { ApiCall, ApiRoute } from './gate.ts';
import { reachAsset, reachDevice } from './reach.ts';
import { refusal } from './refusal.ts';
import { assetView } from './views.ts';

/** Everywhere an asset can be found; the last is the older way through a gateway. */
export const assetPaths: readonly string[] = [
  '/asset/:assetId',
  '/device/:deviceId/asset/:assetName',
  '/gateway/:gatewayId/device/:deviceName/asset/:assetName',
];

export function assetRoutes(world: World): ApiRoute[] {
  return [
    {
      method: 'GET',
      path: '/device/:deviceId/assets',
      operation: 'assets',
      handle: (call) => listAssets(world, call),
    },
    {
      method: 'POST',
      path: '/device/:deviceId/assets',
      operation: 'create_asset',
      handle: (call) => postAsset(world, call),
    },
    {
      method: 'PUT',
      path: '/device/:deviceId/asset/:assetName',
      operation: 'put_asset',
      handle: (call) => putAsset(world, call),
    },
    {
      method: 'DELETE',
      path: '/device/:deviceId/asset/:assetName',
      operation: 'delete_asset',
      handle: (call) => deleteAsset(world, call),
    },
    ...assetPaths.map((path) => ({
      method: 'GET' as const,
      path,
      operation: 'asset' as const,
      handle: (call: ApiCall) => {
        const reached = reachAsset(world, call, 'read');
        if ('refused' in reached) return reached.refused;
        return json(200, assetView(world, reached.device, reached.asset));
      },
    })),
  ];
}

function listAssets(world: World, call: ApiCall): Answer {
  const reached = reachDevice(world, call, 'read');
  if ('refused' in reached) return reached.refused;
  const { device } = reached;
  const style = call.query.get('style')?.toLowerCase();
  const wanted = device.assets.filter((asset) => style === undefined || asset.style === style);
  return json(
    200,
    wanted.map((asset) => assetView(world, device, asset)),
  );
}

function postAsset(world: World, call: ApiCall): Answer {
  const reached = reachDevice(world, call, 'write');
  if ('refused' in reached) return reached.refused;
  const { device } = reached;
  const body = readAssetBody(call.body);
  if (body?.name === undefined) return refusal(world, 400, 'The asset is invalid.');
  if (device.assets.some(({ name }) => name === body.name))
    return refusal(world, 400, `Asset with name ${body.name} already exists.`);
  return json(201, assetView(world, device, addAsset(world, call.access, device, body.name, body)));
}

/** Makes it, or changes what is sent of it; its name, time of creation and state stay. */
function putAsset(world: World, call: ApiCall): Answer {
  const reached = reachDevice(world, call, 'write');
  if ('refused' in reached) return reached.refused;
  const { device } = reached;
  const name = call.parameters.assetName ?? '';
  const body = readAssetBody(call.body);
  if (!body) return refusal(world, 400, 'The asset is invalid.');
  const held = device.assets.find((asset) => asset.name === name);
  if (!held) return json(201, assetView(world, device, addAsset(world, call.access, device, name, body)));
  const { title = held.title, description = held.description, is = held.is } = body;
  const { style = held.style, profile = held.profile } = body;
  Object.assign(held, { title, description, is, style, profile, updatedEpochMs: world.clock.now() });
  return json(200, assetView(world, device, held));
}

function addAsset({ clock }: World, access: Access, device: Device, name: string, body: AssetBody): Asset {
  const sent = Object.fromEntries(Object.entries(body).filter(([, value]) => value !== undefined));
  const createdBy = access.kind === 'user' ? access.userId : null;
  const asset = createAsset({ ...sent, name, createdBy }, clock.now());
  device.assets.push(asset);
  return asset;
}

function deleteAsset(world: World, call: ApiCall): Answer {
  const reached = reachAsset(world, call, 'write');
  if ('refused' in reached) return reached.refused;
  const { device, asset } = reached;
  device.assets = device.assets.filter((other) => other !== asset);
  return empty(204);
}
