/** Asking plants for the present readings of their modules. */
import { LatchkeyError } from '../../domain/error.ts';
import type { Module } from '../../domain/module.ts';
import { isAboutAccount } from '../error-scope.ts';
import type { PlantModules, Report, Session } from '../provider.ts';
import { askHomes, askStations, askStatus } from './ask.ts';
import type { ConnectApi } from './call.ts';
import type { StationCall } from './device-rows.ts';
import { indexStations, rowOfModule, type StationTelling, toReports } from './translate.ts';

/**
 * One call after the other, since Netatmo refuses two at a time: at most one for all homes, one for all weather
 * stations, one for all home coaches, and one for each home. One that fails does not hide the others: only when none
 * answered, or when the whole account is refused, the failure is thrown.
 */
export async function* readState(
  api: ConnectApi,
  session: Session,
  plants: readonly PlantModules[],
): AsyncGenerator<Report> {
  const calls = createCalls();
  const modules = plants.flatMap((each) => each.modules);
  const homes = modules.some(isWhole) ? await calls.attempt(() => askHomes(api, session)) : undefined;
  const stations = new Map<string, StationTelling>();
  for (const method of new Set(modules.flatMap(stationCallOf))) {
    const answered = await calls.attempt(() => askStations(api, session, method));
    for (const [id, telling] of indexStations(answered)) stations.set(id, telling);
  }
  for (const plant of plants) {
    const status = hasStatus(plant)
      ? await calls.attempt(() => askStatus(api, session, plant.plant.nativeId))
      : undefined;
    yield* toReports(plant, { homes, stations, status });
  }
  calls.assertAnswered();
}

function isWhole(module: Module): boolean {
  return rowOfModule(module).device === 'plant';
}

/** What tells of it, where that is a station or home coach, or stands behind one. */
function stationCallOf(module: Module): StationCall | [] {
  return module.native.station === undefined ? [] : (rowOfModule(module).toldBy ?? 'getstationsdata');
}

/** Whether there is anything in it that only `homestatus` tells of. */
function hasStatus({ modules }: PlantModules): boolean {
  return modules.some((module) => module.native.station === undefined && !isWhole(module));
}

/** Calls of which some may fail. */
function createCalls() {
  let answered = 0;
  let failure: LatchkeyError | undefined;
  let refusal: LatchkeyError | undefined;
  return {
    /** Absent when it failed; nothing more is sent once the whole account is refused. */
    async attempt<T>(call: () => Promise<T>): Promise<T | undefined> {
      if (refusal !== undefined) return undefined;
      try {
        const result = await call();
        answered += 1;
        return result;
      } catch (error) {
        if (!(error instanceof LatchkeyError)) throw error;
        if (isAboutAccount(error)) refusal = error;
        failure ??= error;
        return undefined;
      }
    },
    assertAnswered() {
      if (refusal !== undefined) throw refusal;
      if (answered === 0 && failure !== undefined) throw failure;
    },
  };
}
