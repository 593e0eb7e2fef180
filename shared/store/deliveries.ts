import { Delivery } from '../domain/delivery.ts';
import { expression } from './expression.ts';
import type { Table } from './item.ts';
import { accountPartition, keys, prefixes } from './keys.ts';

export interface DeliveryPage {
  readonly items: readonly Delivery[];
  /** Fewer than were asked for do not mean it: DynamoDB ends a page at 1 MB. */
  readonly isLast: boolean;
}

/** The deliveries that are kept; `keep-delivery.ts` is what keeps them. */
export interface DeliveryStore {
  /** The next of an account's, in the order of their ids; `after` is the last one known. */
  page(accountId: string, after: string | undefined, limit: number): Promise<DeliveryPage>;
  /** @returns `known` when it was marked before, or is not there any more */
  markOutdated(delivery: Pick<Delivery, 'accountId' | 'deliveryId'>): Promise<'marked' | 'known'>;
}

export function createDeliveryStore(table: Table): DeliveryStore {
  return {
    async page(accountId, after, limit) {
      // The key to go on after is made here: ids, and not what DynamoDB calls a cursor, are what a replay remembers.
      const page = await table.query(
        {
          where: expression`#pk = ${accountPartition(accountId)} AND begins_with(#sk, ${prefixes.delivery})`,
          limit,
          ...(after !== undefined && { after: { ...keys.delivery(accountId, after) } }),
        },
        Delivery,
      );
      return { items: page.items, isLast: page.next === undefined };
    },

    async markOutdated({ accountId, deliveryId }) {
      const marked = await table.update(
        keys.delivery(accountId, deliveryId),
        expression`SET #outdated = ${true}`,
        Delivery,
        expression`attribute_exists(#pk) AND attribute_not_exists(#outdated)`,
      );
      return marked === 'refused' ? 'known' : 'marked';
    },
  };
}
