/** `…/activity`: what was reported, in buckets (contract 4.5). */
import { type Answer, json } from '../../simulation/answer.ts';
import type { Report } from '../house/asset.ts';
import { Resolution, type Settings } from '../settings.ts';
import { wireTime } from '../wire-time.ts';
import type { World } from '../world.ts';
import { bucketStarts } from './buckets.ts';
import type { ApiCall, ApiRoute } from './gate.ts';
import { readHistory } from './history.ts';
import { type ReachedAsset, reachUsableAsset } from './reach.ts';
import { refusal } from './refusal.ts';
import { pageOf, readPage, readSpan, reportsWithin } from './time-span.ts';

const MOST_BUCKETS = 20_000;

/** By the asset's id only: no other path was ever seen. */
export function activityRoute(world: World): ApiRoute {
  return {
    method: 'GET',
    path: '/asset/:assetId/activity',
    operation: 'activity',
    handle: (call) => {
      const reached = reachUsableAsset(world, call, 'read');
      return 'refused' in reached ? reached.refused : readActivity(world, call, reached);
    },
  };
}

function readActivity(world: World, call: ApiCall, reached: ReachedAsset): Answer {
  const { settings } = world.state;
  const resolution = Resolution.safeParse(call.query.get('resolution') ?? 'hour').data;
  if (resolution === undefined || !settings.resolutions.includes(resolution))
    return settings.unknownResolution === 'raw'
      ? readHistory(world, call, reached)
      : refusal(world, 400, 'The resolution is not supported.');
  const span = readSpan(world, call);
  if (!span) return refusal(world, 400, 'The request is invalid.');
  if (world.faults.take('null_answer', 'activity')) return json(200, null);
  if (world.faults.take('without_data', 'activity')) return json(200, {});
  const reports = reportsWithin(world, reached, span);
  const fromEpochMs = span.fromEpochMs ?? reports[0]?.atEpochMs ?? span.toEpochMs;
  const starts = bucketStarts(fromEpochMs, span.toEpochMs, resolution, MOST_BUCKETS);
  if (!starts) return refusal(world, 400, 'The period is too long.');
  const buckets = bucketsOf(settings, starts, reports);
  const { activityPaging, historyPageSize } = settings;
  return json(200, {
    data: activityPaging === 'paged' ? pageOf(buckets, readPage(call), historyPageSize) : buckets,
  });
}

/** Empty ones are there with `data: null`, or not at all (contract 8.15). */
function bucketsOf(settings: Settings, starts: readonly number[], reports: readonly Report[]) {
  let next = 0;
  const buckets = starts.map((start, index) => {
    const end = starts[index + 1] ?? Number.POSITIVE_INFINITY;
    const values: number[] = [];
    for (let report = reports[next]; report && report.atEpochMs < end; report = reports[next]) {
      if (typeof report.value === 'number') values.push(report.value);
      next += 1;
    }
    return { at: wireTime(start), data: aggregate(settings, values) };
  });
  return settings.emptyBuckets === 'null' ? buckets : buckets.filter(({ data }) => data !== null);
}

function aggregate({ activityFields }: Settings, values: readonly number[]) {
  if (values.length === 0) return null;
  const sum = values.reduce((total, value) => total + value, 0);
  const avg = sum / values.length;
  if (activityFields === 'avg') return { avg };
  return { avg, min: Math.min(...values), max: Math.max(...values), count: values.length };
}
