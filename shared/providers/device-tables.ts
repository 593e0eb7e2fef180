/** What every cloud has in the way of devices, for the table of what is supported: a line a cloud. Pure: no I/O, no clock. */
import type { SupportedDevice } from '../domain/device-support.ts';
import type { ProviderName } from '../domain/provider-name.ts';
import { legrandDevices } from './legrand/devices.ts';
import { netatmoDevices } from './netatmo/device-rows.ts';

export const deviceTables: Readonly<Record<ProviderName, readonly SupportedDevice[]>> = {
  legrand: legrandDevices,
  netatmo: netatmoDevices,
};
