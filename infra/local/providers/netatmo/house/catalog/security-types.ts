import { type DeviceType, indoorBattery, thermostatBattery } from './device-type.ts';

const camera = { radio: 'wifi', withoutReachable: true } as const;
/** `sd_status` 4: working; `alim_status` 2: ok. */
const cameraStatus = { monitoring: 'on', sd_status: 4, alim_status: 2, is_local: false } as const;

export const securityTypes = {
  NACamera: { ...camera, family: 'camera', commands: ['monitoring'], status: cameraStatus },
  NPC: { ...camera, family: 'camera', commands: ['monitoring'], status: cameraStatus },
  NOC: {
    ...camera,
    family: 'presence',
    commands: ['monitoring', 'floodlight', 'siren_status'],
    status: { ...cameraStatus, floodlight: 'auto', siren_status: 'no_sound' },
  },
  NDB: {
    ...camera,
    family: 'doorbell',
    commands: [],
    status: { sd_status: 4, alim_status: 2, is_local: false, quick_display_zone: 62 },
  },
  NACamDoorTag: {
    family: 'camera',
    radio: 'rf',
    commands: [],
    battery: indoorBattery,
    status: { status: 'closed' },
  },
  NIS: {
    family: 'camera',
    radio: 'rf',
    commands: ['monitoring'],
    battery: indoorBattery,
    status: { status: 'no_sound', monitoring: 'on' },
  },
  // Alarms have a Wi-Fi of their own and sleep; no status is known of them but that they exist.
  NSD: { family: 'smokedetector', radio: 'wifi', commands: [], battery: thermostatBattery },
  NCO: { family: 'carbonmonoxidedetector', radio: 'wifi', commands: [], battery: thermostatBattery },
  NDL: {
    family: 'camera',
    radio: 'rf',
    commands: [],
    battery: indoorBattery,
    status: { status: 'locked' },
  },
} as const satisfies Record<string, DeviceType>;
