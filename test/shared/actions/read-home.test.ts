import { beforeAll, describe, expect, test } from 'vitest';
import { listModules, listPlants, showPlant } from '../../../shared/actions/read-home.ts';
import { fullSight } from '../../../shared/actions/sight.ts';
import { accountIdFor, moduleIdFor, plantIdFor } from '../../../shared/domain/ids.ts';
import type { Page } from '../../../shared/store/item.ts';
import { createStore, type Store } from '../../../shared/store/store.ts';
import { useAws } from '../aws.ts';
import { account, module, plant } from '../domain/samples.ts';

const aws = useAws();
let store: Store;

/** Anna has two accounts, Bert one; each has a plant with two modules. */
const owners = ['anna', 'anna', 'bert'];
const accountIds = owners.map((owner, index) => accountIdFor('legrand', owner, String(index)));
const [annas = '', annasOther = '', berts = ''] = accountIds;
const plantOf = (accountId: string) => plantIdFor(accountId, 'plant');
const modulesOf = (accountId: string) => ['a', 'b'].map((nativeId) => moduleIdFor(accountId, nativeId));

beforeAll(async () => {
  store = createStore(aws().dynamodb, aws().tableName);
  for (const [index, accountId] of accountIds.entries()) {
    const plantId = plantOf(accountId);
    const moduleIds = modulesOf(accountId);
    await store.accounts.create({ ...account, accountId, owner: owners[index] ?? '' });
    for (const [nth, moduleId] of moduleIds.entries()) {
      const device = nth === 0 ? 'thermostat' : 'unknown';
      await store.modules.describe({ ...module, accountId, plantId, moduleId, device });
    }
    await store.plants.put({ ...plant, accountId, plantId, moduleIds });
  }
});

const seeing = () => ({ store, sight: fullSight(store) });
const whole = { limit: 100 };
const plantIds = ({ items }: Awaited<ReturnType<typeof listPlants>>) =>
  items.map((item) => item.plant.plantId).toSorted();
const moduleIds = ({ items }: Awaited<ReturnType<typeof listModules>>) =>
  items.map(({ module }) => module.moduleId).toSorted();

describe('plants', () => {
  test.each([
    ['everybody', {}, accountIds],
    ['an owner', { owner: 'anna' }, [annas, annasOther]],
    ['an account', { account: berts }, [berts]],
    ['an account of its owner', { account: annas, owner: 'anna' }, [annas]],
    ["an account that is not its owner's", { account: annas, owner: 'bert' }, []],
    ['an owner whom nobody knows', { owner: 'carl' }, []],
    ['an account that there is not', { account: accountIdFor('legrand', 'carl', '1') }, []],
  ])('of %s', async (_, breadth, expected) => {
    expect(plantIds(await listPlants(seeing(), breadth, whole))).toEqual(expected.map(plantOf).toSorted());
  });

  test('come page by page, each once', async () => {
    const seen: string[] = [];
    let page = await listPlants(seeing(), {}, { limit: 1 });
    for (seen.push(...plantIds(page)); page.next; seen.push(...plantIds(page))) {
      page = await listPlants(seeing(), {}, { limit: 1, after: page.next });
    }
    expect(seen.toSorted()).toEqual(accountIds.map(plantOf).toSorted());
  });

  test('come with their own modules', async () => {
    const { plant: found, modules } = await showPlant(seeing(), plantOf(annas));
    expect(found.plantId).toBe(plantOf(annas));
    expect(modules.map(({ moduleId }) => moduleId).toSorted()).toEqual(modulesOf(annas).toSorted());
    await expect(showPlant(seeing(), plantIdFor(annas, 'none'))).rejects.toMatchObject({
      code: 'plant_unknown',
    });
  });
});

describe('modules', () => {
  test.each([
    ['of a plant', { plant: plantOf(berts) }, modulesOf(berts)],
    ['of a plant by its account', { plant: plantOf(berts), account: berts }, modulesOf(berts)],
    ['of a plant, but of another account', { plant: plantOf(berts), account: annas }, []],
    ['of a plant, but of another owner', { plant: plantOf(berts), owner: 'anna' }, []],
    ['of a kind', { device: 'thermostat', owner: 'anna' }, [modulesOf(annas)[0], modulesOf(annasOther)[0]]],
  ] as const)('%s', async (_, wish, expected) => {
    expect(moduleIds(await listModules(seeing(), wish, whole))).toEqual(expected.toSorted());
  });
});

describe('of many accounts, page by page', () => {
  const many = Array.from({ length: 25 }, (_, index) => accountIdFor('netatmo', 'carla', String(index)));
  const ofCarla = { owner: 'carla' };
  /** The first has most modules, every third none; what they say takes 60 kB. */
  const idsOf = (accountId: string) => {
    const index = many.indexOf(accountId);
    const count = index % 3 === 2 ? 0 : index === 0 ? 40 : 2;
    return Array.from({ length: count }, (_, nth) => moduleIdFor(accountId, String(nth)));
  };
  const all = many.flatMap(idsOf).toSorted();

  const addAccount = async (accountId: string) => {
    await store.accounts.create({ ...account, accountId, provider: 'netatmo', owner: 'carla' });
    const plantId = plantOf(accountId);
    const programs = Array.from({ length: 300 }, (_, index) => ({
      programId: String(index),
      name: 'x'.repeat(170),
    }));
    for (const moduleId of idsOf(accountId))
      await store.modules.describe({ ...module, accountId, plantId, moduleId, programs });
  };

  beforeAll(async () => {
    for (const accountId of many) await addAccount(accountId);
  });

  async function readAll(wish: Parameters<typeof listModules>[1], limit: number) {
    const found: string[][] = [];
    for (let after: Page<unknown>['next']; ; ) {
      const page = await listModules(seeing(), wish, { limit, ...(after && { after }) });
      found.push(page.items.map(({ module }) => module.moduleId));
      if (!page.next) return found;
      after = page.next;
    }
  }

  test.each([1, 2, 7, 1_000])('none is missing or told twice, %i at a time', async (limit) => {
    const pages = await readAll(ofCarla, limit);
    expect(pages.flat().toSorted()).toEqual(all);
    for (const page of pages) expect(page.length).toBeLessThanOrEqual(limit);
  });

  test('a page ends before an answer is too long for a function', async () => {
    const page = await listModules(seeing(), ofCarla, { limit: 1_000 });
    expect(Buffer.byteLength(JSON.stringify(page.items.map((item) => item.module)))).toBeLessThan(2_100_000);
    expect(page.items.length).toBeGreaterThan(20);
    expect(page.next).toBeDefined();
    expect((await readAll(ofCarla, 1_000)).length).toBeLessThan(5);
  });

  test.each([3, 1_000])('one account is several pages as well, %i at a time', async (limit) => {
    const [accountId = ''] = many;
    const pages = await readAll({ account: accountId }, limit);
    expect(pages.flat()).toEqual(idsOf(accountId).toSorted());
    expect(pages.length).toBeGreaterThan(1);
  });

  test('a page that ends with an account says no more than there is', async () => {
    const [, accountId = ''] = many;
    const page = await listModules(seeing(), { account: accountId }, { limit: 2 });
    expect(page.items).toHaveLength(2);
    expect(page.next).toBeUndefined();
  });

  test('what comes and goes in between takes nothing else with it', async () => {
    const page = await listModules(seeing(), ofCarla, { limit: 1 });
    const [first] = page.items;
    if (!first || !page.next) throw new Error('nothing was found');
    await store.accounts.forget(first.account.accountId);
    const rest: string[] = [];
    for (let after: Page<unknown>['next'] = page.next; after; ) {
      const more: Awaited<ReturnType<typeof listModules>> = await listModules(seeing(), ofCarla, {
        limit: 9,
        after,
      });
      rest.push(...moduleIds(more));
      after = more.next;
    }
    const left = all.filter((id) => !idsOf(first.account.accountId).includes(id));
    expect(rest.toSorted()).toEqual(left);
    await addAccount(first.account.accountId);
  });
});
