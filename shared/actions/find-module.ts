import { LatchkeyError } from '../domain/error.ts';
import type { Module } from '../domain/module.ts';
import type { Seeing } from './sight.ts';

/**
 * A module that the caller may read.
 * @throws {LatchkeyError} module_unknown
 * @throws {LatchkeyError} access_forbidden
 */
export async function findModule({ sight }: Seeing, moduleId: string): Promise<Module> {
  const module = await sight.module(moduleId, 'read');
  if (!module) throw unknownModule(moduleId);
  return module;
}

export function unknownModule(moduleId: string): LatchkeyError {
  return new LatchkeyError('module_unknown', `there is no module ${moduleId}`);
}
