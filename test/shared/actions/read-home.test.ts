import { beforeAll, describe, expect, test } from 'vitest';
import { listModules, listPlants, showPlant } from '../../../shared/actions/read-home.ts';
import { fullSight } from '../../../shared/actions/sight.ts';
import { accountIdFor, moduleIdFor, plantIdFor } from '../../../shared/domain/ids.ts';
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
  items.map((item) => item.moduleId).toSorted();

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
