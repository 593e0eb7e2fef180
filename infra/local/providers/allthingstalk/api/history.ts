/** `…/states`: what was reported, page by page (contract 4.5). */
import { type Answer, json } from '../../simulation/answer.ts';
import { wireTime } from '../wire-time.ts';
import type { World } from '../world.ts';
import { assetPaths } from './assets.ts';
import type { ApiCall, ApiRoute } from './gate.ts';
import { type ReachedAsset, reachUsableAsset } from './reach.ts';
import { refusal } from './refusal.ts';
import { shownReport } from './shown-report.ts';
import { pageOf, readPage, readSpan, reportsWithin } from './time-span.ts';

export function historyRoutes(world: World): ApiRoute[] {
  return assetPaths.map((path) => ({
    method: 'GET',
    path: `${path}/states`,
    operation: 'history',
    handle: (call) => {
      const reached = reachUsableAsset(world, call, 'read');
      return 'refused' in reached ? reached.refused : readHistory(world, call, reached);
    },
  }));
}

/** The value of a point stands in `data`, not in `value`. */
export function readHistory(world: World, call: ApiCall, reached: ReachedAsset): Answer {
  const { state, faults } = world;
  const { historyPageSize: pageSize, historyOrder, historyMembers, historyWithoutStorage } = state.settings;
  const span = readSpan(world, call);
  if (!span) return refusal(world, 400, 'The request is invalid.');
  if (!reached.device.activityEnabled && historyWithoutStorage === 'not_found')
    return refusal(world, 404, 'There is no history.');
  if (faults.take('null_answer', 'history')) return json(200, null);
  if (faults.take('without_data', 'history')) return json(200, {});
  const lagSeconds = faults.take('stale_states', 'history')?.seconds;
  const asText = faults.take('values_as_text', 'history') !== undefined;
  const page = faults.take('page_ignored', 'history') ? 0 : readPage(call);
  const ascending = reportsWithin(world, reached, span, lagSeconds);
  const ordered = historyOrder === 'ascending' ? ascending : ascending.toReversed();
  const points = pageOf(ordered, page, pageSize).map((report) => {
    const { atEpochMs, value } = shownReport(report, asText);
    return { at: wireTime(atEpochMs), data: value };
  });
  const members = historyMembers === 'paged' && { page, pageSize, total: ordered.length };
  return json(200, { data: points, ...members });
}
