import * as z from 'zod';
import { AccountId } from './ids.ts';
import { ProviderName } from './provider-name.ts';
import { UtcTime } from './time.ts';

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
