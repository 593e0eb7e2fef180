/** Discovery: plants, their modules, and the zone that each plant's clocks run in. */
import type { CommandAction } from '../../domain/command-action.ts';
import { LatchkeyError } from '../../domain/error.ts';
import type { Program } from '../../domain/module.ts';
import { offsetAt, readClock, statedOffset } from '../../domain/wall-clock.ts';
import { isAboutAccount, isAboutModule } from '../error-scope.ts';
import type { DiscoveredModule, DiscoveredPlant, Session } from '../provider.ts';
import { paths, readAnswer, type SmartherApi } from './call.ts';
import { commandedBy, thermostatActions } from './devices.ts';
import { THERMOSTAT_CAPABILITIES } from './translate.ts';
import { PlantsAnswer, ProgramListAnswer, StatusAnswer, TopologyAnswer, type WireModule } from './wire.ts';

/**
 * One call after the other: bursts are refused long before the day's quota is used up.
 * @param zone – the zone to believe where the thermostats' clocks do not contradict
 */
export async function discoverPlants(
  api: SmartherApi,
  session: Session,
  zone: string,
): Promise<DiscoveredPlant[]> {
  const answer = await api(session, { method: 'GET', path: paths.plants });
  if (answer.status === 204) return [];
  const discovered: DiscoveredPlant[] = [];
  for (const { id, name = 'Home' } of readAnswer(PlantsAnswer, answer).plants) {
    const modules = await discoverModules(api, session, id);
    const thermostat = modules.find(({ device }) => device === 'thermostat');
    const observed = thermostat && (await deviceClock(api, session, id, thermostat.nativeId));
    discovered.push({ nativeId: id, name, timeZone: zoneFor(observed, zone), ambients: [], modules });
  }
  return discovered;
}

/** The zone expected, if it shows what the device's clock shows; else the device's own offset as a fixed zone. */
function zoneFor(deviceTime: string | undefined, expected: string): string {
  const offset = deviceTime === undefined ? undefined : statedOffset(deviceTime);
  const at = deviceTime === undefined ? undefined : readClock(deviceTime);
  if (offset === undefined || at === undefined) return expected;
  return offsetAt(Date.parse(at), expected) === offset ? expected : offset;
}

async function discoverModules(
  api: SmartherApi,
  session: Session,
  plantId: string,
): Promise<DiscoveredModule[]> {
  const answer = await api(session, { method: 'GET', path: paths.topology(plantId) });
  const modules: DiscoveredModule[] = [];
  for (const module of readAnswer(TopologyAnswer, answer).plant.modules) {
    modules.push(await describeModule(api, session, plantId, module));
  }
  return modules;
}

async function describeModule(
  api: SmartherApi,
  session: Session,
  plantId: string,
  module: WireModule,
): Promise<DiscoveredModule> {
  const { id, name, device } = module;
  const place = { nativeId: id, ambientId: null };
  if (device !== 'chronothermostat') {
    const title = name ?? device ?? 'Module';
    return { ...place, name: title, device: 'unknown', capabilities: [], actions: [], programs: [] };
  }
  return {
    ...place,
    name: name ?? 'Thermostat',
    device: 'thermostat',
    capabilities: [...THERMOSTAT_CAPABILITIES],
    actions: actionsOf(module),
    programs: await programsOf(api, session, plantId, id),
  };
}

/** What the topology does not mention counts as possible: Legrand does not document the list's words. */
function actionsOf({ capabilities }: WireModule): CommandAction[] {
  const forbidden = capabilities.filter(({ canDo }) => !canDo.command.do).map(({ capability }) => capability);
  return thermostatActions.filter((action) => !forbidden.includes(commandedBy[action]));
}

/** A thermostat that is off the network cannot name its programs, and must not hide the rest of the home. */
async function programsOf(
  api: SmartherApi,
  session: Session,
  plantId: string,
  moduleId: string,
): Promise<Program[]> {
  try {
    const answer = await api(session, { method: 'GET', path: paths.programs(plantId, moduleId) });
    const [list] = readAnswer(ProgramListAnswer, answer).chronothermostats;
    return (list?.programs ?? []).map(({ number, name }) => ({
      programId: String(number),
      name: name ?? (number === 0 ? 'Default' : `Program ${number}`),
    }));
  } catch (error) {
    if (isAboutModule(error)) return [];
    throw error;
  }
}

/** What the device's clock shows, with its offset; absent where it cannot be asked. */
async function deviceClock(
  api: SmartherApi,
  session: Session,
  plantId: string,
  moduleId: string,
): Promise<string | undefined> {
  try {
    const answer = await api(session, { method: 'GET', path: paths.status(plantId, moduleId) });
    return readAnswer(StatusAnswer, answer).chronothermostats[0]?.time;
  } catch (error) {
    if (error instanceof LatchkeyError && !isAboutAccount(error)) return undefined;
    throw error;
  }
}
