import type { Device } from '../house/device.ts';
import { createAsset, createDevice } from '../house/new-device.ts';

/** So many thermometers with a relay each, as a large building has them. */
export function generateDevices(groundId: string, devices: number, epochMs: number): Device[] {
  return Array.from({ length: devices }, (_, index) => {
    const number = index + 1;
    const report = { atEpochMs: epochMs, receivedEpochMs: epochMs };
    return {
      ...createDevice(
        groundId,
        { name: `node-${number}`, title: `Node ${number}`, actsAfterSeconds: 1 },
        epochMs,
      ),
      lastActiveEpochMs: epochMs,
      assets: [
        createAsset(
          {
            name: 'temperature',
            title: 'Temperature',
            profile: { type: 'number', unit: '°C' },
            reports: [{ ...report, value: 18 + (number % 50) / 10 }],
          },
          epochMs,
        ),
        createAsset(
          {
            name: 'relay',
            title: 'Relay',
            is: 'actuator',
            profile: { type: 'boolean' },
            reports: [{ ...report, value: number % 2 === 0 }],
          },
          epochMs,
        ),
      ],
    };
  });
}
