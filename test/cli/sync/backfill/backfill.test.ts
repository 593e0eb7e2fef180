/** What a backfill makes of answers, into files; what it asks is told by the test. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ApiProblem } from '../../../../cli/api.ts';
import { type BackfillNews, createBackfill } from '../../../../cli/sync/backfill/backfill.ts';
import type { Past } from '../../../../cli/sync/backfill/past.ts';
import type { Series } from '../../../../cli/sync/backfill/series.ts';
import type { Sink } from '../../../../cli/sync/sink.ts';
import { type Database, startFiles } from '../databases.ts';
import { day, dayAt, NOW, series } from './samples.ts';

let database: Database;
let sink: Sink;
beforeEach(async () => {
  database = await startFiles();
  sink = database.open();
  await sink.open();
});
afterEach(async () => {
  await sink.close();
  await database.close();
});

const { accountId, linkedAt } = series;
const others: Series[] = ['co2', 'noise'].map((capability) => ({ ...series, capability }));

/** One account whose series answer, or refuse, as the test says. */
function pastOf(read: Past['read']): Past {
  return {
    accounts: async () => [{ accountId, provider: 'netatmo', linkedAt }],
    quota: async () => ({ windows: [] }),
    series: async () => [series, ...others],
    border: async () => undefined,
    read,
  };
}

async function runToEnd(past: Past): Promise<BackfillNews[]> {
  const news: BackfillNews[] = [];
  const wish = { past, sink, sinceEpochMs: day(-3), now: () => NOW };
  const backfill = createBackfill({ ...wish, report: (each) => news.push(each) });
  while (!backfill.isOver()) await backfill.step();
  return news;
}

test('sets aside, and tells, what the provider does not know; what is gone is gone', async () => {
  const problems: Record<string, ApiProblem> = {
    co2: new ApiProblem(404, 'Netatmo does not know it', {
      code: 'module_unknown',
      provider: { status: 400 },
    }),
    noise: new ApiProblem(404, 'there is no such module', { code: 'module_unknown' }),
  };
  const news = await runToEnd(
    pastOf(async ({ capability }, { toEpochMs }) => {
      const problem = problems[capability];
      if (problem) throw problem;
      return { unit: '°C', points: [{ time: dayAt(-2), value: 20 }], askedToEpochMs: toEpochMs };
    }),
  );
  expect(news.filter(({ kind }) => kind === 'set_aside')).toEqual([
    expect.objectContaining({ accountId, capability: 'co2', reason: 'Netatmo does not know it' }),
  ]);
  expect(news.at(-1)).toMatchObject({ kind: 'backfill', series: 2, seriesDone: 1, setAside: 1, readings: 1 });
  expect((await Array.fromAsync(sink.listState('backfills'))).map(({ finishedAt }) => finishedAt)).toEqual([
    new Date(NOW).toISOString(),
    undefined,
    undefined,
  ]);
});
