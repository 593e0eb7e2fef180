import * as z from 'zod';
import { Actor } from './actor.ts';
import { GrantCause } from './grant-health.ts';
import { AccountHook } from './hook.ts';
import { AccountId } from './ids.ts';
import { ProviderName } from './provider-name.ts';
import { TimeZone, UtcTime } from './time.ts';
import { GapRepair, WebhookGap } from './webhook-gap.ts';

export const AccountStatus = z.enum(['linked', 'reauth_required', 'owner_action_required']);
export type AccountStatus = z.infer<typeof AccountStatus>;

/** Why an account does not work well: its grant, or what it shares with all accounts of its provider or deployment. */
export const HealthCause = z.enum([
  ...GrantCause.options,
  'application_refused',
  'deployment_foreign',
  'access_refused',
  'quota_used_up',
]);
export type HealthCause = z.infer<typeof HealthCause>;

/** How well an account works, why, and who has to do something about it. */
export const Health = z.object({
  state: z.enum(['good', 'degraded', 'failed']),
  cause: HealthCause.optional(),
  actor: Actor.optional(),
  since: UtcTime,
  nextActionAt: UtcTime.optional(),
  /** With `quota_used_up`: whose calls, and of which window; without one where the provider itself said so. */
  limit: z.object({ of: z.enum(['account', 'application']), window: z.string().optional() }).optional(),
});
export type Health = z.infer<typeof Health>;

/** A webhook subscription that Latchkey holds at the provider. */
export const WebhookSubscription = z.object({
  subscriptionId: z.string(),
  /** Absent where one address covers all plants of the account. */
  plantNativeId: z.string().optional(),
  url: z.string(),
  since: UtcTime,
});
export type WebhookSubscription = z.infer<typeof WebhookSubscription>;

/** How an account was linked where the cloud has no consent page: by a password, or by a token that opens one thing. */
export const LinkedBy = z.discriminatedUnion('way', [
  z.object({ way: z.literal('password') }),
  /** `nativeId`: of the plant, or of the module. All calls but those for it and what is in it are refused. */
  z.object({ way: z.enum(['plant_token', 'module_token']), nativeId: z.string() }),
]);
export type LinkedBy = z.infer<typeof LinkedBy>;

/** One person's linked account at one provider. */
export const Account = z.object({
  accountId: AccountId,
  provider: ProviderName,
  /** The product's own id for the person. */
  owner: z.string(),
  /** The provider's own id for the person. */
  subject: z.string(),
  status: AccountStatus,
  health: Health,
  /** What the owner consented to, in the provider's words. */
  scopes: z.array(z.string()),
  /** What the owner was asked for at the latest link. */
  askedScopes: z.array(z.string()).default([]),
  /** Absent: by the owner's consent on a page of the cloud. */
  linkedBy: LinkedBy.optional(),
  /** The zone the owner's plants are in where the provider does not say; IANA. */
  timeZone: TimeZone.optional(),
  subscriptions: z.array(WebhookSubscription),
  /** Why a subscription could not be made; absent while all is well. */
  webhookProblem: z.string().optional(),
  /** Which webhook addresses count; absent: every one of the deployment's epoch. */
  hook: AccountHook.optional(),
  /** Webhooks that are thought to be missing just now. */
  webhookGap: WebhookGap.optional(),
  /** The latest gap, or part of one, that a poll made up for. */
  webhookRepair: GapRepair.optional(),
  linkedAt: UtcTime,
  /** +1 at each link by the owner. */
  linkEpoch: z.int(),
  /** +1 with every change. */
  version: z.int(),
});
export type Account = z.infer<typeof Account>;
