/** Asking the thermostats of plants for their present readings. */
import { LatchkeyError } from '../../domain/error.ts';
import type { Module } from '../../domain/module.ts';
import type { Plant } from '../../domain/plant.ts';
import { isAboutAccount } from '../error-scope.ts';
import type { PlantModules, Report, Session } from '../provider.ts';
import { paths, readAnswer, type SmartherApi } from './call.ts';
import { toReport } from './translate.ts';
import { StatusAnswer } from './wire.ts';

/**
 * One call a thermostat, one after the other. One that fails does not hide the others: only when none answered, or
 * when the whole account is refused, the failure is thrown.
 */
export async function* readState(
  api: SmartherApi,
  session: Session,
  plants: readonly PlantModules[],
): AsyncGenerator<Report> {
  let failure: LatchkeyError | undefined;
  let answered = 0;
  for (const { plant, module } of plants.flatMap(thermostatsOf)) {
    try {
      for (const report of await readThermostat(api, session, plant, module.nativeId)) {
        answered++;
        yield report;
      }
    } catch (error) {
      if (!(error instanceof LatchkeyError) || isAboutAccount(error)) throw error;
      if (isOffline(error)) {
        answered++;
        yield unreachable(plant, module.nativeId);
      } else failure ??= error;
    }
  }
  if (answered === 0 && failure !== undefined) throw failure;
}

function thermostatsOf({ plant, modules }: PlantModules): { plant: Plant; module: Module }[] {
  return modules.filter(({ device }) => device === 'thermostat').map((module) => ({ plant, module }));
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
