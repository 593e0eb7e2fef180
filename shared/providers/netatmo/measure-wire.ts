/** What `getmeasure` and `getroommeasure` answer, in either of their layouts (contract 3.4). Pure; never throws. */
import * as z from 'zod';

/** The `body`: series, an object by seconds, or an empty list for no data at all, whatever the layout. */
export const MeasureBody = z.union([z.array(z.unknown()), z.record(z.string(), z.unknown())]);
type MeasureBody = z.infer<typeof MeasureBody>;

export interface ToldMeasures {
  /** Of the one type that was asked for, in no order; `null`: nothing was measured. */
  readonly measures: readonly { epochS: number; value: number | null }[];
  /** How many there were, readable or not. */
  readonly count: number;
  /** Whether nothing was unreadable, or missing: no data at all is an empty list, and nothing else. */
  readonly isWhole: boolean;
}

const Epoch = z.union([z.number(), z.string().regex(/^\d+$/).transform(Number)]).pipe(z.int().min(0));
/** One slot for each type that was asked for, and that is one. */
const Slots = z.tuple([z.number().nullable()]).rest(z.unknown());
const Series = z
  .looseObject({
    beg_time: Epoch,
    // Netatmo: missing where the series has one value.
    step_time: Epoch.optional().catch(undefined),
    value: z.array(z.unknown()).optional(),
    // Netatmo: the name that its documentation gives it.
    values: z.array(z.unknown()).optional(),
  })
  .transform(({ beg_time, step_time, value, values }) => ({
    beg_time,
    step_time,
    value: value ?? values ?? [],
  }));

export function readMeasures(body: MeasureBody): ToldMeasures {
  const told = Array.isArray(body) ? body.flatMap(stampsOf) : Object.entries(body);
  const measures = told.flatMap(([stamp, slots]) => {
    const epochS = Epoch.safeParse(stamp);
    const read = Slots.safeParse(slots);
    return epochS.success && read.success ? [{ epochS: epochS.data, value: read.data[0] }] : [];
  });
  const isTold = Array.isArray(body) || told.length > 0;
  return { measures, count: told.length, isWhole: isTold && measures.length === told.length };
}

/** A series, value by value; those whose time cannot be told have none. */
function stampsOf(told: unknown): [unknown, unknown][] {
  const series = Series.safeParse(told);
  if (!series.success) return [[undefined, told]];
  const { beg_time, step_time, value } = series.data;
  return value.map((slots, index) => [timeOf(beg_time, step_time, index), slots]);
}

function timeOf(begin: number, step: number | undefined, index: number): number | undefined {
  if (index === 0) return begin;
  return step === undefined ? undefined : begin + index * step;
}
