/** Air between walls that is heated, cooled and leaks, and the weather outside. Pure: no clock, no randomness. */
import * as z from 'zod';

export const IndoorAir = z.object({
  temperatureC: z.number(),
  humidityPercent: z.number(),
  /** Whether the relay calls for heat (or for cold). */
  relayOn: z.boolean(),
});
export type IndoorAir = z.infer<typeof IndoorAir>;

/** What the thermostat wants; without a set point the relay stays off. */
export interface Demand {
  readonly function: 'HEATING' | 'COOLING';
  readonly setPointC: number | undefined;
}

/** Time after which 63 % of a difference to the equilibrium is gone: a brick house, hours. */
const HOUSE_TIME_CONSTANT_H = 30;
/** Sun, people and appliances, K above the outside. */
const IDLE_GAIN_K = 3;
/** Where a running boiler would bring it in the end, K above the outside: about 1 K/h net in winter. */
const HEATING_GAIN_K = 48;
/** The same for an air conditioner. */
const COOLING_GAIN_K = -40;
/** Half the relay's band: with it a boiler runs two or three times in four hours. */
const HYSTERESIS_K = 0.25;
const HUMIDITY_TIME_CONSTANT_H = 2;

/** A temperate climate: coldest on 20 January, warmest at three in the afternoon. */
export function outdoorC(dayOfYear: number, hour: number): number {
  const season = -Math.cos((2 * Math.PI * (dayOfYear - 20)) / 365);
  const daily = Math.cos((2 * Math.PI * (hour - 15)) / 24);
  return 12 + 10 * season + 4 * daily;
}

/** The air `seconds` later; exact for a constant demand, so the size of a step only decides when the relay acts. */
export function stepAir(air: IndoorAir, demand: Demand, outsideC: number, seconds: number): IndoorAir {
  const relayOn = relayAfter(air, demand);
  const running = demand.function === 'HEATING' ? HEATING_GAIN_K : COOLING_GAIN_K;
  const equilibriumC = outsideC + IDLE_GAIN_K + (relayOn ? running : 0);
  const temperatureC = approach(air.temperatureC, equilibriumC, seconds, HOUSE_TIME_CONSTANT_H);
  const humidityGoal = Math.min(80, Math.max(25, 50 - 1.5 * (temperatureC - 20)));
  return {
    relayOn,
    temperatureC,
    humidityPercent: approach(air.humidityPercent, humidityGoal, seconds, HUMIDITY_TIME_CONSTANT_H),
  };
}

function relayAfter(air: IndoorAir, { function: purpose, setPointC }: Demand): boolean {
  if (setPointC === undefined) return false;
  const missingK = purpose === 'HEATING' ? setPointC - air.temperatureC : air.temperatureC - setPointC;
  if (missingK >= HYSTERESIS_K) return true;
  if (missingK <= -HYSTERESIS_K) return false;
  return air.relayOn;
}

function approach(from: number, goal: number, seconds: number, timeConstantH: number): number {
  return goal + (from - goal) * Math.exp(-seconds / (timeConstantH * 3600));
}
