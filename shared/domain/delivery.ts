import * as z from 'zod';
import { AccountId } from './ids.ts';
import { ProviderName } from './provider-name.ts';
import { UtcTime } from './time.ts';

/** Largest webhook body that is taken in, bytes: a delivery has to fit into one DynamoDB item (400 KB). */
export const MAX_DELIVERY_BYTES = 256 * 1024;

/** How long a raw delivery is kept, so that it can be read again after a fix. */
export const DELIVERY_LIFE_DAYS = 30;

/** One notification as it arrived. */
export const Delivery = z.object({
  accountId: AccountId,
  deliveryId: z.string(),
  provider: ProviderName,
  /** The bytes as text; bytes that are not UTF-8 are replaced, so such a body stays unreadable, and kept. */
  raw: z.string(),
  receivedAt: UtcTime,
});
export type Delivery = z.infer<typeof Delivery>;
