import { ProviderName } from '../domain/provider-name.ts';
import { expiryWarning, type TokenPointer } from '../domain/token-pointer.ts';
import type { AccountStore } from '../store/accounts.ts';
import type { TokenPointerStore } from '../store/token-pointers.ts';
import { EXCHANGE_NEEDS_MS } from '../vault/lease.ts';
import type { Sleep } from '../vault/patience.ts';
import type { RotationLog } from '../vault/rotation-log.ts';
import type { RotationOutcome } from '../vault/rotation-outcome.ts';
import type { Vault } from '../vault/vault.ts';
import { workInLanes } from './lanes.ts';

export interface RotateTokensDependencies {
  readonly store: { readonly accounts: AccountStore; readonly pointers: TokenPointerStore };
  readonly vault: Pick<Vault, 'rotate' | 'forget'>;
  readonly now: () => number;
  readonly sleep: Sleep;
  readonly remainingMs: () => number;
  readonly log: RotationLog;
}

/**
 * Accounts of a provider worked on at a time: nearly all of an account's time is waiting. More would hardly be faster
 * (docs/benches.md), but let answers wait for the processor, and until it is kept an answer is nowhere but in memory.
 */
const LANES = 96;
/** A link writes its tokens first and its account right after; tokens without an account after this have none. */
const ORPHAN_AFTER_MS = 3_600_000;

export type RotationCounts = Record<
  'due' | RotationOutcome['kind'] | 'forgotten' | 'warned' | 'foreign',
  number
>;

/**
 * Rotates the token sets that are due; what does not fit into a run is due again with the next, a minute later. Each
 * provider has lanes of its own, so that one that hangs does not hold up the accounts of another.
 */
export async function rotateTokens(deps: RotateTokensDependencies): Promise<RotationCounts> {
  const counts: RotationCounts = {
    due: 0,
    rotated: 0,
    current: 0,
    contended: 0,
    held_back: 0,
    failed: 0,
    forgotten: 0,
    warned: 0,
    foreign: 0,
  };
  const runs = await Promise.allSettled(
    ProviderName.options.map((provider) => rotateOf(deps, provider, counts)),
  );
  if (counts.foreign > 0)
    deps.log.error('accounts of another deployment are left alone', { accounts: counts.foreign });
  for (const run of runs) if (run.status === 'rejected') throw run.reason;
  return counts;
}

async function rotateOf(
  deps: RotateTokensDependencies,
  provider: ProviderName,
  counts: RotationCounts,
): Promise<void> {
  await workInLanes(
    deps.store.pointers.due(provider, deps.now()),
    {
      lanes: LANES,
      remainingMs: deps.remainingMs,
      itemNeedsMs: EXCHANGE_NEEDS_MS,
      onFailure({ accountId }, error) {
        counts.failed++;
        deps.log.error('rotation crashed', { accountId, reason: String(error) });
      },
    },
    async (pointer) => {
      counts.due++;
      if (await isOrphan(deps, pointer)) return await forgetInTime(deps, pointer, counts);
      const outcome = await rotateWithinBudget(deps, pointer);
      if (outcome.kind === 'failed' && outcome.error.code === 'deployment_foreign') counts.foreign++;
      else await count(deps, pointer, outcome, counts);
    },
  );
}

/** Tokens whose account was never written; it is missing from the first, so what has been rotated since has one. */
async function isOrphan(
  { store }: RotateTokensDependencies,
  { accountId, lastAttempt }: TokenPointer,
): Promise<boolean> {
  return lastAttempt?.outcome === 'linked' && (await store.accounts.get(accountId)) === undefined;
}

async function forgetInTime(
  { store, vault, now }: RotateTokensDependencies,
  { accountId, rotatedAt }: TokenPointer,
  counts: RotationCounts,
): Promise<void> {
  if (now() - Date.parse(rotatedAt) <= ORPHAN_AFTER_MS) return;
  await vault.forget(accountId);
  await store.accounts.forget(accountId);
  counts.forgotten++;
}

/** As many exchanges as the provider allows are let through at a time; whoever is left waits for the next while. */
async function rotateWithinBudget(
  deps: RotateTokensDependencies,
  pointer: TokenPointer,
): Promise<RotationOutcome> {
  for (;;) {
    const { accountId, generation: knownGeneration } = pointer;
    const outcome = await deps.vault.rotate(accountId, { knownGeneration, pointer });
    if (outcome.kind !== 'held_back' || outcome.by.cause !== 'budget') return outcome;
    const pauseMs = Math.max(1, outcome.by.untilMs - deps.now());
    if (deps.remainingMs() - pauseMs < EXCHANGE_NEEDS_MS) return outcome;
    await deps.sleep(pauseMs);
  }
}

async function count(
  { store, now }: RotateTokensDependencies,
  pointer: TokenPointer,
  outcome: RotationOutcome,
  counts: RotationCounts,
): Promise<void> {
  counts[outcome.kind]++;
  if (outcome.kind !== 'failed' && outcome.kind !== 'held_back') return;
  const days = expiryWarning(pointer, now());
  if (days === undefined) return;
  await store.pointers.warn(pointer, days);
  counts.warned++;
}
