/** Asking for the present readings of modules. */
import { LatchkeyError } from '../../domain/error.ts';
import type { Module } from '../../domain/module.ts';
import type { ReportedValues } from '../../domain/reading.ts';
import type { UtcTime } from '../../domain/time.ts';
import { isAboutAccount, isAboutModule } from '../error-scope.ts';
import type { PlantModules, Report, Session } from '../provider.ts';
import { askDevice, askDevices, askStates, type ToldStates } from './ask.ts';
import type { MakerApi } from './call.ts';
import { assetOf, capabilitiesByName } from './translate.ts';
import type { Device } from './wire.ts';

/**
 * One call after the other: one for each device, and one for each ground, or device that is one by itself, which tells
 * when its devices were active. A device that cannot be read does not hide the others.
 * @throws {LatchkeyError} – at its end, when none could be read; at once, what concerns the whole account
 */
export async function* readState(
  api: MakerApi,
  session: Session,
  plants: readonly PlantModules[],
): AsyncGenerator<Report> {
  let failure: LatchkeyError | undefined;
  let answered = 0;
  for (const plant of plants) {
    const activity = await attempt(() => readActivity(api, session, plant));
    const activeAt = activity instanceof LatchkeyError ? new Map<string, UtcTime>() : activity;
    for (const module of plant.modules.filter(isDevice)) {
      const told = await attempt(() => askStates(api, session, module.nativeId));
      if (told instanceof LatchkeyError) {
        failure ??= told;
        if (isAboutModule(told)) yield gone(plant, module);
        continue;
      }
      answered += 1;
      yield* toReports(plant, module, told, activeAt.get(module.nativeId));
    }
  }
  if (failure && answered === 0) throw failure;
}

/** What it tells, or why it tells nothing where others still may. */
async function attempt<T>(ask: () => Promise<T>): Promise<T | LatchkeyError> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof LatchkeyError && !isAboutAccount(error)) return error;
    throw error;
  }
}

/** The cloud does not know it any more. */
function gone({ plant }: PlantModules, { nativeId }: Module): Report {
  return { plantNativeId: plant.nativeId, moduleNativeId: nativeId, values: {}, reachable: false };
}

export function isDevice({ device }: Module): boolean {
  return device !== 'gateway';
}

/** When each device was active last. */
async function readActivity(
  api: MakerApi,
  session: Session,
  { plant, modules }: PlantModules,
): Promise<Map<string, UtcTime>> {
  const isByItself = modules.some(({ nativeId }) => nativeId === plant.nativeId);
  const devices: Device[] = isByItself
    ? [await askDevice(api, session, plant.nativeId)]
    : await askDevices(api, session, plant.nativeId, { withAssets: false });
  return new Map(
    devices.flatMap(({ id, lastActiveAt }) => (lastActiveAt === undefined ? [] : [[id, lastActiveAt]])),
  );
}

/** A report for each time at which the device said something, the latest at the end; then whether it can be reached. */
function* toReports(
  { plant }: PlantModules,
  module: Module,
  told: ToldStates,
  activeAt: UtcTime | undefined,
): Generator<Report> {
  const whose = { plantNativeId: plant.nativeId, moduleNativeId: module.nativeId };
  const reachable = reachability(activeAt, told.cloudEpochMs);
  const byTime = [...valuesByTime(module, told)].toSorted(([a = '9'], [b = '9']) => (a < b ? -1 : 1));
  for (const [observedAt, values] of byTime)
    yield { ...whose, values, ...(observedAt !== undefined && { observedAt }) };
  if (reachable !== undefined) yield { ...whose, values: {}, reachable };
}

/** Under no time stands what is told without one, or with one that is still to come: it counts from its receipt. */
function valuesByTime(
  module: Module,
  { states, cloudEpochMs = Number.POSITIVE_INFINITY }: ToldStates,
): Map<UtcTime | undefined, ReportedValues> {
  const byName = capabilitiesByName(module.profiles);
  const byTime = new Map<UtcTime | undefined, ReportedValues>();
  for (const [name, { value, at }] of states) {
    const capability = byName.get(name);
    const wasSaid = value !== undefined && (value !== null || at !== undefined);
    const read = capability && wasSaid ? assetOf(module, capability)?.toOurs(value) : undefined;
    if (capability === undefined || read === undefined) continue;
    const isPast = at !== undefined && Date.parse(at) <= cloudEpochMs + AHEAD_MS;
    const observedAt = isPast ? at : undefined;
    byTime.set(observedAt, { ...byTime.get(observedAt), [capability]: read });
  }
  return byTime;
}

/** For clocks of devices that are ahead; a reading from the future would outrank all that come before it is due. */
const AHEAD_MS = 60_000;

/** Who said something within an hour is there. */
const ACTIVE_MS = 3_600_000;
/** Who is silent for longer is not. In between nothing can be said: many devices speak only when something changes. */
const SILENT_MS = 7 * 86_400_000;

/** There is no flag for it, only the time of the last activity (contract 3.1). */
function reachability(activeAt: UtcTime | undefined, cloudEpochMs: number | undefined): boolean | undefined {
  if (activeAt === undefined || cloudEpochMs === undefined) return undefined;
  const silentMs = cloudEpochMs - Date.parse(activeAt);
  if (silentMs <= ACTIVE_MS) return true;
  return silentMs > SILENT_MS ? false : undefined;
}
