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
  /** Of the address it came to; see `hook.ts`. */
  hookEpoch: z.int().optional(),
  /**
   * The signature that `receive-webhook` could not prove it with, empty where there was none. Absent: it was right, or
   * the provider signs nothing.
   */
  doubtfulSignature: z.string().optional(),
  /** Answers that went wrong before this one and could not be written down, and since when. */
  missedAnswers: z.int().optional(),
  missedSince: UtcTime.optional(),
  /** It came to an address that had ended: it tells nothing, now or in a replay. */
  outdated: z.boolean().optional(),
  /** Its signature was in doubt, and the projection did not find it right either: it told nothing. */
  unproven: z.boolean().optional(),
  /** The latest replay that has told again what happened. */
  replayId: z.string().optional(),
});
export type Delivery = z.infer<typeof Delivery>;
