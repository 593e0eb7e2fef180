/** Gateways: what users see of them, and how they got their credentials in 2016 (contract 4.6). */
import { type Answer, json } from '../../simulation/answer.ts';
import type { Call, Route } from '../../simulation/router.ts';
import { refusalByFault } from '../faults/refusal-by-fault.ts';
import type { Gateway } from '../house/device.ts';
import type { World } from '../world.ts';
import { mayReachGround } from './access.ts';
import { lowerNames, readObject } from './body-fields.ts';
import { crossOrigin } from './cross-origin.ts';
import type { ApiCall, ApiRoute } from './gate.ts';
import { isTrue } from './query-flag.ts';
import { refusal } from './refusal.ts';
import { gatewayView } from './views.ts';

export function gatewayRoutes(world: World): ApiRoute[] {
  return [
    { method: 'GET', path: '/gateway', operation: 'gateway', handle: (call) => readOwn(world, call) },
    {
      method: 'GET',
      path: '/gateway/:gatewayId',
      operation: 'gateway',
      handle: (call) => readGateway(world, call),
    },
  ];
}

/** Without credentials: a gateway without an owner says that it is there, and asks until somebody has claimed it. */
export function claimRoutes(world: World): Route[] {
  const open = (path: string, handle: (world: World, uid: string, name: string) => Answer): Route => ({
    method: 'POST',
    path,
    operation: 'gateway',
    lax: true,
    handle: (call) => crossOrigin(call, refusalByFault(world, 'gateway') ?? named(world, call, handle)),
  });
  return [open('/gateways', announceGateway), open('/gateway', askForClaim)];
}

function named(
  world: World,
  { body }: Call,
  handle: (world: World, uid: string, name: string) => Answer,
): Answer {
  const { uid, name } = lowerNames(readObject(body)) ?? {};
  if (typeof uid !== 'string') return refusal(world, 400, 'The request is invalid.');
  return handle(world, uid, typeof name === 'string' ? name : uid);
}

function announceGateway(world: World, uid: string, name: string): Answer {
  const { gateways, orphans } = world.state;
  if (![...gateways, ...orphans].some((known) => known.uid === uid)) orphans.push({ uid, name });
  return json(200, { uid, name });
}

function askForClaim(world: World, uid: string): Answer {
  const gateway = world.state.gateways.find((claimed) => claimed.uid === uid);
  if (!gateway) return refusal(world, 404, 'The gateway is not claimed yet.');
  return json(200, { id: gateway.gatewayId, key: gateway.key, client: { clientId: gateway.gatewayId } });
}

/** Only says that the credentials are right. */
function readOwn(world: World, { access, query }: ApiCall): Answer {
  if (access.kind !== 'gateway') return refusal(world, 403, 'This is for gateways.');
  const gateway = findGateway(world, access.gatewayId);
  return gateway ? shown(world, gateway, query) : refusal(world, 404, 'Gateway not found.');
}

function readGateway(world: World, { access, query, parameters }: ApiCall): Answer {
  const gateway = findGateway(world, parameters.gatewayId);
  if (!gateway) return refusal(world, 404, 'Gateway not found.');
  const isOwn = access.kind === 'gateway' && access.gatewayId === gateway.gatewayId;
  return isOwn || mayReachGround(world, access, gateway.groundId, 'read')
    ? shown(world, gateway, query)
    : refusal(world, 403, 'You do not have access to this gateway.');
}

function findGateway({ state }: World, gatewayId: string | undefined): Gateway | undefined {
  return state.gateways.find((gateway) => gateway.gatewayId === gatewayId);
}

function shown(world: World, gateway: Gateway, query: URLSearchParams): Answer {
  return json(200, gatewayView(world, gateway, isTrue(query, 'includeDevices')));
}
