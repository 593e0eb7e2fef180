import { type DeviceType, thermostatBattery } from './device-type.ts';

export const energyTypes = {
  NAPlug: { family: 'thermostat', radio: 'wifi', commands: [], withoutReachable: true },
  NATherm1: {
    family: 'thermostat',
    radio: 'rf',
    commands: [],
    battery: thermostatBattery,
    status: { boiler_valve_comfort_boost: false, anticipating: false },
  },
  NRV: { family: 'thermostat', radio: 'rf', commands: [], battery: thermostatBattery },
  OTH: {
    family: 'thermostat',
    radio: 'wifi',
    commands: [],
    withoutReachable: true,
    status: { boiler_control: 'onoff', dhw_control: 'none' },
  },
  OTM: {
    family: 'thermostat',
    radio: 'rf',
    commands: [],
    battery: thermostatBattery,
    status: { boiler_valve_comfort_boost: false, anticipating: false },
  },
  NAC: { family: 'thermostat', radio: 'wifi', commands: [], withoutReachable: true },
} as const satisfies Record<string, DeviceType>;
