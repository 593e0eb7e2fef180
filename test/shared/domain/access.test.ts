import { describe, expect, test } from 'vitest';
import { type Access, allows, assertScope, isWithin } from '../../../shared/domain/access.ts';
import { Device, systemOf } from '../../../shared/domain/device.ts';
import type { LatchkeyError } from '../../../shared/domain/error.ts';
import type { RouteScope, Scope } from '../../../shared/domain/scope.ts';
import { moduleId, plantId } from './samples.ts';

const withScopes = (...scopes: Scope[]): Access => ({
  tokenId: 'tok',
  reach: { kind: 'workspace' },
  scopes,
});

function refusal(access: Access, needed: Exclude<RouteScope, 'public'>): LatchkeyError | undefined {
  try {
    assertScope(access, needed);
    return undefined;
  } catch (error) {
    return error as LatchkeyError;
  }
}

describe('a scope that a route needs', () => {
  test.each([
    ['events.read', ['events.read'], true],
    ['events.read', ['comfort.read', 'accounts.read'], false],
    ['accounts.write', ['accounts.read'], false],
    ['tokens.write', ['accounts.write'], false],
    ['system.read', ['comfort.read'], true],
    ['system.read', ['plug.read'], true],
    ['system.read', ['comfort.write'], false],
    ['system.read', ['events.read', 'accounts.read'], false],
    ['system.write', ['light.write'], true],
    ['system.write', ['accounts.write', 'tokens.write', 'light.read'], false],
  ] as const)('%s with %j', (needed, scopes, isAllowed) => {
    const refused = refusal(withScopes(...scopes), needed);
    expect(refused === undefined).toBe(isAllowed);
    if (refused) {
      expect(refused.code).toBe('access_forbidden');
      expect(refused.message).toContain(needed.replace('system', '<system>'));
    }
  });
});

test('a scope of a system holds for all its devices, one of a kind for that kind, and neither for more', () => {
  for (const device of Device.options) {
    const system = systemOf(device);
    expect(allows(withScopes(`${device}.read`), device, 'read')).toBe(true);
    expect(allows(withScopes(`${device}.read`), device, 'write')).toBe(false);
    if (system) expect(allows(withScopes(`${system}.write`), device, 'write')).toBe(true);
    for (const other of Device.options.filter((each) => each !== device))
      expect(allows(withScopes(`${other}.read`), device, 'read')).toBe(false);
  }
});

test('a token is about the workspace, one plant or one module', () => {
  const other = { moduleId: `${moduleId.slice(0, -1)}z`, plantId: `${plantId.slice(0, -1)}z` };
  const about = (reach: Access['reach']) =>
    [{ moduleId, plantId }, { ...other, plantId }, other].map((module) =>
      isWithin({ ...withScopes(), reach }, module),
    );
  expect(about({ kind: 'workspace' })).toEqual([true, true, true]);
  expect(about({ kind: 'plant', plantId })).toEqual([true, true, false]);
  expect(about({ kind: 'module', moduleId })).toEqual([true, false, false]);
});
