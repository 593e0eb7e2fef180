/** A Smarther on the wall: what it was told, and what follows from that. Pure: no clock. */
import * as z from 'zod';
import { type Demand, IndoorAir } from '../../simulation/indoor-air.ts';
import { epochMsOfWall, zonedAt } from '../../simulation/wall-clock.ts';

export const ThermostatFunction = z.enum(['HEATING', 'COOLING']);
export const ThermostatMode = z.enum(['AUTOMATIC', 'MANUAL', 'BOOST', 'OFF', 'PROTECTION']);

/** A week's programme, reduced to one day and one night temperature. */
export const Programme = z.object({
  number: z.int().min(0).max(11),
  /** The owner's text; empty for the placeholder 0. */
  name: z.string(),
  dayC: z.number(),
  nightC: z.number(),
});
export type Programme = z.infer<typeof Programme>;

/** Until when the present mode holds, as wall time of the plant; a boost has its start as well. */
export const Activation = z.object({ startWall: z.string().optional(), endWall: z.string() });
export type Activation = z.infer<typeof Activation>;

/** What the last webhook said; the next one is due when this no longer holds. */
export const Announcement = z.object({
  settings: z.string(),
  temperatureC: z.number(),
  humidityPercent: z.number(),
});
export type Announcement = z.infer<typeof Announcement>;

export const Thermostat = z.object({
  moduleId: z.uuid(),
  name: z.string(),
  function: ThermostatFunction,
  mode: ThermostatMode,
  /** The set point last chosen by hand, degrees Celsius. */
  manualC: z.number(),
  programNumber: z.int().min(0).max(11),
  activation: Activation.optional(),
  programs: z.array(Programme),
  room: IndoorAir,
  /** Up to when the room has been computed. */
  computedEpochMs: z.number(),
  /** False: its gateway is off the network. */
  reachable: z.boolean(),
  announced: Announcement,
});
export type Thermostat = z.infer<typeof Thermostat>;

/** All of it but what was told of it. */
export type Silent = Omit<Thermostat, 'announced'>;

/** What can be changed by the API, or by hand on the wall. */
export type ThermostatChange = Partial<
  Pick<Thermostat, 'function' | 'mode' | 'manualC' | 'programNumber' | 'activation'>
>;

const DAY_FROM_HOUR = 6;
const DAY_TO_HOUR = 22;
/** What clients saw the device show in the modes that have no set point of their own. */
const BOOST_C = { HEATING: 40, COOLING: 7 };
const PROTECTION_C = { HEATING: 7, COOLING: 35 };

export function setPointC(thermostat: Silent, epochMs: number, timeZone: string): number {
  switch (thermostat.mode) {
    case 'BOOST':
      return BOOST_C[thermostat.function];
    case 'PROTECTION':
      return PROTECTION_C[thermostat.function];
    case 'AUTOMATIC':
      return programmedC(thermostat, zonedAt(epochMs, timeZone).hour);
    default:
      return thermostat.manualC;
  }
}

function programmedC(thermostat: Silent, hour: number): number {
  const programme = thermostat.programs.find(({ number }) => number === thermostat.programNumber);
  if (!programme) return thermostat.manualC;
  return hour >= DAY_FROM_HOUR && hour < DAY_TO_HOUR ? programme.dayC : programme.nightC;
}

export function demandOf(thermostat: Silent, epochMs: number, timeZone: string): Demand {
  return {
    function: thermostat.function,
    setPointC: thermostat.mode === 'OFF' ? undefined : setPointC(thermostat, epochMs, timeZone),
  };
}

/** A change of mode ends whatever was to end the mode before. */
export function applyChange(thermostat: Thermostat, change: ThermostatChange): void {
  if (change.mode !== undefined) thermostat.activation = undefined;
  Object.assign(thermostat, change);
}

export function activationEndEpochMs(thermostat: Thermostat, timeZone: string): number | undefined {
  return thermostat.activation && epochMsOfWall(thermostat.activation.endWall, timeZone);
}

/** Boost, timed manual and timed off all end in the programme that ran before. */
export function fallBackToAutomatic(thermostat: Thermostat): void {
  applyChange(thermostat, { mode: 'AUTOMATIC' });
}
