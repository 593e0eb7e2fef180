import type { AccountStore } from '../store/accounts.ts';
import type { TokenPointerStore } from '../store/token-pointers.ts';
import { EXCHANGE_NEEDS_MS } from '../vault/lease.ts';
import type { RotationLog } from '../vault/rotation.ts';
import type { Vault } from '../vault/vault.ts';

export interface RotateTokensDependencies {
  readonly store: { readonly accounts: AccountStore; readonly pointers: TokenPointerStore };
  readonly vault: Vault;
  readonly now: () => number;
  readonly remainingMs: () => number;
  readonly log: RotationLog;
}

/** Accounts looked up at once; what does not fit into a run is due again with the next, a minute later. */
const RUN_LIMIT = 500;
/** Exchanges in flight at a time. */
const LANES = 8;
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
  const waiting = [...due];
  const lane = async () => {
    while (deps.remainingMs() > EXCHANGE_NEEDS_MS) {
      const pointer = waiting.shift();
      if (!pointer) return;
      const { accountId, generation } = pointer;
      try {
        if (!(await deps.store.accounts.get(accountId))) {
          if (deps.now() - Date.parse(pointer.rotatedAt) > ORPHAN_AFTER_MS) {
            await deps.vault.forget(accountId);
            await deps.store.accounts.forget(accountId);
            counts.forgotten++;
          }
          continue;
        }
        counts[(await deps.vault.rotate(accountId, { knownGeneration: generation })).kind]++;
      } catch (error) {
        counts.failed++;
        deps.log.error('rotation crashed', { accountId, reason: String(error) });
      }
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  return counts;
}
