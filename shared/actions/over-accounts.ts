/** Lists of what lies under accounts, page by page: by account, and within one by id, so that no page is too long. */
import type { Account } from '../domain/account.ts';
import { accountOf } from '../domain/ids.ts';
import type { Item, Page, PageWish } from '../store/item.ts';
import type { Store } from '../store/store.ts';
import { MOST_ANSWER_BYTES } from './answer-size.ts';
import type { Seeing } from './sight.ts';

export type Listing = Seeing & { readonly store: Pick<Store, 'accounts'> };

/** Which accounts a list is about: one, an owner's, or all. */
export interface Breadth {
  readonly account?: string | undefined;
  readonly owner?: string | undefined;
}

/** What is listed. */
export interface Kind<T> {
  /** Those of one account, in the order of their ids. */
  ofAccount(account: Account): Promise<readonly T[]>;
  idOf(item: T): string;
  /** About how many bytes of an answer it takes. */
  bytesOf(item: T): number;
}

/** Accounts read at once. */
const AT_A_TIME = 10;
/** One call looks through no more accounts, however little it finds: the next one goes on from there. */
const MOST_ACCOUNTS = 500;

/** A page, which may be shorter than its limit, or empty: only the last one is without `next`. */
export async function overAccounts<T>(
  { store, sight }: Listing,
  { account: asked, owner }: Breadth,
  { limit, after = {} }: PageWish,
  kind: Kind<T>,
): Promise<Page<T>> {
  // `within` names the last item of an account whose others did not fit.
  const { within = '', ...key } = after as Readonly<Record<string, string>>;
  const items: T[] = [];
  let bytes = 0;
  const isFull = () => items.length >= limit || bytes >= MOST_ANSWER_BYTES;

  /** Takes what there is room for; the id of the last that had, where that is not all. */
  const take = (ofAccount: readonly T[]): string | undefined => {
    for (const item of ofAccount) {
      items.push(item);
      bytes += kind.bytesOf(item);
      if (isFull() && item !== ofAccount.at(-1)) return kind.idOf(item);
    }
    return undefined;
  };
  const itemsOf = async (account: Account) => {
    const all = await kind.ofAccount(account);
    return accountOf(within) === account.accountId ? all.filter((item) => kind.idOf(item) > within) : all;
  };

  // What is asked for elsewhere is seen by nobody, and found empty.
  const only = asked ?? sight.accountId;
  if (only !== undefined) {
    const account = await store.accounts.get(only);
    const isVisible = account && (owner === undefined || account.owner === owner);
    const last = isVisible ? take(await itemsOf(account)) : undefined;
    return { items, ...(last !== undefined && { next: { within: last } }) };
  }

  let from: Item | undefined = Object.keys(key).length > 0 ? key : undefined;
  for (let looked = 0; looked < MOST_ACCOUNTS; looked += AT_A_TIME) {
    const wish = { limit: AT_A_TIME, ...(from && { after: from }), ...(owner !== undefined && { owner }) };
    const accounts = await store.accounts.list(wish);
    const lists = await Promise.all(accounts.items.map(itemsOf));
    for (const [index, account] of accounts.items.entries()) {
      if (isFull()) return { items, ...(from && { next: from }) };
      const last = take(lists[index] ?? []);
      if (last !== undefined) return { items, next: { ...from, within: last } };
      from = store.accounts.placeOf(account);
    }
    if (!accounts.next) return { items };
    from = accounts.next;
  }
  return { items, ...(from && { next: from }) };
}
