/** Modules of Claire's homes as discovery describes them, by hand, and what her cloud saw and is like after commands. */
import * as z from 'zod';
import type { ModuleWish } from '../../../../shared/domain/command-action.ts';
import { moduleIdFor, plantIdFor } from '../../../../shared/domain/ids.ts';
import type { Module } from '../../../../shared/domain/module.ts';
import type { Plant } from '../../../../shared/domain/plant.ts';
import { capabilities, type ReportedValues } from '../../../../shared/domain/reading.ts';
import { toUtc } from '../../../../shared/domain/time.ts';
import type { CommandTarget, PreparedCommand } from '../../../../shared/providers/provider.ts';
import { type NetatmoBench, NOW } from './netatmo-bench.ts';

export const MAISON = '65aa00000000000000000001';
export const LOFT = '65aa00000000000000000002';
export const CASA = '65aa00000000000000000003';
export const PALAZZO = '65aa00000000000000000004';
export const ALEX = '0a0a0a0a-1111-4222-8333-444455556666';
export const NOBODY_NAMED = '0b0b0b0b-1111-4222-8333-444455556666';

const GATEWAY = '00:04:74:aa:bb:20';
const RELAY = '70:ee:50:aa:bb:10';
const SHUTTERS = '70:ee:50:aa:bb:60';
const MY_HOME = '00:03:50:aa:dd:01';

type Facts = Pick<Module, 'nativeId' | 'device' | 'actions'> &
  Partial<Pick<Module, 'native' | 'programs' | 'withheld'>> & {
    readonly homeId?: string;
    readonly readings?: ReportedValues;
  };

type Kind = Pick<Module, 'device' | 'actions'>;
const climate: Module['actions'] = ['set_setpoint', 'set_mode'];
const wired = (suffix: string) => ({ nativeId: `00:04:74:00:00:aa:bb:${suffix}` });
const behind = (bridge: string, type: string) => ({ native: { type, bridge } });
const light: Kind = { device: 'light', actions: ['set_switch'] };
const relay: Kind = { device: 'relay', actions: ['set_switch'] };
const plug: Kind = { device: 'plug', actions: ['set_switch'] };
const shutter: Kind = { device: 'shutter', actions: ['set_position', 'stop'] };
const dimmer: Kind = { device: 'light', actions: ['set_switch', 'set_brightness'] };

/** By Netatmo's type, as Claire has them. */
export const devices = {
  NATherm1: {
    nativeId: '04:00:00:aa:bb:11',
    device: 'thermostat',
    actions: [...climate],
    native: { type: 'NATherm1', bridge: RELAY, room: '1000000001', setpointBy: 'setroomthermpoint' },
  },
  NRV: {
    nativeId: '09:00:00:aa:bb:12',
    device: 'radiator_valve',
    actions: [...climate],
    native: { type: 'NRV', bridge: RELAY, room: '1000000002', setpointBy: 'setroomthermpoint' },
  },
  NLC: {
    ...wired('2c'),
    device: 'heater',
    actions: ['set_mode', 'set_switch'],
    native: { type: 'NLC', bridge: GATEWAY, room: '1000000003', setpointBy: 'setstate' },
  },
  OTM: {
    homeId: LOFT,
    nativeId: '04:00:00:aa:cc:11',
    device: 'thermostat',
    actions: [...climate],
    native: { type: 'OTM', bridge: '70:ee:50:aa:cc:10', room: '2000000001', setpointBy: 'setstate' },
  },
  NAC: {
    homeId: LOFT,
    nativeId: '70:ee:50:aa:cc:12',
    device: 'air_conditioner',
    actions: [...climate],
    native: { type: 'NAC', room: '2000000001', setpointBy: 'setstate' },
  },
  BNS: {
    homeId: CASA,
    nativeId: '00:03:50:aa:bb:30',
    device: 'thermostat',
    actions: [...climate],
    native: { type: 'BNS', room: '3000000001', setpointBy: 'setstate' },
  },
  NLP: { ...wired('21'), ...plug, ...behind(GATEWAY, 'NLP') },
  NLPM: { ...wired('27'), ...plug, ...behind(GATEWAY, 'NLPM') },
  NLL: { ...wired('24'), ...light, ...behind(GATEWAY, 'NLL') },
  NLM: { ...wired('28'), ...light, ...behind(GATEWAY, 'NLM') },
  NLPT: { ...wired('29'), ...relay, ...behind(GATEWAY, 'NLPT') },
  NLPO: { ...wired('2a'), ...relay, ...behind(GATEWAY, 'NLPO') },
  'NLIS#1': { ...wired('31#1'), ...light, ...behind(GATEWAY, 'NLIS') },
  NLFN: { ...wired('23'), ...dimmer, ...behind(GATEWAY, 'NLFN') },
  NLV: { ...wired('22'), ...shutter, native: { type: 'NLV', bridge: GATEWAY, step: '100' } },
  NLLV: { ...wired('25'), ...shutter, native: { type: 'NLLV', bridge: GATEWAY, step: '1' } },
  NLLF: { ...wired('2b'), device: 'fan', actions: ['set_fan'], ...behind(GATEWAY, 'NLLF') },
  NBR: { nativeId: '1234567801', ...shutter, native: { type: 'NBR', bridge: SHUTTERS, step: '100' } },
  NBO: { nativeId: '1234567802', ...shutter, native: { type: 'NBO', bridge: SHUTTERS, step: '100' } },
  NBS: { nativeId: '1234567803', ...shutter, native: { type: 'NBS', bridge: SHUTTERS, step: '100' } },
  NACamera: {
    nativeId: '70:ee:50:aa:bb:41',
    device: 'camera',
    actions: ['set_monitoring'],
    native: { type: 'NACamera' },
  },
  NOC: {
    nativeId: '70:ee:50:aa:bb:40',
    device: 'camera',
    actions: ['set_monitoring', 'set_floodlight'],
    native: { type: 'NOC' },
  },
  NIS: {
    nativeId: '70:ee:50:aa:bb:44',
    device: 'siren',
    actions: ['set_monitoring'],
    ...behind('70:ee:50:aa:bb:41', 'NIS'),
  },
  BNIL: { homeId: PALAZZO, nativeId: `${MY_HOME}-1`, ...light, ...behind(MY_HOME, 'BNIL') },
  BNLD: { homeId: PALAZZO, nativeId: `${MY_HOME}-2`, ...dimmer, ...behind(MY_HOME, 'BNLD') },
  BNCS: { homeId: PALAZZO, nativeId: `${MY_HOME}-3`, ...plug, ...behind(MY_HOME, 'BNCS') },
  BNAB: {
    homeId: PALAZZO,
    nativeId: `${MY_HOME}-4`,
    ...shutter,
    native: { type: 'BNAB', bridge: MY_HOME, step: '100' },
  },
  BNMS: {
    homeId: PALAZZO,
    nativeId: `${MY_HOME}-6`,
    ...shutter,
    native: { type: 'BNMS', bridge: MY_HOME, step: '1' },
  },
  BNSL: {
    homeId: PALAZZO,
    nativeId: '00:03:50:aa:dd:02-3',
    ...light,
    ...behind('00:03:50:aa:dd:02', 'BNSL'),
  },
  /** The house as a whole. */
  home: {
    nativeId: MAISON,
    device: 'plant',
    actions: ['set_plant_mode', 'select_schedule', 'set_presence'],
    native: { type: 'home', persons: [ALEX, NOBODY_NAMED] },
    programs: [
      { programId: '65bb000000000000000000a1', name: 'Semaine' },
      { programId: '65bb000000000000000000a2', name: 'Vacances' },
    ],
  },
  person: { nativeId: ALEX, device: 'person', actions: ['set_presence'], native: { type: 'person' } },
  NSD: { nativeId: '70:ee:50:aa:bb:45', device: 'smoke_detector', actions: [], native: { type: 'NSD' } },
} satisfies Record<string, Facts>;
export type DeviceName = keyof typeof devices;

export interface CommandBench {
  target(name: DeviceName, changes?: Partial<Facts>): CommandTarget;
  personId(nativeId: string): string;
  prepare(name: DeviceName, wish: ModuleWish, changes?: Partial<Facts>): PreparedCommand;
  /** The readings that will show it, by a module that has these. */
  expectsOf(name: DeviceName, wish: ModuleWish, readings?: ReportedValues): ReportedValues;
  /** Carries it out; returns what left for the cloud. */
  send(name: DeviceName, wish: ModuleWish, changes?: Partial<Facts>): Promise<SentCall[]>;
  /** Methods and statuses that the cloud saw. */
  seen(): Promise<string[]>;
  home(homeId?: string): Promise<SimulatedHome>;
  status(name: DeviceName): Promise<SimulatedHome['modules'][number] | undefined>;
  climate(name: DeviceName): Promise<z.infer<typeof Climate> | undefined>;
  control(path: string, body: unknown): Promise<void>;
}

export interface SentCall {
  readonly method: string;
  /** The fields of a form, or a JSON. */
  readonly body: unknown;
}

export function withCommands({ provider, session, account, cloud }: NetatmoBench): CommandBench {
  const { accountId } = account;

  function target(name: DeviceName, changes: Partial<Facts> = {}): CommandTarget {
    const facts: Facts = { ...devices[name], ...changes };
    const plant = plantOf(accountId, facts.homeId ?? MAISON);
    return { plant, module: moduleOf(plant, facts) };
  }

  const prepare: CommandBench['prepare'] = (name, wish, changes) =>
    provider.prepare(wish, target(name, changes), NOW);

  async function home(homeId = MAISON): Promise<SimulatedHome> {
    const state = SimulatedState.parse(await (await fetch(`${cloud.url}/_sim/state`)).json());
    const found = state.homes.find((each) => each.homeId === homeId);
    if (!found) throw new Error(`there is no home ${homeId}`);
    return found;
  }

  return {
    target,
    prepare,
    expectsOf: (name, wish, readings = {}) => prepare(name, wish, { readings }).expects,
    home,
    personId: (nativeId) => moduleIdFor(accountId, nativeId),
    async send(name, wish, changes) {
      const calls: SentCall[] = [];
      const watched: typeof session = {
        ...session,
        send: (request) => {
          calls.push({ method: new URL(request.url).pathname.slice('/api/'.length), body: bodyOf(request) });
          return session.send(request);
        },
      };
      await prepare(name, wish, changes).execute(watched);
      return calls;
    },
    async seen() {
      const answer: unknown = await (await fetch(`${cloud.url}/_sim/requests`)).json();
      return SeenRequests.parse(answer)
        .filter(({ path }) => path.startsWith('/api/'))
        .map(({ operation, status }) => `${operation} ${status}`);
    },
    async status(name) {
      const { plant, module } = target(name);
      const { modules } = await home(plant.nativeId);
      return modules.find(({ moduleId }) => moduleId === module.nativeId);
    },
    async climate(name) {
      const { plant, module } = target(name);
      const { rooms } = await home(plant.nativeId);
      return rooms.find(({ roomId }) => roomId === module.native.room)?.climate;
    },
    async control(path, body) {
      const headers = { 'content-type': 'application/json' };
      const request = { method: 'POST', headers, body: JSON.stringify(body) };
      const { status } = await fetch(`${cloud.url}/_sim/${path}`, request);
      if (status >= 300) throw new Error(`/_sim/${path}: ${status}`);
    },
  };
}

function plantOf(accountId: string, nativeId: string): Plant {
  return {
    plantId: plantIdFor(accountId, nativeId),
    accountId,
    nativeId,
    name: 'Maison',
    timeZone: 'Europe/Paris',
    ambients: [],
    moduleIds: [],
    version: 1,
    discoveredAt: toUtc(NOW),
  };
}

function moduleOf({ accountId, plantId }: Plant, { homeId: _, readings = {}, ...facts }: Facts): Module {
  const times = { observedAt: toUtc(NOW), receivedAt: toUtc(NOW) };
  return {
    moduleId: moduleIdFor(accountId, facts.nativeId),
    accountId,
    plantId,
    name: facts.nativeId,
    ambientId: null,
    capabilities: [],
    programs: [],
    profiles: {},
    withheld: [],
    native: {},
    ...facts,
    readings: Object.fromEntries(
      Object.entries(readings).map(([name, value = null]) => [
        name,
        { value, unit: capabilities[name as keyof typeof capabilities].unit, ...times },
      ]),
    ),
    reachable: true,
    version: 1,
    awaited: {},
  };
}

function bodyOf({
  headers,
  body = '',
}: {
  headers?: Readonly<Record<string, string>>;
  body?: string;
}): unknown {
  if (headers?.['content-type'] === 'application/json') return JSON.parse(body);
  const fields = new URLSearchParams(body);
  return Object.fromEntries([...new Set(fields.keys())].map((name) => [name, fields.getAll(name).join(' ')]));
}

const Climate = z.looseObject({
  mode: z.string(),
  manualC: z.number(),
  pilotWire: z.string().optional(),
  endEpochMs: z.number().optional(),
});
const SimulatedHome = z.looseObject({
  homeId: z.string(),
  thermMode: z.string(),
  thermModeEndEpochMs: z.number().optional(),
  schedules: z.array(z.looseObject({ scheduleId: z.string(), selected: z.boolean() })),
  persons: z.array(z.looseObject({ personId: z.string(), outOfSight: z.boolean() })),
  rooms: z.array(z.looseObject({ roomId: z.string(), climate: Climate.optional() })),
  modules: z.array(
    z.looseObject({
      moduleId: z.string(),
      status: z.record(z.string(), z.unknown()),
      travel: z.object({ from: z.number(), to: z.number() }).optional(),
    }),
  ),
});
type SimulatedHome = z.infer<typeof SimulatedHome>;
const SimulatedState = z.looseObject({ homes: z.array(SimulatedHome) });
const SeenRequests = z.array(
  z.looseObject({
    path: z.string(),
    operation: z.string().optional(),
    status: z.union([z.number(), z.string()]),
  }),
);
