import { Delivery } from '../domain/delivery.ts';
import { attribute, expression } from './expression.ts';
import type { Table } from './item.ts';
import { accountPartition, keys, prefixes } from './keys.ts';

export interface DeliveryPage {
  readonly items: readonly Delivery[];
  /** Fewer than were asked for do not mean it: DynamoDB ends a page at 1 MB. */
  readonly isLast: boolean;
}

type DeliveryAddress = Pick<Delivery, 'accountId' | 'deliveryId'>;

/** The deliveries that are kept; `keep-delivery.ts` is what keeps them. */
export interface DeliveryStore {
  /** The next of an account's, in the order of their ids; `after` is the last one known. */
  page(accountId: string, after: string | undefined, limit: number): Promise<DeliveryPage>;
  /**
   * Marks a delivery that changes nothing, with the reason.
   * @returns `known` when it was marked before, or is not there any more
   */
  mark(delivery: DeliveryAddress, why: 'outdated' | 'unproven'): Promise<'marked' | 'known'>;
  /** Has what happened told again by the stream, marked with the replay. */
  retell(delivery: DeliveryAddress, replayId: string): Promise<void>;
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

    async mark({ accountId, deliveryId }, why) {
      const marked = await table.update(
        keys.delivery(accountId, deliveryId),
        expression`SET ${attribute(why)} = ${true}`,
        Delivery,
        expression`attribute_exists(#pk) AND attribute_not_exists(${attribute(why)})`,
      );
      return marked === 'refused' ? 'known' : 'marked';
    },

    async retell({ accountId, deliveryId }, replayId) {
      await table.update(
        keys.delivery(accountId, deliveryId),
        expression`SET #replayId = ${replayId}`,
        Delivery,
        expression`attribute_exists(#pk)`,
      );
    },
  };
}
