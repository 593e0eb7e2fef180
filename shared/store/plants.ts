import { Plant } from '../domain/plant.ts';
import { expression } from './expression.ts';
import type { Table } from './item.ts';
import { accountPartition, keys, prefixes } from './keys.ts';

export interface PlantStore {
  get(plant: Pick<Plant, 'accountId' | 'plantId'>): Promise<Plant | undefined>;
  put(plant: Plant): Promise<void>;
  delete(plant: Pick<Plant, 'accountId' | 'plantId'>): Promise<void>;
  ofAccount(accountId: string): Promise<Plant[]>;
}

export function createPlantStore(table: Table): PlantStore {
  return {
    get: ({ accountId, plantId }) => table.get(keys.plant(accountId, plantId), Plant),

    async put(plant) {
      await table.put(keys.plant(plant.accountId, plant.plantId), plant);
    },

    async delete({ accountId, plantId }) {
      await table.delete(keys.plant(accountId, plantId));
    },

    ofAccount: (accountId) =>
      Array.fromAsync(
        table.queryAll(
          expression`#pk = ${accountPartition(accountId)} AND begins_with(#sk, ${prefixes.plant})`,
          Plant,
        ),
      ),
  };
}
