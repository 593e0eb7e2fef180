/** A weather station or home coach with its modules, as `getstationsdata` has it (contract 3.3). Pure. */
import { typeOf } from '../house/catalog.ts';
import type { Home } from '../house/home.ts';
import { batteryMv, isReachable, lastHeardEpochMs, type Module } from '../house/module.ts';
import { dashboardOf, lastUploadEpochMs } from '../house/station.ts';
import { seedOf } from '../house/weather.ts';
import { batteryPercent } from './module-status.ts';

export interface StationView {
  readonly now: number;
  /** Up to when measures have come through. */
  readonly measuredEpochMs: number;
  /** Somebody else's, which they only look at. */
  readonly favourite: boolean;
  readonly modules: 'listed' | 'empty' | 'missing';
}

const inSeconds = (epochMs: number) => Math.floor(epochMs / 1000);

export function describeStation(home: Home, station: Module, view: StationView) {
  const { moduleId, type, name, setupEpochMs } = station;
  const { now, favourite } = view;
  const behind = home.modules.filter(({ bridge }) => bridge === moduleId);
  const listed = view.modules === 'listed' ? behind.map((module) => describeModule(home, module, view)) : [];
  return {
    _id: moduleId,
    type,
    station_name: name === undefined ? undefined : `${home.name} (${name})`,
    ...(!favourite && { module_name: name, date_setup: inSeconds(setupEpochMs) }),
    home_id: home.homeId,
    home_name: home.name,
    last_setup: inSeconds(setupEpochMs),
    ...(favourite && { read_only: true, favorite: true }),
    ...(!favourite && {
      last_upgrade: inSeconds(setupEpochMs) + 100,
      firmware: 204,
      wifi_status: 40 + Math.round(seedOf(moduleId) * 6),
      co2_calibrating: false,
    }),
    reachable: isReachable(station, now),
    last_status_store: inSeconds(lastHeardEpochMs(station, now)),
    // Strangers are shown no more of a base station.
    data_type: favourite ? ['Pressure'] : typeOf(type).measures,
    place: {
      altitude: home.altitude,
      city: home.city,
      country: home.country,
      timezone: home.timeZone,
      location: home.coordinates,
    },
    ...dashboard(home, station, view),
    ...(type === 'NAMain' && view.modules !== 'missing' && { modules: listed }),
  };
}

function describeModule(home: Home, module: Module, view: StationView) {
  const { moduleId, type, name, setupEpochMs, bridge } = module;
  const heard = inSeconds(lastHeardEpochMs(module, view.now));
  return {
    _id: moduleId,
    type,
    ...(!view.favourite && { module_name: name }),
    data_type: typeOf(type).measures,
    last_setup: inSeconds(setupEpochMs),
    reachable: isReachable(module, view.now),
    ...(!view.favourite && {
      firmware: 53,
      last_message: heard,
      last_seen: heard - 6,
      rf_status: 60 + Math.round(seedOf(moduleId) * 5),
      ...battery(module, view.now),
    }),
    main_device: bridge,
    ...dashboard(home, module, view),
  };
}

function battery(module: Module, now: number) {
  const mv = batteryMv(module, now);
  const scale = typeOf(module.type).battery;
  return mv !== undefined && scale && { battery_vp: mv, battery_percent: batteryPercent(mv, scale) };
}

/** Absent when it has not been heard for four hours. */
function dashboard(home: Home, module: Module, { now, measuredEpochMs, favourite }: StationView) {
  if (!isReachable(module, now)) return {};
  const all = dashboardOf(home, module, lastUploadEpochMs(module, measuredEpochMs));
  if (!favourite || module.type !== 'NAMain') return { dashboard_data: all };
  const { time_utc, Pressure, AbsolutePressure, pressure_trend } = all;
  return { dashboard_data: { time_utc, Pressure, AbsolutePressure, pressure_trend } };
}
