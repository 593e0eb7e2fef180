/** Every type of device that the contract names (3.2), with what it reports and obeys. The list is open. Pure. */
import type { ScopeFamily } from '../scopes.ts';
import { bticinoTypes } from './catalog/bticino-types.ts';
import type { DeviceType } from './catalog/device-type.ts';
import { energyTypes } from './catalog/energy-types.ts';
import { legrandTypes } from './catalog/legrand-types.ts';
import { securityTypes } from './catalog/security-types.ts';
import { weatherTypes } from './catalog/weather-types.ts';

const types: Readonly<Record<string, DeviceType>> = {
  ...weatherTypes,
  ...energyTypes,
  ...bticinoTypes,
  ...securityTypes,
  ...legrandTypes,
};

export const knownTypes: readonly string[] = Object.keys(types);

/** A type that nobody knows yet shows itself, and nothing else. */
export function typeOf(type: string): DeviceType {
  return types[type] ?? { family: familyOfUnknown(type), radio: 'rf', commands: [] };
}

const prefixes: readonly (readonly [string, ScopeFamily])[] = [
  ['NL', 'magellan'],
  ['NB', 'bubendorff'],
  ['BN', 'mhs1'],
  ['BF', 'bfi'],
  ['NA', 'station'],
];

function familyOfUnknown(type: string): ScopeFamily {
  return prefixes.find(([prefix]) => type.startsWith(prefix))?.[1] ?? 'magellan';
}
