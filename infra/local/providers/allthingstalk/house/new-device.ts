import { newObjectId } from '../ids.ts';
import type { Asset } from './asset.ts';
import type { Device } from './device.ts';

type DeviceFacts = Pick<Device, 'name' | 'title'> & Partial<Omit<Device, 'groundId'>>;

/** A device without anything, that nobody has heard of yet. */
export function createDevice(groundId: string, facts: DeviceFacts, epochMs: number): Device {
  return {
    deviceId: newObjectId(),
    description: '',
    type: 'custom',
    groundId,
    gatewayId: null,
    activityEnabled: true,
    createdEpochMs: epochMs,
    updatedEpochMs: epochMs,
    lastActiveEpochMs: null,
    meta: {},
    assets: [],
    online: true,
    ...facts,
  };
}

type AssetFacts = Pick<Asset, 'name'> & Partial<Asset>;

/** A point that was never reported; without a profile it is text (contract 3.3). */
export function createAsset(facts: AssetFacts, epochMs: number): Asset {
  return {
    assetId: newObjectId(),
    title: facts.name,
    description: null,
    is: 'sensor',
    profile: { type: 'string' },
    style: 'undefined',
    createdBy: null,
    createdEpochMs: epochMs,
    updatedEpochMs: epochMs,
    reports: [],
    ...facts,
  };
}
