import type { Account } from '../domain/account.ts';
import type { Module } from '../domain/module.ts';
import type { Page, PageWish } from '../store/item.ts';
import type { Store } from '../store/store.ts';
import { type PlantWithModules, withModules } from './read-home.ts';
import type { Seeing } from './sight.ts';

/** An account with all that is known of its home. */
export interface WholeAccount {
  readonly account: Account;
  readonly plants: readonly PlantWithModules[];
  readonly modules: readonly Module[];
}

/** Accounts with their plants and modules, as far as the caller sees them. */
export async function wholeAccounts(
  { store, sight }: Seeing & { readonly store: Pick<Store, 'accounts'> },
  page: PageWish,
): Promise<Page<WholeAccount>> {
  const found = await store.accounts.list(page);
  const items = await Promise.all(
    found.items.map(async ({ accountId }) => {
      const [account, plants, modules] = await Promise.all([
        store.accounts.get(accountId),
        sight.plantsOf(accountId),
        sight.modulesOf(accountId),
      ]);
      return account && { account, plants: plants.map((plant) => withModules(plant, modules)), modules };
    }),
  );
  return { items: items.filter((item) => item !== undefined), ...(found.next && { next: found.next }) };
}
