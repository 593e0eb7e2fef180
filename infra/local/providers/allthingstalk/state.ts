/** Everything the simulated cloud remembers, as it lies in its state file. */
import * as z from 'zod';
import { ActiveFault } from '../simulation/faults/active-fault.ts';
import { objectId } from './house/asset.ts';
import { Device, Gateway, Ground, Orphan, PendingAct, SentCommand, userIdText } from './house/device.ts';
import { Rule, WaitingCall } from './rules/rule.ts';
import { Settings } from './settings.ts';

export const User = z.object({
  userId: userIdText,
  userName: z.string(),
  email: z.string(),
  name: z.string(),
  password: z.string(),
  /** What the authenticator app was given, base 32; without it, there is none. */
  authenticatorSecret: z.string().optional(),
});
export type User = z.infer<typeof User>;

/** A password was right, and a code is awaited. */
export const Challenge = z.object({
  mfaUid: z.string(),
  userId: userIdText,
  clientId: z.string(),
  expiresEpochMs: z.number(),
  wrongCodes: z.number(),
});
export type Challenge = z.infer<typeof Challenge>;

/** Access and refresh tokens of users are kept by their hashes, so a dump of the state shows none. */
export const AccessToken = z.object({
  hash: z.string(),
  userId: userIdText,
  clientId: z.string(),
  expiresEpochMs: z.number(),
});
export const RefreshToken = z.object({
  hash: z.string(),
  userId: userIdText,
  clientId: z.string(),
  expiresEpochMs: z.number(),
  /** Another took its place. */
  replaced: z.boolean(),
});
export type RefreshToken = z.infer<typeof RefreshToken>;

/** A device or ground token: which of them it is, its text does not tell. Kept as it is, because the pages show it. */
export const StaticToken = z.object({
  tokenId: objectId,
  kind: z.enum(['device', 'ground']),
  /** The device's or the ground's. */
  ofId: objectId,
  text: z.string(),
});
export type StaticToken = z.infer<typeof StaticToken>;

export const CloudState = z.object({
  format: z.literal(1),
  /** How far the simulator's clock is ahead of the real one. */
  clockOffsetMs: z.number(),
  settings: Settings,
  users: z.array(User),
  /** Who is signed in at the account pages. */
  signedInUserId: userIdText.optional(),
  grounds: z.array(Ground),
  gateways: z.array(Gateway),
  orphans: z.array(Orphan),
  devices: z.array(Device),
  /** Up to when everything that changes by itself was told. */
  movedUntilEpochMs: z.number(),
  acts: z.array(PendingAct),
  commands: z.array(SentCommand),
  staticTokens: z.array(StaticToken),
  challenges: z.array(Challenge),
  accessTokens: z.array(AccessToken),
  refreshTokens: z.array(RefreshToken),
  rules: z.array(Rule),
  waiting: z.array(WaitingCall),
  /** When each caller's requests of the last minute were made, epoch milliseconds. */
  calls: z.record(z.string(), z.array(z.number())),
  /** Messages that users sent to themselves. */
  notifications: z.array(z.object({ userId: userIdText, message: z.string(), atEpochMs: z.number() })),
  faults: z.array(ActiveFault),
});
export type CloudState = z.infer<typeof CloudState>;
