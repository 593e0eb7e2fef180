/** From grounds, devices and assets to plants, modules and capabilities. Pure. */
import type { CommandAction } from '../../domain/command-action.ts';
import type { Module } from '../../domain/module.ts';
import { ownCapability } from '../../domain/own-capability.ts';
import {
  type CapabilityName,
  type CapabilityProfile,
  type CapabilityProfiles,
  declarationOf,
  type ReadingValue,
} from '../../domain/reading.ts';
import { cutText } from '../../domain/text.ts';
import type { DiscoveredModule } from '../provider.ts';
import { type AssetRow, rowOfAsset, type Scale, scaleOf } from './asset-rows.ts';
import { deviceOf } from './device-rows.ts';
import { readValue, valueType } from './values.ts';
import type { Asset, Device } from './wire.ts';

/** A module with all its readings is one item of the table. */
const MOST_ASSETS = 150;
const LONGEST_TITLE = 200;

/** A device as a module, with what its assets are. */
export function toModule(device: Device): DiscoveredModule {
  const found = toCapabilities(device.assets.slice(0, MOST_ASSETS));
  const known = found.filter(({ row }) => row !== undefined);
  return {
    nativeId: device.id,
    device: deviceOf(namesOf(known), namesOf(known.filter(({ profile }) => profile.writable))),
    name: titleOf(device),
    ambientId: null,
    capabilities: found.map(({ capability }) => capability),
    profiles: Object.fromEntries(found.map(({ capability, profile }) => [capability, profile])),
    actions: actionsOf(found),
    programs: [],
    native: {
      ...(device.gatewayId !== undefined && { gateway: device.gatewayId }),
      ...Object.fromEntries(
        found.map(({ capability, asset }) => [
          nativeKey(capability),
          [asset.id, asset.name, asset.profile?.unit ?? '', asset.profile?.type ?? ''],
        ]),
      ),
    },
  };
}

/** Whatever can be told a value, and what we have a word for by that word, too. */
function actionsOf(found: readonly FoundCapability[]): CommandAction[] {
  const writable = found.filter(({ profile }) => profile.writable);
  if (writable.length === 0) return [];
  return [...writable.flatMap(({ row }) => row?.action ?? []), 'set_value'];
}

/** What devices talk through: it has no readings of its own. */
export function toGateway(nativeId: string, title: string | undefined): DiscoveredModule {
  return {
    nativeId,
    device: 'gateway',
    name: title ?? 'Gateway',
    ambientId: null,
    capabilities: [],
    actions: [],
    programs: [],
  };
}

export function titleOf({ title, name }: { title?: string | undefined; name?: string | undefined }): string {
  return cutText(title ?? name ?? 'AllThingsTalk', LONGEST_TITLE);
}

interface FoundCapability {
  readonly capability: CapabilityName;
  readonly asset: Asset;
  readonly profile: CapabilityProfile;
  /** Absent: it is what the module calls its own. */
  readonly row?: AssetRow;
}

/** Each asset once. Of several that are the same to us, the one that is called so has the word, else the first by name. */
function toCapabilities(assets: readonly Asset[]): FoundCapability[] {
  const holders = new Map<string, Asset>();
  const rank = ({ name }: Asset, { capability }: AssetRow) => (name.toLowerCase() === capability ? '' : name);
  for (const asset of assets) {
    const row = rowOf(asset);
    if (!row) continue;
    const holder = holders.get(row.capability);
    if (!holder || rank(asset, row) < rank(holder, row)) holders.set(row.capability, asset);
  }
  const found = assets.map((asset): FoundCapability => {
    const row = rowOf(asset);
    return row && holders.get(row.capability) === asset
      ? { capability: row.capability, asset, row, profile: profileOf(asset, row) }
      : { capability: ownCapability(asset.name), asset, profile: profileOf(asset, undefined) };
  });
  // Names are unique on a device; where a list has one twice, the first counts.
  const first = new Map(found.toReversed().map((each) => [each.capability, each]));
  return found.filter((each) => first.get(each.capability) === each);
}

function rowOf(asset: Asset): AssetRow | undefined {
  return rowOfAsset(asset, valueType(asset.profile?.type));
}

/** In our unit where we have a word for it, else as it came. */
function profileOf({ name, title, is, profile }: Asset, row: AssetRow | undefined): CapabilityProfile {
  const scale = row && scaleOf(row, profile?.unit);
  const minimum = scaled(profile?.minimum, scale);
  const maximum = scaled(profile?.maximum, scale);
  return {
    type: valueType(profile?.type),
    unit: row ? (declarationOf(row.capability, {})?.unit ?? null) : (profile?.unit ?? null),
    ...(minimum !== undefined && { minimum }),
    ...(maximum !== undefined && { maximum }),
    writable: is === 'actuator' || is === 'virtual',
    title: titleOf({ title, name }),
    name,
  };
}

function namesOf(found: readonly FoundCapability[]): ReadonlySet<string> {
  return new Set(found.map(({ capability }) => capability));
}

const nativeKey = (capability: CapabilityName) => `asset:${capability}`;

/** The asset behind a module's capability, and how its values are read and written. */
export interface KnownAsset {
  readonly assetId: string;
  readonly name: string;
  /** Whether its numbers have no fractions. */
  readonly isWhole: boolean;
  /** Of a value of the asset's; `undefined`: it is not what the profile says. */
  readonly toOurs: (value: unknown) => ReadingValue | undefined;
  /** Of a value of ours, for the asset. */
  readonly toTheirs: (value: ReadingValue) => ReadingValue;
}

/** `undefined` where the module has no such capability. */
export function assetOf(
  { native, profiles }: Pick<Module, 'native' | 'profiles'>,
  capability: CapabilityName,
): KnownAsset | undefined {
  const [assetId, name, unit, type] = native[nativeKey(capability)] ?? [];
  const profile = profiles[capability];
  if (assetId === undefined || name === undefined || !profile) return undefined;
  const scale = scaleFor(capability, name, profile, unit);
  return {
    assetId,
    name,
    isWhole: type === 'integer',
    toOurs: (value) => {
      const read = readValue(profile.type, value);
      return typeof read === 'number' ? scaled(read, scale) : read;
    },
    toTheirs: (value) =>
      typeof value === 'number' && scale ? rounded((value - scale.offset) / scale.factor) : value,
  };
}

function scaleFor(
  capability: CapabilityName,
  name: string,
  { type }: CapabilityProfile,
  unit: string | undefined,
): Scale | undefined {
  const asset = { id: '', name, ...(unit && { profile: { unit } }) } as const;
  const row = rowOfAsset(asset, type);
  return row?.capability === capability ? scaleOf(row, unit === '' ? undefined : unit) : undefined;
}

/** All capabilities by the names of their assets, as states are told by these. */
export function capabilitiesByName(profiles: CapabilityProfiles): ReadonlyMap<string, CapabilityName> {
  const entries = Object.entries(profiles) as [CapabilityName, CapabilityProfile | undefined][];
  return new Map(entries.flatMap(([capability, profile]) => (profile ? [[profile.name, capability]] : [])));
}

function scaled(value: number | undefined, scale: Scale | undefined): number | undefined {
  if (value === undefined || scale === undefined) return value;
  return scale.factor === 1 ? value + scale.offset : rounded(value * scale.factor + scale.offset);
}

/** Converting leaves digits that nobody measured. */
function rounded(value: number): number {
  return Math.round(value * 1e6) / 1e6;
}
