import { accountStanding } from '../domain/account-health.ts';
import { toUtc } from '../domain/time.ts';
import type { Store } from '../store/store.ts';

/** What the answers to calls say of the account itself, beside what its grant says. */
export interface CallStanding {
  /** The cloud refuses every call until the owner has acted in its own app. */
  ownerHasToAct(accountId: string): Promise<void>;
  /** A call was accepted again. */
  ownerHasActed(accountId: string): Promise<void>;
}

export function createCallStanding(
  { accounts, pointers, quotas }: Pick<Store, 'accounts' | 'pointers' | 'quotas'>,
  now: () => number,
): CallStanding {
  return {
    async ownerHasToAct(accountId) {
      const since = (await quotas.get(accountId))?.ownerActionSince ?? toUtc(now());
      // Noted before the account shows it: otherwise nobody would know to take it back.
      await quotas.note(accountId, { ownerActionSince: since });
      await accounts.change(accountId, ({ status }) =>
        // A grant that is dead stays so: linking again comes first.
        status === 'linked'
          ? accountStanding({ state: 'owner_action', cause: 'provider_terms', since, strikes: 0 })
          : {},
      );
    },

    async ownerHasActed(accountId) {
      await accounts.change(accountId, async ({ status }) => {
        const pointer = await pointers.get(accountId);
        return pointer && status === 'owner_action_required'
          ? accountStanding(pointer.health, pointer.retryAt)
          : {};
      });
      await quotas.note(accountId, { ownerActionSince: undefined });
    },
  };
}
