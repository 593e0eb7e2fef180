import * as z from 'zod';

/** The families that devices belong to; access scopes are granted by system. */
export const System = z.enum(['comfort', 'lighting', 'energy', 'automation', 'security', 'weather']);
export type System = z.infer<typeof System>;

/** The logical kinds of module and the system of each; `null`: it belongs to none. */
export const devices = {
  /** The plant as a whole, where it can be told something as a whole: its mode, its schedule, who is there. */
  plant: { system: 'automation' },
  thermostat: { system: 'comfort' },
  radiator_valve: { system: 'comfort' },
  /** An electric radiator on a pilot wire, a towel rail, a fan coil: what makes warmth or cold by itself. */
  heater: { system: 'comfort' },
  air_conditioner: { system: 'comfort' },
  fan: { system: 'comfort' },
  air_monitor: { system: 'comfort' },
  light: { system: 'lighting' },
  /** A switch or a remote control on the wall: it commands others, and has no state of its own. */
  remote: { system: 'lighting' },
  plug: { system: 'energy' },
  /** A contactor, a latching relay, a dry contact. */
  relay: { system: 'energy' },
  meter: { system: 'energy' },
  load_shedder: { system: 'energy' },
  shutter: { system: 'automation' },
  garage_door: { system: 'automation' },
  camera: { system: 'security' },
  doorbell: { system: 'security' },
  intercom: { system: 'security' },
  alarm_panel: { system: 'security' },
  siren: { system: 'security' },
  opening_sensor: { system: 'security' },
  smoke_detector: { system: 'security' },
  carbon_monoxide_detector: { system: 'security' },
  lock: { system: 'security' },
  /** Somebody whom the cameras of the plant know. */
  person: { system: 'security' },
  weather_station: { system: 'weather' },
  indoor_sensor: { system: 'weather' },
  outdoor_sensor: { system: 'weather' },
  wind_gauge: { system: 'weather' },
  rain_gauge: { system: 'weather' },
  /** A module that talks to the cloud for others. */
  gateway: { system: null },
  /** What its owner made it: what it is shows in the capabilities that it calls its own. */
  custom: { system: null },
  /** A module whose kind we do not know; it is kept, and what it reports is read. */
  unknown: { system: null },
} as const satisfies Record<string, { system: System | null }>;

export type Device = keyof typeof devices;
export const Device = z.enum(Object.keys(devices) as [Device, ...Device[]]);

export function systemOf(device: Device): System | null {
  return devices[device].system;
}
