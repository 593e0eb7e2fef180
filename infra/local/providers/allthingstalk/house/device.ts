/** Grounds, and the devices and gateways in them (contract 3). */
import * as z from 'zod';
import { Asset, objectId } from './asset.ts';
import { Json } from './profile.ts';

/** Users have other ids than everything else. */
export const userIdText = z.string().regex(/^[0-9a-f]{24}$/);

export const Member = z.object({ userId: userIdText, role: z.enum(['viewer', 'editor']) });

export const Ground = z.object({
  groundId: objectId,
  name: z.string(),
  title: z.string(),
  ownerId: userIdText,
  /** `public` was seen; which others there are is not known. */
  visibility: z.string(),
  members: z.array(Member),
});
export type Ground = z.infer<typeof Ground>;

export const Device = z.object({
  deviceId: objectId,
  /** Under a gateway it is the device's local name there. */
  name: z.string(),
  title: z.string(),
  description: z.string(),
  type: z.string(),
  groundId: objectId,
  gatewayId: objectId.nullable(),
  activityEnabled: z.boolean(),
  createdEpochMs: z.number(),
  updatedEpochMs: z.number(),
  lastActiveEpochMs: z.number().nullable(),
  meta: z.record(z.string(), Json),
  networkId: z.string().optional(),
  assets: z.array(Asset),
  /** Whether it listens to commands and reports. */
  online: z.boolean(),
  /** It does what it is told, and says so this much later; without it, it never does anything. */
  actsAfterSeconds: z.number().optional(),
});
export type Device = z.infer<typeof Device>;

export const Gateway = z.object({
  gatewayId: objectId,
  /** Its password, in `Auth-GatewayKey`. */
  key: z.string(),
  uid: z.string(),
  name: z.string(),
  title: z.string(),
  groundId: objectId,
});
export type Gateway = z.infer<typeof Gateway>;

/** A gateway that announced itself, and that nobody has claimed. */
export const Orphan = z.object({ uid: z.string(), name: z.string() });

/** A wish that was sent to a device, and what became of it. */
export const SentCommand = z.object({
  atEpochMs: z.number(),
  deviceId: objectId,
  assetName: z.string(),
  value: Json,
  outcome: z.enum(['delivered', 'queued', 'lost']),
});
export type SentCommand = z.infer<typeof SentCommand>;

/** What a device is about to do. */
export const PendingAct = z.object({
  deviceId: objectId,
  assetName: z.string(),
  value: Json,
  dueEpochMs: z.number(),
});
