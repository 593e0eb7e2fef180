/** What a device is to us, by what its assets are: the first row that fits counts. Pure. */
import type { Device } from '../../domain/device.ts';
import type { KnownCapability } from '../../domain/reading.ts';

export interface DeviceRow {
  readonly device: Device;
  /** For the table of what is supported. */
  readonly title: string;
  /** It has all of these; those that it can be told as well are the ones in `obeys`. */
  readonly all?: readonly KnownCapability[];
  readonly obeys?: readonly KnownCapability[];
  /** And at least one of these. */
  readonly any?: readonly KnownCapability[];
}

export const deviceRows: readonly DeviceRow[] = [
  { device: 'shutter', title: 'Shutter or blind with a position', obeys: ['position'] },
  { device: 'thermostat', title: 'Thermostat with a set point', all: ['temperature'], obeys: ['setpoint'] },
  { device: 'light', title: 'Lamp with a brightness', obeys: ['brightness'] },
  { device: 'plug', title: 'Plug that measures', all: ['power'], obeys: ['switch'] },
  { device: 'relay', title: 'Switch or relay', obeys: ['switch'] },
  { device: 'smoke_detector', title: 'Smoke detector', all: ['smoke'] },
  { device: 'opening_sensor', title: 'Sensor at a door or window', all: ['open'] },
  { device: 'air_monitor', title: 'Air monitor', all: ['co2'] },
  { device: 'wind_gauge', title: 'Wind gauge', all: ['wind_speed'] },
  { device: 'outdoor_sensor', title: 'Outdoor thermometer', all: ['outdoor_temperature'] },
  { device: 'indoor_sensor', title: 'Thermometer, hygrometer', any: ['temperature', 'humidity'] },
  { device: 'meter', title: 'Meter of power', all: ['power'] },
  { device: 'custom', title: 'Anything else' },
];

/**
 * @param reported – what of the device we have a word for
 * @param told – those of them that it can be told
 */
export function deviceOf(reported: ReadonlySet<string>, told: ReadonlySet<string>): Device {
  const row = deviceRows.find(
    ({ all = [], obeys = [], any }) =>
      all.every((capability) => reported.has(capability)) &&
      obeys.every((capability) => told.has(capability)) &&
      (any === undefined || any.some((capability) => reported.has(capability))),
  );
  return row?.device ?? 'custom';
}
