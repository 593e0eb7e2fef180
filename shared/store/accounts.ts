import { Account } from '../domain/account.ts';
import { expression } from './expression.ts';
import { type Item, ItemKey, type Page, type PageWish, type Table } from './item.ts';
import { accountPartition, keys } from './keys.ts';

export interface AccountStore {
  get(accountId: string): Promise<Account | undefined>;
  create(account: Account): Promise<'written' | 'refused'>;
  /** Writes if nobody has written since `account` was read. */
  replace(account: Account): Promise<'written' | 'refused'>;
  /** Changes the account as it is now, however often somebody else comes first; what is the same is not written. */
  change(
    accountId: string,
    change: (account: Account) => Partial<Account> | Promise<Partial<Account>>,
  ): Promise<void>;
  list(wish: PageWish & { owner?: string }): Promise<Page<Account>>;
  /** Where a list goes on behind an account. */
  placeOf(account: Account): Item;
  /** Deletes everything kept under the account, and itself last, so that a crash in between can be resumed. */
  forget(accountId: string): Promise<void>;
}

export function createAccountStore(table: Table): AccountStore {
  const item = (account: Account) => ({ ...account, ownerKey: account.owner });

  const store: AccountStore = {
    get: (accountId) => table.get(keys.account(accountId), Account),

    create: (account) =>
      table.put(keys.account(account.accountId), item(account), expression`attribute_not_exists(#pk)`),

    replace: (account) =>
      table.put(
        keys.account(account.accountId),
        item({ ...account, version: account.version + 1 }),
        expression`#version = ${account.version}`,
      ),

    async change(accountId, change) {
      for (;;) {
        const account = await store.get(accountId);
        if (!account) return;
        const changed = Account.parse({ ...account, ...(await change(account)) });
        // As text, because a member that is absent and one that is undefined are stored alike.
        if (JSON.stringify(changed) === JSON.stringify(account)) return;
        if ((await store.replace(changed)) === 'written') return;
      }
    },

    list: ({ owner, ...page }) =>
      owner === undefined
        ? table.scanIndex('owner', page, Account)
        : table.query({ index: 'owner', where: expression`#ownerKey = ${owner}`, ...page }, Account),

    placeOf: ({ accountId, owner }) => ({ ...keys.account(accountId), ownerKey: owner, accountId }),

    async forget(accountId) {
      const items = table.queryAll(expression`#pk = ${accountPartition(accountId)}`, ItemKey);
      for await (const { pk, sk } of items) if (sk !== 'ACCOUNT') await table.delete({ pk, sk });
      await table.delete(keys.account(accountId));
    },
  };
  return store;
}
