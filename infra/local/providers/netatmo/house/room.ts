/** A room, and what heats it. Pure: no clock. */
import * as z from 'zod';
import { IndoorAir } from '../../simulation/indoor-air.ts';

/**
 * What decides how a room is spoken to: `classic` is NATherm1 and NRV, which alone obey `setroomthermpoint`;
 * `pilot` is a radiator behind a pilot-wire outlet (contract 3.6 to 3.8).
 */
export const ClimateKind = z.enum(['classic', 'opentherm', 'smarther', 'pilot']);
export type ClimateKind = z.infer<typeof ClimateKind>;

/** `home`: as the home's mode and schedule want it. */
export const SetpointMode = z.enum(['home', 'manual', 'max', 'hg', 'away', 'off']);
export type SetpointMode = z.infer<typeof SetpointMode>;

export const PilotWire = z.enum(['comfort', 'away', 'frost_guard', 'stand_by', 'comfort_1', 'comfort_2']);
export type PilotWire = z.infer<typeof PilotWire>;

const Sample = z.object({
  epochMs: z.number(),
  temperatureC: z.number(),
  setPointC: z.number().optional(),
  /** Of the time since the sample before, seconds. */
  boilerOnSeconds: z.number(),
});

export const Climate = z.object({
  kind: ClimateKind,
  mode: SetpointMode,
  /** The set point last chosen by hand, degrees Celsius. */
  manualC: z.number(),
  pilotWire: PilotWire.optional(),
  startEpochMs: z.number(),
  /** When a mode chosen by hand ends; absent: it does not. */
  endEpochMs: z.number().optional(),
  air: IndoorAir,
  openWindow: z.boolean(),
  computedEpochMs: z.number(),
  /** One every half hour. */
  samples: z.array(Sample),
  /** Since the last sample, seconds. */
  boilerOnSeconds: z.number(),
});
export type Climate = z.infer<typeof Climate>;

export const Room = z.object({
  roomId: z.string(),
  name: z.string(),
  type: z.string(),
  climate: Climate.optional(),
});
export type Room = z.infer<typeof Room>;
