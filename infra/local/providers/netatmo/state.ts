/** Everything the simulated cloud remembers, as it lies in its state file. */
import * as z from 'zod';
import { ActiveFault } from '../simulation/faults/active-fault.ts';
import { flag } from '../simulation/form-values.ts';
import { DelayedWrite, Home } from './house/home.ts';

/** Homes, users, schedules, events and applications have such ids. */
export const hexId = z.string().regex(/^[0-9a-f]{24}$/);

export const Application = z.object({
  clientId: hexId,
  clientSecret: z.string(),
  redirectUris: z.array(z.string()),
});

export const User = z.object({
  userId: hexId,
  email: z.string(),
  name: z.string(),
  password: z.string(),
  /** Stations of others that they were invited to. */
  sharedStationIds: z.array(z.string()),
  favouriteStationIds: z.array(z.string()),
});
export type User = z.infer<typeof User>;

/** A user's consent; codes and tokens belong to one. */
export const Grant = z.object({
  grantId: z.string(),
  userId: hexId,
  scopes: z.array(z.string()),
});
export type Grant = z.infer<typeof Grant>;

/** Codes and tokens are kept by their hashes, so a dump of the state shows none. */
export const AuthorizationCode = z.object({
  codeHash: z.string(),
  grantId: z.string(),
  redirectUri: z.string(),
  expiresEpochMs: z.number(),
});

/** The pair in force; of those before nothing is left. */
export const TokenPair = z.object({
  grantId: z.string(),
  accessHash: z.string(),
  refreshHash: z.string(),
  accessExpiresEpochMs: z.number(),
});
export type TokenPair = z.infer<typeof TokenPair>;

/** A user's webhook. */
export const Hook = z.object({
  userId: hexId,
  url: z.string(),
  addedEpochMs: z.number(),
  accepted: z.number(),
  /** When wrong or slow answers came, as far as the rule of bans still counts them. */
  failureEpochMs: z.array(z.number()),
  bans: z.number(),
  bannedUntilEpochMs: z.number().optional(),
  /** Pushes that a ban has swallowed. */
  lost: z.number(),
});
export type Hook = z.infer<typeof Hook>;

/** A push on its way: there is one attempt. */
export const WaitingPush = z.object({
  pushId: z.string(),
  userId: hexId,
  url: z.string(),
  body: z.string(),
  /** The `X-Netatmo-secret`; absent: sent without one. */
  signature: z.string().optional(),
  dueEpochMs: z.number(),
});
export type WaitingPush = z.infer<typeof WaitingPush>;

const whole = z.coerce.number().int().positive();
export const Settings = z.object({
  accessLifeSeconds: whole,
  /** Requests of a user in ten seconds, and in an hour. */
  userCallsPerTenSeconds: whole,
  userCallsPerHour: whole,
  /** Whether those of the application are counted as well: twice its users in ten seconds, and so many in an hour. */
  applicationLimit: flag,
  applicationCallsPerHour: whole,
  /** What a used-up quota is answered with; 403 is the older way. */
  quotaStatus: z.coerce.number().pipe(z.union([z.literal(403), z.literal(429)])),
  /** How long a request keeps others of its user out with 429/11, real milliseconds; 0: not at all. */
  concurrencyHoldMs: z.coerce.number().int().min(0),
  webhookDeadlineMs: whole,
  /** Five failures in a row, or five in one hour. */
  banRule: z.enum(['in_a_row', 'in_an_hour']),
  banSeconds: whole,
  /** The cloud's ports, or any on this machine. */
  webhookPorts: z.enum(['strict', 'any_on_loopback']),
  /** Whether addwebhook wants one of the security scopes, as the vendor's page says. */
  webhookScopes: z.enum(['security', 'any']),
});
export type Settings = z.infer<typeof Settings>;

/** As the contract has them (2.5, 4.1, 4.2 and 9). */
export const usualSettings: Settings = {
  accessLifeSeconds: 10_800,
  userCallsPerTenSeconds: 50,
  userCallsPerHour: 500,
  applicationLimit: false,
  applicationCallsPerHour: 2000,
  quotaStatus: 429,
  concurrencyHoldMs: 0,
  webhookDeadlineMs: 10_000,
  banRule: 'in_a_row',
  banSeconds: 86_400,
  webhookPorts: 'any_on_loopback',
  webhookScopes: 'security',
};

export const CloudState = z.object({
  format: z.literal(1),
  /** How far the simulator's clock is ahead of the real one. */
  clockOffsetMs: z.number(),
  application: Application,
  settings: Settings,
  users: z.array(User),
  /** Who is signed in at the account pages, so that consent is asked without a password. */
  signedInUserId: hexId.optional(),
  homes: z.array(Home),
  grants: z.array(Grant),
  codes: z.array(AuthorizationCode),
  tokens: z.array(TokenPair),
  /** When each user's requests of the last hour were made, epoch milliseconds. */
  calls: z.record(z.string(), z.array(z.number())),
  hooks: z.array(Hook),
  waiting: z.array(WaitingPush),
  delayedWrites: z.array(DelayedWrite),
  faults: z.array(ActiveFault),
});
export type CloudState = z.infer<typeof CloudState>;
