import * as z from 'zod';
import type { Device } from './device.ts';
import { ModuleId } from './ids.ts';
import { CapabilityName, DEEPEST_VALUE, isKeepable, LONGEST_VALUE, ReadingValue } from './reading.ts';
import { UtcTime } from './time.ts';

/** Degrees Celsius that any thermostat we know accepts; a driver narrows it to its own device. */
const temperatureC = z.number().min(3).max(40);
const percent = z.number().min(0).max(100);

export const thermostatModes = ['automatic', 'manual', 'boost', 'off', 'protection', 'away'] as const;

/** What can be wished of one module, by action. */
export const moduleWishes = {
  set_setpoint: z.strictObject({
    action: z.literal('set_setpoint'),
    temperatureC,
    until: UtcTime.optional(),
  }),
  set_mode: z.strictObject({
    action: z.literal('set_mode'),
    mode: z.enum(thermostatModes),
    /** Id of a programme of the module; for `automatic`. */
    program: z.string().min(1).max(64).optional(),
    /** For `boost`. */
    minutes: z
      .int()
      .positive()
      .max(24 * 60)
      .optional(),
    until: UtcTime.optional(),
  }),
  set_switch: z.strictObject({ action: z.literal('set_switch'), on: z.boolean() }),
  set_brightness: z.strictObject({ action: z.literal('set_brightness'), percent }),
  /** 0 closed, 100 open. */
  set_position: z.strictObject({ action: z.literal('set_position'), percent }),
  stop: z.strictObject({ action: z.literal('stop') }),
  set_fan: z.strictObject({ action: z.literal('set_fan'), speed: z.int().min(0).max(100) }),
  set_monitoring: z.strictObject({ action: z.literal('set_monitoring'), on: z.boolean() }),
  set_floodlight: z.strictObject({
    action: z.literal('set_floodlight'),
    mode: z.enum(['on', 'off', 'auto']),
  }),
  /** Any capability that can be told a value, in the form and the unit of its readings. */
  set_value: z.strictObject({
    action: z.literal('set_value'),
    capability: CapabilityName,
    value: ReadingValue.refine(
      isKeepable,
      `must be at most ${LONGEST_VALUE} bytes of JSON and ${DEEPEST_VALUE} levels deep, with numbers up to 2^53 and a name for every member`,
    ),
  }),
};

/** What can be wished of a plant as a whole, by action. */
export const plantWishes = {
  set_plant_mode: z.strictObject({
    action: z.literal('set_plant_mode'),
    mode: z.enum(['schedule', 'away', 'frost_guard']),
    /** For `away` and `frost_guard`. */
    until: UtcTime.optional(),
  }),
  select_schedule: z.strictObject({
    action: z.literal('select_schedule'),
    /** Id of a programme of the plant's own module. */
    scheduleId: z.string().min(1).max(64),
  }),
  set_presence: z.strictObject({
    action: z.literal('set_presence'),
    present: z.boolean(),
    /** Modules of the kind `person`; everybody unless given. */
    persons: z.array(ModuleId).min(1).max(50).optional(),
  }),
};

const wishes = { ...moduleWishes, ...plantWishes };

export type CommandAction = keyof typeof wishes;
export const CommandAction = z.enum(Object.keys(wishes) as [CommandAction, ...CommandAction[]]);

/** Whom a wish to a plant concerns beside the plant: it takes the right to command those, too. */
export const concerns: Partial<Record<CommandAction, Device>> = { set_presence: 'person' };

/** One wish sent to a plant as a whole, with what a caller may say beside it. */
export const plantWishWith = <E extends z.ZodRawShape>(beside: E) =>
  z.discriminatedUnion('action', [
    plantWishes.set_plant_mode.extend(beside),
    plantWishes.select_schedule.extend(beside),
    plantWishes.set_presence.extend(beside),
  ]);

/** One wish sent to a module, with what a caller may say beside it. */
export const wishWith = <E extends z.ZodRawShape>(beside: E) =>
  z.discriminatedUnion('action', [
    moduleWishes.set_setpoint.extend(beside),
    moduleWishes.set_mode.extend(beside),
    moduleWishes.set_switch.extend(beside),
    moduleWishes.set_brightness.extend(beside),
    moduleWishes.set_position.extend(beside),
    moduleWishes.stop.extend(beside),
    moduleWishes.set_fan.extend(beside),
    moduleWishes.set_monitoring.extend(beside),
    moduleWishes.set_floodlight.extend(beside),
    moduleWishes.set_value.extend(beside),
    plantWishWith(beside),
  ]);

/** One wish sent to a module; the plant as a whole is one, too. */
export const ModuleWish = wishWith({});
export type ModuleWish = z.infer<typeof ModuleWish>;
