import { LatchkeyError } from '../domain/error.ts';
import { accountOf, moduleIdFor } from '../domain/ids.ts';
import type { Store } from '../store/store.ts';

/**
 * The module that stands for a plant as a whole.
 * @throws {LatchkeyError} plant_unknown
 * @throws {LatchkeyError} command_unsupported – the provider's plants cannot be told anything as a whole
 */
export async function findWhole({ store }: { store: Store }, plantId: string): Promise<string> {
  const accountId = accountOf(plantId);
  const plant = await store.plants.get({ accountId, plantId });
  if (!plant) throw new LatchkeyError('plant_unknown', `there is no plant ${plantId}`);
  const moduleId = moduleIdFor(accountId, plant.nativeId);
  if (!plant.moduleIds.includes(moduleId))
    throw new LatchkeyError('command_unsupported', 'This plant cannot be told anything as a whole');
  return moduleId;
}
