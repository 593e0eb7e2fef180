/** `getpublicdata`: the stations in a rectangle (contract 3.10). */
import type { Answer } from '../../simulation/answer.ts';
import type { Home } from '../house/home.ts';
import { isReachable, type Module } from '../house/module.ts';
import { lastUploadEpochMs, measuresAt, rainSum } from '../house/station.ts';
import type { World } from '../world.ts';
import { apiError, successOf } from './envelope.ts';
import type { ApiMethod, Caller } from './gateway.ts';

const HOUR_MS = 3_600_000;
const corners = ['lat_ne', 'lon_ne', 'lat_sw', 'lon_sw'] as const;

export function publicStationsMethod(world: World): ApiMethod {
  return { operation: 'getpublicdata', scopes: [], handle: (caller) => publicStations(world, caller) };
}

function publicStations(world: World, { parameters }: Caller): Answer {
  const given = corners.map((name) => parameters.number(name));
  const [latNe, lonNe, latSw, lonSw] = given;
  if (latNe === undefined || lonNe === undefined || latSw === undefined || lonSw === undefined)
    return apiError(10, 'Missing parameters');
  if (latNe <= latSw || lonNe <= lonSw || Math.abs(latNe) > 85 || Math.abs(latSw) > 85)
    return apiError(21, 'Invalid argument');
  const isInside = ({ coordinates: [lon, lat] }: Home) =>
    lon >= lonSw && lon <= lonNe && lat >= latSw && lat <= latNe;
  const now = world.clock.now();
  const stations = world.state.homes
    .filter(isInside)
    .flatMap((home) =>
      home.modules.filter(({ type }) => type === 'NAMain').map((station) => ({ home, station })),
    )
    .filter(({ station }) => isReachable(station, now))
    .map(({ home, station }) => describe(home, station, now));
  return successOf(world, 'getpublicdata', stations);
}

function describe(home: Home, station: Module, now: number) {
  const outside = home.modules.filter(
    ({ bridge, type }) =>
      bridge === station.moduleId && ['NAModule1', 'NAModule2', 'NAModule3'].includes(type),
  );
  return {
    _id: station.moduleId,
    mark: 14,
    place: {
      location: home.coordinates,
      timezone: home.timeZone,
      country: home.country,
      altitude: home.altitude,
    },
    modules: outside.map(({ moduleId }) => moduleId),
    module_types: Object.fromEntries(outside.map(({ moduleId, type }) => [moduleId, type])),
    measures: Object.fromEntries(
      [station, ...outside]
        .filter((module) => isReachable(module, now))
        .map((module) => [module.moduleId, publicMeasures(home, module, now)]),
    ),
  };
}

function publicMeasures(home: Home, module: Module, now: number) {
  const at = lastUploadEpochMs(module, now);
  const stamp = Math.floor(at / 1000);
  const measures = measuresAt(home, module, at);
  switch (module.type) {
    case 'NAModule3':
      return {
        rain_60min: rainSum(home, module, at, HOUR_MS),
        rain_24h: rainSum(home, module, at, 24 * HOUR_MS),
        rain_live: measures.rain,
        rain_timeutc: stamp,
      };
    case 'NAModule2':
      return {
        wind_strength: measures.windstrength,
        wind_angle: measures.windangle,
        gust_strength: measures.guststrength,
        gust_angle: measures.gustangle,
        wind_timeutc: stamp,
      };
    case 'NAMain':
      return { res: { [stamp]: [measures.pressure] }, type: ['pressure'] };
    default:
      return {
        res: { [stamp]: [measures.temperature, measures.humidity] },
        type: ['temperature', 'humidity'],
      };
  }
}
