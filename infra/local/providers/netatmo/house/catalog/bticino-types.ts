import type { DeviceType } from './device-type.ts';

const smarther = { family: 'smarther', radio: 'wifi', commands: [] } as const;
const myHome = { family: 'mhs1', radio: 'none' } as const;
const intercom = { family: 'bfi', radio: 'wifi', commands: [], withoutReachable: true } as const;
const classe300 = { family: 'mx', radio: 'wifi', commands: [] } as const;

export const bticinoTypes = {
  // Smarther: Wi-Fi, no bridge, mains.
  BNS: {
    ...smarther,
    withoutReachable: true,
    status: { cooler_status: false, boiler_valve_comfort_boost: false },
  },
  BNTH: { ...myHome, commands: [] },
  BNFC: { ...myHome, commands: [] },
  BNTR: { ...myHome, commands: [] },
  BNMH: { ...myHome, commands: [], withoutReachable: true },
  BNCX: { ...classe300, withoutReachable: true },
  BNEU: classe300,
  BNDL: classe300,
  BNSL: { ...classe300, commands: ['on'], status: { on: false } },
  BNIL: { ...myHome, commands: ['on'], status: { on: false } },
  BNLD: { ...myHome, commands: ['on', 'brightness'], status: { on: false, brightness: 40 } },
  BNCS: { ...myHome, commands: ['on'], status: { on: true }, watts: 30 },
  BNAB: { ...myHome, commands: ['target_position'], shutterStep: 100 },
  BNAS: { ...myHome, commands: ['target_position'], shutterStep: 100 },
  BNMS: { ...myHome, commands: ['target_position'], shutterStep: 1 },
  BNXM: { ...myHome, commands: [], watts: 210, showsPower: true },
  BFII: intercom,
  BFIC: intercom,
  BFIO: intercom,
  BFIS: intercom,
  BNCU: { ...myHome, commands: [] },
  BNSE: { ...myHome, commands: [] },
} as const satisfies Record<string, DeviceType>;
