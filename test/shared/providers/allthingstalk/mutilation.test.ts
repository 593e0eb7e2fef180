/** Whatever AllThingsTalk answers is read without an exception, and no damage costs more than what is damaged. */
import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import { createAllthingstalkCloud } from '../../../../infra/local/providers/allthingstalk/cloud.ts';
import { LatchkeyError } from '../../../../shared/domain/error.ts';
import { ModuleDescription } from '../../../../shared/domain/module.ts';
import { type CapabilityName, declarationOf } from '../../../../shared/domain/reading.ts';
import { UtcTime } from '../../../../shared/domain/time.ts';
import type { MakerApi } from '../../../../shared/providers/allthingstalk/call.ts';
import { allthingstalkHistory } from '../../../../shared/providers/allthingstalk/history.ts';
import { readState } from '../../../../shared/providers/allthingstalk/state.ts';
import { discoverPlants } from '../../../../shared/providers/allthingstalk/topology.ts';
import type { DiscoveredModule, PlantModules, Report } from '../../../../shared/providers/provider.ts';
import { HOUSE, NODE } from '../../../infra/local/providers/allthingstalk/allthingstalk-client.ts';
import { type Damage, damaged, damageOf, isWithin, type Path, placesOf } from '../mutilation.ts';
import { linkAt, moduleOf, NOW, type ReadingBench } from './reading-bench.ts';

const RUNS = 200;
const DEVICES = `/ground/${HOUSE}/devices`;
const STATES = `/device/${NODE}/state`;
const Described = ModuleDescription.omit({ moduleId: true, accountId: true, plantId: true });

let bench: ReadingBench;
let plants: PlantModules[];
/** What the simulated cloud answers, by path. */
let answers: ReadonlyMap<string, unknown>;

beforeAll(async () => {
  const cloud = await createAllthingstalkCloud({ now: () => NOW });
  bench = await linkAt(cloud, 'ground');
  plants = await bench.plants();
  const [assetId = ''] = moduleOf(plants, NODE).native['asset:temperature'] ?? [];
  historyPath = `/asset/${assetId}/states`;
  const from = new Date(NOW - 3_600_000).toISOString();
  const paths = [
    `${DEVICES}?includeAssets=true`,
    ...(plants[0]?.modules.map(({ nativeId }) => `/device/${nativeId}/state`) ?? []),
    `${historyPath}?from=${from}`,
  ];
  const told = await Promise.all(
    paths.map(async (path) => [path.split('?')[0] ?? '', await ask(path)] as const),
  );
  answers = new Map(told);
  return () => cloud.close();
});
let historyPath: string;

async function ask(path: string): Promise<unknown> {
  const answer = await bench.session.send({ method: 'GET', url: `${bench.cloud.url}${path}` });
  return JSON.parse(answer.body);
}

const answering =
  (path: string, body: unknown): MakerApi =>
  async (_, call) => {
    const asked = call.path.split('?')[0] ?? '';
    const told = asked === path ? body : answers.get(asked);
    return { status: 200, headers: { date: new Date(NOW).toUTCString() }, body: JSON.stringify(told) };
  };

/** Runs a property over damage to the answer of one path. */
function withDamage(path: string, holds: (api: MakerApi, damage: Damage) => Promise<void>) {
  const whole = answers.get(path);
  return fc.assert(
    fc.asyncProperty(damageOf(whole), (damage) => holds(answering(path, damaged(whole, damage)), damage)),
    { numRuns: RUNS },
  );
}

/** That an answer is refused as a whole is no exception: what was known stays known. */
async function unlessRefused<T>(reading: Promise<T>): Promise<T | undefined> {
  try {
    return await reading;
  } catch (error) {
    if (error instanceof LatchkeyError) return undefined;
    throw error;
  }
}

async function discoverFrom(api: MakerApi): Promise<DiscoveredModule[] | undefined> {
  const options = { linkedBy: { way: 'plant_token', nativeId: HOUSE }, timeZone: 'Europe/Brussels' } as const;
  const found = await unlessRefused(discoverPlants(api, bench.session, options));
  return found?.flatMap(({ modules }) => modules);
}

/** Neither in that place nor around it. */
const isApart = (path: Path, place: Path) => !isWithin(path, place) && !isWithin(place, path);

test('damage to a list of devices costs no module that it is not about, and no asset', async () => {
  const whole = answers.get(DEVICES);
  const before = (await discoverFrom(answering(DEVICES, whole))) ?? [];
  const assetsOf = ({ native, profiles }: DiscoveredModule) =>
    Object.entries(native ?? {}).flatMap(([key, asset]) => {
      const profile = profiles?.[key.slice('asset:'.length) as CapabilityName];
      return profile ? [{ assetId: asset[0] ?? '', profile }] : [];
    });
  let compared = 0;
  await withDamage(DEVICES, async (api, { path }) => {
    const after = await discoverFrom(api);
    if (after === undefined) return;
    for (const module of after) Described.parse(module);
    for (const module of before.filter(({ device }) => device !== 'gateway')) {
      const now = after.find(({ nativeId }) => nativeId === module.nativeId);
      const places = placesOf(whole, [module.nativeId]);
      if (places.every((place) => isApart(path, place))) {
        expect(now).toEqual(module);
        compared += 1;
      }
      if (now === undefined) continue;
      const kept = assetsOf(now);
      for (const asset of assetsOf(module)) {
        const isSpared = placesOf(whole, [asset.assetId]).every((place) => isApart(path, place));
        if (isSpared && path.at(-1) !== 'assets') expect(kept).toContainEqual(asset);
      }
    }
  });
  expect(compared).toBeGreaterThan(RUNS);
});

test('damage to states costs no report of another asset, and leaves only what can be kept', async () => {
  const pollFrom = (api: MakerApi) => Array.fromAsync(readState(api, bench.session, plants));
  const flat = (reports: readonly Report[]) =>
    reports.flatMap(({ moduleNativeId, observedAt, values }) =>
      Object.entries(values).map(([capability, value]) => ({
        moduleNativeId,
        observedAt,
        capability,
        value,
      })),
    );
  const before = flat(await pollFrom(answering(STATES, answers.get(STATES))));
  const { profiles } = moduleOf(plants, NODE);
  await withDamage(STATES, async (api, { path }) => {
    const after = flat(await pollFrom(api));
    const spared = before.filter(
      ({ moduleNativeId, capability }) =>
        moduleNativeId !== NODE || profiles[capability as CapabilityName]?.name !== path[0],
    );
    for (const each of spared) expect(after).toContainEqual(each);
    for (const { moduleNativeId, observedAt, capability, value } of after) {
      if (observedAt !== undefined) UtcTime.parse(observedAt);
      if (moduleNativeId !== NODE || value === null) continue;
      expect(typeof value).toBe(declarationOf(capability as CapabilityName, profiles)?.type);
      if (typeof value === 'number') expect(Math.abs(value)).toBeLessThanOrEqual(1e15);
    }
  });
});

test('damage to the past costs no point but the one that is damaged', async () => {
  const [known] = plants;
  if (!known) throw new Error('no plant');
  const target = { plant: known.plant, module: moduleOf(plants, NODE) };
  const question = {
    capability: 'temperature',
    resolution: 'raw',
    fromEpochMs: NOW - 3_600_000,
    toEpochMs: NOW,
  } as const;
  const pageFrom = (api: MakerApi) =>
    unlessRefused(allthingstalkHistory(api).page(bench.session, target, question));
  const before = await pageFrom(answering(historyPath, answers.get(historyPath)));
  expect(before?.points.length).toBeGreaterThan(5);
  await withDamage(historyPath, async (api, { path }) => {
    const after = await pageFrom(api);
    if (after === undefined || path.length < 2) return;
    const spared = before?.points.filter((_, index) => index !== path[1]) ?? [];
    for (const point of spared) expect(after.points).toContainEqual(point);
    for (const [atEpochMs, value] of after.points) {
      expect(atEpochMs).toBeGreaterThanOrEqual(question.fromEpochMs);
      expect(Number.isFinite(value)).toBe(true);
    }
  });
});
