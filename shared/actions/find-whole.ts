import { LatchkeyError } from '../domain/error.ts';
import { moduleIdFor } from '../domain/ids.ts';
import type { Seeing } from './sight.ts';

/**
 * The module that stands for a plant as a whole.
 * @throws {LatchkeyError} plant_unknown
 * @throws {LatchkeyError} command_unsupported – the provider's plants cannot be told anything as a whole
 */
export async function findWhole({ sight }: Seeing, plantId: string): Promise<string> {
  const plant = await sight.plant(plantId);
  if (!plant) throw new LatchkeyError('plant_unknown', `there is no plant ${plantId}`);
  const moduleId = moduleIdFor(plant.accountId, plant.nativeId);
  if (!plant.moduleIds.includes(moduleId))
    throw new LatchkeyError('command_unsupported', 'This plant cannot be told anything as a whole');
  return moduleId;
}
