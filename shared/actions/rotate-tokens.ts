import type { AccountStore } from '../store/accounts.ts';
import type { TokenPointerStore } from '../store/token-pointers.ts';
import { EXCHANGE_NEEDS_MS } from '../vault/lease.ts';
import type { RotationLog } from '../vault/rotation.ts';
import type { Vault } from '../vault/vault.ts';
import { workInLanes } from './lanes.ts';

export interface RotateTokensDependencies {
  readonly store: { readonly accounts: AccountStore; readonly pointers: TokenPointerStore };
  readonly vault: Vault;
  readonly now: () => number;
  readonly remainingMs: () => number;
  readonly log: RotationLog;
}

/** Accounts looked up at once; what does not fit into a run is due again with the next, a minute later. */
const RUN_LIMIT = 500;
/** A link writes its tokens first and its account right after; tokens without an account after this have none. */
const ORPHAN_AFTER_MS = 3_600_000;

export type RotationCounts = Record<
  'due' | 'rotated' | 'current' | 'contended' | 'failed' | 'forgotten',
  number
>;

/** Rotates the token sets that are due. */
export async function rotateTokens(deps: RotateTokensDependencies): Promise<RotationCounts> {
  const due = await deps.store.pointers.due(deps.now(), RUN_LIMIT);
  const counts: RotationCounts = {
    due: due.length,
    rotated: 0,
    current: 0,
    contended: 0,
    failed: 0,
    forgotten: 0,
  };
  await workInLanes(
    due,
    {
      remainingMs: deps.remainingMs,
      itemNeedsMs: EXCHANGE_NEEDS_MS,
      onFailure({ accountId }, error) {
        counts.failed++;
        deps.log.error('rotation crashed', { accountId, reason: String(error) });
      },
    },
    async (pointer) => {
      const { accountId, generation } = pointer;
      if (await deps.store.accounts.get(accountId)) {
        counts[(await deps.vault.rotate(accountId, { knownGeneration: generation })).kind]++;
      } else if (deps.now() - Date.parse(pointer.rotatedAt) > ORPHAN_AFTER_MS) {
        await deps.vault.forget(accountId);
        await deps.store.accounts.forget(accountId);
        counts.forgotten++;
      }
    },
  );
  return counts;
}
