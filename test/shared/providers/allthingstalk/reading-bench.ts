/** Accounts of the three kinds at a simulated cloud, read by the driver over HTTP. */
import { onTestFinished } from 'vitest';
import {
  type AllthingstalkCloud,
  createAllthingstalkCloud,
} from '../../../../infra/local/providers/allthingstalk/cloud.ts';
import type { LinkedBy } from '../../../../shared/domain/account.ts';
import { accountIdFor } from '../../../../shared/domain/ids.ts';
import type { Module } from '../../../../shared/domain/module.ts';
import { allthingstalk } from '../../../../shared/providers/allthingstalk/driver.ts';
import type {
  DiscoveredPlant,
  PlantModules,
  Provider,
  Report,
  Session,
} from '../../../../shared/providers/provider.ts';
import {
  HOUSE,
  HOUSE_TOKEN,
  NODE,
  NODE_TOKEN,
  ROBIN,
  signIn,
  tokensOf,
  verify,
} from '../../../infra/local/providers/allthingstalk/allthingstalk-client.ts';
import { createSession } from '../cloud-session.ts';
import { toModules, toPlant } from '../linked-home.ts';

/** A winter afternoon; the cloud's clock stands still until a test moves it. */
export const NOW = Date.parse('2026-01-15T17:00:00Z');

export type Way = 'casey' | 'robin' | 'ground' | 'device';

export interface ReadingBench {
  readonly cloud: AllthingstalkCloud;
  readonly provider: Provider;
  readonly session: Session;
  discover(): Promise<DiscoveredPlant[]>;
  /** As Latchkey would keep them. */
  plants(): Promise<PlantModules[]>;
  poll(plants?: readonly PlantModules[]): Promise<Report[]>;
  /** Paths with queries of what the cloud was asked since the last time. */
  asked(): string[];
}

export async function openBench(way: Way = 'ground'): Promise<ReadingBench> {
  const cloud = await createAllthingstalkCloud({ now: () => NOW });
  onTestFinished(() => cloud.close());
  return await linkAt(cloud, way);
}

export async function linkAt(cloud: AllthingstalkCloud, way: Way): Promise<ReadingBench> {
  const { url, credentials } = cloud;
  const provider = allthingstalk({ url, credentials, defaultTimeZone: 'Europe/Brussels' });
  const accountId = accountIdFor('allthingstalk', 'owner-1', way);
  const own = createSession(accountId, await tokenOf(cloud, way));
  const asked: string[] = [];
  const session: Session = {
    accountId,
    send(request) {
      asked.push(request.url.slice(url.length));
      return own.send(request);
    },
  };
  const account = { accountId, scopes: [], linkedBy: linkedBy[way] };
  const discover = () => provider.plants(session, account, NOW);
  const plants = async () =>
    (await discover()).map((found) => {
      const plant = toPlant(accountId, found, NOW);
      return { plant, modules: toModules(plant, found) };
    });
  return {
    cloud,
    provider,
    session,
    discover,
    plants,
    poll: async (known) => await Array.fromAsync(provider.state(session, known ?? (await plants()))),
    asked: () => asked.splice(0),
  };
}

const linkedBy: Readonly<Record<Way, LinkedBy>> = {
  casey: { way: 'password' },
  robin: { way: 'password' },
  ground: { way: 'plant_token', nativeId: HOUSE },
  device: { way: 'module_token', nativeId: NODE },
};

async function tokenOf(cloud: AllthingstalkCloud, way: Way): Promise<string> {
  switch (way) {
    case 'casey':
      return (await tokensOf(verify(cloud))).access_token;
    case 'robin':
      return (await tokensOf(signIn(cloud, ROBIN))).access_token;
    case 'ground':
      return HOUSE_TOKEN;
    case 'device':
      return NODE_TOKEN;
  }
}

export function moduleOf(plants: readonly PlantModules[], nativeId: string): Module {
  const found = plants.flatMap(({ modules }) => modules).find((module) => module.nativeId === nativeId);
  if (!found) throw new Error(`no module ${nativeId}`);
  return found;
}
