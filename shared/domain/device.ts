import * as z from 'zod';

/** The families that devices belong to; access scopes are granted by system. */
export const System = z.enum(['comfort', 'lighting', 'energy', 'automation', 'security', 'weather']);
export type System = z.infer<typeof System>;

/** The logical kinds of module and the system of each; `null`: it belongs to none. */
export const devices = {
  thermostat: { system: 'comfort' },
  /** A module whose kind we do not know; it is kept, and what it reports is read. */
  unknown: { system: null },
} as const satisfies Record<string, { system: System | null }>;

export type Device = keyof typeof devices;
export const Device = z.enum(Object.keys(devices) as [Device, ...Device[]]);

export function systemOf(device: Device): System | null {
  return devices[device].system;
}
