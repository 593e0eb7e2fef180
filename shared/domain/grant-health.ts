import * as z from 'zod';
import { UtcTime } from './time.ts';

/** Why rotation does not think well of a grant; `account-health.ts` has the words for each. */
export const GrantCause = z.enum([
  'provider_unreachable',
  'provider_throttled',
  'provider_failing',
  'rotation_outcome_unknown',
  'rotation_outcome_lost',
  'answer_unreadable',
  'grant_invalid',
  'provider_terms',
  'token_deleted',
]);
export type GrantCause = z.infer<typeof GrantCause>;

/**
 * What rotation thinks of the grant. `good`; `delayed`: the provider cannot answer now; `suspect`: the provider calls
 * the grant invalid, for less than a day; `dead`: the owner has to link again; `owner_action`: the owner has to act in
 * the provider's app.
 */
export const GrantHealth = z.object({
  state: z.enum(['good', 'delayed', 'suspect', 'dead', 'owner_action']),
  cause: GrantCause.optional(),
  since: UtcTime,
  /** Failed attempts in a row. */
  strikes: z.int(),
});
export type GrantHealth = z.infer<typeof GrantHealth>;
