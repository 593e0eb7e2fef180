/** What a backfill is going to take, before it begins. Pure: no I/O, no clock. */
import { blocksOf, DAY_MS, keptAt } from '../../../shared/domain/history.ts';
import type { ProviderName } from '../../../shared/domain/provider-name.ts';
import type { LinkedAccount, QuotaLeft } from './past.ts';
import { lengthOf, type Task } from './series.ts';

export interface AccountEstimate {
  readonly accountId: string;
  readonly provider: ProviderName;
  readonly series: number;
  /** Of all series together. */
  readonly days: number;
  /** To the provider, about. */
  readonly calls: number;
  /** Of them, those that its budget allows now. */
  readonly callsNow: number;
  /** About. */
  readonly seconds: number;
  /** At the least, by its budget alone: however fast the rest is, this it cannot be. */
  readonly budgetSeconds: number;
}

export interface Estimate {
  readonly series: number;
  readonly days: number;
  readonly calls: number;
  readonly seconds: number;
  readonly budgetSeconds: number;
  readonly accounts: readonly AccountEstimate[];
}

/** What is to be done for an account, and what it may spend. */
export interface AccountPlan {
  readonly account: LinkedAccount;
  readonly quota: QuotaLeft;
  readonly tasks: readonly Task[];
}

/**
 * Calls that a block of the past takes: of AllThingsTalk nobody knows how much it answers at once, so there it is asked
 * until nothing more comes.
 */
const callsPerBlock: Readonly<Record<ProviderName, number>> = { legrand: 1, netatmo: 1, allthingstalk: 2 };

/** Beside those that are kept for commands, this part of a window is left to polls. */
const POLLS_SHARE = 0.1;
/** Where a shorter one is full, the API waits by itself, seconds. */
const SHORTEST_WINDOW_SECONDS = 60;
/** A sliding window is counted in tenths: so soon there is something left again. */
const WINDOW_PARTS = 10;
/** From asking the API to having it written, where a provider is asked, seconds. */
const SECONDS_PER_CALL = 0.5;

export function callsOf(provider: ProviderName, { series, gaps }: Pick<Task, 'series' | 'gaps'>): number {
  const resolution = keptAt('raw', series.rawStepSeconds);
  const blocks = gaps.reduce((sum, gap) => sum + [...blocksOf(resolution, gap)].length, 0);
  return blocks * callsPerBlock[provider];
}

export interface Allowance {
  /** That a backfill may make now. */
  readonly calls: number;
  /** Where that is none: when to look again, epoch milliseconds. */
  readonly againAtEpochMs: number;
  /** Where that is none: why, for people. */
  readonly reason: string;
}

/** What an account's budget leaves to a backfill. */
export function allowanceOf({ windows, blockedUntil = '' }: QuotaLeft, now: number): Allowance {
  const blockedUntilMs = Date.parse(blockedUntil);
  if (blockedUntilMs > now)
    return {
      calls: 0,
      againAtEpochMs: blockedUntilMs,
      reason: 'the provider wants no calls for this account',
    };
  let least: Allowance = { calls: Number.POSITIVE_INFINITY, againAtEpochMs: now, reason: '' };
  for (const window of windows.filter(isLong)) {
    const { name, seconds, calls, remaining, reservedForCommands, resetsAt } = window;
    const left = Math.max(0, remaining - reservedForCommands - Math.ceil(calls * POLLS_SHARE));
    if (left >= least.calls) continue;
    const againAtEpochMs = Math.min(Date.parse(resetsAt), now + (seconds * 1000) / WINDOW_PARTS);
    const reason = `what is left of the calls of this ${name} is kept for commands and polls`;
    least = { calls: left, againAtEpochMs: Math.max(againAtEpochMs, now + 1_000), reason };
  }
  return least;
}

export function estimate(plans: readonly AccountPlan[], now: number): Estimate {
  const accounts = plans.filter(({ tasks }) => tasks.length > 0).map((plan) => estimateAccount(plan, now));
  const calls = sumOf(accounts, (account) => account.calls);
  return {
    series: sumOf(accounts, (account) => account.series),
    days: sumOf(accounts, (account) => account.days),
    calls,
    // Accounts wait for their budgets side by side, and are read one after the other.
    seconds: Math.ceil(Math.max(calls * SECONDS_PER_CALL, ...accounts.map(({ seconds }) => seconds))),
    budgetSeconds: Math.max(0, ...accounts.map(({ budgetSeconds }) => budgetSeconds)),
    accounts,
  };
}

function estimateAccount({ account, quota, tasks }: AccountPlan, now: number): AccountEstimate {
  const { accountId, provider } = account;
  const calls = sumOf(tasks, (task) => callsOf(provider, task));
  const callsNow = Math.min(calls, allowanceOf(quota, now).calls);
  // A provider's pause ends by itself, and then the rest of the budget is there at once.
  const unpaused = Math.min(calls, allowanceOf({ windows: quota.windows }, now).calls);
  const blockedSeconds = Math.max(0, (Date.parse(quota.blockedUntil ?? '') || now) - now) / 1000;
  const waits = quota.windows.filter(isLong).map((window) => {
    const mostCalls = window.calls - window.reservedForCommands - Math.ceil(window.calls * POLLS_SHARE);
    return ((calls - unpaused) / Math.max(1, mostCalls)) * window.seconds;
  });
  const seconds = Math.ceil(blockedSeconds + Math.max(calls * SECONDS_PER_CALL, ...waits));
  const budgetSeconds = Math.ceil(blockedSeconds + Math.max(0, ...waits));
  const days = Math.ceil(sumOf(tasks, ({ gaps }) => lengthOf(gaps)) / DAY_MS);
  return { accountId, provider, series: tasks.length, days, calls, callsNow, seconds, budgetSeconds };
}

function isLong({ seconds }: QuotaLeft['windows'][number]): boolean {
  return seconds >= SHORTEST_WINDOW_SECONDS;
}

function sumOf<T>(items: readonly T[], read: (item: T) => number): number {
  return items.reduce((sum, item) => sum + read(item), 0);
}
