/** Whatever Netatmo answers is read without an exception, and no damage costs more than what is damaged. */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { LatchkeyError } from '../../../../shared/domain/error.ts';
import { ModuleDescription } from '../../../../shared/domain/module.ts';
import { type CapabilityName, declarationOf } from '../../../../shared/domain/reading.ts';
import { TimeZone, UtcTime } from '../../../../shared/domain/time.ts';
import type { ConnectApi } from '../../../../shared/providers/netatmo/call.ts';
import { scopes } from '../../../../shared/providers/netatmo/scopes.ts';
import { readState } from '../../../../shared/providers/netatmo/state.ts';
import { discoverPlants } from '../../../../shared/providers/netatmo/topology.ts';
import type { PlantModules, Report } from '../../../../shared/providers/provider.ts';
import { type Damage, damaged, damageOf, isWithin, type Path, placesOf } from '../mutilation.ts';
import { type NetatmoBench, openNetatmo } from './netatmo-bench.ts';
import { discover, keep, MAISON } from './netatmo-homes.ts';

const RUNS = 150;

type Method = 'homesdata' | 'homestatus' | 'getstationsdata' | 'gethomecoachsdata';
type Answers = Readonly<Record<string, unknown>>;

let bench: NetatmoBench;
/** What the simulated cloud answers, by method; of `homestatus` that of one house. */
let answers: Answers;
let plants: PlantModules[];
let before: ReadonlyMap<string, Report>;
/** By method, and by module: where something is said of it. */
let places: Readonly<Record<string, ReadonlyMap<string, readonly Path[]>>>;

beforeAll(async () => {
  bench = await openNetatmo();
  plants = keep(bench, await discover(bench)).filter(({ plant }) => plant.nativeId === MAISON);
  answers = Object.fromEntries(
    await Promise.all(
      (['homesdata', 'homestatus', 'getstationsdata', 'gethomecoachsdata'] as const).map(async (method) => [
        method,
        await ask(method),
      ]),
    ),
  );
  before = await pollOf(answers);
  places = Object.fromEntries(
    Object.entries(answers).map(([method, body]) => [method, placesIn(body)] as const),
  );
});
afterAll(() => bench.close());

async function ask(method: Method): Promise<unknown> {
  const query = method === 'homestatus' ? `?home_id=${MAISON}` : '';
  const answer = await bench.session.send({
    method: 'GET',
    url: `${bench.cloud.url}/api/${method}${query}`,
  });
  return JSON.parse(answer.body);
}

const answering =
  (each: Answers): ConnectApi =>
  async (_, { method }) => ({ status: 200, headers: {}, body: JSON.stringify(each[method]) });

async function pollOf(each: Answers): Promise<ReadonlyMap<string, Report>> {
  const reports = await Array.fromAsync(readState(answering(each), bench.session, plants));
  return new Map(reports.map((report) => [report.moduleNativeId, report]));
}

function placesIn(body: unknown): ReadonlyMap<string, readonly Path[]> {
  const modules = plants.flatMap((plant) => plant.modules);
  return new Map(modules.map((module) => [module.nativeId, placesOf(body, saidBy(module))]));
}

const discoverOf = (each: Answers) =>
  discoverPlants(answering(each), bench.session, { granted: scopes, defaultTimeZone: 'Europe/Paris' });

/** Runs a property over damage to the body of one method. */
function withDamage(method: Method, holds: (each: Answers, damage: Damage) => Promise<void>) {
  return fc.assert(
    fc.asyncProperty(damageOf(answers[method]), (damage) =>
      holds({ ...answers, [method]: damaged(answers[method], damage) }, damage),
    ),
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

/** The ids of whatever says something about a module: itself, its room, its gateway, what it is a channel of. */
function saidBy({ nativeId, native }: PlantModules['modules'][number]): string[] {
  const ids = [nativeId, nativeId.split('#')[0], native.room, native.bridge, native.station];
  return ids.filter((id) => typeof id === 'string');
}

/** Modules of which the damage says nothing: it is neither in what is said of them, nor around it. */
function untouched(method: Method, { path }: Damage) {
  return (plants[0]?.modules ?? []).filter(({ nativeId }) =>
    places[method]?.get(nativeId)?.every((place) => !isWithin(path, place) && !isWithin(place, path)),
  );
}

describe.each(['homesdata', 'homestatus', 'getstationsdata', 'gethomecoachsdata'] as const)(
  'damage to %s',
  (method) => {
    test('costs no report of a module that it is not about', async () => {
      let compared = 0;
      await withDamage(method, async (each, damage) => {
        const after = await unlessRefused(pollOf(each));
        if (after === undefined || isAroundAll(method, damage.path)) return;
        const ids = untouched(method, damage).map(({ nativeId }) => nativeId);
        expect(ids.map((id) => after.get(id))).toEqual(ids.map((id) => before.get(id)));
        compared += ids.length;
      });
      expect(compared).toBeGreaterThan(RUNS);
    });

    test('leaves only what can be kept', async () => {
      await withDamage(method, async (each) => {
        for (const { observedAt, values } of (await unlessRefused(pollOf(each)))?.values() ?? []) {
          if (observedAt !== undefined) UtcTime.parse(observedAt);
          for (const [name, value] of Object.entries(values)) {
            if (value !== null) expect(typeof value).toBe(declarationOf(name as CapabilityName, {})?.type);
            if (typeof value === 'number') expect(Math.abs(value)).toBeLessThanOrEqual(1e15);
          }
        }
        const found = (await unlessRefused(discoverOf(each))) ?? [];
        const ids = found.flatMap(({ modules }) => modules.map(({ nativeId }) => nativeId));
        expect(new Set(ids).size).toBe(ids.length);
        for (const plant of found) {
          TimeZone.parse(plant.timeZone);
          for (const module of plant.modules) Described.parse(module);
        }
      });
    });
  },
);

test('damage to homesdata costs no description of a module that it is not about', async () => {
  const find = async (each: Answers) => {
    const found = await unlessRefused(discoverOf(each));
    const modules = found?.find(({ nativeId }) => nativeId === MAISON)?.modules ?? [];
    return new Map(modules.map((module) => [module.nativeId, module]));
  };
  const described = await find(answers);
  await withDamage('homesdata', async (each, damage) => {
    const after = await find(each);
    if (after.size === 0 || isAroundAll('homesdata', damage.path)) return;
    const ids = untouched('homesdata', damage)
      .filter(({ device }) => device !== 'plant')
      .map(({ nativeId }) => nativeId);
    expect(ids.map((id) => after.get(id))).toEqual(ids.map((id) => described.get(id)));
  });
});

const Described = ModuleDescription.omit({ moduleId: true, accountId: true, plantId: true });

/** The time of the answer, the id of the home, whether it heats or cools: all modules have part in it. */
function isAroundAll(method: Method, path: Path): boolean {
  const keys = ['time_server', 'errors', 'temperature_control_mode'];
  const isOfHome = path.at(-1) === 'id' && !path.includes('modules') && !path.includes('rooms');
  return keys.some((key) => path.includes(key)) || (isOfHome && method !== 'getstationsdata');
}
