/** Who calls, and how far they may go (contract 2.1). */
import type { Device, Ground } from '../house/device.ts';
import { findAccess } from '../login/tokens.ts';
import { findGround, type World } from '../world.ts';

export type Access =
  | { readonly kind: 'user'; readonly userId: string }
  | { readonly kind: 'ground'; readonly groundId: string }
  | { readonly kind: 'device'; readonly deviceId: string };
export type Right = 'read' | 'write';

/** Undefined when the token is none, or not alive; its kind is in the state, not in its text. */
export function identify(world: World, authorization: string | undefined): Access | undefined {
  const text = /^Bearer (\S+)$/i.exec(authorization ?? '')?.[1];
  if (text === undefined) return undefined;
  const { staticTokens, settings } = world.state;
  const held = staticTokens.find(
    (token) => token.text === text || (settings.acceptBareSecret && token.text.split(':')[1] === text),
  );
  if (held?.kind === 'ground') return { kind: 'ground', groundId: held.ofId };
  if (held) return { kind: 'device', deviceId: held.ofId };
  const user = findAccess(world, text);
  return user && { kind: 'user', userId: user.userId };
}

/** For the log of requests, and to count calls by. */
export function describeAccess(access: Access): string {
  if (access.kind === 'user') return access.userId;
  return access.kind === 'ground' ? `ground:${access.groundId}` : `device:${access.deviceId}`;
}

/** A device's token does for that device what a ground's does for every device in it. */
export function mayReach(world: World, access: Access, device: Device, right: Right): boolean {
  if (access.kind === 'device') return access.deviceId === device.deviceId;
  return mayReachGround(world, access, device.groundId, right);
}

export function mayReachGround(world: World, access: Access, groundId: string, right: Right): boolean {
  if (access.kind === 'device') return false;
  if (access.kind === 'ground') return access.groundId === groundId;
  const ground = findGround(world, groundId);
  return (
    ground !== undefined && (roleIn(ground, access.userId) === 'editor' || canView(ground, access, right))
  );
}

function canView(ground: Ground, { userId }: { userId: string }, right: Right): boolean {
  return right === 'read' && roleIn(ground, userId) !== undefined;
}

function roleIn({ ownerId, members }: Ground, userId: string): 'viewer' | 'editor' | undefined {
  if (ownerId === userId) return 'editor';
  return members.find((member) => member.userId === userId)?.role;
}
