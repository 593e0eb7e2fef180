import * as z from 'zod';
import { ModuleId } from './ids.ts';
import { CapabilityName, Reading } from './reading.ts';

/** A reading that came when its module had a newer one, as its history keeps it: it tells of itself, since no state does. */
export const LateReading = z.object({
  ...Reading.shape,
  moduleId: ModuleId,
  capability: CapabilityName,
  /** What the stream's filter knows it by. */
  late: z.literal(true),
  /** The replay that it came from; absent where it came as things happened. */
  replayId: z.string().optional(),
});
export type LateReading = z.infer<typeof LateReading>;

/** A reading of a history; one without the mark was told by the change of its module. */
export const KeptReading = z.union([LateReading, Reading]);
export type KeptReading = z.infer<typeof KeptReading>;

export function isLate(reading: KeptReading): reading is LateReading {
  return 'late' in reading;
}
