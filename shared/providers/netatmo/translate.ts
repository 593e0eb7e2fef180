/** What Netatmo tells of a home, translated into reports of its modules. Pure: no I/O, no clock. */
import type { Module } from '../../domain/module.ts';
import type { ReportedValues } from '../../domain/reading.ts';
import type { UtcTime } from '../../domain/time.ts';
import type { PlantModules, Report } from '../provider.ts';
import type { Answered } from './ask.ts';
import { fields, toldAt } from './device-fields.ts';
import { type DeviceRow, parentIdOf, rowOf } from './device-rows.ts';
import type { HomeStatus, Station, StationModule, Told, ToldModule, WireHome } from './wire.ts';

/** All that was told; what is absent was not asked for, or not answered. */
export interface TellingOfHome {
  readonly homes?: Answered<readonly WireHome[]> | undefined;
  readonly status?: Answered<HomeStatus | undefined> | undefined;
  /** By the id of the station or module. */
  readonly stations: ReadonlyMap<string, StationTelling>;
}

export interface StationTelling {
  readonly module: StationModule;
  readonly at: UtcTime | undefined;
}

/** Of a module: how it is, and whether it can be reached. */
type Saying = Omit<Report, 'plantNativeId' | 'moduleNativeId'>;

/** In the order of the modules; those of which nothing was told are left out. */
export function toReports({ plant, modules }: PlantModules, telling: TellingOfHome): Report[] {
  const home = telling.homes?.told.find(({ id }) => id === plant.nativeId);
  const status = telling.status && indexStatus(telling.status, home);
  return modules.flatMap((module) => {
    const saying = sayingOf(module);
    return saying ? [{ plantNativeId: plant.nativeId, moduleNativeId: module.nativeId, ...saying }] : [];
  });

  function sayingOf(module: Module): Saying | undefined {
    const row = rowOfModule(module);
    const station = telling.stations.get(module.nativeId);
    if (station) return ofStation(row, station);
    if (row.device === 'plant') return home && said(row, home, telling.homes?.at);
    if (row.device === 'person') return status && ofPerson(row, module, status);
    return status && ofStatus(row, module, status);
  }
}

export function rowOfModule({ nativeId, native }: Pick<Module, 'nativeId' | 'native'>): DeviceRow {
  return rowOf({ id: nativeId, type: textOf(native.type), appliance: textOf(native.appliance) });
}

function textOf(fact: Module['native'][string] | undefined): string | undefined {
  return typeof fact === 'string' ? fact : undefined;
}

/** Every station and every module of one, by its id. */
export function indexStations(
  answered: Answered<readonly Station[]> | undefined,
): (readonly [string, StationTelling])[] {
  return (answered?.told ?? [])
    .flatMap((station) => [station, ...station.modules])
    .map((module) => [module._id, { module, at: answered?.at }]);
}

/** Without `dashboard_data` there is no contact, whatever `reachable` says; what was known before stays known. */
function ofStation(row: DeviceRow, { module, at }: StationTelling): Saying {
  const { dashboard_data: dashboard, ...rest } = module;
  if (dashboard === undefined || module.reachable === false) return unreachable(at);
  return said(row, { ...rest, ...dashboard }, at, toldAt(dashboard) ?? toldAt(rest));
}

interface StatusIndex {
  readonly at: UtcTime | undefined;
  readonly modules: ReadonlyMap<string, ToldModule>;
  readonly rooms: ReadonlyMap<string, ToldModule>;
  readonly persons: ReadonlyMap<string, ToldModule>;
  readonly lost: ReadonlySet<string>;
  readonly temperatureControl: unknown;
}

function indexStatus(
  { told: status, at, lost }: Answered<HomeStatus | undefined>,
  home: WireHome | undefined,
): StatusIndex {
  const byId = (items: readonly ToldModule[] = []) => new Map(items.map((item) => [item.id, item]));
  return {
    at,
    modules: byId(status?.modules),
    rooms: byId(status?.rooms),
    persons: byId(status?.persons),
    lost,
    temperatureControl: home?.temperature_control_mode,
  };
}

/** Since when somebody is out of sight is not told: `last_seen` may be long before. */
function ofPerson(row: DeviceRow, { nativeId }: Module, { persons, at }: StatusIndex): Saying | undefined {
  const person = persons.get(nativeId);
  return person && said(row, person, at);
}

function ofStatus(row: DeviceRow, module: Module, status: StatusIndex): Saying | undefined {
  const { at } = status;
  const own = status.modules.get(module.nativeId);
  const room = row.setpointBy && status.rooms.get(textOf(module.native.room) ?? '');
  const reachable = isReachable(module, own, room, status);
  if (reachable === false) return unreachable(at);
  if (room) {
    const { temperatureControl } = status;
    // Of the room nothing tells when; a set point is as of the answer.
    return said(row, { ...room, temperature_control_mode: temperatureControl, ...own }, at);
  }
  return own && said(row, own, at, toldAt(own));
}

/**
 * What does not say whether it is reachable is as what it is part of, or behind: a channel, say. Absent: not told at all.
 */
function isReachable(
  { nativeId, native }: Module,
  own: ToldModule | undefined,
  room: ToldModule | undefined,
  { modules, lost }: StatusIndex,
): boolean | undefined {
  const above = [parentIdOf(nativeId), textOf(native.bridge)].filter((id) => id !== undefined);
  if ([nativeId, ...above].some((id) => lost.has(id))) return false;
  if (own === undefined && room === undefined) return undefined;
  const sayings = [own, room, ...above.map((id) => modules.get(id))].map((each) => each?.reachable);
  return sayings.find((each) => each !== undefined) ?? true;
}

/** Its values would be old, and old values say nothing of now: only that it cannot be reached. */
function unreachable(at: UtcTime | undefined): Saying {
  return { ...(at !== undefined && { observedAt: at }), values: {}, reachable: false };
}

/** @param since – when it was so, where it tells; never later than the answer, or it would outlive what comes next */
function said(row: DeviceRow, values: Told, at: UtcTime | undefined, since?: UtcTime): Saying {
  const observedAt = at !== undefined && since !== undefined && since > at ? at : (since ?? at);
  return {
    ...(observedAt !== undefined && { observedAt }),
    values: readValues(row, values),
    reachable: true,
  };
}

export function readValues({ reports, battery }: DeviceRow, values: Told): ReportedValues {
  return Object.fromEntries(
    reports.flatMap((name) => {
      const value = fields[name](values, battery);
      return value === undefined ? [] : [[name, value]];
    }),
  );
}
