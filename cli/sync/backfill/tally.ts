/** How far a backfill has come, from the estimate on until nothing is missing. Pure but for the clock that it is given. */
import { DAY_MS } from '../../../shared/domain/history.ts';
import { type AccountPlan, callsOf, type Estimate, estimate } from './estimate.ts';
import { lengthOf, type Task } from './series.ts';

export interface BackfillProgress {
  readonly series: number;
  readonly seriesDone: number;
  /** Of all series together. */
  readonly days: number;
  readonly daysDone: number;
  /** Of the calls that it takes. */
  readonly percent: number;
  /** Written in this run. */
  readonly readings: number;
  readonly seconds: number;
  /** About. */
  readonly secondsLeft: number;
}

export interface Tally {
  /** What is left, as it is found: at first, and again while it is being worked off. */
  begin(plans: readonly AccountPlan[]): Estimate;
  /** A task has become another, which lacks less, or is dropped. */
  note(
    provider: AccountPlan['account']['provider'],
    before: Task,
    after: Task | undefined,
    readings: number,
  ): void;
  progress(): BackfillProgress;
}

export function createTally(now: () => number): Tally {
  let startedAt = now();
  let expected = { seconds: 0, budgetSeconds: 0, at: now() };
  const done = { series: 0, lengthMs: 0, calls: 0, readings: 0 };
  const left = { series: 0, lengthMs: 0, calls: 0 };

  return {
    begin(plans) {
      if (left.series === 0) {
        startedAt = now();
        Object.assign(done, { series: 0, lengthMs: 0, calls: 0, readings: 0 });
      }
      const found = estimate(plans, now());
      const tasks = plans.flatMap((plan) => plan.tasks);
      const lengthMs = tasks.reduce((sum, { gaps }) => sum + lengthOf(gaps), 0);
      Object.assign(left, { series: found.series, lengthMs, calls: found.calls });
      expected = { seconds: found.seconds, budgetSeconds: found.budgetSeconds, at: now() };
      return found;
    },

    note(provider, before, after, readings) {
      const lengthMs = lengthOf(before.gaps) - lengthOf(after?.gaps ?? []);
      const calls = callsOf(provider, before) - (after ? callsOf(provider, after) : 0);
      const series = after && after.gaps.length > 0 ? 0 : 1;
      left.series -= series;
      left.lengthMs -= lengthMs;
      left.calls -= calls;
      // What was refused is not done, but nothing is waited for either.
      if (!after) return;
      done.series += series;
      done.lengthMs += lengthMs;
      done.calls += calls;
      done.readings += readings;
    },

    progress() {
      const seconds = Math.round((now() - startedAt) / 1000);
      const atThisRate = done.calls === 0 ? expected.seconds : (seconds * left.calls) / done.calls;
      // What the budget has now goes fast, and then there is nothing but waiting.
      const rest = Math.max(atThisRate, expected.budgetSeconds - (now() - expected.at) / 1000);
      return {
        series: done.series + left.series,
        seriesDone: done.series,
        days: Math.ceil((done.lengthMs + left.lengthMs) / DAY_MS),
        // Of parts of days no less than all, once they are done.
        daysDone: (left.lengthMs === 0 ? Math.ceil : Math.floor)(done.lengthMs / DAY_MS),
        percent:
          left.series === 0 ? 100 : Math.floor((100 * done.calls) / Math.max(1, done.calls + left.calls)),
        readings: done.readings,
        seconds,
        secondsLeft: left.series === 0 ? 0 : Math.max(1, Math.ceil(rest)),
      };
    },
  };
}
