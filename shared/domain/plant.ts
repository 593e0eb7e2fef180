import * as z from 'zod';
import { AccountId, ModuleId, PlantId } from './ids.ts';
import { isSameValue } from './reading.ts';
import { TimeZone, UtcTime } from './time.ts';

export const Ambient = z.object({ ambientId: z.string(), name: z.string() });
export type Ambient = z.infer<typeof Ambient>;

/** A location and what is in it, as last discovered. */
export const Plant = z.object({
  plantId: PlantId,
  accountId: AccountId,
  nativeId: z.string(),
  name: z.string(),
  timeZone: TimeZone,
  ambients: z.array(Ambient),
  moduleIds: z.array(ModuleId),
  /** +1 whenever something a client can see has changed. */
  version: z.int(),
  discoveredAt: UtcTime,
});
export type Plant = z.infer<typeof Plant>;

/** Whether clients see the same of two states of a plant, apart from its version. */
export function isPlantAlike(a: Plant, b: Plant): boolean {
  const shown = ({ name, timeZone, ambients, moduleIds }: Plant) => [name, timeZone, ambients, moduleIds];
  return isSameValue(shown(a), shown(b));
}
