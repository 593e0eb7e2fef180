/** How long the past of modules is kept. Pure: no I/O, no clock. */
import * as z from 'zod';
import { DAY_MS } from './history.ts';

/** Deliveries come late and are read again: what is kept for less could be gone before it is condensed. */
const LEAST_DAYS = 7;
const MOST_DAYS = 36_500;

const days = z.int().min(LEAST_DAYS).max(MOST_DAYS);

/** By resolution, days; each but `raw` is made of the one before it, and so may not go sooner. */
export const Retention = z
  .strictObject({
    /** Readings, and what was fetched of clouds. */
    raw: days.default(400),
    '5min': days.default(400),
    /** Three years: one can be laid beside the last. */
    '1hour': days.default(1_100),
    /** Ten years, of 20 kB a capability. */
    '1day': days.default(3_700),
  })
  .superRefine((kept, context) => {
    const resolutions = ['raw', '5min', '1hour', '1day'] as const;
    for (const [index, finer] of resolutions.slice(0, -1).entries()) {
      const coarser = resolutions[index + 1] ?? finer;
      if (kept[coarser] >= kept[finer]) continue;
      const message = `must be at least the ${kept[finer]} days of ${finer}, of which it is made`;
      context.addIssue({ code: 'custom', path: [coarser], message });
    }
  });
export type Retention = z.infer<typeof Retention>;
export type KeptResolution = keyof Retention;

export const defaultRetention: Retention = Retention.parse({});

/** When something of this time goes, seconds since the epoch, as the table's expiry counts. */
export function expiryOf(epochMs: number, keptDays: number): number {
  return Math.floor(epochMs / 1000) + keptDays * 86_400;
}

/** What is older is gone, whether or not the table has deleted it by now, epoch milliseconds. */
export function keptSince(keptDays: number, now: number): number {
  return now - keptDays * DAY_MS;
}
