/** The workers of an exploration, and the state in which they all begin. */
import { type Biography, createBiography } from './biography.ts';
import { linkedCloud } from './linked-cloud.ts';
import { lifeOf, type Role } from './roles.ts';
import type { State } from './state.ts';
import type { StillProcess } from './still-process.ts';
import type { ProviderRules } from './token-endpoint.ts';
import type { VaultWish } from './vault-under-test.ts';

export interface Company {
  readonly rules: ProviderRules;
  /** One for each worker of a state, in the same order. */
  readonly biographies: readonly Biography[];
}

export interface CompanyWish extends VaultWish {
  /** How the server treats refresh tokens that were spent. */
  readonly mode: ProviderRules['mode'];
  readonly team: readonly Role[];
  /** How many workers may die. */
  readonly crashes: number;
  /** How many calls may go wrong. */
  readonly faults: number;
}

const usesApi = (role: Role) => role === 'session' || role === 'busy';

export async function gather(
  wish: CompanyWish,
  process: StillProcess,
): Promise<{ company: Company; first: State }> {
  const { mode, team, crashes, faults, vault } = wish;
  const rules: ProviderRules = { mode, isFirstAccessTokenRefused: team.some(usesApi) };
  const members = team.map((role, index) => ({ role, name: `${role}-${index + 1}` }));
  const biographies = members.map(({ role, name }, index) =>
    createBiography(name, lifeOf(role, name, { ...wish, rules }, index), process),
  );
  const first: State = {
    cloud: await linkedCloud(rules, vault, process),
    workers: members.map((member) => ({ ...member, phase: 'unstarted' })),
    crashesLeft: crashes,
    faultsLeft: faults,
    isSecretsDown: false,
    isRested: true,
  };
  return { company: { rules, biographies }, first };
}
