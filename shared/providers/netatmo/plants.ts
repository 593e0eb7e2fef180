/** What Netatmo tells of its homes and stations, described as plants with ambients and modules. Pure. */
import type { CommandAction } from '../../domain/command-action.ts';
import type { Program } from '../../domain/module.ts';
import type { CapabilityName } from '../../domain/reading.ts';
import type { DiscoveredModule, DiscoveredPlant } from '../provider.ts';
import { shutterStep } from './device-fields.ts';
import { capabilitiesOf, type DeviceKind, type DeviceRow, parentIdOf, rowOf } from './device-rows.ts';
import { readValues } from './translate.ts';
import type { HomeStatus, Station, StationModule, Told, WireHome, WireModule } from './wire.ts';
import { withhold } from './withheld.ts';

export interface TellingOfAccount {
  readonly homes: readonly WireHome[];
  /** By the id of the home; of some it is not needed, and some have none. */
  readonly statuses: ReadonlyMap<string, HomeStatus>;
  /** Weather stations and home coaches, those included that somebody shares or that are only looked at. */
  readonly stations: readonly Station[];
}

export interface DiscoveryOptions {
  /** Scopes that the owner has consented to. */
  readonly granted: readonly string[];
  /** For homes that do not tell their zone. */
  readonly defaultTimeZone: string;
}

/** No module is in two plants: the first that tells of one has it. */
export function describePlants(
  { homes, statuses, stations }: TellingOfAccount,
  options: DiscoveryOptions,
): DiscoveredPlant[] {
  const inHomes = homes.map((home) =>
    describeHome(
      home,
      statuses.get(home.id),
      stations.filter(({ home_id }) => home_id === home.id),
      options,
    ),
  );
  const elsewhere = stations.filter((station) => !homes.some(({ id }) => id === station.home_id));
  const seen = new Set<string>();
  return mergeById([...inHomes, ...elsewhere.map((station) => describeForeign(station, options))]).map(
    (plant) => ({ ...plant, modules: plant.modules.filter(({ nativeId }) => isFirst(seen, nativeId)) }),
  );
}

function isFirst(seen: Set<string>, id: string): boolean {
  const { size } = seen;
  return seen.add(id).size > size;
}

/** Stations that stand in one home of somebody else's are in one plant. */
function mergeById(plants: readonly DiscoveredPlant[]): DiscoveredPlant[] {
  return [...Map.groupBy(plants, ({ nativeId }) => nativeId).values()].flatMap(([first, ...more]) =>
    first === undefined ? [] : [{ ...first, modules: [first, ...more].flatMap(({ modules }) => modules) }],
  );
}

function describeHome(
  home: WireHome,
  status: HomeStatus | undefined,
  stations: readonly Station[],
  options: DiscoveryOptions,
): DiscoveredPlant {
  const rooms = home.rooms.map(({ id, name = 'Room' }) => ({ ambientId: id, name }));
  const statusOf = new Map(status?.modules.map((module) => [module.id, module]));
  const isByState = home.modules.some(({ type = '' }) => STATE_ONLY.includes(type));
  const inStations = stations.flatMap(withBase);
  const stationOf = new Map(inStations.map((each) => [each.module._id, each]));
  const known = new Set(home.modules.map(({ id }) => id));
  const describe = (facts: ModuleFacts) =>
    describeModule(facts, {
      granted: options.granted,
      roomName: rooms.find(({ ambientId }) => ambientId === facts.room)?.name,
      isByState,
    });
  return {
    nativeId: home.id,
    name: home.name ?? 'Home',
    timeZone: home.timezone ?? options.defaultTimeZone,
    ambients: rooms,
    modules: [
      ...describeWhole(home, options.granted),
      ...home.modules.map((module) =>
        describe(toFacts(module, stationOf.get(module.id), statusOf.get(module.id))),
      ),
      ...inStations
        .filter(({ module }) => !known.has(module._id))
        .map((each) => describe(toStationFacts(each))),
      ...knownPersons(home).map(({ id, pseudo }) => describe({ id, type: 'person', name: pseudo })),
    ],
  };
}

/** A station that somebody shares, or that is only looked at: its home is none of the account's. */
function describeForeign(station: Station, { granted, defaultTimeZone }: DiscoveryOptions): DiscoveredPlant {
  return {
    nativeId: station.home_id ?? station._id,
    name: station.home_name ?? station.station_name ?? 'Weather station',
    timeZone: station.place?.timezone ?? defaultTimeZone,
    ambients: [],
    modules: withBase(station).map((each) => describeModule(toStationFacts(each), { granted })),
  };
}

interface InStation {
  readonly module: StationModule;
  readonly base: Station;
}

function withBase(base: Station): InStation[] {
  return [base, ...base.modules].map((module) => ({ module, base }));
}

/** What is known of one module, from wherever it was told. */
interface ModuleFacts extends DeviceKind {
  readonly name?: string | undefined;
  readonly room?: string | undefined;
  readonly bridge?: string | undefined;
  readonly station?: string | undefined;
  /** How it is; only this tells what an unknown device reports, and how finely a shutter moves. */
  readonly told?: Told | undefined;
  /** All that strangers are shown of a station, in Netatmo's words for its measures. */
  readonly shown?: readonly string[] | undefined;
}

function toFacts(module: WireModule, inStation: InStation | undefined, told: Told | undefined): ModuleFacts {
  const { id, type, name, room_id, bridge, appliance_type } = module;
  const station = inStation && toStationFacts(inStation);
  return {
    id,
    type: type ?? station?.type,
    appliance: appliance_type,
    name: name ?? station?.name,
    room: room_id,
    bridge: bridge ?? station?.bridge,
    station: station?.station,
    told: told ?? station?.told,
  };
}

function toStationFacts({ module, base }: InStation): ModuleFacts {
  const { _id: id, type, module_name, dashboard_data: dashboard } = module;
  return {
    id,
    type,
    name: module_name ?? (id === base._id ? base.station_name : undefined),
    bridge: id === base._id ? undefined : base._id,
    station: base._id,
    told: { ...module, ...dashboard },
    shown: base.read_only ? module.data_type : undefined,
  };
}

interface Surroundings {
  readonly granted: readonly string[];
  readonly roomName?: string | undefined;
  /** Whether the set points of all its rooms are taken by `setstate` alone. */
  readonly isByState?: boolean;
}

/** In a home with one of these, rooms are told by `setstate`: `setroomthermpoint` fails there (contract 3.7). */
const STATE_ONLY = ['OTM', 'BNS'];

function describeModule(
  facts: ModuleFacts,
  { granted, roomName, isByState }: Surroundings,
): DiscoveredModule {
  const { id, type, appliance, room, bridge, station, told } = facts;
  const row = rowOf(facts);
  return {
    nativeId: id,
    device: row.device,
    name: facts.name ?? defaultName(row, facts, roomName),
    ambientId: room ?? null,
    programs: [],
    ...withhold(type ?? '', { capabilities: reportedBy(row, facts), actions: row.actions }, granted),
    native: filled({
      type,
      appliance,
      room,
      bridge,
      station,
      setpointBy: row.setpointBy && (isByState ? 'setstate' : row.setpointBy),
      step: row.reports.includes('position') ? told && shutterStep(told) : undefined,
    }),
  };
}

/** `Thermostat (Salon)`, `Light switch 2 (Salon)`, `NLX9 (Salon)` of an unknown type. */
function defaultName({ device, title }: DeviceRow, { id, type }: ModuleFacts, roomName?: string): string {
  const kind = device === 'unknown' ? (type ?? title) : title;
  const channel = parentIdOf(id) === undefined ? '' : ` ${id.slice(id.indexOf('#') + 1)}`;
  return `${kind}${channel}${roomName === undefined ? '' : ` (${roomName})`}`;
}

/** What each measure of a station is to us, where strangers see only some. */
const measures: Readonly<Record<string, readonly CapabilityName[]>> = {
  Temperature: ['temperature'],
  Humidity: ['humidity'],
  CO2: ['co2'],
  Noise: ['noise'],
  Pressure: ['pressure', 'pressure_sea_level'],
  Wind: ['wind_speed', 'wind_angle', 'gust_speed', 'gust_angle'],
  Rain: ['rain', 'rain_hour', 'rain_day'],
};

function reportedBy(row: DeviceRow, { told, shown }: ModuleFacts): readonly CapabilityName[] {
  const all = capabilitiesOf(row);
  if (shown !== undefined) {
    const visible = shown.flatMap((measure) => measures[measure] ?? []);
    return all.filter((capability) => visible.includes(capability));
  }
  if (row.device !== 'unknown') return all;
  const reported = Object.keys(readValues(row, told ?? {}));
  return all.filter((capability) => reported.includes(capability));
}

/** The plant as a whole, where it can be told something. */
function describeWhole(home: WireHome, granted: readonly string[]): DiscoveredModule[] {
  const programs = programsOf(home);
  const persons = knownPersons(home).map(({ id }) => id);
  const row = rowOf({ id: home.id, type: 'home' });
  const isPossible = (action: CommandAction) =>
    action === 'set_presence' ? persons.length > 0 : programs.length > 0;
  const actions = row.actions.filter(isPossible);
  if (actions.length === 0) return [];
  const heating = home.modules.find((module) => rowOf(kindOf(module)).setpointBy)?.type ?? 'NATherm1';
  const abilities = { capabilities: programs.length > 0 ? capabilitiesOf(row) : [], actions };
  return [
    {
      nativeId: home.id,
      device: row.device,
      name: home.name ?? row.title,
      ambientId: null,
      programs,
      ...withhold(heating, abilities, granted, (action) => (action === 'set_presence' ? 'person' : heating)),
      native: { type: 'home', persons },
    },
  ];
}

function kindOf({ id, type, appliance_type }: WireModule): DeviceKind {
  return { id, type, appliance: appliance_type };
}

/** Its weekly schedules for heating; others are for cooling, electricity tariffs, events (contract 3.5). */
function programsOf({ schedules }: WireHome): Program[] {
  return schedules
    .filter(({ type }) => type === 'therm')
    .map(({ id, name = 'Schedule' }) => ({ programId: id, name }));
}

/** A face that nobody has named is nobody yet. */
function knownPersons({ persons }: WireHome): { id: string; pseudo: string }[] {
  return persons.flatMap(({ id, pseudo }) => (pseudo === undefined ? [] : [{ id, pseudo }]));
}

function filled(facts: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(facts).filter((fact): fact is [string, string] => fact[1] !== undefined),
  );
}
