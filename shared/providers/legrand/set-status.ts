/** A wish, translated into the body of «set status». Pure: no I/O, no clock. */
import type { ModuleWish } from '../../domain/command-action.ts';
import { LatchkeyError } from '../../domain/error.ts';
import type { Module } from '../../domain/module.ts';
import type { Plant } from '../../domain/plant.ts';
import type { ReportedValues } from '../../domain/reading.ts';
import { toUtc, type UtcTime } from '../../domain/time.ts';
import { readClock, toWallClock } from '../../domain/wall-clock.ts';
import { refuseField } from '../refuse-wish.ts';
import type { SetStatus } from './wire.ts';

/** What the device itself allows (its app and other clients agree); Legrand's schema says 3. */
const LOWEST_C = 7;
const HIGHEST_C = 40;
const BOOST_MINUTES = [30, 60, 90];
const LONGEST_UNTIL_DAYS = 9;
const HIGHEST_PROGRAM = 11;

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

export interface Translated {
  readonly body: SetStatus;
  /** The readings that will show it. */
  readonly expects: ReportedValues;
}

interface Target {
  readonly plant: Pick<Plant, 'timeZone'>;
  readonly module: Pick<Module, 'readings' | 'programs'>;
}

type ModeWish = Extract<ModuleWish, { action: 'set_mode' }>;
/** The wishes that a thermostat of Legrand's knows. */
export type ThermostatWish = Extract<ModuleWish, { action: 'set_setpoint' | 'set_mode' }>;

/** What a wish may say beside its mode. */
const extras: Record<ModeWish['mode'], readonly ('program' | 'minutes' | 'until')[]> = {
  automatic: ['program'],
  manual: ['until'],
  boost: ['minutes'],
  off: ['until'],
  protection: [],
  away: [],
};

/**
 * @throws {LatchkeyError} request_invalid – a value that the thermostat does not take; `details.fields` says which
 * @throws {LatchkeyError} command_unsupported – mode `away`, which this thermostat does not have
 */
export function toSetStatus(wish: ThermostatWish, target: Target, now: number): Translated {
  const { mode, ...rest } =
    wish.action === 'set_setpoint'
      ? manual(wish.temperatureC, wish.until, target, now)
      : toMode(wish, target, now);
  // Setting a mode without its function would be refused, and naming the other one would switch heating to cooling.
  const current = target.module.readings.function?.value === 'cooling' ? 'cooling' : 'heating';
  return { body: { function: current, mode, ...rest.body }, expects: { mode, ...rest.expects } };
}

interface ModePart {
  readonly mode: SetStatus['mode'];
  readonly body?: Omit<SetStatus, 'function' | 'mode'>;
  readonly expects?: ReportedValues;
}

function toMode(wish: ModeWish, target: Target, now: number): ModePart {
  for (const field of ['program', 'minutes', 'until'] as const) {
    if (wish[field] !== undefined && !extras[wish.mode].includes(field)) {
      refuseField(field, `has no meaning with mode ${wish.mode}`);
    }
  }
  switch (wish.mode) {
    case 'automatic':
      return automatic(wish.program, target);
    case 'manual':
      return manual(presentSetpoint(target), wish.until, target, now);
    case 'boost':
      return boost(wish.minutes, target, now);
    case 'off':
      return off(wish.until, target, now);
    case 'protection':
      return { mode: 'protection' };
    case 'away':
      throw new LatchkeyError('command_unsupported', 'This thermostat has no mode away', {
        details: { remedy: 'Use mode protection or off, or a program for the time away' },
      });
  }
}

function automatic(wished: string | undefined, { module }: Target): ModePart {
  const { programs, readings } = module;
  const followed = readings.program?.value;
  const program =
    wished ??
    (typeof followed === 'string' ? followed : undefined) ??
    programs.find(({ programId }) => programId !== '0')?.programId;
  if (program === undefined)
    return refuseField('program', 'is needed: the thermostat has not told its programs');
  const known = programs.map(({ programId }) => programId);
  const isMissing = program === wished && known.length > 0 && !known.includes(program);
  if (isMissing || !/^\d{1,2}$/.test(program) || Number(program) > HIGHEST_PROGRAM) {
    refuseField(
      'program',
      `is not a program of this thermostat; it has ${known.join(', ') || `0 to ${HIGHEST_PROGRAM}`}`,
    );
  }
  return { mode: 'automatic', body: { programs: [{ number: Number(program) }] }, expects: { program } };
}

function manual(temperatureC: number, until: UtcTime | undefined, target: Target, now: number): ModePart {
  const tenths = Math.round(temperatureC * 10);
  if (temperatureC < LOWEST_C || temperatureC > HIGHEST_C || Math.abs(temperatureC * 10 - tenths) > 1e-6) {
    return refuseField('temperatureC', `must be between ${LOWEST_C} and ${HIGHEST_C} in steps of 0.1`);
  }
  const value = (tenths / 10).toFixed(1);
  const end = until === undefined ? undefined : endOf(until, target, now);
  return {
    mode: 'manual',
    body: { setPoint: { value, unit: 'C' }, ...(end && { activationTime: end.wall }) },
    expects: { setpoint: tenths / 10, ...(end && { mode_until: end.utc }) },
  };
}

/** Holds what the thermostat aims at now. While it boosts that is the end of its scale, which nobody wants to keep. */
function presentSetpoint({ module: { readings } }: Target): number {
  const setpoint = readings.setpoint?.value;
  const isHeldSafely = typeof setpoint === 'number' && setpoint >= LOWEST_C && setpoint <= HIGHEST_C;
  if (!isHeldSafely || readings.mode?.value === 'boost') {
    return refuseField('mode', 'manual needs a temperature: use the action set_setpoint');
  }
  return Math.round(setpoint * 10) / 10;
}

/** The device runs its own timer from here on, so the end is not among what is expected. */
function boost(minutes: number | undefined, { plant }: Target, now: number): ModePart {
  if (minutes === undefined || !BOOST_MINUTES.includes(minutes)) {
    return refuseField(
      'minutes',
      `must be ${BOOST_MINUTES.slice(0, -1).join(', ')} or ${BOOST_MINUTES.at(-1)}`,
    );
  }
  const start = wholeMinute(now);
  return {
    mode: 'boost',
    body: { activationTime: range(start, start + minutes * MINUTE_MS, plant.timeZone) },
  };
}

function off(until: UtcTime | undefined, target: Target, now: number): ModePart {
  if (until === undefined) return { mode: 'off' };
  const end = endOf(until, target, now);
  return {
    mode: 'off',
    // Seen in the wild as a range only, unlike manual mode's single end.
    body: { activationTime: range(wholeMinute(now), Date.parse(end.utc), target.plant.timeZone) },
    expects: { mode_until: end.utc },
  };
}

/** The end of a mode, on the quarter-hours that the device knows. */
function endOf(until: UtcTime, { plant }: Target, now: number): { utc: UtcTime; wall: string } {
  const epochMs = Date.parse(until);
  const wall = toWallClock(epochMs, plant.timeZone);
  const utc = toUtc(epochMs);
  if (epochMs % MINUTE_MS !== 0 || !/:(00|15|30|45):00$/.test(wall)) {
    refuseField('until', 'must be on a quarter of an hour (:00, :15, :30 or :45)');
  }
  if (epochMs <= now || epochMs > now + LONGEST_UNTIL_DAYS * DAY_MS) {
    refuseField('until', `must be in the future, at most ${LONGEST_UNTIL_DAYS} days ahead`);
  }
  if (readClock(wall, plant.timeZone) !== utc) {
    refuseField(
      'until',
      'lies in the hour that comes twice when the clocks go back, which Legrand cannot tell apart',
    );
  }
  return { utc, wall };
}

function range(startMs: number, endMs: number, timeZone: string): string {
  return `${toWallClock(startMs, timeZone)}/${toWallClock(endMs, timeZone)}`;
}

function wholeMinute(epochMs: number): number {
  return Math.floor(epochMs / MINUTE_MS) * MINUTE_MS;
}
