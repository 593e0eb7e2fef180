/** What this program supports of every cloud's devices, by the name of the cloud. */
import type { ProviderDevices } from '../api/device-document.ts';
import { deviceTables } from '../providers/device-tables.ts';

export const supportedDevices: readonly ProviderDevices[] = [
  { provider: 'Legrand', devices: deviceTables.legrand },
  { provider: 'Netatmo', devices: deviceTables.netatmo },
  { provider: 'AllThingsTalk', devices: deviceTables.allthingstalk },
];
