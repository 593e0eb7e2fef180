import * as z from 'zod';
import { CommandAction } from './command-action.ts';
import { Device } from './device.ts';
import { AccountId, ModuleId, PlantId } from './ids.ts';
import { CapabilityName, CapabilityProfiles, isSameValue, Readings, ReadingValue } from './reading.ts';
import { UtcTime } from './time.ts';

/** A weekly programme stored in the module or in the provider's cloud. */
export const Program = z.object({ programId: z.string(), name: z.string() });
export type Program = z.infer<typeof Program>;

/** A command whose effect has not been seen yet, kept with the module that is to show it. */
export const AwaitedEffect = z.object({
  /** The readings that will show that the command was carried out. */
  expects: z.partialRecord(CapabilityName, ReadingValue),
  sentAt: UtcTime,
});
export type AwaitedEffect = z.infer<typeof AwaitedEffect>;

/** What the module could report or be told if the owner had consented to this scope of the provider's as well. */
export const Withheld = z.object({
  scope: z.string(),
  capabilities: z.array(CapabilityName),
  actions: z.array(CommandAction),
});
export type Withheld = z.infer<typeof Withheld>;

/** What of a module does not change by itself. */
export const ModuleDescription = z.object({
  moduleId: ModuleId,
  accountId: AccountId,
  plantId: PlantId,
  nativeId: z.string(),
  device: Device,
  name: z.string(),
  /** `null` where the provider has no rooms, or the module is in none. */
  ambientId: z.string().nullable(),
  capabilities: z.array(CapabilityName),
  profiles: CapabilityProfiles.default({}),
  actions: z.array(CommandAction),
  programs: z.array(Program),
  withheld: z.array(Withheld).default([]),
  /** What its driver has to know to talk to it; nobody else reads it. */
  native: z.record(z.string(), z.union([z.string(), z.array(z.string())])).default({}),
});
export type ModuleDescription = z.infer<typeof ModuleDescription>;

/** Whether clients see the same of two descriptions of a module. */
export function isModuleAlike(a: ModuleDescription, b: ModuleDescription): boolean {
  const shown = ({ plantId, ambientId, device, name, actions, programs, profiles }: ModuleDescription) => [
    plantId,
    ambientId,
    device,
    name,
    actions,
    programs,
    profiles,
  ];
  return isSameValue(shown(a), shown(b));
}

/** One precise thing with its latest readings. */
export const Module = z.object({
  ...ModuleDescription.shape,
  readings: Readings,
  /** `null` until the provider has said so once. */
  reachable: z.boolean().nullable(),
  /** +1 with every accepted report. */
  version: z.int(),
  /** The replay that the latest report came from; absent where it came as things happened. */
  replayId: z.string().optional(),
  /** By command id. */
  awaited: z.record(z.string(), AwaitedEffect),
});
export type Module = z.infer<typeof Module>;
