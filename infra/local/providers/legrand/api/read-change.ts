/** What a set-status body asks for, or why the thermostat cannot do it (contract 3.5 and 3.9). Pure. */
import * as z from 'zod';
import { epochMsOfWall, wallText } from '../../simulation/wall-clock.ts';
import { readActivation } from '../house/activation-time.ts';
import {
  type Activation,
  type Thermostat,
  type ThermostatChange,
  ThermostatFunction,
  ThermostatMode,
} from '../house/thermostat.ts';

export interface Wrong {
  readonly wrong: string;
}

const upperCase = z.string().transform((text) => text.toUpperCase());

const temperatureText = z.string().regex(/^\d+(\.\d+)?$/);

/** The portal's schema, and as far as clients were seen to stretch it. */
const SetStatus = z.object({
  function: upperCase.pipe(ThermostatFunction),
  mode: upperCase.pipe(ThermostatMode),
  setPoint: z
    .object({
      value: z.union([z.number(), temperatureText]).transform(Number).pipe(z.number().min(3).max(40)),
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

export function readChange(
  body: unknown,
  thermostat: Thermostat,
  timeZone: string,
  now: number,
): ThermostatChange | Wrong {
  const parsed = SetStatus.safeParse(body);
  if (!parsed.success) {
    const issues = parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
    return { wrong: issues.join('; ') };
  }
  const activation = readEnd(parsed.data, timeZone, now);
  if (activation !== undefined && 'wrong' in activation) return activation;
  return changeTo(parsed.data, thermostat, activation);
}

/** A set point with automatic and a programme with manual are tolerated, and mean nothing. */
function changeTo(
  { function: purpose, mode, setPoint, programs }: SetStatus,
  thermostat: Thermostat,
  activation: Activation | undefined,
): ThermostatChange | Wrong {
  const change: ThermostatChange = { function: purpose, mode };
  if (mode === 'MANUAL') {
    if (!setPoint) return { wrong: 'setPoint is required for manual' };
    change.manualC = setPoint.value;
  }
  if (mode === 'AUTOMATIC') {
    const number = programs?.[0].number;
    if (number === undefined) return { wrong: 'programs is required for automatic' };
    if (!thermostat.programs.some((programme) => programme.number === number))
      return { wrong: `program ${number} does not exist` };
    change.programNumber = number;
  }
  if (activation && mode !== 'AUTOMATIC' && mode !== 'PROTECTION') change.activation = activation;
  return change;
}

/** Until when; an empty text means no end, as openHAB sends it. */
function readEnd(
  { mode, activationTime }: SetStatus,
  timeZone: string,
  now: number,
): Activation | Wrong | undefined {
  if (!activationTime)
    return mode === 'BOOST' ? { wrong: 'activationTime is required for boost' } : undefined;
  const activation = readActivation(activationTime, timeZone);
  if (!activation) return { wrong: 'activationTime is not a local date-time or a range of two' };
  if (mode === 'BOOST') return boostWindow(activation, timeZone, now);
  if (epochMsOfWall(activation.endWall, timeZone) <= now) return { wrong: 'activationTime is over' };
  return { endWall: activation.endWall };
}

function boostWindow({ startWall, endWall }: Activation, timeZone: string, now: number): Activation | Wrong {
  const thisMinute = Math.floor(now / 60_000) * 60_000;
  const start = startWall ?? wallText(thisMinute, timeZone);
  const startEpochMs = epochMsOfWall(start, timeZone);
  const minutes = (epochMsOfWall(endWall, timeZone) - startEpochMs) / 60_000;
  if (!BOOST_MINUTES.includes(minutes)) return { wrong: 'a boost takes 30, 60 or 90 minutes' };
  if (Math.abs(startEpochMs - thisMinute) > BOOST_START_TOLERANCE_MS)
    return { wrong: 'a boost starts now, by the clock of the thermostat' };
  return { startWall: start, endWall };
}
