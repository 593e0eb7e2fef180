import { describe, expect, test } from 'vitest';
import { allowanceOf, estimate } from '../../../../cli/sync/backfill/estimate.ts';
import type { QuotaLeft } from '../../../../cli/sync/backfill/past.ts';
import type { ProviderName } from '../../../../shared/domain/provider-name.ts';
import { dayAt, days, NOW, taskOf } from './samples.ts';

const inSeconds = (seconds: number) => new Date(NOW + seconds * 1000).toISOString();
const hour = (remaining: number, resetsInSeconds = 3_000) => ({
  name: 'hour',
  seconds: 3_600,
  calls: 500,
  remaining,
  reservedForCommands: Math.min(remaining, 100),
  resetsAt: inSeconds(resetsInSeconds),
});
const burst = { ...hour(0), name: 'burst', seconds: 10, calls: 50 };
const dayOf = (remaining: number) => ({ ...hour(remaining), name: 'day', seconds: 86_400, calls: 500 });

describe('of an account’s budget a backfill may spend', () => {
  test('what is left once commands and a tenth for polls have theirs', () => {
    expect(allowanceOf({ windows: [hour(500)] }, NOW).calls).toBe(350);
    expect(allowanceOf({ windows: [hour(500), dayOf(170)] }, NOW).calls).toBe(20);
  });

  test('whatever there is in windows so short that the API waits by itself', () => {
    expect(allowanceOf({ windows: [hour(500), burst] }, NOW).calls).toBe(350);
    expect(allowanceOf({ windows: [burst] }, NOW).calls).toBe(Number.POSITIVE_INFINITY);
  });

  test.each([
    ['a tenth of the window later, as it slides', hour(150), 360],
    ['when all of it is left again, if that is sooner', hour(120, 60), 60],
    ['not at once, though it is left again by now', hour(120, 0), 1],
  ])('nothing, and it looks again %s', (_, window, seconds) => {
    const allowance = allowanceOf({ windows: [window] }, NOW);
    expect(allowance).toMatchObject({ calls: 0, againAtEpochMs: NOW + seconds * 1000 });
    expect(allowance.reason).toContain('hour');
  });

  test('nothing while the provider wants no calls', () => {
    const quota = { windows: [hour(500)], blockedUntil: inSeconds(90) };
    expect(allowanceOf(quota, NOW)).toMatchObject({ calls: 0, againAtEpochMs: NOW + 90_000 });
    expect(allowanceOf(quota, NOW + 90_000).calls).toBe(350);
  });
});

const planOf = (
  provider: ProviderName,
  lengths: readonly number[],
  quota: QuotaLeft,
  rawStepSeconds?: number,
) => ({
  account: { accountId: `acc_${provider}`, provider, linkedAt: dayAt(0) },
  quota,
  tasks: lengths.map((length) =>
    taskOf([days(-length, 0)], rawStepSeconds === undefined ? {} : { rawStepSeconds }),
  ),
});

describe('it takes', () => {
  test('a call for two days of a series, or for sixteen where there are half hours', () => {
    const of = (stepSeconds: number) =>
      estimate([planOf('netatmo', [32, 32], { windows: [] }, stepSeconds)], NOW);
    expect(of(0)).toMatchObject({ series: 2, days: 64, calls: 32, seconds: 16, budgetSeconds: 0 });
    expect(of(1_800).calls).toBeLessThanOrEqual(2 * 3);
  });

  test('as long as the budget of the slowest account, and the calls of all', () => {
    const slow = planOf('netatmo', [4_000], { windows: [hour(350), burst] });
    const quick = planOf('allthingstalk', [400], { windows: [] });
    const { accounts, ...whole } = estimate([slow, quick], NOW);
    expect(accounts.map(({ calls, callsNow }) => [calls, callsNow])).toEqual([
      [2_000, 200],
      [400, 400],
    ]);
    // 350 of them each hour.
    expect(accounts[0]?.seconds).toBe(Math.ceil((1_800 / 350) * 3_600));
    const { seconds, budgetSeconds } = whole;
    expect([seconds, budgetSeconds]).toEqual(Array(2).fill(accounts[0]?.seconds));
    expect(whole).toMatchObject({ series: 2, days: 4_400, calls: 2_400 });
  });

  test('as much longer as the provider wants no calls', () => {
    const plan = planOf('netatmo', [20], { windows: [hour(500)], blockedUntil: inSeconds(600) });
    expect(estimate([plan], NOW).accounts).toMatchObject([{ calls: 10, callsNow: 0 }]);
    expect(estimate([plan], NOW).seconds).toBeGreaterThanOrEqual(600);
  });

  test('nothing where nothing is missing', () => {
    expect(estimate([planOf('netatmo', [], { windows: [] })], NOW)).toEqual({
      series: 0,
      days: 0,
      calls: 0,
      seconds: 0,
      budgetSeconds: 0,
      accounts: [],
    });
  });
});
