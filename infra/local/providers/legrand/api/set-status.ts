import * as z from 'zod';
import { type Answer, empty, refusal } from '../answer.ts';
import { readActivation } from '../house/activation-time.ts';
import {
  type Thermostat,
  type ThermostatChange,
  ThermostatFunction,
  ThermostatMode,
} from '../house/thermostat.ts';
import { epochMsOfWall, wallText } from '../house/wall-clock.ts';
import type { House } from '../house.ts';
import type { SimulatedPlant } from '../state.ts';
import type { World } from '../world.ts';
import { beyondDevice } from './device-limits.ts';

const upperCase = z.string().transform((text) => text.toUpperCase());

/** The body as the portal's schema has it, and as far as clients were seen to stretch it (contract 3.5). */
const SetStatus = z.object({
  function: upperCase.pipe(ThermostatFunction),
  mode: upperCase.pipe(ThermostatMode),
  setPoint: z
    .object({
      value: z
        .union([z.number(), z.string().regex(/^\d+(\.\d+)?$/)])
        .transform(Number)
        .pipe(z.number().min(3).max(40)),
      unit: z.enum(['C', '°C']),
    })
    .optional(),
  programs: z.tuple([z.object({ number: z.int().min(0).max(11) })]).optional(),
  activationTime: z.string().optional(),
});
type SetStatus = z.output<typeof SetStatus>;

const BOOST_MINUTES = [30, 60, 90];
/** How far the start of a boost may be from the device's clock; a client in another zone is hours away. */
const BOOST_START_TOLERANCE_MS = 5 * 60_000;

class WrongInput extends Error {}

interface Target {
  readonly plant: SimulatedPlant;
  readonly thermostat: Thermostat;
}

/** Judges a body and applies it: 200 without a body, or 430 for what the thermostat cannot do. */
export function setStatus(world: World, house: House, target: Target, body: string): Answer {
  let sent: unknown;
  try {
    sent = JSON.parse(body);
  } catch {
    return refusal(400, 'Bad request: the body is not JSON');
  }
  const parsed = SetStatus.safeParse(sent);
  if (!parsed.success) return refusal(430, `Wrong input parameters: ${describe(parsed.error)}`);
  try {
    const change = readChange(parsed.data, target, world.clock.now());
    if (world.faults.take('device_limits', 'set_status')) {
      const reason = beyondDevice(change, target.plant.timeZone, world.clock.now());
      if (reason) throw new WrongInput(reason);
    }
    house.change(target.thermostat.moduleId, change, world.faults.take('slow_apply', 'set_status')?.seconds);
    return empty(200);
  } catch (error) {
    if (error instanceof WrongInput) return refusal(430, `Wrong input parameters: ${error.message}`);
    throw error;
  }
}

function readChange(body: SetStatus, { plant, thermostat }: Target, now: number): ThermostatChange {
  const change: ThermostatChange = { function: body.function, mode: body.mode };
  // A set point with automatic and a programme with manual are tolerated, and mean nothing.
  if (body.mode === 'MANUAL') {
    if (!body.setPoint) throw new WrongInput('setPoint is required for manual');
    change.manualC = body.setPoint.value;
  }
  if (body.mode === 'AUTOMATIC') change.programNumber = programNumber(body, thermostat);
  const activation = readEnd(body, plant.timeZone, now);
  if (activation && body.mode !== 'AUTOMATIC' && body.mode !== 'PROTECTION') change.activation = activation;
  return change;
}

function programNumber({ programs }: SetStatus, thermostat: Thermostat): number {
  if (!programs) throw new WrongInput('programs is required for automatic');
  const [{ number }] = programs;
  if (!thermostat.programs.some((programme) => programme.number === number))
    throw new WrongInput(`program ${number} does not exist`);
  return number;
}

function readEnd(
  { mode, activationTime }: SetStatus,
  timeZone: string,
  now: number,
): ThermostatChange['activation'] {
  if (!activationTime) {
    if (mode === 'BOOST') throw new WrongInput('activationTime is required for boost');
    return undefined;
  }
  const activation = readActivation(activationTime, timeZone);
  if (!activation) throw new WrongInput('activationTime is not a local date-time or a range of two');
  if (mode === 'BOOST') return boostWindow(activation, timeZone, now);
  if (epochMsOfWall(activation.endWall, timeZone) <= now) throw new WrongInput('activationTime is over');
  return { endWall: activation.endWall };
}

function boostWindow(
  { startWall, endWall }: NonNullable<ThermostatChange['activation']>,
  timeZone: string,
  now: number,
): ThermostatChange['activation'] {
  const thisMinute = Math.floor(now / 60_000) * 60_000;
  const start = startWall ?? wallText(thisMinute, timeZone);
  const startEpochMs = epochMsOfWall(start, timeZone);
  const minutes = (epochMsOfWall(endWall, timeZone) - startEpochMs) / 60_000;
  if (!BOOST_MINUTES.includes(minutes)) throw new WrongInput('a boost takes 30, 60 or 90 minutes');
  if (Math.abs(startEpochMs - thisMinute) > BOOST_START_TOLERANCE_MS)
    throw new WrongInput('a boost starts now, by the clock of the thermostat');
  return { startWall: start, endWall };
}

function describe(error: z.ZodError): string {
  return error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ');
}
