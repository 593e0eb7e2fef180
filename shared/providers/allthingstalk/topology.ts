/** Discovery: plants and modules, by what the account's token opens (contract 9.2). */
import type { LinkedBy } from '../../domain/account.ts';
import type { DiscoveredModule, DiscoveredPlant, Session } from '../provider.ts';
import { askAssets, askDevice, askDevices, askGateway, askGrounds, orElse } from './ask.ts';
import type { MakerApi } from './call.ts';
import { titleOf, toGateway, toModule } from './translate.ts';
import type { Device, Ground } from './wire.ts';

export interface DiscoveryOptions {
  readonly linkedBy: LinkedBy | undefined;
  /** No ground tells its zone. */
  readonly timeZone: string;
}

/** @throws {LatchkeyError} – as the table of errors says, when something of the topology could not be read */
export async function discoverPlants(
  api: MakerApi,
  session: Session,
  { linkedBy = { way: 'password' }, timeZone }: DiscoveryOptions,
): Promise<DiscoveredPlant[]> {
  const opened = await readGrounds(api, session, linkedBy);
  const plants: DiscoveredPlant[] = [];
  const seen = new Set<string>();
  for (const { id, title, devices } of opened) {
    // A device can be in several grounds (contract 3.1); it is a module of the first.
    const fresh = devices.filter((device) => !seen.has(device.id));
    for (const device of fresh) seen.add(device.id);
    const gateways = gatewaysOf(fresh).filter((gatewayId) => !seen.has(gatewayId));
    for (const gatewayId of gateways) seen.add(gatewayId);
    plants.push({
      nativeId: id,
      name: title,
      timeZone,
      ambients: [],
      modules: [...(await readGateways(api, session, gateways, linkedBy)), ...fresh.map(toModule)],
    });
  }
  return plants;
}

interface OpenedGround {
  readonly id: string;
  readonly title: string;
  readonly devices: readonly Device[];
}

async function readGrounds(api: MakerApi, session: Session, linkedBy: LinkedBy): Promise<OpenedGround[]> {
  switch (linkedBy.way) {
    case 'password': {
      const opened: OpenedGround[] = [];
      for (const ground of await askGrounds(api, session)) {
        // One that was taken back just now does not hide the others.
        const found = await orElse(undefined, () => openGround(api, session, ground));
        if (found) opened.push(found);
      }
      return opened;
    }
    case 'plant_token':
      return [await openGround(api, session, { id: linkedBy.nativeId })];
    case 'module_token':
      return [await openDevice(api, session, linkedBy.nativeId)];
  }
}

/** Nothing but its devices tells what it is called, where only the token of the ground is there. */
async function openGround(
  api: MakerApi,
  session: Session,
  { id, title, name }: Ground,
): Promise<OpenedGround> {
  const devices = await askDevices(api, session, id, { withAssets: true });
  const told = devices.find(({ ground }) => ground?.id === id)?.ground;
  return { id, title: titleOf({ title: title ?? told?.title, name: name ?? told?.name }), devices };
}

/** A device by itself is a plant by itself: its token opens nothing of the ground. */
async function openDevice(api: MakerApi, session: Session, id: string): Promise<OpenedGround> {
  const device = await readDevice(api, session, id);
  return { id, title: titleOf(device.ground ?? device), devices: [device] };
}

async function readDevice(api: MakerApi, session: Session, id: string): Promise<Device> {
  const device = await orElse(undefined, () => askDevice(api, session, id));
  return device ?? { id, assets: await askAssets(api, session, id) };
}

/** What the devices talk through, each once. */
function gatewaysOf(devices: readonly Device[]): string[] {
  return [...new Set(devices.flatMap(({ gatewayId }) => gatewayId ?? []))];
}

/**
 * What nobody tells of stays without a name. Only users are known to have read one (contract 4.6), and another token
 * might be refused in a way that looks as if it was dead.
 */
async function readGateways(
  api: MakerApi,
  session: Session,
  gatewayIds: readonly string[],
  { way }: LinkedBy,
): Promise<DiscoveredModule[]> {
  const gateways: DiscoveredModule[] = [];
  for (const gatewayId of gatewayIds) {
    const told =
      way === 'password' ? await orElse(undefined, () => askGateway(api, session, gatewayId)) : undefined;
    gateways.push(toGateway(gatewayId, told?.title ?? told?.name));
  }
  return gateways;
}
