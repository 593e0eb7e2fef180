/** Values that change by themselves, told every ten minutes. Pure: no clock, no chance. */
import { outdoorC } from '../../simulation/indoor-air.ts';
import { zonedAt } from '../../simulation/wall-clock.ts';
import type { Asset, Movement } from './asset.ts';
import type { Device } from './device.ts';

export const MOVEMENT_PERIOD_MS = 600_000;

/** What a kettle draws. */
const PLUG_WATTS = 1180;
const HOUR_MS = 3_600_000;

const movements: Readonly<Record<Movement, (device: Device, asset: Asset, epochMs: number) => number>> = {
  indoor_temperature: (_device, _asset, epochMs) =>
    rounded(20.6 + 1.1 * wave(epochMs - 15 * HOUR_MS, 24 * HOUR_MS) + 0.3 * wave(epochMs, 1.7 * HOUR_MS), 1),
  outdoor_temperature: (_device, _asset, epochMs) => {
    const { dayOfYear, hour, minute } = zonedAt(epochMs, 'UTC');
    return rounded(outdoorC(dayOfYear, hour + minute / 60), 1);
  },
  humidity: (_device, _asset, epochMs) => rounded(46 + 5 * wave(epochMs, 9 * HOUR_MS), 0),
  particles: (_device, _asset, epochMs) => rounded(14 + 8 * wave(epochMs, 11 * HOUR_MS), 0),
  power: (device, _asset, epochMs) =>
    isOn(device) ? rounded(PLUG_WATTS + 40 * wave(epochMs, 0.6 * HOUR_MS), 1) : 0,
  energy: (device, asset) => {
    const kwhPerPeriod = isOn(device) ? (PLUG_WATTS / 1000) * (MOVEMENT_PERIOD_MS / HOUR_MS) : 0;
    return rounded(Number(asset.reports.at(-1)?.value ?? 0) + kwhPerPeriod, 3);
  },
};

export function movedValue(device: Device, asset: Asset, epochMs: number): number | undefined {
  return asset.movement && movements[asset.movement](device, asset, epochMs);
}

/** Whether the plug's switch was last reported as on. */
function isOn({ assets }: Device): boolean {
  return assets.find(({ name }) => name === 'switch')?.reports.at(-1)?.value === true;
}

function wave(epochMs: number, periodMs: number): number {
  return Math.cos((2 * Math.PI * epochMs) / periodMs);
}

function rounded(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
