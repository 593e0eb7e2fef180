/** Stands in for `shared/vault/vault.ts` in a process that has a defect built in. */
import type { RotationDependencies } from '../../shared/vault/rotation.ts';
import { createVault as createSoundVault, type Vault } from '../../shared/vault/vault.ts';
import { type MutationName, mutations } from './mutations.ts';

export function createVault(deps: RotationDependencies): Vault {
  const mutate = mutations[process.env.CHAOS_MUTATION as MutationName];
  return createSoundVault({ ...deps, ...mutate(deps) });
}
