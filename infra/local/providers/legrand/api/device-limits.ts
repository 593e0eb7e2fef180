import { epochMsOfWall } from '../../simulation/wall-clock.ts';
import type { ThermostatChange } from '../house/thermostat.ts';

const LOWEST_C = 7;
const LONGEST_MS = 9 * 86_400_000;

/**
 * Why the display of a Smarther cannot show this, as clients say of it (contract 3.5); whether the cloud refuses
 * it is not known, so only the fault `device_limits` asks.
 */
export function beyondDevice(change: ThermostatChange, timeZone: string, now: number): string | undefined {
  const { manualC, mode, activation } = change;
  if (manualC !== undefined && manualC < LOWEST_C) return `the set point is below ${LOWEST_C} °C`;
  if (manualC !== undefined && Math.abs(manualC * 10 - Math.round(manualC * 10)) > 1e-6)
    return 'the set point has steps of 0.1 °C';
  if (activation === undefined || mode === 'BOOST') return undefined;
  if (!/:(00|15|30|45):00$/.test(activation.endWall)) return 'the end is not on a quarter of an hour';
  if (epochMsOfWall(activation.endWall, timeZone) > now + LONGEST_MS)
    return 'the end is more than 9 days ahead';
  return undefined;
}
