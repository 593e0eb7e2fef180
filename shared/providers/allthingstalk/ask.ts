/** The calls that read, and what they tell (contract 4). */
import { type ErrorCode, LatchkeyError } from '../../domain/error.ts';
import type { Session } from '../provider.ts';
import type { ProviderAnswer } from '../request.ts';
import { type MakerApi, readAnswer } from './call.ts';
import {
  type Asset,
  AssetsBody,
  type Device,
  DeviceBody,
  DevicesBody,
  GatewayBody,
  type Ground,
  GroundsBody,
  type State,
  StatesBody,
} from './wire.ts';

/** More devices than anybody has in one ground, when each page has ten. */
const MOST_PAGES = 100;

/** The user's own grounds, and those that others share: whether the second list has both, nobody tells (contract 4.1). */
export async function askGrounds(api: MakerApi, session: Session): Promise<Ground[]> {
  const own = readAnswer(GroundsBody, await get(api, session, '/me/grounds'));
  const shared = await orElse([], async () =>
    readAnswer(GroundsBody, await get(api, session, '/me/grounds?type=shared')),
  );
  return uniqueById([...own, ...shared]);
}

/** All of them came in one answer whenever it was seen; pages are read until one has nothing new (contract 8.22). */
export async function askDevices(
  api: MakerApi,
  session: Session,
  groundId: string,
  { withAssets }: { readonly withAssets: boolean },
): Promise<Device[]> {
  let devices: Device[] = [];
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const query = `?includeAssets=${withAssets}${page > 0 ? `&page=${page}` : ''}`;
    const answer = await get(api, session, `/ground/${encodeURIComponent(groundId)}/devices${query}`);
    const known = devices.length;
    devices = uniqueById([...devices, ...readAnswer(DevicesBody, answer)]);
    if (devices.length === known) break;
  }
  return devices;
}

export async function askDevice(api: MakerApi, session: Session, deviceId: string): Promise<Device> {
  return readAnswer(DeviceBody, await get(api, session, `/device/${encodeURIComponent(deviceId)}`));
}

export async function askAssets(api: MakerApi, session: Session, deviceId: string): Promise<Asset[]> {
  return readAnswer(AssetsBody, await get(api, session, `/device/${encodeURIComponent(deviceId)}/assets`));
}

export async function askGateway(api: MakerApi, session: Session, gatewayId: string) {
  return readAnswer(GatewayBody, await get(api, session, `/gateway/${encodeURIComponent(gatewayId)}`));
}

export interface ToldStates {
  /** By the asset's name. */
  readonly states: ReadonlyMap<string, State>;
  /** The cloud's time, epoch milliseconds; `undefined` where the answer does not tell. */
  readonly cloudEpochMs: number | undefined;
}

/** The state inside of other documents may be stale; this one counts (contract 3.2). */
export async function askStates(api: MakerApi, session: Session, deviceId: string): Promise<ToldStates> {
  const answer = await get(api, session, `/device/${encodeURIComponent(deviceId)}/state`);
  return { states: readAnswer(StatesBody, answer), cloudEpochMs: cloudTimeOf(answer) };
}

function cloudTimeOf({ headers }: ProviderAnswer): number | undefined {
  const epochMs = Date.parse(headers.date ?? '');
  return Number.isNaN(epochMs) ? undefined : epochMs;
}

function get(api: MakerApi, session: Session, path: string): Promise<ProviderAnswer> {
  return api(session, { method: 'GET', path });
}

/** What the cloud will not tell, as often as it is asked: what may come later is no such thing, and is thrown. */
export async function orElse<T>(fallback: T, ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof LatchkeyError && refusals.includes(error.code)) return fallback;
    throw error;
  }
}
const refusals: readonly ErrorCode[] = ['provider_rejected', 'module_unknown'];

function uniqueById<T extends { readonly id: string }>(items: readonly T[]): T[] {
  return [...new Map(items.toReversed().map((item) => [item.id, item])).values()].toReversed();
}
