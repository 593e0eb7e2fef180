/** Who is calling, and what of the workspace a caller may see and change. Pure: no I/O, no clock. */
import * as z from 'zod';
import { type Device, systemOf } from './device.ts';
import { LatchkeyError } from './error.ts';
import { ModuleId, PlantId } from './ids.ts';
import type { Module } from './module.ts';
import { type RouteScope, Scope, type Verb } from './scope.ts';

/** What of the workspace a token is about. */
export const Reach = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('workspace') }),
  z.object({ kind: z.literal('plant'), plantId: PlantId }),
  z.object({ kind: z.literal('module'), moduleId: ModuleId }),
]);
export type Reach = z.infer<typeof Reach>;

/** A caller, by the access token presented. */
export interface Access {
  readonly tokenId: string;
  readonly reach: Reach;
  readonly scopes: readonly Scope[];
}

/** The first token of a workspace, which its deployment makes. */
export const operatorAccess: Access = {
  tokenId: 'workspace',
  reach: { kind: 'workspace' },
  scopes: Scope.options,
};

/** @throws {LatchkeyError} access_forbidden – names the scope that is missing */
export function assertScope({ scopes }: Access, needed: Exclude<RouteScope, 'public'>): void {
  if (needed !== 'system.read' && needed !== 'system.write') {
    if (!scopes.includes(needed)) throw forbidden([needed]);
    return;
  }
  const verb = needed === 'system.read' ? 'read' : 'write';
  const isAny = scopes.some((scope) => scope.endsWith(`.${verb}`) && !isOwnResource(scope));
  if (!isAny) throw forbidden([`<system>.${verb}`]);
}

/** Whether a module is within what the token is about, whatever may be done with it. */
export function isWithin(
  { reach }: Access,
  { moduleId, plantId }: Pick<Module, 'moduleId' | 'plantId'>,
): boolean {
  if (reach.kind === 'workspace') return true;
  return reach.kind === 'plant' ? reach.plantId === plantId : reach.moduleId === moduleId;
}

/** Whether the token's scopes allow this with devices of a kind. */
export function allows({ scopes }: Access, device: Device, verb: Verb): boolean {
  return scopesFor(device, verb).some((scope) => scopes.includes(scope));
}

/** @throws {LatchkeyError} access_forbidden – names the scopes of which one is missing */
export function assertAllows(access: Access, device: Device, verb: Verb): void {
  if (!allows(access, device, verb)) throw forbidden(scopesFor(device, verb));
}

/** The scopes of which any one allows it. */
function scopesFor(device: Device, verb: Verb): Scope[] {
  const system = systemOf(device);
  return [...(system === null ? [] : [`${system}.${verb}` as const]), `${device}.${verb}` as const];
}

function isOwnResource(scope: Scope): boolean {
  return /^(events|accounts|tokens)\./.test(scope);
}

function forbidden(scopes: readonly string[]): LatchkeyError {
  const named = scopes.join(' or ');
  return new LatchkeyError('access_forbidden', `the access token lacks the scope ${named}`, {
    details: { scopes, remedy: `Use a token with the scope ${named}` },
  });
}
