import * as z from 'zod';
import { AccountId, LinkId } from './ids.ts';
import { StoredProblem } from './problem.ts';
import { ProviderName } from './provider-name.ts';
import { TimeZone, UtcTime } from './time.ts';

/** How long an owner has to come back from the consent page. */
export const LINK_LIFE_SECONDS = 600;

/** One attempt of an owner to link an account. */
export const Link = z.object({
  linkId: LinkId,
  provider: ProviderName,
  owner: z.string(),
  returnTo: z.string().optional(),
  /** What the owner is asked to consent to, in the provider's words. */
  scopes: z.array(z.string()).default([]),
  timeZone: TimeZone.optional(),
  status: z.enum(['pending', 'linked', 'failed']),
  accountId: AccountId.optional(),
  problem: StoredProblem.optional(),
  createdAt: UtcTime,
  expiresAt: UtcTime,
});
export type Link = z.infer<typeof Link>;
