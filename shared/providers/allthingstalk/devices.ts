/** What AllThingsTalk's devices are to us, for the table of what is supported. Pure. */
import type { SupportedDevice } from '../../domain/device-support.ts';
import { assetRows } from './asset-rows.ts';
import { type DeviceRow, deviceRows } from './device-rows.ts';

/** A device has any assets: these are what it is known by, beside which it has whatever its maker gave it. */
export const allthingstalkDevices: readonly SupportedDevice[] = [
  ...deviceRows.map((row) => ({
    device: row.device,
    title: row.title,
    types: typesOf(row),
    capabilities: capabilitiesOf(row),
    actions: row.device === 'custom' ? ['set_value' as const] : [...actionsOf(row), 'set_value' as const],
  })),
  {
    device: 'gateway',
    title: 'Gateway that devices are behind',
    types: ['gateway'],
    capabilities: [],
    actions: [],
  },
];

function capabilitiesOf({ all = [], obeys = [], any = [] }: DeviceRow) {
  return [...all, ...obeys, ...any];
}

function actionsOf({ obeys = [] }: DeviceRow) {
  return obeys.flatMap((capability) => assetRows.find((row) => row.capability === capability)?.action ?? []);
}

function typesOf(row: DeviceRow): string[] {
  const needed = capabilitiesOf(row);
  return needed.length === 0 ? ['any assets'] : needed.map((capability) => `asset of ${capability}`);
}
