import { type Answer, empty } from '../../simulation/answer.ts';
import type { Thermostat } from '../house/thermostat.ts';
import type { House } from '../house.ts';
import { refusal } from '../refusals.ts';
import type { SimulatedPlant } from '../state.ts';
import type { World } from '../world.ts';
import { beyondDevice } from './device-limits.ts';
import { readChange } from './read-change.ts';

interface Target {
  readonly plant: SimulatedPlant;
  readonly thermostat: Thermostat;
}

/** Judges a body and applies it: 200 without a body, or 430 for what the thermostat cannot do. */
export function setStatus(world: World, house: House, { plant, thermostat }: Target, body: string): Answer {
  const { clock, faults } = world;
  let sent: unknown;
  try {
    sent = JSON.parse(body);
  } catch {
    return refusal(400, 'Bad request: the body is not JSON');
  }
  const change = readChange(sent, thermostat, plant.timeZone, clock.now());
  if ('wrong' in change) return wrongInput(change.wrong);
  const beyond =
    faults.take('device_limits', 'set_status') && beyondDevice(change, plant.timeZone, clock.now());
  if (beyond) return wrongInput(beyond);
  house.change(thermostat.moduleId, change, faults.take('slow_apply', 'set_status')?.seconds);
  return empty(200);
}

function wrongInput(reason: string): Answer {
  return refusal(430, `Wrong input parameters: ${reason}`);
}
