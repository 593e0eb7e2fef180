/** What AllThingsTalk's devices are to us, for the table of what is supported. Pure. */
import type { CommandAction } from '../../domain/command-action.ts';
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
    actions: actionsOf(row),
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

/** Of what it is known by; whatever else is an actuator can be told a value. */
function actionsOf({ device, obeys = [] }: DeviceRow): CommandAction[] {
  if (obeys.length === 0) return device === 'custom' ? ['set_value'] : [];
  const own = obeys.flatMap((told) => assetRows.find(({ capability }) => capability === told)?.action ?? []);
  return [...own, 'set_value'];
}

function typesOf(row: DeviceRow): string[] {
  const needed = capabilitiesOf(row);
  return needed.length === 0 ? ['any assets'] : needed.map((capability) => `asset of ${capability}`);
}
