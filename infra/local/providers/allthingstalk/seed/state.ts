import { keepReport } from '../house/asset.ts';
import type { Device } from '../house/device.ts';
import { MOVEMENT_PERIOD_MS, movedValue } from '../house/movements.ts';
import { usualSettings } from '../settings.ts';
import type { CloudState } from '../state.ts';
import { createDevices } from './devices.ts';
import { gateways, grounds, staticTokens } from './grounds.ts';
import { people } from './people.ts';

/** How far back what changes by itself was told. */
const PAST_MS = 2 * 24 * 3_600_000;

export function createState(epochMs: number): CloudState {
  return {
    format: 1,
    clockOffsetMs: 0,
    settings: { ...usualSettings },
    users: structuredClone([...people]),
    grounds: structuredClone([...grounds]),
    gateways: structuredClone([...gateways]),
    orphans: [],
    devices: createDevices(epochMs).map((device) => withPast(device, epochMs)),
    movedUntilEpochMs: epochMs,
    acts: [],
    commands: [],
    staticTokens: structuredClone([...staticTokens]),
    challenges: [],
    accessTokens: [],
    refreshTokens: [],
    rules: [],
    waiting: [],
    calls: {},
    notifications: [],
    faults: [],
  };
}

function withPast(device: Device, epochMs: number): Device {
  const first = Math.ceil((epochMs - PAST_MS) / MOVEMENT_PERIOD_MS) * MOVEMENT_PERIOD_MS;
  for (let atEpochMs = first; atEpochMs <= epochMs; atEpochMs += MOVEMENT_PERIOD_MS)
    for (const asset of device.assets) {
      const value = movedValue(device, asset, atEpochMs);
      if (value === undefined) continue;
      keepReport(
        asset,
        { atEpochMs, receivedEpochMs: atEpochMs, value },
        { stored: true, sameAt: 'last_wins' },
      );
      device.lastActiveEpochMs = Math.max(device.lastActiveEpochMs ?? 0, atEpochMs);
    }
  return device;
}
