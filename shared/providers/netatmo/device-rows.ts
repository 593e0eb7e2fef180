/**
 * Every type of device that Netatmo is known to have (contract 3.2): what it is to us, what it reports and what it
 * obeys. A further device is a further row. Pure.
 */
import type { CommandAction } from '../../domain/command-action.ts';
import type { Device } from '../../domain/device.ts';
import type { SupportedDevice } from '../../domain/device-support.ts';
import type { CapabilityName } from '../../domain/reading.ts';
import { type BatteryScale, type FieldName, fieldNames } from './device-fields.ts';

/** What tells of weather stations, and of home coaches. */
export type StationCall = 'getstationsdata' | 'gethomecoachsdata';

export interface DeviceRow {
  /**
   * As they are on the wire; `NLIS#` is a channel of one (`#n` at the end of its id), `NLC/radiator` one that drives
   * such an appliance; `home` and `person` are no devices, and are in the topology as well.
   */
  readonly types: readonly string[];
  readonly device: Device;
  /** What it is called where nobody has named it. */
  readonly title: string;
  /** What its present state tells. */
  readonly reports: readonly FieldName[];
  /** What is known of it from pushes or from the history alone. */
  readonly besides?: readonly CapabilityName[];
  readonly actions: readonly CommandAction[];
  readonly battery?: BatteryScale;
  /** Absent: `homestatus`, or `homesdata` for the home itself. */
  readonly toldBy?: StationCall;
  /** It heats or cools its room, and reports that room's climate; what tells it to (contract 3.7, 3.8). */
  readonly setpointBy?: 'setroomthermpoint' | 'setstate';
}

const outdoorBattery: BatteryScale = { fullMv: 6000, emptyMv: 3600 };
const indoorBattery: BatteryScale = { fullMv: 6000, emptyMv: 4200 };
const windBattery: BatteryScale = { fullMv: 6000, emptyMv: 3950 };
const thermostatBattery: BatteryScale = { fullMv: 4500, emptyMv: 3000 };

const pressures = ['pressure', 'pressure_sea_level'] as const;
const wind = ['wind_speed', 'wind_angle', 'gust_speed', 'gust_angle'] as const;
const rain = ['rain', 'rain_hour', 'rain_day'] as const;
const climate = [
  'temperature',
  'setpoint',
  'mode',
  'mode_until',
  'function',
  'heating_power',
  'open_window',
] as const;
const heating = ['set_setpoint', 'set_mode'] as const;
const camera = ['monitoring', 'memory_card', 'power_supply'] as const;
const load = ['switch', 'power', 'shed'] as const;
const positions = ['position', 'target_position'] as const;
const movement = ['set_position', 'stop'] as const;
const energy = ['energy'] as const;
const boiler = ['demand_time'] as const;

export const deviceRows: readonly DeviceRow[] = [
  {
    types: ['home'],
    device: 'plant',
    title: 'Home',
    reports: ['plant_mode', 'plant_mode_until', 'program'],
    actions: ['set_plant_mode', 'select_schedule', 'set_presence'],
  },
  {
    types: ['person'],
    device: 'person',
    title: 'Person',
    reports: ['present'],
    actions: ['set_presence'],
  },

  // Weather and air
  {
    types: ['NAMain'],
    device: 'weather_station',
    title: 'Weather station',
    reports: ['temperature', 'humidity', 'co2', 'noise', ...pressures],
    actions: [],
    toldBy: 'getstationsdata',
  },
  {
    types: ['NAModule1'],
    device: 'outdoor_sensor',
    title: 'Outdoor sensor',
    reports: ['temperature', 'humidity', 'battery'],
    actions: [],
    battery: outdoorBattery,
    toldBy: 'getstationsdata',
  },
  {
    types: ['NAModule2'],
    device: 'wind_gauge',
    title: 'Wind gauge',
    reports: [...wind, 'battery'],
    actions: [],
    battery: windBattery,
    toldBy: 'getstationsdata',
  },
  {
    types: ['NAModule3'],
    device: 'rain_gauge',
    title: 'Rain gauge',
    reports: [...rain, 'battery'],
    actions: [],
    battery: outdoorBattery,
    toldBy: 'getstationsdata',
  },
  {
    types: ['NAModule4'],
    device: 'indoor_sensor',
    title: 'Indoor sensor',
    reports: ['temperature', 'humidity', 'co2', 'battery'],
    actions: [],
    battery: indoorBattery,
    toldBy: 'getstationsdata',
  },
  {
    types: ['NHC'],
    device: 'air_monitor',
    title: 'Air monitor',
    reports: ['temperature', 'humidity', 'co2', 'noise', 'air_quality', ...pressures],
    actions: [],
    toldBy: 'gethomecoachsdata',
  },

  // Heating and cooling
  { types: ['NAPlug'], device: 'gateway', title: 'Relay', reports: [], actions: [] },
  {
    types: ['OTH'],
    device: 'gateway',
    title: 'OpenTherm relay',
    reports: ['outdoor_temperature'],
    actions: [],
  },
  {
    types: ['NATherm1'],
    device: 'thermostat',
    title: 'Thermostat',
    reports: [...climate, 'demand', 'battery'],
    besides: boiler,
    actions: heating,
    battery: thermostatBattery,
    setpointBy: 'setroomthermpoint',
  },
  {
    types: ['NRV'],
    device: 'radiator_valve',
    title: 'Radiator valve',
    reports: [...climate, 'battery'],
    actions: heating,
    battery: thermostatBattery,
    setpointBy: 'setroomthermpoint',
  },
  {
    types: ['OTM'],
    device: 'thermostat',
    title: 'Modulating thermostat',
    reports: [...climate, 'demand', 'battery'],
    besides: boiler,
    actions: heating,
    battery: thermostatBattery,
    setpointBy: 'setstate',
  },
  {
    types: ['BNTH'],
    device: 'thermostat',
    title: 'Thermostat',
    reports: [...climate, 'humidity'],
    actions: heating,
    setpointBy: 'setstate',
  },
  {
    types: ['BNS'],
    device: 'thermostat',
    title: 'Thermostat',
    reports: [...climate, 'humidity', 'demand'],
    besides: boiler,
    actions: heating,
    setpointBy: 'setstate',
  },
  {
    types: ['NAC'],
    device: 'air_conditioner',
    title: 'Air conditioner',
    reports: climate,
    actions: heating,
    setpointBy: 'setstate',
  },
  {
    types: ['BNFC'],
    device: 'heater',
    title: 'Fan coil',
    reports: climate,
    actions: heating,
    setpointBy: 'setstate',
  },
  {
    types: ['BNTR'],
    device: 'heater',
    title: 'Towel rail',
    reports: climate,
    actions: heating,
    setpointBy: 'setstate',
  },
  {
    // On its pilot wire there are orders, and no temperatures.
    types: ['NLC/radiator'],
    device: 'heater',
    title: 'Radiator',
    reports: ['temperature', 'mode', 'mode_until', 'function', 'open_window', ...load],
    besides: energy,
    actions: ['set_mode', 'set_switch'],
    setpointBy: 'setstate',
  },

  // Lighting
  {
    types: ['NLL', 'NLM', 'NLUI', 'NLIS#'],
    device: 'light',
    title: 'Light switch',
    reports: load,
    besides: energy,
    actions: ['set_switch'],
  },
  { types: ['BNIL', 'BNSL'], device: 'light', title: 'Light', reports: ['switch'], actions: ['set_switch'] },
  {
    types: ['NLF', 'NLFN', 'NLFE', 'NLUF', 'NLUO', 'Z3L'],
    device: 'light',
    title: 'Dimmer',
    reports: ['switch', 'brightness', 'power'],
    besides: energy,
    actions: ['set_switch', 'set_brightness'],
  },
  {
    types: ['BNLD'],
    device: 'light',
    title: 'Dimmer',
    reports: ['switch', 'brightness'],
    actions: ['set_switch', 'set_brightness'],
  },
  // Its two channels have the lights.
  { types: ['NLIS'], device: 'remote', title: 'Double switch', reports: [], actions: [] },
  {
    types: ['NLT', 'NLD', 'NLDD', 'NLDP', 'NLAO', 'NLAS', 'NLAV', 'NLTS'],
    device: 'remote',
    title: 'Remote control',
    reports: ['battery'],
    actions: [],
  },

  // Energy
  {
    types: ['NLP', 'NLPM', 'NLPBS', 'NLUP'],
    device: 'plug',
    title: 'Plug',
    reports: load,
    besides: energy,
    actions: ['set_switch'],
  },
  { types: ['BNCS'], device: 'plug', title: 'Plug', reports: ['switch'], actions: ['set_switch'] },
  {
    types: ['NLPT'],
    device: 'relay',
    title: 'Latching relay',
    reports: load,
    besides: energy,
    actions: ['set_switch'],
  },
  {
    types: ['NLPO'],
    device: 'relay',
    title: 'Contactor',
    reports: load,
    besides: energy,
    actions: ['set_switch'],
  },
  {
    types: ['NLPD'],
    device: 'relay',
    title: 'Dry contact',
    reports: load,
    besides: energy,
    actions: ['set_switch'],
  },
  {
    types: ['NLC'],
    device: 'relay',
    title: 'Cable outlet',
    reports: load,
    besides: energy,
    actions: ['set_switch'],
  },
  {
    types: ['NLPC'],
    device: 'meter',
    title: 'Energy meter',
    reports: ['power'],
    besides: energy,
    actions: [],
  },
  { types: ['BNXM'], device: 'meter', title: 'Energy meter', reports: ['power'], actions: [] },
  // It tells what was used, and only in the history, by channel.
  { types: ['NLE'], device: 'meter', title: 'Ecometer', reports: [], actions: [] },
  {
    types: ['NLE#'],
    device: 'meter',
    title: 'Ecometer',
    reports: [],
    besides: energy,
    actions: [],
  },
  { types: ['EBU'], device: 'meter', title: 'Gas meter', reports: [], actions: [] },
  {
    types: ['NLPS'],
    device: 'load_shedder',
    title: 'Load shedder',
    reports: ['power'],
    besides: energy,
    actions: [],
  },

  // Automation
  {
    types: [
      ...['NLV', 'NLLV', 'NLLM', 'NLIV', 'Z3V'],
      ...['NBR', 'NBO', 'NBS', 'TPSRS'],
      ...['BNAB', 'BNAS', 'BNMS'],
    ],
    device: 'shutter',
    title: 'Shutter',
    reports: positions,
    actions: movement,
  },
  { types: ['NLJ'], device: 'garage_door', title: 'Garage door', reports: positions, actions: movement },
  {
    types: ['NLLF'],
    device: 'fan',
    title: 'Fan',
    reports: ['fan_speed', 'power'],
    besides: energy,
    actions: ['set_fan'],
  },

  // Security
  {
    types: ['NACamera', 'NPC'],
    device: 'camera',
    title: 'Indoor camera',
    reports: camera,
    actions: ['set_monitoring'],
  },
  {
    types: ['NOC'],
    device: 'camera',
    title: 'Outdoor camera',
    reports: [...camera, 'floodlight', 'sounding'],
    actions: ['set_monitoring', 'set_floodlight'],
  },
  {
    types: ['NDB'],
    device: 'doorbell',
    title: 'Doorbell',
    reports: camera,
    actions: [],
  },
  {
    types: ['NACamDoorTag'],
    device: 'opening_sensor',
    title: 'Opening sensor',
    reports: ['open', 'battery'],
    actions: [],
  },
  {
    types: ['NIS'],
    device: 'siren',
    title: 'Siren',
    reports: ['sounding', 'monitoring', 'battery'],
    besides: ['tampered'],
    actions: ['set_monitoring'],
  },
  {
    types: ['NSD'],
    device: 'smoke_detector',
    title: 'Smoke detector',
    reports: ['battery'],
    besides: ['smoke', 'tampered'],
    actions: [],
  },
  {
    types: ['NCO'],
    device: 'carbon_monoxide_detector',
    title: 'Carbon monoxide detector',
    reports: ['battery'],
    besides: ['carbon_monoxide', 'tampered'],
    actions: [],
  },
  { types: ['NDL', 'BNDL'], device: 'lock', title: 'Lock', reports: ['battery'], actions: [] },
  {
    types: ['BNCX', 'BNEU', 'BFII', 'BFIC', 'BFIO', 'BFIS'],
    device: 'intercom',
    title: 'Intercom',
    reports: [],
    actions: [],
  },
  { types: ['BNCU', 'BNSE'], device: 'alarm_panel', title: 'Alarm', reports: [], actions: [] },

  // Gateways of no system
  { types: ['NLG', 'NLGS', 'NBG', 'BNMH'], device: 'gateway', title: 'Gateway', reports: [], actions: [] },
];

/** A type that nobody knows is kept, and whatever we know the words of is read. */
export const unknownRow: DeviceRow = {
  types: [],
  device: 'unknown',
  title: 'Module',
  reports: fieldNames,
  actions: [],
};

const rowByType = new Map(deviceRows.flatMap((row) => row.types.map((type) => [type, row] as const)));

/** What decides which row a device has. */
export interface DeviceKind {
  readonly id: string;
  readonly type?: string | undefined;
  /** What it switches, in Netatmo's word. */
  readonly appliance?: string | undefined;
}

export function rowOf({ id, type = '', appliance }: DeviceKind): DeviceRow {
  const channel = id.includes('#') ? rowByType.get(`${type}#`) : undefined;
  return channel ?? rowByType.get(`${type}/${appliance}`) ?? rowByType.get(type) ?? unknownRow;
}

/** The device that a channel (`…#n`) is part of. */
export function parentIdOf(id: string): string | undefined {
  const sign = id.indexOf('#');
  return sign > 0 ? id.slice(0, sign) : undefined;
}

export function capabilitiesOf({ reports, besides = [] }: DeviceRow): CapabilityName[] {
  return [...reports, ...besides];
}

/** For the table of what is supported. */
export const netatmoDevices: readonly SupportedDevice[] = deviceRows.map((row) => ({
  ...row,
  capabilities: capabilitiesOf(row),
}));
