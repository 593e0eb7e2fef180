import { accountStanding } from '../domain/account-health.ts';
import type { CallRefusal } from '../domain/quota.ts';
import { toUtc } from '../domain/time.ts';
import type { Store } from '../store/store.ts';

/** What the answers to calls say of the account itself, beside what its grant says. */
export interface CallStanding {
  /** The cloud refuses every call, until somebody has acted. */
  refused(accountId: string, cause: CallRefusal): Promise<void>;
  /** A call was accepted again. */
  accepted(accountId: string): Promise<void>;
}

export function createCallStanding(store: StandingStore, now: () => number): CallStanding {
  return {
    async refused(accountId, cause) {
      // Noted before the account shows it: otherwise nobody would know to take it back.
      await store.quotas.note({ accountId }, ({ refused }) =>
        refused?.cause === cause ? { refused } : { refused: { cause, since: toUtc(now()) } },
      );
      await updateStanding(store, accountId);
    },

    async accepted(accountId) {
      await store.quotas.note({ accountId }, () => ({ refused: undefined }));
      await updateStanding(store, accountId);
    },
  };
}

export type StandingStore = Pick<Store, 'accounts' | 'pointers' | 'quotas'>;

/** Makes the account show what its grant and its calls are like now: whoever reports a change may be late with it. */
export async function updateStanding(
  { accounts, pointers, quotas }: StandingStore,
  accountId: string,
): Promise<void> {
  await accounts.change(accountId, async () => {
    const [pointer, quota] = await Promise.all([pointers.get(accountId), quotas.get({ accountId })]);
    if (!pointer) return {};
    const { health, retryAt: nextActionAt, generation, refusedGeneration } = pointer;
    const isTokenRefused = refusedGeneration === generation;
    return accountStanding(health, { nextActionAt, calls: quota?.refused, isTokenRefused });
  });
}
