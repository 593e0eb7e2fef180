import { type DeviceType, thermostatBattery } from './device-type.ts';

const wired = { family: 'magellan', radio: 'none' } as const;
const gateway = { family: 'magellan', radio: 'wifi', status: { offload: false } } as const;

function load(watts: number, on: boolean) {
  return { ...wired, commands: ['on'], status: { on, offload: false }, watts, showsPower: true } as const;
}
function dimmer(brightness: number) {
  return {
    ...wired,
    commands: ['on', 'brightness'],
    status: { on: true, brightness },
    watts: 11,
    showsPower: true,
  } as const;
}
function shutter(shutterStep: 1 | 100) {
  return { ...wired, commands: ['target_position'], shutterStep } as const;
}
const meter = (watts: number) => ({ ...wired, commands: [], watts, showsPower: true }) as const;
/** Remotes have a battery, and nothing to report. */
const remote = { family: 'magellan', radio: 'rf', commands: [], battery: thermostatBattery } as const;
const bubendorff = {
  family: 'bubendorff',
  radio: 'rf',
  commands: ['target_position'],
  shutterStep: 100,
} as const;

export const legrandTypes = {
  NLG: { ...gateway, commands: ['scenario'] },
  NLGS: { ...gateway, commands: ['scenario'] },
  NLP: load(42, true),
  NLPM: load(1500, false),
  NLPBS: load(60, true),
  NLL: load(8, false),
  NLM: load(12, false),
  // The double switch itself has no `on`: its channels have.
  NLIS: { ...wired, commands: ['on'] },
  NLPT: load(18, false),
  NLPO: { ...load(2000, false), status: { on: false, offload: false, contactor_mode: 'standard' } },
  NLPD: load(0, false),
  NLC: load(900, true),
  NLUI: load(20, false),
  NLUP: load(35, true),
  NLF: dimmer(70),
  NLFN: dimmer(55),
  NLFE: dimmer(40),
  NLUF: dimmer(80),
  NLUO: dimmer(30),
  Z3L: dimmer(60),
  NLV: shutter(100),
  NLLV: shutter(1),
  NLLM: shutter(1),
  NLIV: shutter(100),
  NLJ: shutter(100),
  Z3V: shutter(1),
  NLPC: meter(260),
  // The ecometer shows no power; its channels are read with getmeasure.
  NLE: { ...wired, commands: [], watts: 640 },
  NLPS: meter(3100),
  EBU: { ...wired, commands: [], watts: 0, showsPower: false },
  NLLF: { ...wired, commands: ['fan_speed'], status: { fan_speed: 1 }, watts: 25, showsPower: true },
  NLT: remote,
  NLD: remote,
  NLDD: remote,
  NLDP: remote,
  NLAO: remote,
  NLAS: remote,
  NLAV: remote,
  NLTS: remote,
  NBG: { family: 'bubendorff', radio: 'wifi', commands: [], withoutReachable: true },
  NBR: bubendorff,
  NBO: bubendorff,
  NBS: bubendorff,
  TPSRS: { ...shutter(1), radio: 'rf' },
} as const satisfies Record<string, DeviceType>;
