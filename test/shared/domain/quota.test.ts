import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CallPurpose, CallWindow } from '../../../shared/domain/call-limits.ts';
import { emptyQuota, left, type Quota, spend } from '../../../shared/domain/quota.ts';

const MIDNIGHT = Date.parse('2026-01-15T00:00:00Z');
const day: CallWindow = { name: 'day', seconds: 86_400, calls: 5, reserve: 2, kind: 'utc_midnight' };
const burst: CallWindow = { name: 'burst', seconds: 10, calls: 7, reserve: 0, kind: 'sliding' };

/** Spends as often as asked, at the times given; which of the calls were allowed. */
function run(windows: readonly CallWindow[], calls: readonly { at: number; purpose?: CallPurpose }[]) {
  let quota: Quota = emptyQuota;
  const allowed = calls.filter(({ at, purpose = 'command' }) => {
    const outcome = spend(quota, windows, purpose, at);
    if ('spent' in outcome) quota = outcome.spent;
    return 'spent' in outcome;
  });
  return { quota, allowed };
}

describe('the budget of calls', () => {
  it('keeps the reserve for commands', () => {
    const polls = Array.from({ length: 5 }, () => ({ at: MIDNIGHT, purpose: 'state' as const }));
    const { quota, allowed } = run([day], polls);
    expect(allowed).toHaveLength(3);
    expect(spend(quota, [day], 'history', MIDNIGHT)).toMatchObject({ refused: { window: 'day' } });
    expect(spend(quota, [day], 'command', MIDNIGHT)).toHaveProperty('spent');
    expect(left(quota, [day], MIDNIGHT)).toMatchObject([{ remaining: 2, reserved: 2 }]);
  });

  it('says when a day that is used up ends, and begins anew then', () => {
    const late = MIDNIGHT - 90_000;
    const { quota } = run([day], Array(5).fill({ at: late }));
    expect(spend(quota, [day], 'command', late)).toEqual({
      refused: { window: 'day', retryAfterSeconds: 90 },
    });
    expect(left(quota, [day], MIDNIGHT)).toMatchObject([{ remaining: 5 }]);
    expect(spend(quota, [day], 'command', MIDNIGHT)).toHaveProperty('spent');
  });

  it('takes a call of all windows or of none', () => {
    const { quota } = run([day, burst], Array(9).fill({ at: MIDNIGHT }));
    expect(left(quota, [day, burst], MIDNIGHT)).toMatchObject([{ remaining: 0 }, { remaining: 2 }]);
  });

  it('lets nobody pass while the provider wants no calls', () => {
    const blocked = { ...emptyQuota, blockedUntil: '2026-01-15T00:01:00.000Z' };
    expect(spend(blocked, [day], 'command', MIDNIGHT)).toEqual({ refused: { retryAfterSeconds: 60 } });
    expect(spend(blocked, [day], 'command', MIDNIGHT + 60_000)).toHaveProperty('spent');
  });

  it('counts with a clock that is behind what others have begun', () => {
    const { quota } = run([day], Array(5).fill({ at: MIDNIGHT }));
    expect(spend(quota, [day], 'command', MIDNIGHT - 1)).toHaveProperty('refused');
  });

  it('never has more calls in any ten seconds than the cloud allows, and is free when it says so', () => {
    const gaps = fc.array(fc.integer({ min: 0, max: 4_000 }), { minLength: 1, maxLength: 200 });
    fc.assert(
      fc.property(gaps, (pauses) => {
        const calls: { at: number }[] = [];
        for (const pause of pauses) calls.push({ at: (calls.at(-1)?.at ?? MIDNIGHT) + pause });
        const { at } = calls.at(-1) ?? { at: MIDNIGHT };
        const { quota, allowed } = run([burst], calls);
        for (const { at: begin } of allowed) {
          const within = allowed.filter((call) => call.at >= begin && call.at < begin + 10_000);
          expect(within.length).toBeLessThanOrEqual(burst.calls);
        }
        const outcome = spend(quota, [burst], 'command', at);
        if ('spent' in outcome) return;
        const { retryAfterSeconds } = outcome.refused;
        expect(retryAfterSeconds).toBeGreaterThan(0);
        expect(retryAfterSeconds).toBeLessThanOrEqual(11);
        expect(spend(quota, [burst], 'command', at + retryAfterSeconds * 1000)).toHaveProperty('spent');
      }),
      { numRuns: 300 },
    );
  });
});
