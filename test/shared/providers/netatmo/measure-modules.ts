/** Modules of Claire's house that have a past, as discovery describes them. */
import { moduleIdFor, plantIdFor } from '../../../../shared/domain/ids.ts';
import type { Module } from '../../../../shared/domain/module.ts';
import type { Plant } from '../../../../shared/domain/plant.ts';
import type { CapabilityName } from '../../../../shared/domain/reading.ts';
import { module, plant } from '../../domain/samples.ts';

const STATION = '70:ee:50:aa:bb:01';
const RELAY = '70:ee:50:aa:bb:10';
const GATEWAY = '00:04:74:aa:bb:20';

const facts: Record<string, { nativeId: string; native: Module['native']; capabilities: CapabilityName[] }> =
  {
    station: {
      nativeId: STATION,
      native: { type: 'NAMain', station: STATION, room: '1000000001' },
      capabilities: ['temperature', 'humidity', 'co2', 'noise', 'pressure', 'pressure_sea_level'],
    },
    garden: {
      nativeId: '02:00:00:aa:bb:02',
      native: { type: 'NAModule1', bridge: STATION, station: STATION },
      capabilities: ['temperature', 'humidity'],
    },
    wind: {
      nativeId: '06:00:00:aa:bb:03',
      native: { type: 'NAModule2', bridge: STATION, station: STATION },
      capabilities: ['wind_speed', 'wind_angle', 'gust_speed', 'gust_angle'],
    },
    rain: {
      nativeId: '05:00:00:aa:bb:04',
      native: { type: 'NAModule3', bridge: STATION, station: STATION },
      capabilities: ['rain', 'rain_hour', 'rain_day'],
    },
    // It fell silent a week ago.
    bedroom: {
      nativeId: '03:00:00:aa:bb:05',
      native: { type: 'NAModule4', bridge: STATION, station: STATION },
      capabilities: ['temperature', 'humidity', 'co2'],
    },
    coach: { nativeId: '70:ee:50:aa:bb:06', native: { type: 'NHC' }, capabilities: ['temperature', 'noise'] },
    thermostat: {
      nativeId: '04:00:00:aa:bb:11',
      native: { type: 'NATherm1', bridge: RELAY, room: '1000000001' },
      capabilities: ['temperature', 'setpoint', 'mode'],
    },
    valve: {
      nativeId: '09:00:00:aa:bb:12',
      native: { type: 'NRV', bridge: RELAY, room: '1000000002' },
      capabilities: ['temperature', 'setpoint', 'mode'],
    },
    plug: {
      nativeId: '00:04:74:00:00:aa:bb:21',
      native: { type: 'NLP', bridge: GATEWAY },
      capabilities: ['switch', 'power', 'energy'],
    },
    ecometer: {
      nativeId: '00:04:74:00:00:aa:bb:30#1',
      native: { type: 'NLE', bridge: GATEWAY },
      capabilities: ['energy'],
    },
    shutter: {
      nativeId: '00:04:74:00:00:aa:bb:22',
      native: { type: 'NLV', bridge: GATEWAY },
      capabilities: ['position'],
    },
  };

export const pastNames = Object.keys(facts);

/** The house with one module of it, by its name above. */
export function pastOf(accountId: string, name: string): { plant: Plant; module: Module } {
  const fact = facts[name];
  if (!fact) throw new Error(`there is no ${name}`);
  const nativeId = '65aa00000000000000000001';
  const plantId = plantIdFor(accountId, nativeId);
  return {
    plant: { ...plant, accountId, plantId, nativeId, moduleIds: [] },
    module: {
      ...module,
      ...fact,
      accountId,
      plantId,
      moduleId: moduleIdFor(accountId, fact.nativeId),
      readings: {},
    },
  };
}
