import { beforeEach, describe, expect, test } from 'vitest';
import { ApiProblem } from '../../../../cli/api.ts';
import { createStandings, type Standings } from '../../../../cli/sync/backfill/standing.ts';
import { NOW } from './samples.ts';

const ids = { account: 'acc_1', series: 'mod_1:temperature' };
const outage = new ApiProblem(503, 'away', { code: 'provider_unavailable', retry: 'later' });

let now: number;
let standings: Standings;
beforeEach(() => {
  now = NOW;
  standings = createStandings(() => now);
});
const readyInSeconds = (id: string) => (standings.readyAt(id) - now) / 1000;

test('whoever was never refused can be asked about', () => {
  expect(standings.readyAt(ids.account)).toBeLessThanOrEqual(now);
  expect(standings.isAside(ids.account)).toBe(false);
});

describe('a refusal', () => {
  test.each([
    'access_forbidden',
    'module_unreachable',
    'provider_rejected',
    'provider_unexpected',
    'request_invalid',
  ])('%s sets a series aside, and leaves its account alone', (code) => {
    const problem = new ApiProblem(400, 'no', { code, retry: 'never' });
    expect(standings.refused(ids, problem)).toMatchObject({
      kind: 'set_aside',
      of: 'series',
      isKnown: false,
    });
    expect(standings.isAside(ids.series)).toBe(true);
    expect(readyInSeconds(ids.series)).toBe(600);
    expect(standings.isAside(ids.account)).toBe(false);
    expect(standings.readyAt(ids.account)).toBeLessThanOrEqual(now);
  });

  test('that no time heals sets an account aside at once', () => {
    const problem = new ApiProblem(409, 'consent', { code: 'account_unlinked', retry: 'never' });
    expect(standings.refused(ids, problem)).toMatchObject({ kind: 'set_aside', of: 'account' });
    expect(standings.isAside(ids.account)).toBe(true);
    expect(standings.isAside(ids.series)).toBe(false);
  });

  test.each([
    ['as long as it says', { retryAfterSeconds: 90 }, 90],
    ['a minute where it does not say how long', {}, 60],
    ['a second at least', { retryAfterSeconds: 0 }, 1],
  ])('for want of calls is waited for, %s', (_, more, seconds) => {
    const problem = new ApiProblem(429, 'spent', { code: 'provider_throttled', retry: 'later', ...more });
    expect(standings.refused(ids, problem)).toMatchObject({ kind: 'waits', of: 'account' });
    expect(readyInSeconds(ids.account)).toBe(seconds);
    // Nobody is to go on without it.
    expect(standings.isAside(ids.account)).toBe(false);
  });

  test('of the same thing a second time is known, for another reason it is not', () => {
    const first = new ApiProblem(409, 'consent', { code: 'account_unlinked', retry: 'never' });
    standings.refused(ids, first);
    now = standings.readyAt(ids.account);
    expect(standings.refused(ids, first).isKnown).toBe(true);
    expect(standings.refused(ids, new ApiProblem(403, 'other', { retry: 'never' })).isKnown).toBe(false);
  });
});

describe('an outage', () => {
  test('is waited for twice, longer the second time, and then set aside', () => {
    expect([1, 2, 3].map(() => standings.refused(ids, outage).kind)).toEqual([
      'paused',
      'paused',
      'set_aside',
    ]);
    standings.accepted(ids.account);
    standings.refused(ids, outage);
    expect(readyInSeconds(ids.account)).toBe(5);
    standings.refused(ids, outage);
    expect(readyInSeconds(ids.account)).toBe(10);
  });

  test('that lasts is tried once each time, until it is over', () => {
    for (let round = 0; round < 4; round++) standings.refused(ids, outage);
    expect(standings.isAside(ids.account)).toBe(true);
    expect(readyInSeconds(ids.account)).toBe(600);
    standings.accepted(ids.account);
    expect(standings.isAside(ids.account)).toBe(false);
    expect(standings.refused(ids, outage).kind).toBe('paused');
  });

  test('counts anew after a wait for calls', () => {
    standings.refused(ids, outage);
    standings.refused(ids, outage);
    standings.wait(ids.account, now + 1_000, 'spent');
    expect(standings.refused(ids, outage).kind).toBe('paused');
  });
});
