/** What a provider has counted against an account's webhook address, as far as we can know. Pure: no I/O, no clock. */
import * as z from 'zod';
import { toUtc, UtcTime } from './time.ts';

/** When a provider stops calling an address. */
export interface BanFacts {
  /** Each so many answers that were late or failed begin a ban. */
  readonly failures: number;
  /** How long the first ban is; each further one is longer by as much, up to `mostSeconds`. */
  readonly seconds: number;
  readonly mostSeconds: number;
  /** The count begins again after so long without a failure. */
  readonly forgivenAfterSeconds: number;
  /** Whether one good answer forgives those before it: only failures in a row count. */
  readonly isForgivenByAnswer?: boolean;
  /** Whether telling the provider the address again ends a ban. */
  readonly isLiftedByAdding?: boolean;
}

export const AnswerTally = z.object({
  failures: z.int(),
  lastFailureAt: UtcTime,
  /** The deliveries that told of them, the latest few: one that is projected again is not counted again. */
  toldBy: z.array(z.string()),
});
export type AnswerTally = z.infer<typeof AnswerTally>;

/** A batch of the stream that comes again holds no more of one account's that tell of failures, as a rule. */
const REMEMBERED = 20;

export interface ToldFailures {
  readonly deliveryId: string;
  readonly failures: number;
  /** When the first of them was. */
  readonly since: UtcTime;
  /** When they were told of, with an answer that was good. */
  readonly at: UtcTime;
}

export interface Counted {
  readonly tally: AnswerTally;
  /** Half of what it takes for a ban has just been reached, or passed. */
  readonly isNear: boolean;
  /** How long the provider stays away, where it must have begun a ban. */
  readonly banSeconds?: number;
}

/** @returns undefined when the delivery was counted before */
export function countFailures(
  before: AnswerTally | undefined,
  { deliveryId, failures, since, at }: ToldFailures,
  ban: BanFacts,
): Counted | undefined {
  if (before?.toldBy.includes(deliveryId)) return undefined;
  // Those of several processes are one row as long as none of them has told of its own between.
  const isForgiven = ban.isForgivenByAnswer && before !== undefined && before.lastFailureAt < since;
  const known = isForgiven ? 0 : standingFailures(before, at, ban);
  const all = known + failures;
  const sets = Math.floor(all / ban.failures);
  const isNear = setsAndHalf(all, ban) > setsAndHalf(known, ban);
  return {
    tally: {
      failures: all,
      lastFailureAt: before && before.lastFailureAt > at ? before.lastFailureAt : at,
      toldBy: [...(before?.toldBy ?? []), deliveryId].slice(-REMEMBERED),
    },
    isNear,
    ...(sets > Math.floor(known / ban.failures) && {
      banSeconds: Math.min(sets * ban.seconds, ban.mostSeconds),
    }),
  };
}

/** The failures that are not forgiven yet. */
export function standingFailures(tally: AnswerTally | undefined, now: UtcTime, ban: BanFacts): number {
  if (!tally) return 0;
  const forgivenAt = toUtc(Date.parse(tally.lastFailureAt) + ban.forgivenAfterSeconds * 1000);
  return now > forgivenAt ? 0 : tally.failures;
}

/** How often the half-way mark towards a ban was passed: 10, 30, 50 … of 20. */
function setsAndHalf(failures: number, ban: BanFacts): number {
  return Math.floor((failures + ban.failures / 2) / ban.failures);
}
