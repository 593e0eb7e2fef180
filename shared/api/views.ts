/** What clients get to see: the answers of the API, without native ids, hashes or anything else of ours. */
import * as z from 'zod';
import { AccessToken } from '../domain/access-token.ts';
import { Account, Health, LinkedBy, WebhookSubscription } from '../domain/account.ts';
import { LastingHealth } from '../domain/account-health.ts';
import { Command } from '../domain/command.ts';
import { ModuleWish } from '../domain/command-action.ts';
import { Device, System } from '../domain/device.ts';
import { Digest } from '../domain/digest.ts';
import { FedEvent } from '../domain/event.ts';
import { HistoryPoint, Resolution } from '../domain/history.ts';
import { ModuleId, PlantId } from '../domain/ids.ts';
import { Link } from '../domain/link.ts';
import { Module } from '../domain/module.ts';
import { Plant } from '../domain/plant.ts';
import { Problem } from '../domain/problem.ts';
import { CapabilityName, CapabilityProfiles, ReadingValue } from '../domain/reading.ts';
import { Replay } from '../domain/replay.ts';
import { RotationRecord } from '../domain/rotation-record.ts';
import { Scope } from '../domain/scope.ts';
import { IgnoredDeliveries } from '../domain/sync-job.ts';
import { UtcTime } from '../domain/time.ts';
import { MoveOutcome } from '../domain/vault-kind.ts';
import { GapRepair, WebhookGap } from '../domain/webhook-gap.ts';

/** A page of a list; `next` goes into `after` of the next call and is absent on the last page. */
export const list = <T extends z.ZodType>(item: T) =>
  z.object({ items: z.array(item), next: z.string().optional() });

export const StartedLink = z.object({ id: Link.shape.linkId, url: z.url(), expiresAt: UtcTime });
export type StartedLink = z.infer<typeof StartedLink>;

export const LinkView = z.object({
  id: Link.shape.linkId,
  provider: Link.shape.provider,
  owner: z.string(),
  status: Link.shape.status,
  accountId: Link.shape.accountId,
  problem: Problem.optional(),
  expiresAt: UtcTime,
});
export type LinkView = z.infer<typeof LinkView>;

/** Health, and what it means in words. */
export const HealthView = Health.extend({
  /** What is the matter, for people. */
  explanation: z.string(),
  /** What happens next, for people; at `nextActionAt` where there is a time to it. */
  next: z.string(),
});

export const RotationView = RotationRecord.extend({
  /** Why it failed, for people. */
  explanation: z.string().optional(),
});
export type RotationView = z.infer<typeof RotationView>;

/** How a link can be completed where the cloud has no consent page: `way` of what to send. */
export const LoginView = z.object({
  provider: Link.shape.provider,
  ways: z.array(z.enum(['password', 'plant_token', 'module_token'])),
  expiresAt: UtcTime,
});
export type LoginView = z.infer<typeof LoginView>;

/** `code_required`: the code of the owner's authenticator app is to be sent, with the challenge. */
export const EnteredView = z.discriminatedUnion('status', [
  z.object({ status: z.literal('linked'), accountId: Account.shape.accountId }),
  z.object({ status: z.literal('code_required'), challenge: z.string() }),
]);
export type EnteredView = z.infer<typeof EnteredView>;

export const MoveView = z.object({ outcome: MoveOutcome });
export type MoveView = z.infer<typeof MoveView>;

export const AccountView = z.object({
  id: Account.shape.accountId,
  provider: Account.shape.provider,
  owner: z.string(),
  status: Account.shape.status,
  health: HealthView,
  /**
   * What of the health is the account's own and lasts, so that the feed tells of its changes: not what all accounts of a
   * provider or deployment share, not calls that are used up for a while, and a cause only where somebody has to act.
   */
  lastingHealth: LastingHealth,
  scopes: Account.shape.scopes,
  /** Where the provider has no consent page: by a password, or by a token and what it opens, in the provider's ids. */
  linkedBy: LinkedBy.optional(),
  /** What the owner was asked for and did not grant, or the provider did not give: what it takes away shows on the modules. */
  missingScopes: Account.shape.scopes,
  linkedAt: UtcTime,
  /** Grows with every change of what is kept of the account. */
  version: z.int(),
  /** Times of the tokens, never the tokens; absent until the first is stored. */
  tokens: z
    .object({
      generation: z.int(),
      /** These three are absent where the account was linked with a token that never changes. */
      accessExpiresAt: UtcTime.optional(),
      refreshExpiresAt: UtcTime.optional(),
      rotateAt: UtcTime.optional(),
      rotatedAt: UtcTime,
    })
    .optional(),
  webhook: z.object({
    subscriptions: z.array(WebhookSubscription.pick({ subscriptionId: true, since: true })),
    lastDeliveryAt: UtcTime.optional(),
    problem: z.string().optional(),
    /** Late and failed answers since the provider last forgave them, and the last of them. */
    failedAnswers: z.object({ count: z.int(), lastAt: UtcTime }).optional(),
    /** When the present address was made, and what counts beside it. */
    address: z.object({ since: UtcTime, overlapUntil: UtcTime.optional() }).optional(),
    /** Deliveries to addresses that had ended. */
    outdated: IgnoredDeliveries.optional(),
    /** Deliveries whose signature was not the provider's. */
    unproven: IgnoredDeliveries.optional(),
    /** Webhooks are thought to be missing since then. */
    gap: WebhookGap.optional(),
    lastRepair: GapRepair.optional(),
    /**
     * Where no call can subscribe: the address and the body that the owner gives to a rule at the provider. Shown to who
     * may write accounts, and of one account at a time: whoever knows the address can deliver to it.
     */
    byHand: z.object({ url: z.string(), bodyTemplate: z.string() }).optional(),
  }),
  /** What is left of the provider's calls; those of its token endpoint are not in it. */
  quota: z.object({
    windows: z.array(
      z.object({
        name: z.string(),
        /** Its length. */
        seconds: z.int(),
        calls: z.int(),
        remaining: z.int(),
        /** Of the remaining ones, those that only commands may spend. */
        reservedForCommands: z.int(),
        resetsAt: UtcTime,
      }),
    ),
    /** The provider wants no calls before this time. */
    blockedUntil: UtcTime.optional(),
  }),
  /** The latest replay; it is under way until it has a `finishedAt`. */
  replay: Replay.pick({ from: true, to: true, counts: true, startedAt: true, finishedAt: true })
    .extend({ id: z.string() })
    .optional(),
});
export type AccountView = z.infer<typeof AccountView>;

export const TokenView = z.object({
  id: AccessToken.shape.tokenId,
  kind: z.enum(['workspace', 'plant', 'module']),
  plant: PlantId.optional(),
  module: ModuleId.optional(),
  scopes: z.array(Scope),
  label: z.string(),
  /** What the token begins with; the rest is a secret. */
  prefix: z.string(),
  createdAt: UtcTime,
  expiresAt: UtcTime.optional(),
  /** Within an hour; absent until it is used. */
  lastUsedAt: UtcTime.optional(),
});
export type TokenView = z.infer<typeof TokenView>;

export const CreatedTokenView = TokenView.extend({
  /** What to send in `Authorization: Bearer`. It is not kept, and cannot be shown again. */
  token: z.string(),
});
export type CreatedTokenView = z.infer<typeof CreatedTokenView>;

export const ReadingView = z.object({
  capability: CapabilityName,
  value: ReadingValue,
  unit: z.string().nullable(),
  observedAt: UtcTime,
  receivedAt: UtcTime,
  ageSeconds: z.number(),
  /** Older than the provider should ever let it become. */
  stale: z.boolean(),
});
export type ReadingView = z.infer<typeof ReadingView>;

export const ModuleView = z.object({
  id: Module.shape.moduleId,
  accountId: Module.shape.accountId,
  plantId: Module.shape.plantId,
  ambientId: Module.shape.ambientId,
  device: Device,
  system: System.nullable(),
  name: z.string(),
  reachable: z.boolean().nullable(),
  actions: Module.shape.actions,
  programs: Module.shape.programs,
  /** What its capabilities are, where the module itself tells: of all those that it calls its own, `value.…`. */
  profiles: CapabilityProfiles,
  readings: z.array(ReadingView),
  /** Of what the provider keeps a past: what `…/history` tells beside what is kept here. */
  history: z.array(
    z.object({
      capability: CapabilityName,
      /** At which it can be asked for, finest first. */
      resolutions: z.array(Resolution),
      /** Length of the provider's steps at `raw`, seconds; 0: it tells each value as it was measured. */
      rawStepSeconds: z.number(),
    }),
  ),
  version: z.int(),
});
export type ModuleView = z.infer<typeof ModuleView>;

export const PlantView = z.object({
  id: Plant.shape.plantId,
  accountId: Plant.shape.accountId,
  name: z.string(),
  timeZone: z.string(),
  /** Grows with every change that can be seen here. */
  version: z.int(),
  ambients: Plant.shape.ambients,
  modules: z.array(
    z.object({
      id: Module.shape.moduleId,
      name: z.string(),
      device: Device,
      ambientId: Module.shape.ambientId,
    }),
  ),
});
export type PlantView = z.infer<typeof PlantView>;

export const HistoryView = z.object({
  moduleId: Module.shape.moduleId,
  capability: CapabilityName,
  resolution: Resolution,
  unit: z.string().nullable(),
  /** How many days of it are kept here; absent where all of it is the provider's. */
  keptDays: z.int().optional(),
  items: z.array(HistoryPoint),
  next: z.string().optional(),
});
export type HistoryView = z.infer<typeof HistoryView>;

export const CommandView = z.object({
  id: Command.shape.commandId,
  moduleId: Command.shape.moduleId,
  wish: ModuleWish,
  status: Command.shape.status,
  acceptedAt: UtcTime,
  expiresAt: Command.shape.expiresAt,
  attempts: Command.shape.attempts,
  sentAt: Command.shape.sentAt,
  nextAttemptAt: Command.shape.nextAttemptAt,
  acknowledgedAt: Command.shape.acknowledgedAt,
  observedAt: Command.shape.observedAt,
  problem: Problem.optional(),
});
export type CommandView = z.infer<typeof CommandView>;

/** A batch, in the order asked: each module has its command, or the problem that there is none for. */
export const BatchView = z.object({
  items: z.array(
    z.object({
      moduleId: Command.shape.moduleId,
      command: CommandView.optional(),
      problem: Problem.optional(),
    }),
  ),
});
export type BatchView = z.infer<typeof BatchView>;

export const EventPage = z.object({
  events: z.array(FedEvent),
  next: z.string(),
  /** The answer was cut short, by `limit`, its length or its time: ask again at once, rather than wait for news. */
  more: z.boolean(),
});
export type EventPage = z.infer<typeof EventPage>;

/** A range of a shard of the feed, and what a copy of it has: see `/v1/events` for what is in it. */
export const FeedDigestView = z.object({
  shard: z.int(),
  /** 1: it consists of pages; of higher ones, ranges of the level below can be asked for. */
  level: z.int(),
  range: z.int(),
  /** The pages of the shard that are in it, both included; those from `until` on are not. */
  firstPage: z.int(),
  lastPage: z.int(),
  /** Cursors: what `/v1/events` tells with these is what is in it. */
  after: z.string(),
  until: z.string(),
  events: Digest,
  readings: Digest,
});
export type FeedDigestView = z.infer<typeof FeedDigestView>;

export const AccountDigestView = z.object({
  accountId: Account.shape.accountId,
  accounts: Digest,
  plants: Digest,
  modules: Digest,
});
export type AccountDigestView = z.infer<typeof AccountDigestView>;
