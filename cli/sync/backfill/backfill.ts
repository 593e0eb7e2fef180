/**
 * Brings the providers' past into the target, one small step at a time, so that the feed is followed in between: an
 * account is planned, or one answer of the API is written. What is noted in the target comes after what it stands for.
 */
import { toUtc } from '../../../shared/domain/time.ts';
import { ApiProblem } from '../../api.ts';
import type { Sink } from '../sink.ts';
import { type AccountPlan, allowanceOf, type Estimate } from './estimate.ts';
import type { LinkedAccount } from './past.ts';
import { type Notes, type PlanWish, planAccount, readNotes } from './plan.ts';
import {
  CALLS_PER_QUESTION,
  cursorOf,
  idOf,
  noteWanted,
  pastDocuments,
  questionOf,
  type Task,
  withPast,
} from './series.ts';
import { createStandings, type Verdict } from './standing.ts';
import { type BackfillProgress, createTally } from './tally.ts';

export interface BackfillWish extends PlanWish {
  readonly sink: Sink;
  readonly report: (news: BackfillNews) => void;
}

export interface Backfill {
  /**
   * Does a step, if there is one to do now, and says whether there was. May be called again after it threw.
   * @throws {SinkProblem}
   * @throws {ApiProblem} – the token is refused
   */
  step(): Promise<boolean>;
  /** Looks anew what there is to do: accounts or modules have come or gone. */
  lookAgain(): void;
  /** Until there is something to do; 0: there is now. */
  idleMs(): number;
  /** Nothing is missing, but for what was set aside. */
  isOver(): boolean;
}

export type BackfillNews =
  | { readonly kind: 'estimate'; readonly estimate: Estimate }
  /** `setAside`: series that cannot be had now. */
  | ({ readonly kind: 'backfill'; readonly setAside: number } & BackfillProgress)
  | ({ readonly kind: 'backfill_waits' } & Delay)
  /** It is tried again then, and others go on meanwhile. */
  | ({ readonly kind: 'set_aside' } & Delay);

interface Delay {
  readonly accountId: string;
  /** Absent where it is all of the account. */
  readonly moduleId?: string;
  readonly capability?: string;
  readonly until: string;
  readonly reason: string;
}

/** Modules may have come, and what is missing may have settled: so soon that is looked for again. */
const ROUND_MS = 3_600_000;
/** Where that cannot be found out now. */
const PLAN_PAUSE_MS = 10_000;

interface Lane {
  readonly account: LinkedAccount;
  readonly tasks: readonly Task[];
}

/** What there is to do is being found out, account by account. */
interface Planning {
  readonly notes: Notes;
  readonly accounts: LinkedAccount[];
  readonly plans: AccountPlan[];
}

export function createBackfill(wish: BackfillWish): Backfill {
  const { past, sink, now, report } = wish;
  const standings = createStandings(now);
  const tally = createTally(now);
  /** Calls that an account may make before its budget is looked at again. */
  const allowed = new Map<string, number>();
  let lanes: readonly Lane[] = [];
  let planning: Planning | undefined;
  let planAtEpochMs = now();
  let wasPlanned = false;

  const tasksAside = ({ account, tasks }: Lane) =>
    standings.isAside(account.accountId)
      ? tasks
      : tasks.filter(({ series }) => standings.isAside(idOf(series)));
  const isAside = (lane: Lane) => tasksAside(lane).length === lane.tasks.length;
  const readyTask = ({ tasks }: Lane) => tasks.find(({ series }) => standings.readyAt(idOf(series)) <= now());
  const readyAt = ({ account, tasks }: Lane) =>
    Math.max(
      standings.readyAt(account.accountId),
      Math.min(...tasks.map(({ series }) => standings.readyAt(idOf(series)))),
    );

  async function plan(): Promise<void> {
    try {
      planning ??= {
        notes: await readNotes(sink),
        accounts: await past.accounts(),
        plans: [],
      };
      const [account] = planning.accounts;
      const found = account && (await planAccount(wish, planning.notes, account));
      if (found) planning.plans.push(await noted(found));
      planning.accounts.shift();
      if (planning.accounts.length === 0) endPlanning(planning.plans);
    } catch (error) {
      if (!(error instanceof ApiProblem) || !error.mayPass) throw error;
      planAtEpochMs = now() + PLAN_PAUSE_MS;
    }
  }

  /** The plan, noted in the target: should it end before its time, what was finished before is not all that was wanted. */
  async function noted(plan: AccountPlan): Promise<AccountPlan> {
    const tasks = plan.tasks.map((task) => ({ ...task, note: noteWanted(task) }));
    await sink.putState(
      'backfills',
      tasks.map(({ note }) => note),
    );
    return { ...plan, tasks };
  }

  function endPlanning(plans: readonly AccountPlan[]): void {
    const isNew = !wasPlanned || (lanes.length === 0 && plans.length > 0);
    lanes = plans.map(({ account, tasks }) => ({ account, tasks }));
    planning = undefined;
    planAtEpochMs = now() + ROUND_MS;
    wasPlanned = true;
    const found = tally.begin(plans);
    if (isNew) report({ kind: 'estimate', estimate: found });
  }

  /** One answer of the API, written and then noted. */
  async function read(task: Task): Promise<{ task: Task; readings: number }> {
    const answer = await past.read(task.series, questionOf(task), cursorOf(task));
    const done = withPast(task, answer, now());
    await sink.addRecords('readings', pastDocuments(task.series, answer));
    await sink.putState('backfills', [done.note]);
    return { task: done, readings: answer.points.length };
  }

  async function work(lane: Lane, task: Task): Promise<void> {
    const { accountId, provider } = lane.account;
    try {
      if (!(await isAllowed(accountId))) return;
      const done = await read(task);
      for (const id of [accountId, idOf(task.series)]) standings.accepted(id);
      tally.note(provider, task, done.task, done.readings);
      replace(lane, task, done.task.gaps.length > 0 ? done.task : undefined);
    } catch (error) {
      if (!(error instanceof ApiProblem) || error.status === 401) throw error;
      refuse(lane, task, error);
    }
    report({ kind: 'backfill', ...tally.progress(), setAside: lanes.flatMap(tasksAside).length });
  }

  /** Whether the account's budget leaves a question to the backfill. */
  async function isAllowed(accountId: string): Promise<boolean> {
    if ((allowed.get(accountId) ?? 0) <= 0) {
      const { calls, againAtEpochMs, reason } = allowanceOf(await past.quota(accountId), now());
      allowed.set(accountId, calls);
      if (calls === 0) {
        const { untilEpochMs } = standings.wait(accountId, againAtEpochMs, reason);
        report({ kind: 'backfill_waits', accountId, until: toUtc(untilEpochMs), reason });
        return false;
      }
    }
    allowed.set(accountId, (allowed.get(accountId) ?? 0) - CALLS_PER_QUESTION);
    return true;
  }

  function refuse(lane: Lane, task: Task, problem: ApiProblem): void {
    const { accountId, provider } = lane.account;
    allowed.delete(accountId);
    if (problem.code === 'module_unknown' && !problem.isOfProvider) {
      // It went meanwhile, and its account may have gone as well.
      tally.note(provider, task, undefined, 0);
      replace(lane, task, undefined);
      return;
    }
    const verdict = standings.refused({ account: accountId, series: idOf(task.series) }, problem);
    tell(verdict, task, problem.message);
  }

  function tell({ kind, untilEpochMs, of, isKnown }: Verdict, { series }: Task, reason: string): void {
    if (kind === 'paused' || (kind === 'set_aside' && isKnown)) return;
    const { accountId, moduleId, capability } = series;
    report({
      kind: kind === 'waits' ? 'backfill_waits' : 'set_aside',
      accountId,
      ...(of === 'series' && { moduleId, capability }),
      until: toUtc(untilEpochMs),
      reason,
    });
  }

  /** The account goes to the end of the line: so one with a long past does not keep the others waiting. */
  function replace(lane: Lane, task: Task, by: Task | undefined): void {
    const tasks = lane.tasks.flatMap((each) => (each === task ? (by ?? []) : each));
    lanes = [...lanes.filter((each) => each !== lane), ...(tasks.length > 0 ? [{ ...lane, tasks }] : [])];
  }

  return {
    async step() {
      if (planning || planAtEpochMs <= now()) {
        await plan();
        return true;
      }
      const lane = lanes.find((each) => readyAt(each) <= now());
      const task = lane && readyTask(lane);
      if (task) await work(lane, task);
      return task !== undefined;
    },

    lookAgain() {
      planning = undefined;
      planAtEpochMs = now();
    },

    idleMs() {
      if (planning) return 0;
      return Math.max(0, Math.min(planAtEpochMs, ...lanes.map(readyAt)) - now());
    },

    isOver: () => wasPlanned && !planning && planAtEpochMs > now() && lanes.every(isAside),
  };
}
