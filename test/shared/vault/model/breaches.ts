/** What must hold in every state and at every step, whoever dies; each breach is said in a sentence. Pure. */
import { isEnded } from '../../../../shared/vault/lease.ts';
import { hashRefreshToken } from '../../../../shared/vault/token-set.ts';
import type { Choice } from './choices.ts';
import { type Cloud, pointerIn } from './cloud.ts';
import { ACCOUNT_ID, type Role } from './roles.ts';
import { exchangedBy, isRunning, type State, type Worker } from './state.ts';
import { isAccessTokenGood, type ProviderRules } from './token-endpoint.ts';
import { HASH_KEY, isNamedBy, namedSet } from './vault-under-test.ts';

/** How much may go wrong in a run. */
export interface Budget {
  readonly crashes: number;
  readonly faults: number;
}

export function isUnlinked(cloud: Cloud): boolean {
  const pointer = pointerIn(cloud, ACCOUNT_ID);
  return pointer !== undefined && isEnded(pointer);
}

/** `cloudKey` names a state's cloud: what was looked at once is not looked at again. */
export function createBreachCheck(budget: Budget) {
  const known = new Map<string, readonly string[]>();
  return (state: State, cloudKey: string): string[] => {
    const ofPointer = known.get(cloudKey) ?? breachesOfPointer(state.cloud);
    known.set(cloudKey, ofPointer);
    const mishaps = mishapsIn(state, budget);
    return [...ofPointer, ...exchangesInFlight(state), ...repeatedExchanges(state, mishaps)];
  };
}

function mishapsIn({ crashesLeft, faultsLeft }: State, { crashes, faults }: Budget): number {
  return crashes - crashesLeft + faults - faultsLeft;
}

/** Of the choice to let a worker's call happen, in the state before it. */
export function breachesOfStep(state: State, choice: Choice): string[] {
  if (choice.kind !== 'step') return [];
  const worker = state.workers[choice.worker];
  const call = worker?.moment?.calls.get(choice.call);
  const refreshToken = call && exchangedBy(call);
  if (refreshToken === undefined || isUnlinked(state.cloud)) return [];
  // A link that did not wait has moved the pointer on; the answer will belong to nobody.
  if (!isPointedAt(state.cloud, refreshToken)) return [];
  const holdsLease = pointerIn(state.cloud, ACCOUNT_ID)?.leaseOwner?.startsWith(`${worker?.name}/`);
  return holdsLease ? [] : [`${worker?.name} exchanges without the lease`];
}

/** Of an end: without a mishap nobody fails, and the token set that is stored works as it is. */
export function breachesAtEnd(rules: ProviderRules, state: State, budget: Budget): string[] {
  const { cloud, workers } = state;
  const strangers = workers.filter(({ outcome }) => outcome?.startsWith('threw'));
  const failed =
    mishapsIn(state, budget) > 0 ? strangers : workers.filter((worker) => !isExpected(worker, state));
  const breaches = failed.map(({ name, outcome }) => `${name} ${outcome}`);
  const pointer = pointerIn(cloud, ACCOUNT_ID);
  if (mishapsIn(state, budget) > 0 || !pointer || isUnlinked(cloud)) return breaches;
  const set = namedSet(cloud, pointer);
  const isGood = set && isAccessTokenGood(rules, cloud.presented, set.accessToken);
  return isGood ? breaches : [...breaches, 'the stored access token is refused although nothing went wrong'];
}

function isExpected({ role, outcome = '' }: Worker, { workers }: State): boolean {
  // Whoever is overtaken by an unlink fails in more than one way.
  if (workers.some((other) => other.role === 'unlink')) return !outcome.startsWith('threw');
  return expected[role].includes(outcome);
}

const expected: Record<Role, readonly string[]> = {
  rotate: ['rotated', 'current', 'contended'],
  session: ['answered 200', 'refused: token_contended'],
  busy: ['was busy', 'refused: token_contended'],
  relink: ['linked', 'refused: token_contended'],
  unlink: ['unlinked'],
};

/** Whether the pointer names the token set of this refresh token. */
export function isPointedAt(cloud: Cloud, refreshToken: string): boolean {
  return pointerIn(cloud, ACCOUNT_ID)?.refreshHash === hashRefreshToken(HASH_KEY, refreshToken);
}

function breachesOfPointer(cloud: Cloud): string[] {
  const pointer = pointerIn(cloud, ACCOUNT_ID);
  if (!pointer) return ['the pointer is gone'];
  if (isEnded(pointer)) return [];
  const set = namedSet(cloud, pointer);
  if (!set) return ['the pointer names a version that does not exist'];
  return isNamedBy(pointer, set) ? [] : ['the pointer names a version of another refresh token'];
}

function exchangesInFlight({ workers }: State): string[] {
  const tokens = workers
    .filter(isRunning)
    .flatMap(({ moment }) => [...moment.calls.values()].map(exchangedBy));
  const inFlight = tokens.filter((token) => token !== undefined);
  return new Set(inFlight).size === inFlight.length
    ? []
    : ['two exchanges of one refresh token are in flight'];
}

/** A token is spent a second time only by a takeover, and that needs a death or an answer that nobody got. */
function repeatedExchanges({ cloud: { presented } }: State, mishaps: number): string[] {
  const counts = Object.values(Object.groupBy(presented, (token) => token)).map(
    (times) => times?.length ?? 0,
  );
  return Math.max(0, ...counts) <= 1 + mishaps
    ? []
    : ['a refresh token is spent again although nothing went wrong'];
}
