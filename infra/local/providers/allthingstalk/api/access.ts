/** Who calls, and how far they may go (contract 2.1). */
import type { Call } from '../../simulation/router.ts';
import type { Device, Ground } from '../house/device.ts';
import { findAccess } from '../login/tokens.ts';
import { findGround, type World } from '../world.ts';

export type Access =
  | { readonly kind: 'user'; readonly userId: string }
  | { readonly kind: 'ground'; readonly groundId: string }
  | { readonly kind: 'device'; readonly deviceId: string }
  | { readonly kind: 'gateway'; readonly gatewayId: string };
export type Right = 'read' | 'write';

/** Undefined when the token is none, or not alive; its kind is in the state, not in its text. */
export function identify(world: World, headers: Call['headers']): Access | undefined {
  const text = /^Bearer (\S+)$/i.exec(headers.authorization ?? '')?.[1];
  return text === undefined ? identifyGateway(world, headers) : identifyToken(world, text);
}

function identifyToken(world: World, text: string): Access | undefined {
  const { staticTokens, settings } = world.state;
  const held = staticTokens.find(
    (token) => token.text === text || (settings.acceptBareSecret && token.text.split(':')[1] === text),
  );
  if (held?.kind === 'ground') return { kind: 'ground', groundId: held.ofId };
  if (held) return { kind: 'device', deviceId: held.ofId };
  const user = findAccess(world, text);
  return user && { kind: 'user', userId: user.userId };
}

/** The older way of devices, by two headers (contract 2.3). */
function identifyGateway({ state }: World, headers: Call['headers']): Access | undefined {
  const { 'auth-gatewayid': id, 'auth-gatewaykey': key } = headers;
  const gateway = state.gateways.find((held) => held.gatewayId === id && held.key === key);
  return gateway && { kind: 'gateway', gatewayId: gateway.gatewayId };
}

/** For the log of requests, and to count calls by. */
export function describeAccess(access: Access): string {
  switch (access.kind) {
    case 'user':
      return access.userId;
    case 'ground':
      return `ground:${access.groundId}`;
    case 'device':
      return `device:${access.deviceId}`;
    case 'gateway':
      return `gateway:${access.gatewayId}`;
  }
}

/** A device's token does for that device what a ground's does for every device in it. */
export function mayReach(world: World, access: Access, device: Device, right: Right): boolean {
  if (access.kind === 'device') return access.deviceId === device.deviceId;
  if (access.kind === 'gateway') return access.gatewayId === device.gatewayId;
  return mayReachGround(world, access, device.groundId, right);
}

export function mayReachGround(world: World, access: Access, groundId: string, right: Right): boolean {
  if (access.kind === 'ground') return access.groundId === groundId;
  const ground = findGround(world, groundId);
  if (access.kind !== 'user' || !ground) return false;
  const role = roleIn(ground, access.userId);
  return role === 'editor' || (role === 'viewer' && right === 'read');
}

function roleIn({ ownerId, members }: Ground, userId: string): 'viewer' | 'editor' | undefined {
  if (ownerId === userId) return 'editor';
  return members.find((member) => member.userId === userId)?.role;
}
