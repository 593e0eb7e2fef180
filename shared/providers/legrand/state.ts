/** Asking the thermostats of a plant for their present readings. */
import { LatchkeyError } from '../../domain/error.ts';
import type { Module } from '../../domain/module.ts';
import type { Plant } from '../../domain/plant.ts';
import type { Report, Session } from '../provider.ts';
import { paths, readAnswer, type SmartherApi } from './call.ts';
import { isAboutAccount } from './error-scope.ts';
import { toReport } from './translate.ts';
import { StatusAnswer } from './wire.ts';

/**
 * One call a thermostat, one after the other. One that fails does not hide the others: only when none answered, or
 * when the whole account is refused, the failure is thrown.
 */
export async function readState(
  api: SmartherApi,
  session: Session,
  plant: Plant,
  modules: readonly Module[],
): Promise<Report[]> {
  const reports: Report[] = [];
  const failures: LatchkeyError[] = [];
  for (const module of modules.filter(({ device }) => device === 'thermostat')) {
    try {
      reports.push(...(await readThermostat(api, session, plant, module.nativeId)));
    } catch (error) {
      if (!(error instanceof LatchkeyError) || isAboutAccount(error)) throw error;
      if (isOffline(error)) reports.push(unreachable(plant, module.nativeId));
      else failures.push(error);
    }
  }
  if (reports.length === 0 && failures[0] !== undefined) throw failures[0];
  return reports;
}

/** Legrand at times answers 200 without a thermostat in it; then there is nothing to report. */
async function readThermostat(
  api: SmartherApi,
  session: Session,
  plant: Plant,
  moduleNativeId: string,
): Promise<Report[]> {
  const answer = await api(session, { method: 'GET', path: paths.status(plant.nativeId, moduleNativeId) });
  const [thermostat] = readAnswer(StatusAnswer, answer).chronothermostats;
  if (thermostat === undefined) return [];
  return [toReport(thermostat, { plantNativeId: plant.nativeId, moduleNativeId }, plant.timeZone)];
}

/** «Gateway offline» is lasting; a time-out (408) may be gone with the next call and says nothing yet. */
function isOffline(error: LatchkeyError): boolean {
  return error.code === 'module_unreachable' && error.details.provider?.status === 404;
}

function unreachable(plant: Plant, moduleNativeId: string): Report {
  return { plantNativeId: plant.nativeId, moduleNativeId, values: {}, reachable: false };
}
