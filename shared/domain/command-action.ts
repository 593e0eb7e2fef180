import * as z from 'zod';
import { UtcTime } from './time.ts';

/** Degrees Celsius that any thermostat we know accepts; a driver narrows it to its own device. */
const temperatureC = z.number().min(3).max(40);

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
};

export type CommandAction = keyof typeof moduleWishes;
export const CommandAction = z.enum(Object.keys(moduleWishes) as [CommandAction, ...CommandAction[]]);

/** One wish sent to a module. */
export const ModuleWish = z.discriminatedUnion('action', [moduleWishes.set_setpoint, moduleWishes.set_mode]);
export type ModuleWish = z.infer<typeof ModuleWish>;
