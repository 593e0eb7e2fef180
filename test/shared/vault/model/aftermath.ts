/** What becomes of the account after a run: time passes, and one worker after the other looks after it. */
import type { TokenPointer } from '../../../../shared/domain/token-pointer.ts';
import { type Biography, createBiography, type Life } from './biography.ts';
import { isUnlinked } from './breaches.ts';
import { type Cloud, passTo, pointerIn } from './cloud.ts';
import { liveAlone } from './live-alone.ts';
import { ACCOUNT_ID, LINKED, lifeOf, lifeToRotate, ROTATED, UNLINKED } from './roles.ts';
import type { State } from './state.ts';
import type { StillProcess } from './still-process.ts';
import { isAccessTokenGood, type ProviderRules } from './token-endpoint.ts';
import { areTokensKept, namedSet, type VaultWish } from './vault-under-test.ts';

/**
 * `alive`: the stored access token opens the API and the stored refresh token rotates. `ended`: unlinked, for good.
 * `left behind`: unlinked, but tokens are still kept or used.
 */
export type AccountFate = 'alive' | 'ended' | 'lost' | 'left behind';

/** Suspicion lasts a day; every pause is shorter than an hour. */
const ROUNDS = 30;
const ROUND_MS = 3_600_000;

export function createAftermath(wish: VaultWish & { rules: ProviderRules }, process: StillProcess) {
  const { rules } = wish;
  const biographies = new Map<string, Biography>();
  const fates = new Map<string, AccountFate>();

  /** `cloudKey` names the cloud; equal ones have the same aftermath. */
  return async (state: State, cloudKey: string): Promise<AccountFate> => {
    const unlinks = state.workers.filter(({ role }) => role === 'unlink');
    // Whoever was not told that the account is unlinked asks again.
    const again = unlinks.some(({ outcome }) => outcome !== UNLINKED);
    // A link that failed half-way may leave a token set that no pointer ever named.
    const mayKeep = state.workers.some(({ role, outcome }) => role === 'relink' && outcome !== LINKED);
    const key = `${cloudKey} ${again} ${mayKeep}`;
    const known = fates.get(key);
    if (known) return known;
    let { cloud } = state;
    if (again) ({ cloud } = await live(later(cloud), 'unlink again', lifeOf('unlink', 'unlink-again', wish)));
    const fate = isUnlinked(cloud) ? await fateOfEnded(cloud, mayKeep) : await fateOfLinked(cloud);
    fates.set(key, fate);
    return fate;
  };

  async function fateOfEnded(cloud: Cloud, mayKeep: boolean): Promise<AccountFate> {
    const { outcome, cloud: after } = await rotate(later(cloud));
    const isOver = outcome !== ROTATED && after.presented.length === cloud.presented.length;
    return isOver && (mayKeep || !areTokensKept(cloud, ACCOUNT_ID)) ? 'ended' : 'left behind';
  }

  async function fateOfLinked(before: Cloud): Promise<AccountFate> {
    let cloud = before;
    for (let round = 0; round < ROUNDS; round++) {
      const rotation = await rotate(later(cloud));
      cloud = rotation.cloud;
      if (rotation.outcome === ROTATED) return (await isAlive(cloud)) ? 'alive' : 'lost';
      if (pointerIn(cloud, ACCOUNT_ID)?.health.state === 'dead') return 'lost';
    }
    return 'lost';
  }

  async function isAlive(cloud: Cloud): Promise<boolean> {
    const pointer = pointerIn(cloud, ACCOUNT_ID);
    const set = pointer && namedSet(cloud, pointer);
    if (!set || !isAccessTokenGood(rules, cloud.presented, set.accessToken)) return false;
    return (await rotate(later(cloud))).outcome === ROTATED;
  }

  async function rotate(cloud: Cloud) {
    const { generation } = pointerIn(cloud, ACCOUNT_ID) as TokenPointer;
    const name = `successor of generation ${generation}`;
    return await live(cloud, name, lifeToRotate(generation, name, wish));
  }

  async function live(cloud: Cloud, name: string, life: Life): Promise<{ cloud: Cloud; outcome: string }> {
    const biography = biographies.get(name) ?? createBiography(name, life, process);
    biographies.set(name, biography);
    return await liveAlone(rules, cloud, biography);
  }
}

function later(cloud: Cloud): Cloud {
  return passTo(cloud, cloud.nowMs + ROUND_MS);
}
