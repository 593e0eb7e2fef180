import { expect, test } from 'vitest';
import type { QuotaLeft } from '../../../../cli/sync/backfill/past.ts';
import { createTally } from '../../../../cli/sync/backfill/tally.ts';
import { backfillLine, estimateLines } from '../../../../cli/sync/backfill/words.ts';
import { dayAt, days, NOW, series, taskOf } from './samples.ts';

const account = { accountId: series.accountId, provider: 'netatmo' as const, linkedAt: dayAt(0) };
const unlimited: QuotaLeft = { windows: [] };
/** Eight calls now, and a hundred an hour. */
const small = {
  name: 'hour',
  seconds: 3_600,
  calls: 200,
  remaining: 108,
  reservedForCommands: 80,
  resetsAt: dayAt(0),
};

function begun(quota = unlimited) {
  let now = NOW;
  const tally = createTally(() => now);
  const tasks = [taskOf([days(-20, 0)]), taskOf([days(-20, 0)], { capability: 'humidity' })] as const;
  const found = tally.begin([{ account, quota, tasks }]);
  const line = () => backfillLine({ kind: 'backfill', ...tally.progress(), setAside: 0 });
  return { tally, tasks, found, line, pass: (seconds: number) => (now += seconds * 1000) };
}

test('tells how far it has come, and how long the rest takes at the rate of what is done', () => {
  const { tally, tasks, found, line, pass } = begun();
  expect(estimateLines(found)).toEqual([
    'past: 2 series at 1 account, 40 days, about 20 calls to the providers, about a minute',
    `  ${account.accountId} (netatmo): 2 series, about 20 calls, which its budget has now; about a minute`,
  ]);
  expect(tally.progress()).toMatchObject({ percent: 0, secondsLeft: 10 });
  pass(60);
  const half = { ...tasks[0], gaps: [days(-10, 0)] };
  tally.note('netatmo', tasks[0], half, 1_200);
  expect(line()).toBe(
    'past [######..................] 25 %, about 3 min left, 0 of 2 series, 10 of 40 days, 1,200 readings, 20/s',
  );
  tally.note('netatmo', half, { ...half, gaps: [] }, 0);
  tally.note('netatmo', tasks[1], { ...tasks[1], gaps: [] }, 0);
  expect(line()).toBe(
    'past [########################] 100 %, done, 2 of 2 series, 40 of 40 days, 1,200 readings, 20/s',
  );
});

test('does not promise more than the budget allows, however fast its first calls were', () => {
  const { tally, tasks, pass } = begun({ windows: [small] });
  const { secondsLeft } = tally.progress();
  pass(4);
  tally.note('netatmo', tasks[0], { ...tasks[0], gaps: [days(-4, 0)] }, 1_000);
  expect(tally.progress().secondsLeft).toBe(secondsLeft - 4);
});

test('has all days done once everything is, though of some only a part was missing', () => {
  const tally = createTally(() => NOW);
  const task = taskOf([days(-1.4, 0)]);
  tally.begin([{ account, quota: unlimited, tasks: [task] }]);
  tally.note('netatmo', task, { ...task, gaps: [] }, 0);
  expect(tally.progress()).toMatchObject({ days: 2, daysDone: 2, percent: 100 });
});

test('does not count as done what has gone, nor wait for it', () => {
  const { tally, tasks } = begun();
  tally.note('netatmo', tasks[0], undefined, 0);
  expect(tally.progress()).toMatchObject({ series: 1, seriesDone: 0, days: 20, daysDone: 0, percent: 0 });
});

test('counts on while there is something left, and anew after that', () => {
  const { tally, tasks, pass } = begun();
  tally.note('netatmo', tasks[0], { ...tasks[0], gaps: [] }, 5);
  tally.begin([{ account, quota: unlimited, tasks: [tasks[1]] }]);
  expect(tally.progress()).toMatchObject({ series: 2, seriesDone: 1, percent: 50, readings: 5 });
  tally.note('netatmo', tasks[1], { ...tasks[1], gaps: [] }, 5);
  pass(86_400);
  tally.begin([{ account, quota: unlimited, tasks: [tasks[1]] }]);
  expect(tally.progress()).toMatchObject({ series: 1, seriesDone: 0, percent: 0, readings: 0, seconds: 0 });
});
