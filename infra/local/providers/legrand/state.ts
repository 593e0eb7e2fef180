/** Everything the simulated cloud remembers, as it lies in its state file. */
import * as z from 'zod';
import { ActiveFault } from '../simulation/faults/active-fault.ts';
import { Thermostat, type ThermostatChange } from './house/thermostat.ts';

/** The third-party application registered in the developer portal. */
export const Application = z.object({
  clientId: z.uuid(),
  clientSecret: z.string(),
  /** 32 lower-case hex digits. */
  subscriptionKey: z.string(),
  replyUrls: z.array(z.string()),
});

export const User = z.object({
  /** The object id (`oid`) of the account. */
  userId: z.uuid(),
  email: z.string(),
  name: z.string(),
  password: z.string(),
});
export type User = z.infer<typeof User>;

export const SimulatedPlant = z.object({
  plantId: z.uuid(),
  userId: z.uuid(),
  name: z.string().optional(),
  type: z.string().optional(),
  timeZone: z.string(),
  modules: z.array(Thermostat),
});
export type SimulatedPlant = z.infer<typeof SimulatedPlant>;

/** A user's consent; authorization codes and refresh tokens belong to one. */
export const Grant = z.object({
  grantId: z.string(),
  userId: z.uuid(),
  scopes: z.array(z.string()),
  nonce: z.string().optional(),
  revoked: z.boolean(),
});
export type Grant = z.infer<typeof Grant>;

/** Codes and tokens are kept by id: their text can be computed again, so a dump of the state shows none. */
export const AuthorizationCode = z.object({
  codeId: z.string(),
  grantId: z.string(),
  redirectUri: z.string(),
  issuedEpochMs: z.number(),
  expiresEpochMs: z.number(),
  used: z.boolean(),
});

export const RefreshToken = z.object({
  refreshTokenId: z.string(),
  grantId: z.string(),
  issuedEpochMs: z.number(),
  expiresEpochMs: z.number(),
  /** The token first given in exchange for this one. */
  childId: z.string().optional(),
});
export type RefreshToken = z.infer<typeof RefreshToken>;

export const SimulatedSubscription = z.object({
  subscriptionId: z.uuid(),
  plantId: z.uuid(),
  endPointUrl: z.string(),
  /** False: made by another application of the same user. */
  ours: z.boolean(),
});
export type SimulatedSubscription = z.infer<typeof SimulatedSubscription>;

/** A webhook request that has not been accepted yet. */
export const UndeliveredNotification = z.object({
  notificationId: z.string(),
  subscriptionId: z.string(),
  url: z.string(),
  body: z.string(),
  createdEpochMs: z.number(),
  attempts: z.number(),
  nextAttemptEpochMs: z.number(),
});
export type UndeliveredNotification = z.infer<typeof UndeliveredNotification>;

/** How a webhook address behaved. */
export const EndPointRecord = z.object({
  url: z.string(),
  /** Answers in time and below 300. */
  accepted: z.number().default(0),
  /** All others, since the last were forgiven. */
  failures: z.number(),
  lastFailureEpochMs: z.number(),
  /** Bans so far. */
  bans: z.number().default(0),
  bannedUntilEpochMs: z.number().optional(),
  /** Notifications that a ban has swallowed. */
  lost: z.number().default(0),
});
export type EndPointRecord = z.infer<typeof EndPointRecord>;

export const Settings = z.object({
  /** What happens to a refresh token that was exchanged; see `oauth/rotation.ts`. */
  refreshMode: z.enum(['reuse-accepted', 'strict', 'family', 'grace']),
  accessLifeSeconds: z.coerce.number().int().positive(),
  refreshLifeSeconds: z.coerce.number().int().positive(),
  /** API calls per user and UTC day. */
  callsPerDay: z.coerce.number().int().positive(),
});
export type Settings = z.infer<typeof Settings>;

/** As the contract has them. */
export const usualSettings: Settings = {
  refreshMode: 'reuse-accepted',
  accessLifeSeconds: 3600,
  refreshLifeSeconds: 7_776_000,
  callsPerDay: 500,
};

/** A user's calls of one UTC day. */
export const Quota = z.object({
  userId: z.uuid(),
  day: z.string(),
  calls: z.number(),
  /** When the latest calls were made, epoch milliseconds. */
  lately: z.array(z.number()),
});

const DelayedChange = z.object({
  moduleId: z.uuid(),
  dueEpochMs: z.number(),
  change: z.custom<ThermostatChange>((value) => typeof value === 'object' && value !== null),
});

export const CloudState = z.object({
  format: z.literal(1),
  /** How far the simulator's clock is ahead of the real one. */
  clockOffsetMs: z.number(),
  application: Application,
  keys: z.object({ keyId: z.string(), signingPem: z.string(), opaqueSeed: z.string() }),
  settings: Settings,
  users: z.array(User),
  plants: z.array(SimulatedPlant),
  grants: z.array(Grant),
  codes: z.array(AuthorizationCode),
  refreshTokens: z.array(RefreshToken),
  quotas: z.array(Quota),
  subscriptions: z.array(SimulatedSubscription),
  undelivered: z.array(UndeliveredNotification),
  endPoints: z.array(EndPointRecord),
  delayedChanges: z.array(DelayedChange),
  faults: z.array(ActiveFault),
});
export type CloudState = z.infer<typeof CloudState>;
