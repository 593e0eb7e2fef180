/** Discovery: plants, ambients and modules. */
import { LatchkeyError } from '../../domain/error.ts';
import { isAboutAccount } from '../error-scope.ts';
import type { DiscoveredPlant, Session } from '../provider.ts';
import { askHomes, askStations, askStatus, isWithheld } from './ask.ts';
import type { ConnectApi } from './call.ts';
import { rowOf, type StationCall } from './device-rows.ts';
import { type DiscoveryOptions, describePlants } from './plants.ts';
import { scopesFor } from './scopes.ts';
import type { HomeStatus, Station, WireHome } from './wire.ts';

/**
 * One call after the other, since Netatmo refuses two at a time: one for all homes, one for all weather stations, one
 * for all home coaches, and one for each home of which only its status tells something that lasts.
 * @throws {LatchkeyError} – as the table of errors says; what a missing scope hides is left out
 */
export async function discoverPlants(
  api: ConnectApi,
  session: Session,
  options: DiscoveryOptions,
): Promise<DiscoveredPlant[]> {
  const homes = await orNone(() => askHomes(api, session));
  const statuses = new Map<string, HomeStatus>();
  for (const home of homes.filter(isStatusNeeded)) {
    const status = await statusOf(api, session, home.id);
    if (status) statuses.set(home.id, status);
  }
  const stations: Station[] = [];
  for (const [method, type] of stationCalls) {
    if (!options.granted.includes(scopesFor(type).read)) continue;
    stations.push(...(await orNone(() => askStations(api, session, method))));
  }
  return describePlants({ homes, statuses, stations }, options);
}

/** Each with a type of what it tells of. */
const stationCalls = [
  ['getstationsdata', 'NAMain'],
  ['gethomecoachsdata', 'NHC'],
] as const satisfies (readonly [StationCall, string])[];

async function orNone<T>(ask: () => Promise<{ readonly told: readonly T[] }>): Promise<readonly T[]> {
  try {
    return (await ask()).told;
  } catch (error) {
    if (isWithheld(error)) return [];
    throw error;
  }
}

/** How finely a shutter moves and what an unknown device reports are told by its status alone. */
function isStatusNeeded({ modules }: WireHome): boolean {
  const rows = modules.map(({ id, type, appliance_type }) => rowOf({ id, type, appliance: appliance_type }));
  return rows.some(({ device, reports }) => device === 'unknown' || reports.includes('position'));
}

/** Absent for a home that has none, or that Netatmo tells nothing of just now: that must not hide the others. */
async function statusOf(api: ConnectApi, session: Session, homeId: string): Promise<HomeStatus | undefined> {
  try {
    return (await askStatus(api, session, homeId)).told;
  } catch (error) {
    if (error instanceof LatchkeyError && !isAboutAccount(error)) return undefined;
    throw error;
  }
}
