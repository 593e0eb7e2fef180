import { type DeviceType, indoorBattery, outdoorBattery, windBattery } from './device-type.ts';

export const weatherTypes = {
  NAMain: {
    family: 'station',
    radio: 'wifi',
    commands: [],
    measures: ['Temperature', 'CO2', 'Humidity', 'Noise', 'Pressure'],
  },
  NAModule1: {
    family: 'station',
    radio: 'rf',
    commands: [],
    battery: outdoorBattery,
    measures: ['Temperature', 'Humidity'],
  },
  NAModule2: { family: 'station', radio: 'rf', commands: [], battery: windBattery, measures: ['Wind'] },
  NAModule3: { family: 'station', radio: 'rf', commands: [], battery: outdoorBattery, measures: ['Rain'] },
  NAModule4: {
    family: 'station',
    radio: 'rf',
    commands: [],
    battery: indoorBattery,
    measures: ['Temperature', 'CO2', 'Humidity'],
  },
  NHC: {
    family: 'homecoach',
    radio: 'wifi',
    commands: [],
    measures: ['Temperature', 'CO2', 'Humidity', 'Noise', 'Pressure', 'health_idx'],
  },
} as const satisfies Record<string, DeviceType>;
