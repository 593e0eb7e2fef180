/** Rows about processes that die: each point of a rotation, and of the takeovers after one, is in one of them. */
import { crashAt, dieAt, nothing, type Prelude, recordCalls } from './crashes.ts';
import { keepAside, keepWithoutCommit } from './outages.ts';
import { answerInHand, createMomentOf, describePoints, moments, type Point, pointsOf } from './points.ts';
import { type Row, unforgiving } from './row.ts';
import type { Setting } from './scene.ts';
import type { Crew } from './stage.ts';

export interface Recorded {
  readonly rows: readonly Row[];
  /** How many calls of a rotation come before the exchange. */
  readonly exchange: number;
}

/** Names of rows begin with it where it is a takeover that dies. */
export const TAKEOVER = 'takeover';
/** Name of the row of everything that is far from the exchange. */
export const BEFORE_LEASE = 'dies before the lease';

/** Longer than a lease, and what clocks may differ by. */
const LEASE_OVER_MS = 80_000;

/** Finds the points by letting the runs happen without disturbance first. */
export async function recordCrashRows(setting: Setting, crew: Crew): Promise<Recorded> {
  const calls = await recordCalls(setting, crew);
  const points = pointsOf(calls);
  const momentOf = createMomentOf(calls);
  const rows = moments.flatMap((moment) => {
    const found = points.filter((point) => momentOf(point) === moment);
    return crashRow(`dies ${moment}`, found, answerInHand.includes(moment));
  });
  const beforeArrival = points.find((point) => momentOf(point) === 'sent, never arrived');
  if (!beforeArrival) throw new RangeError('the undisturbed run made no exchange');
  const preludes: Record<string, Prelude> = {
    'of a kept answer': keepWithoutCommit,
    'of an answer in escrow': keepAside,
    'of an unknown outcome': (stage) => dieAt(stage, beforeArrival),
  };
  for (const [name, prelude] of Object.entries(preludes))
    rows.push(...(await takeoverRows(`${TAKEOVER} ${name}`, prelude, setting, crew)));
  return { rows, exchange: beforeArrival.call.index };
}

/** Of a takeover only what it does under its lease: before that it is like any other run. */
async function takeoverRows(name: string, happen: Prelude, setting: Setting, crew: Crew): Promise<Row[]> {
  const prelude: Prelude = async (stage) => {
    await happen(stage);
    stage.clock.advance(LEASE_OVER_MS);
  };
  const calls = await recordCalls(setting, crew, prelude);
  const lease = calls.findIndex(({ action, subject }) => action === 'UpdateItem' && subject === 'TOKEN');
  // A vault that has the answer in place already has nothing to take over.
  if (lease < 0) return [];
  const points = pointsOf(calls).filter(({ call, phase }) => call.index >= lease && phase !== 'before');
  if (!calls.some(({ subject }) => subject === '/token'))
    return crashRow(`${name} dies`, points, false, prelude);
  const momentOf = createMomentOf(calls);
  const isInHand = (point: Point) => answerInHand.includes(momentOf(point));
  const others = points.filter((point) => !isInHand(point));
  return [
    ...crashRow(`${name} dies, the answer not in its hands`, others, false, prelude),
    ...crashRow(`${name} dies, the answer in its hands`, points.filter(isInHand), true, prelude),
  ];
}

function crashRow(name: string, points: readonly Point[], isInHand: boolean, prelude = nothing): Row[] {
  if (points.length === 0) return [];
  const trials = points.map(
    (point): Row['trials'][number] =>
      (setting, crew) =>
        crashAt(point, setting, crew, prelude),
  );
  return [{ name, where: describePoints(points), mayLose: isInHand ? unforgiving : [], trials }];
}
